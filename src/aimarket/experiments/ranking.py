"""Who does best against whom: the rank table of a league."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from aimarket.experiments.statistics import Estimate, estimate

__all__ = ["Standing", "comparable", "copeland", "head_to_head_wins", "ranked", "standing"]

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Standing:
    """How strategies do, arrays in their order.

    ``field``: payoff against all comparable strategies, each equally likely, itself included (Axelrod 1984,
    "The Evolution of Cooperation", plays twins as well).  ``behind``: paired difference to the best.
    ``itself``: payoff where all seats play it.  ``wins``: rivals that clearly earn less when the two meet.
    ``copeland``: see ``copeland``.
    """

    field: Estimate
    behind: Estimate
    itself: Estimate
    wins: npt.NDArray[np.int64]
    copeland: npt.NDArray[np.int64]


def comparable(payoff: FloatArray) -> list[int]:
    """Strategies whose payoffs against each other are all known: those with most gaps are left out one by one.

    ``payoff`` has the shape (strategies, strategies of the others), NaN for what failed under every seed.
    """
    kept = list(range(payoff.shape[0]))
    while True:
        gaps = ~np.isfinite(payoff[np.ix_(kept, kept)])
        if not gaps.any():
            return kept
        kept.pop(int(np.argmax(gaps.sum(axis=0) + gaps.sum(axis=1))))


def standing(payoffs: FloatArray, field: list[int]) -> Standing:
    """How strategies do against the strategies ``field``; payoffs (strategies, strategies of the others, seeds)."""
    size = payoffs.shape[0]
    by_seed = payoffs[:, field].mean(axis=1) if field else np.full((size, payoffs.shape[2]), np.nan)
    scores = estimate(by_seed)
    best = int(np.argmax(np.nan_to_num(scores.mean, nan=-np.inf)))
    own = np.arange(size)
    return Standing(
        field=scores,
        behind=estimate(by_seed - by_seed[best]),
        itself=estimate(payoffs[own, own]),
        wins=head_to_head_wins(payoffs),
        copeland=copeland(estimate(payoffs).mean, field),
    )


def head_to_head_wins(payoffs: FloatArray) -> npt.NDArray[np.int64]:
    """Rivals whom each strategy beats: it earns more against them than they against it, interval clear of 0."""
    met = estimate(payoffs - payoffs.transpose(1, 0, 2))
    return np.asarray((met.apart_from_zero & (met.mean > 0.0)).sum(axis=1))


def copeland(payoff: FloatArray, field: list[int]) -> npt.NDArray[np.int64]:
    """Rivals that each strategy outdoes less rivals that outdo it, among the strategies ``field``; others get 0.

    One outdoes another if it earns more against a majority of ``field``, each of which has one vote
    (Copeland 1951).
    """
    score = np.zeros(payoff.shape[0], dtype=np.int64)
    for i in field:
        for rival in field:
            gaps = payoff[i, field] - payoff[rival, field]
            score[i] += int(np.sign(int((gaps > 0.0).sum()) - int((gaps < 0.0).sum())))
    return score


def ranked(table: pd.DataFrame) -> pd.DataFrame:
    """``table`` by falling payoff, with its rank first; equal payoffs share a rank, missing ones come last."""
    rounded = table["payoff"].round(9)
    ranks = rounded.rank(method="min", ascending=False, na_option="bottom").astype(int)
    return table.assign(rank=ranks).sort_values("rank", kind="stable")[["rank", *table.columns]].reset_index(drop=True)
