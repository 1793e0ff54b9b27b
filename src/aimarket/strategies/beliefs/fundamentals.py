"""Fundamentals."""

from __future__ import annotations

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters, per_period
from aimarket.strategies.beliefs.interface import BeliefsDecision, BeliefsView

__all__ = ["Fundamentals"]


class Fundamentals(Strategy):
    """Money moves to the books: sooner or later every investor values labs by the cash flow they expect.

        share of stories = (1 - speed) x last share

    Forecast errors do not matter to them.  Valuations follow discounted cash flow, so labs that burn cash find
    money only as far as profits are in sight.
    """

    decision = "beliefs"
    name = "fundamentals"
    source = "Williams (1938), The Theory of Investment Value, Harvard University Press"

    class Parameters(StrategyParameters):
        speed: float = Field(0.1, gt=0, le=1, description="share of the remaining investors that come over in a month")

    def decide(self, view: BeliefsView, _draws: Draws) -> BeliefsDecision:
        moved = per_period(self.parameters.speed, view.period_months)
        share = view.narrative_share + moved * (0.0 - view.narrative_share)
        return BeliefsDecision(
            narrative_share=share,
            reason=f"everybody comes to value cash flow: stories hold {share:.0%} of the money after "
            f"{view.narrative_share:.0%}",
            inputs={"last_narrative_share": view.narrative_share},
        )
