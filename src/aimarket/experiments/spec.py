"""What a league is: seats of one market, strategies that take them in turn, seeds."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from aimarket.config import MarketConfig, load_config, registry
from aimarket.config.canonical import to_plain
from aimarket.config.explain import explain
from aimarket.config.merging import nearest
from aimarket.config.nodes import Node, error_at, from_python, locate, plain
from aimarket.config.schema.base import Frozen, Name, Strategy
from aimarket.config.sources import find_parent, nearest_name, shown
from aimarket.config.yaml_reading import read_yaml
from aimarket.errors import ConfigError

__all__ = ["LeagueSpec", "LoadedSpec", "load_spec"]

_LARGEST_SEED = 2**63 - 1
_MOST_RUNS = 100_000


def _counted(value: object) -> object:
    """``5`` as the seeds 1 to 5; a list as it is."""
    if isinstance(value, bool) or not isinstance(value, int | list):
        raise ValueError("must be a number of seeds, or a list of them")
    if isinstance(value, int) and not 1 <= value <= 1000:
        raise ValueError("must be from 1 to 1000 seeds")
    return list(range(1, value + 1)) if isinstance(value, int) else value


class LeagueSpec(Frozen):
    """A league as written in YAML; ``load_spec`` reads one and checks it against its config."""

    name: Name = Field(description="short name, shown on the page")
    description: str = Field("", max_length=2000, description="the question that the league answers")
    config: str = Field(description="a shipped config's name, or a path relative to the spec")
    overrides: dict[str, Any] = Field(default_factory=dict, description="dotted path of the config -> value")
    decision: str = Field(description="the decision whose strategies compete, e.g. pricing")
    seats: list[Name] = Field(min_length=2, max_length=20, description="firms whose strategy is swapped")
    strategies: dict[Name, Strategy] = Field(
        min_length=2, max_length=30, description="label -> a strategy's name, or a mapping of name and parameters"
    )
    payoff: Literal["operating_profit", "owners_gain"] = Field(
        "operating_profit",
        description="what strategies compete for: cumulated operating profit, or what owners gain: the rise of the "
        "firm's valuation (0 once it has failed) plus payouts less what they paid in",
    )
    seeds: Annotated[list[int], BeforeValidator(_counted)] = Field(
        description="N for the seeds 1 to N, or a list of seeds", min_length=1, max_length=1000
    )
    burn_in_periods: int = Field(0, ge=0, le=1199, description="first periods that payoffs leave out")

    @model_validator(mode="after")
    def _distinct(self) -> LeagueSpec:
        for field in ("seats", "seeds"):
            values = getattr(self, field)
            doubled = [value for place, value in enumerate(values) if value in values[:place]]
            if doubled:
                raise ValueError(f"{field} holds {doubled[0]} twice")
        if not all(0 <= seed <= _LARGEST_SEED for seed in self.seeds):
            raise ValueError(f"seeds must be from 0 to {_LARGEST_SEED}")
        return self

    @property
    def labels(self) -> list[str]:
        """Labels of the strategies, in the order of the spec."""
        return list(self.strategies)


@dataclass(frozen=True)
class LoadedSpec:
    """A checked spec and the config that it plays in, overrides in place."""

    spec: LeagueSpec
    config: MarketConfig

    def strategy(self, label: str) -> dict[str, Any]:
        """The strategy behind ``label`` as a config says it: its name and parameters."""
        return to_plain(self.spec.strategies[label])


def load_spec(source: str | os.PathLike[str] | Mapping[str, Any]) -> LoadedSpec:
    """The league that a YAML file or a mapping describes, checked against its config and the known strategies.

    Raises
    ------
    ConfigError
        One line with file, path, value and remedy: an unknown key, a config that is wrong or missing, a
        seat that is no firm or lacks the decision, an unknown strategy or a wrong parameter.
    """
    file = None if isinstance(source, Mapping) else Path(source)
    root = from_python(source) if isinstance(source, Mapping) else read_yaml(Path(source), shown(Path(source)))
    spec = _validated(root)
    config = load_config(_config_file(spec, root, file), spec.overrides)
    _check_seats(spec, config, root)
    _check_strategies(spec, root)
    if spec.burn_in_periods >= config.time.periods:
        raise _error(
            root, "burn_in_periods", f"must be below the {config.time.periods} periods of a run", spec.burn_in_periods
        )
    _check_size(spec, root)
    return LoadedSpec(spec, config)


def _validated(root: Node) -> LeagueSpec:
    try:
        return LeagueSpec.model_validate(plain(root))
    except ValidationError as error:
        raise explain(error, root, LeagueSpec) from error


def _config_file(spec: LeagueSpec, root: Node, file: Path | None) -> Path:
    found = find_parent(spec.config, file)
    if found is None:
        raise _error(root, "config", "is neither a shipped config nor a file", spec.config, nearest_name(spec.config))
    return found


def _check_seats(spec: LeagueSpec, config: MarketConfig, root: Node) -> None:
    firms = {name: entry for name, entry in config.agents.items() if hasattr(entry, "cash_musd")}
    for place, seat in enumerate(spec.seats):
        path = f"seats.{place}"
        if seat not in firms:
            problem = "is no firm, which alone has a profit" if seat in config.agents else "is no agent of the config"
            raise _error(root, path, problem, seat, nearest(seat, firms))
        chosen = getattr(firms[seat], "strategies", None)
        decisions = [key for key in type(chosen).model_fields if getattr(chosen, key) is not None] if chosen else []
        if spec.decision not in decisions:
            raise _error(root, "decision", f"{seat} takes no such decision", spec.decision, nearest("", decisions))


def _check_strategies(spec: LeagueSpec, root: Node) -> None:
    for label, plug in spec.strategies.items():
        try:
            registry.make_strategy(spec.decision, plug, f"strategies.{label}")
        except ConfigError as error:
            path = tuple((error.path or "").split("."))
            origin = locate(root, path).origin
            raise error_at(origin, path, error.problem, value=error.value, remedy=error.remedy) from error
    known = [to_plain(plug) for plug in spec.strategies.values()]
    for place, (label, plain_plug) in enumerate(zip(spec.strategies, known, strict=True)):
        if plain_plug in known[:place]:
            twin = spec.labels[known.index(plain_plug)]
            raise _error(root, f"strategies.{label}", f"is the same strategy as {twin}", None, "leave one of them out")


def _check_size(spec: LeagueSpec, root: Node) -> None:
    strategies, seats, seeds = len(spec.strategies), len(spec.seats), len(spec.seeds)
    most = strategies * (1 + seats * (strategies - 1)) * seeds
    if most > _MOST_RUNS:
        problem = f"needs {most:,} runs, allowed are {_MOST_RUNS:,}"
        raise _error(root, "strategies", problem, strategies, "take fewer strategies, seats or seeds")


def _error(root: Node, path: str, problem: str, value: object, remedy: str | None = None) -> ConfigError:
    keys = tuple(path.split("."))
    return error_at(locate(root, keys).origin, keys, problem, value=value, remedy=remedy)
