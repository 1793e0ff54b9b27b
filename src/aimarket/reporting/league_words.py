"""What a league found, in sentences."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from aimarket.reporting.wording import MISSING, missing, money_in_words, percent

if TYPE_CHECKING:
    from aimarket.experiments.league import League

__all__ = ["NOTES", "listed", "relative", "story", "with_interval"]

NOTES = (
    "A match puts one strategy into one seat and one other, or the same, into all other seats of the market. Every "
    "strategy meets every strategy in every seat under every seed. Runs of the same seed have the same random draws, "
    "so differences between strategies come from the strategies.",
    "Relative payoff: what the seat got in a match less its mean over all its matches, as a share of the mean of "
    "its absolute payoffs. +10% is a tenth of what this seat usually earns or loses above its average. It lets seats "
    "of different size, and seats that lose money, be averaged. Amounts are sums over periods and not discounted; a "
    "firm that fails earns and loses nothing afterwards, so read profit together with survival. Owners' gain: the rise "
    "of the valuation of equity (0 for a failed firm) plus payouts less what owners paid in.",
    "Intervals are 95 percent intervals over seeds (Student's t), seats averaged first because they share runs. "
    "One seed has no interval.",
    "Best responses and imitation take the mean relative payoffs as a symmetric game. Imitation is the replicator "
    "equation (Taylor and Jonker 1978): the share of a strategy grows as far as it earns more than the average "
    "against the present mix. Where there are more than two seats, all the others are taken to play one strategy at a "
    "time. A strategy is evolutionarily stable if no rare other strategy can invade it (Maynard Smith and Price 1973).",
)


def relative(value: float | None) -> str:
    """A relative payoff with its sign: +12%."""
    if value is None or missing(value):
        return MISSING
    size = 100.0 * value
    return f"{size:+.0f}%" if abs(size) >= 10.0 else f"{size:+.1f}%".replace("-0.0%", "+0.0%")


def with_interval(value: float, half_width: float) -> str:
    """``+12% ± 3%``; the value alone where there is no interval."""
    if missing(value) or missing(half_width):
        return relative(value)
    return f"{relative(value)} ± {percent(half_width)}"


def listed(names: Iterable[str]) -> str:
    """``a, b and c``; ``none`` for nothing."""
    *first, last = list(names) or ["none"]
    return f"{', '.join(first)} and {last}" if first else last


def _either(names: list[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def story(league: League) -> list[str]:
    """Who won and by how much, where best responses end, what imitation keeps, and what failed."""
    told = [_winner(league.ranking)]
    if league.comparable:
        told += [_responses(league), _imitation(league)]
    if league.failures:
        told.append(f"{len(league.failures)} of {league.runs} runs failed; their matches are left out of all means.")
    return told


def _winner(ranking: pd.DataFrame) -> str:
    first = ranking.iloc[0]
    if missing(first.payoff):
        return "No strategy can be compared with the others: too many runs failed."
    told = f"{first.label} earns most against the field: {with_interval(first.payoff, first.payoff_half_width)}"
    rivals = ranking.iloc[1:]
    close = rivals[~(rivals.behind_best.abs() > rivals.behind_best_half_width) & rivals.payoff.notna()]
    if len(close) and rivals.behind_best_half_width.notna().any():
        told += f"; {listed(close.label)} cannot be told apart from it at 95 percent"
    surplus = ranking.dropna(subset="consumer_surplus_musd").sort_values("consumer_surplus_musd", kind="stable")
    kindest, meanest = surplus.iloc[-1], surplus.iloc[0]
    most, least = (money_in_words(row.consumer_surplus_musd) for row in (kindest, meanest))
    return (
        f"{told}. Buyers are best off where a seat plays {kindest.label}, worst off with {meanest.label} (consumer "
        f"surplus of {most} against {least})."
    )


def _responses(league: League) -> str:
    ends = league.resting_places
    equilibria = [place[0] for place in ends if len(place) == 1]
    cycles = [" -> ".join([*place, place[0]]) for place in ends if len(place) > 1]
    told = []
    if equilibria:
        told.append(f"No seat gains by leaving it where all play {_either(equilibria)}.")
    if cycles:
        told.append(f"Best responses run in circles: {'; '.join(cycles)}.")
    return " ".join(told)


def _imitation(league: League) -> str:
    kept, moves = league.survivors, league.imitation
    shares = ", ".join(
        f"{name} {percent(float(share))}"
        for name, share in zip(league.comparable, moves.end, strict=True)
        if name in kept
    )
    path = "settles at" if moves.settled else "does not settle and averages"
    several = len(moves.basins)
    basins = (
        "every starting point leads to the same survivors"
        if several == 1
        else f"starting points lead to {several} different sets of survivors"
    )
    return f"Imitation from an even start {path} {shares}; {basins}."
