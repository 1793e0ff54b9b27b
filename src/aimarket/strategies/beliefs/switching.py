"""Switching."""

from __future__ import annotations

from pydantic import Field

from aimarket.economics.finance import discrete_choice_share
from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters, per_period
from aimarket.strategies.beliefs.interface import BeliefsDecision, BeliefsView

__all__ = ["Switching"]


class Switching(Strategy):
    """Investors move to the rule that has forecast better lately, with inertia.

    Fitness is the negative squared forecast error; the intensity of choice says how sharply investors
    react to a difference, the inertia how many stay with their rule in a period whatever happens.
    """

    decision = "beliefs"
    name = "switching"
    source = "Brock & Hommes (1998), J. Economic Dynamics and Control 22; inertia: Diks & van der Weide (2005), JEDC 29"

    class Parameters(StrategyParameters):
        intensity: float = Field(8.0, ge=0, le=1000, description="intensity of choice")
        inertia: float = Field(0.9, ge=0, lt=1, description="share of investors that do not reconsider in a month")

    def decide(self, view: BeliefsView, _draws: Draws) -> BeliefsDecision:
        p = self.parameters
        fitness_narrative = -view.narrative_squared_error + view.sentiment
        target = discrete_choice_share(fitness_narrative, -view.fundamental_squared_error, p.intensity)
        moved = per_period(1.0 - p.inertia, view.period_months)
        share = float((1.0 - moved) * view.narrative_share + moved * target)
        return BeliefsDecision(
            narrative_share=share,
            reason=f"stories were off by {view.narrative_squared_error**0.5:.2f}, fundamentals by "
            f"{view.fundamental_squared_error**0.5:.2f} in log growth; sentiment {view.sentiment:+.2f}",
            inputs={
                "narrative_squared_error": view.narrative_squared_error,
                "fundamental_squared_error": view.fundamental_squared_error,
                "sentiment": view.sentiment,
                "last_narrative_share": view.narrative_share,
            },
        )
