"""Logit choice."""

from __future__ import annotations

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy
from aimarket.strategies.choice.interface import ChoiceDecision, ChoiceView
from aimarket.strategies.choice.menu import choose_among, count, run_by_sellers

__all__ = ["Logit"]


class Logit(Strategy):
    """Weighs everything that sellers run by quality, price and taste, and changes nothing about how it does so.

    P_j = exp(V_j) / sum over k of exp(V_k), nested by openness, with the segment's own switching cost and
    hazard.  The reference for all other rules: what differs under them is their doing.
    """

    decision = "choice"
    name = "logit"
    source = "McFadden (1974), Conditional logit analysis of qualitative choice behavior, Frontiers in Econometrics"

    def decide(self, view: ChoiceView, _draws: Draws) -> ChoiceDecision:
        considered = run_by_sellers(view)
        return choose_among(
            view,
            considered,
            reason=f"weighs {count(view, considered)}, switching costs {view.switching_cost:.3g} utils, "
            f"reconsiders {view.reconsider_per_year:.3g} times a year",
            inputs={},
        )
