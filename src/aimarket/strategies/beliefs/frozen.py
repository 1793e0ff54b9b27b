"""Frozen beliefs."""

from __future__ import annotations

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy
from aimarket.strategies.beliefs.interface import BeliefsDecision, BeliefsView

__all__ = ["Frozen"]


class Frozen(Strategy):
    """Nobody changes sides: the share of money that believes in stories stays what it is at the start.

    The benchmark that tells how much of a boom or bust comes from investors changing their minds.
    """

    decision = "beliefs"
    name = "frozen"
    source = "fixed groups of traders: Day & Huang (1990), Journal of Economic Behavior and Organization 14"

    def decide(self, view: BeliefsView, _draws: Draws) -> BeliefsDecision:
        return BeliefsDecision(
            narrative_share=view.narrative_share,
            reason=f"stories keep their {view.narrative_share:.0%} of the money",
            inputs={"last_narrative_share": view.narrative_share},
        )
