"""A year of a small market, in which a strategy takes every seat that it can take."""

from __future__ import annotations

import pickle
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from aimarket.config import load_config
from aimarket.contract.candidate import Candidate, difference, registered
from aimarket.contract.errors import ContractError
from aimarket.errors import AimarketError
from aimarket.model import AIMarket
from aimarket.randomness import RandomSource

if TYPE_CHECKING:
    from aimarket.config.schema import MarketConfig
    from aimarket.strategies.base import Decision, Strategy, View

__all__ = ["EXTREMES", "knows_nothing_else", "small_market", "survives_a_year_of_extremes", "year"]

_CONFIG = Path(__file__).with_name("market.yaml")
_SEED = 1
_POOR = {f"agents.{firm}.cash_musd": 5.0 for firm in ("grid", "chipco", "cloud", "lab", "openlab")}

# label -> changes of market.yaml: what a market may come to.
EXTREMES: Mapping[str, Mapping[str, Any]] = {
    "zero demand": {
        "agents.buyers.adopted_share": 0.0,
        "agents.buyers.tastes.outside_utility": 50.0,
        "agents.everybody.compute_demand.gpus_h100e": 0.0,
    },
    "monopoly": {
        "agents.buyers.buys": ["api", "service"],
        "supply_graph.weights": None,
        "supply_graph.services.openlab": None,
        "supply_graph.services.cloud": None,
    },
    "no capacity": {
        "agents.cloud.fleet.gpus_h100e": 0.0,
        "agents.lab.fleet.gpus_h100e": 0.0,
        "agents.chipco.output_h100e_per_year": 1.0,
        "agents.grid.connection_mw_per_year": 0.0,
        "supply_graph.power.grid.cloud.connected_mw": 0.0,
        "supply_graph.power.grid.lab.connected_mw": 0.0,
    },
    "insolvency next period": {
        **_POOR,
        "agents.money.equity_supply_musd_per_year": 0.0,
        "agents.money.largest_debt_share": 0.0,
        "agents.openlab.other_income": None,
    },
}


@dataclass(frozen=True)
class _Heard:
    """A decision, and what is needed to ask for it again."""

    agent: str
    period: int
    view: bytes
    decision: Decision


class _Watched(AIMarket):
    """A market that writes down what one kind of decision was made of, and lets nothing pass that only warns."""

    def __init__(self, config: MarketConfig, decision: str) -> None:
        self.heard: list[_Heard] = []
        self._decision = decision
        super().__init__(config, _SEED)

    def decide(self, agent: str, strategy: Strategy, view: View, kind: type[Any]) -> Any:
        if strategy.decision != self._decision:
            return super().decide(agent, strategy, view, kind)
        shown = pickle.dumps(view)
        with np.errstate(all="raise", under="ignore"), warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            warnings.simplefilter("error", UserWarning)
            decision = super().decide(agent, strategy, view, kind)
        self.heard.append(_Heard(agent, self.clock.step, shown, decision))
        return decision


def survives_a_year_of_extremes(candidate: Candidate) -> None:
    """survives a year of zero demand, of monopoly, of no capacity and of insolvency, and the accounts close"""
    asked = 0
    for label, changes in EXTREMES.items():
        asked += len(year(candidate, f"a year of {label}", changes))
    if not asked:
        raise ContractError("it is never asked in a year of any of: " + ", ".join(EXTREMES))


def knows_nothing_else(candidate: Candidate) -> None:
    """knows nothing of the market but its view: asked again without the market, it decides the same"""
    again = candidate.make()
    for heard in year(candidate, "an ordinary year", {}):
        draws = RandomSource(_SEED).draws(heard.agent, f"decide {candidate.decision}", heard.period)
        found = difference(heard.decision, again.decide(pickle.loads(heard.view), draws))
        if found is not None:
            where = f"{heard.agent} in period {heard.period}"
            raise ContractError(f"as {where} of a market it decides differently than on the same view alone: {found}")


def year(candidate: Candidate, label: str, changes: Mapping[str, Any]) -> list[_Heard]:
    """What the strategy decides in a year of the market with ``changes``."""
    with registered(candidate.cls):
        config = _with_seats(load_config(small_market(), changes), candidate)
        try:
            model = _Watched(config, candidate.decision)
            model.run()
        except AimarketError as error:
            raise ContractError(f"in {label}: {error}") from error
    return model.heard


def _with_seats(config: MarketConfig, candidate: Candidate) -> MarketConfig:
    """``config`` with the candidate wherever somebody decides what it decides."""
    plug = {"name": candidate.plug.name, **candidate.plug.parameters}
    seats = {
        f"agents.{name}.strategies.{candidate.decision}": plug
        for name, entry in config.agents.items()
        if getattr(getattr(entry, "strategies", None), candidate.decision, None) is not None
    }
    return load_config(config.model_dump(exclude_none=True), seats)


@lru_cache(maxsize=1)
def small_market() -> dict[str, Any]:
    return load_config(_CONFIG).model_dump(exclude_none=True)
