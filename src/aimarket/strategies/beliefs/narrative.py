"""Narrative."""

from __future__ import annotations

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters, per_period
from aimarket.strategies.beliefs.interface import BeliefsDecision, BeliefsView

__all__ = ["Narrative"]


class Narrative(Strategy):
    """Money moves to the story: sooner or later every investor values labs by scale and growth.

        share of stories = last share + speed x (1 - last share)

    Forecast errors do not matter to them.  Valuations carry the growth of the day on, so funding is plentiful
    and falls hard when growth ends.
    """

    decision = "beliefs"
    name = "narrative"
    source = "Shiller (2017), Narrative economics, American Economic Review 107"

    class Parameters(StrategyParameters):
        speed: float = Field(0.1, gt=0, le=1, description="share of the remaining investors that come over in a month")

    def decide(self, view: BeliefsView, _draws: Draws) -> BeliefsDecision:
        moved = per_period(self.parameters.speed, view.period_months)
        share = view.narrative_share + moved * (1.0 - view.narrative_share)
        return BeliefsDecision(
            narrative_share=share,
            reason=f"everybody comes to believe in stories: they hold {share:.0%} of the money after "
            f"{view.narrative_share:.0%}",
            inputs={"last_narrative_share": view.narrative_share},
        )
