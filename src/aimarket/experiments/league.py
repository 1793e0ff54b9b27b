"""Leagues: the same seats, the same shocks, other minds."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd

from aimarket.config import fingerprint
from aimarket.config.canonical import to_plain
from aimarket.config.registry import load_plugin
from aimarket.errors import ConfigError
from aimarket.experiments.evolution import Imitation, evolutionarily_stable, imitation
from aimarket.experiments.jobs import digest
from aimarket.experiments.matches import jobs_of, match_table, measure_of
from aimarket.experiments.ranking import comparable, ranked, standing
from aimarket.experiments.responses import response_graph, resting_places, symmetric_equilibria
from aimarket.experiments.runner import run_jobs
from aimarket.experiments.spec import LeagueSpec, LoadedSpec, load_spec
from aimarket.experiments.statistics import (
    Estimate,
    FloatArray,
    estimate,
    over_seats,
    relative_payoff,
    to_array,
)
from aimarket.experiments.store import opened

__all__ = ["KIND", "League", "run_league"]

KIND = "league"


@dataclass
class League:
    """The outcome of a league.

    ``matches`` has one row a match (columns: ``aimarket.experiments.matches.MATCH_COLUMNS``), ``description``
    is what ``league.json`` holds, ``torn`` lists runs that were repeated because their files were torn.
    Matrices are DataFrames with the strategy of a seat down and that of all other seats across.
    """

    spec: LeagueSpec
    matches: pd.DataFrame
    description: dict[str, Any]
    torn: list[str] = field(default_factory=list)

    @cached_property
    def payoffs(self) -> FloatArray:
        """Relative payoffs by strategy, strategy of the others and seed, means over seats."""
        return over_seats(relative_payoff(to_array(self.matches, "payoff_musd")))

    @cached_property
    def payoff_estimate(self) -> Estimate:
        """Means over seeds of the relative payoffs, with half widths of their 95 percent intervals."""
        return estimate(self.payoffs)

    @property
    def payoff(self) -> pd.DataFrame:
        """Relative payoff: 0.1 is a tenth of what the seat usually earns or loses above its mean."""
        return self._matrix(self.payoff_estimate.mean)

    @property
    def payoff_half_width(self) -> pd.DataFrame:
        """Half the 95 percent interval of each relative payoff; missing for one seed."""
        return self._matrix(self.payoff_estimate.half_width)

    def mean(self, column: str) -> pd.DataFrame:
        """Mean of a column of ``matches`` over seats and seeds."""
        return self._matrix(self.mean_estimate(column).mean)

    def mean_estimate(self, column: str) -> Estimate:
        """As ``mean``, with intervals over seeds."""
        return estimate(over_seats(to_array(self.matches, column)))

    @cached_property
    def comparable(self) -> list[str]:
        """Strategies that are known against each other, so that games among them can be solved."""
        return [self.spec.labels[i] for i in self._field]

    @cached_property
    def ranking(self) -> pd.DataFrame:
        """One row a strategy, best first; payoffs are relative, money in USD million."""
        stand, field_ = standing(self.payoffs, self._field), self._field
        shares = self._spread_out(self.imitation.end)
        stable = self.stable
        table = pd.DataFrame(
            {
                "label": self.spec.labels,
                "strategy": [plug.name for plug in self.spec.strategies.values()],
                "payoff": stand.field.mean,
                "payoff_half_width": stand.field.half_width,
                "behind_best": stand.behind.mean,
                "behind_best_half_width": stand.behind.half_width,
                "against_itself": stand.itself.mean,
                "against_itself_half_width": stand.itself.half_width,
                "wins": stand.wins,
                "copeland": stand.copeland,
                **{name: self._against_field(name) for name in _MEANS},
                "equilibrium": [label in self.equilibria for label in self.spec.labels],
                "stable": [label in stable for label in self.spec.labels],
                "imitation_share": shares,
                "basin": [self._basin(i) for i in range(len(self.spec.labels))],
                "failed_matches": self._failed_by("strategy"),
                "matches": len(self.matches) // len(self.spec.labels),
            }
        )
        table.loc[[i for i in range(len(table)) if i not in field_], "payoff"] = np.nan
        return ranked(table)

    @cached_property
    def best_responses(self) -> nx.DiGraph:
        """Edges from each strategy to a single seat's best answer to it; see ``responses.response_graph``."""
        return response_graph(self.payoffs[np.ix_(self._field, self._field)], self.comparable)

    @property
    def resting_places(self) -> list[list[str]]:
        """Equilibria and cycles in which chains of best responses end."""
        return resting_places(self.best_responses)

    @cached_property
    def equilibria(self) -> list[str]:
        """Symmetric Nash equilibria in pure strategies of the mean payoffs."""
        return [self.comparable[i] for i in symmetric_equilibria(self._game)] if self._field else []

    @cached_property
    def stable(self) -> list[str]:
        """Evolutionarily stable strategies of the mean payoffs."""
        return [self.comparable[i] for i in evolutionarily_stable(self._game)] if self._field else []

    @cached_property
    def imitation(self) -> Imitation:
        """Replicator dynamics among the comparable strategies; indices are places in ``comparable``."""
        if not self._field:
            empty = np.empty(0)
            return Imitation(empty, np.empty((0, 0)), empty, True, {})
        return imitation(self._game)

    @property
    def survivors(self) -> list[str]:
        """Strategies that imitation keeps above a hundredth, from an even start."""
        return [label for label, share in zip(self.comparable, self.imitation.end, strict=True) if share > 0.01]

    @property
    def failures(self) -> dict[str, str]:
        """Runs that failed: key -> why."""
        failed = self.matches[self.matches.error != ""]
        return dict(zip(failed.run, failed.error, strict=True))

    @property
    def runs(self) -> int:
        """Number of runs behind the matches."""
        return int(self.matches.run.nunique())

    @cached_property
    def _field(self) -> list[int]:
        return comparable(self.payoff_estimate.mean)

    @property
    def _game(self) -> FloatArray:
        return np.asarray(self.payoff_estimate.mean[np.ix_(self._field, self._field)])

    def _matrix(self, values: FloatArray) -> pd.DataFrame:
        labels = self.spec.labels
        return pd.DataFrame(values, index=pd.Index(labels, name="strategy"), columns=pd.Index(labels, name="others"))

    def _against_field(self, column: str) -> FloatArray:
        values = over_seats(to_array(self.matches, column))[:, self._field]
        return estimate(values.reshape(values.shape[0], -1)).mean

    def _spread_out(self, shares: FloatArray) -> FloatArray:
        spread = np.full(len(self.spec.labels), np.nan)
        spread[self._field] = shares
        return spread

    def _basin(self, place: int) -> float:
        if place not in self._field:
            return float("nan")
        own = self._field.index(place)
        return sum(share for alive, share in self.imitation.basins.items() if own in alive)

    def _failed_by(self, key: str) -> list[int]:
        failed = self.matches[self.matches.error != ""].groupby(key).size()
        return [int(failed.get(label, 0)) for label in self.spec.labels]


_MEANS = ("operating_profit_musd", "owners_gain_musd", "revenue_share", "survival", "consumer_surplus_musd", "lerner")


def run_league(
    spec: str | os.PathLike[str] | Mapping[str, Any],
    out: str | os.PathLike[str],
    *,
    workers: int = 1,
    plugins: Sequence[str | os.PathLike[str]] = (),
    progress: Callable[[int, int], None] | None = None,
) -> League:
    """Play a league, or what is left of it, and write its outcome into ``out``.

    Every strategy takes every seat against every strategy of the others, under the same draws for the
    same seed.  Finished runs are on disk at once; calling again goes on where the last call ended and
    runs again what failed.  The outcome does not depend on ``workers``.

    Parameters
    ----------
    spec : path of a league's YAML file, or the league as a mapping.
    out : directory of the league; new, or one that an earlier call of the same league has filled.
    plugins : Python files with strategies or events; they are executed, also in each worker.
    progress : called with runs done and in all.

    Raises
    ------
    ConfigError
        The spec, its config or a plug-in is wrong.
    ResultsError
        ``out`` holds something else or cannot be written; what was there is as it was.
    """
    from aimarket.experiments.outputs import OUTPUTS, write_outputs

    files = [Path(file) for file in plugins]
    for file in files:
        load_plugin(file)
    if workers < 1:
        raise ConfigError("must be at least 1", path="workers", value=workers)
    loaded = load_spec(spec)
    description = _description(loaded, files)
    with opened(Path(out), KIND, description, frozenset(OUTPUTS)) as store:
        jobs = jobs_of(loaded)
        receipts = run_jobs(jobs, measure_of(loaded), store, workers=workers, plugins=files, progress=progress)
        league = League(loaded.spec, match_table(loaded, receipts), description, store.torn)
        write_outputs(league, Path(out))
    return league


def _description(loaded: LoadedSpec, plugins: Sequence[Path]) -> dict[str, Any]:
    """What makes two leagues the same: spec, config, plug-ins, version; and their common fingerprint."""
    described = {
        "spec": to_plain(loaded.spec),
        "config": to_plain(loaded.config),
        "config_fingerprint": fingerprint(loaded.config),
        "plugins": {file.name: hashlib.sha256(file.read_bytes()).hexdigest()[:16] for file in plugins},
        "version": version("aimarket"),
    }
    return {"fingerprint": digest(described), **described}
