"""Bass diffusion."""

from __future__ import annotations

import math

from pydantic import Field

from aimarket.economics.finance import bass_hazard
from aimarket.randomness import Draws
from aimarket.strategies.adoption.interface import AdoptionDecision, AdoptionView
from aimarket.strategies.base import Strategy, StrategyParameters

__all__ = ["Bass"]


class Bass(Strategy):
    """Adopts on its own account (innovation) and by following those who have (imitation)."""

    decision = "adoption"
    name = "bass"
    source = "Bass (1969), A new product growth for model consumer durables, Management Science 15"

    class Parameters(StrategyParameters):
        innovation_per_year: float = Field(0.03, ge=0, le=5, description="p: hazard without any adopter")
        imitation_per_year: float = Field(0.6, ge=0, le=10, description="q: hazard gained with full adoption")

    def decide(self, view: AdoptionView, _draws: Draws) -> AdoptionDecision:
        p = self.parameters
        hazard = bass_hazard(p.innovation_per_year, p.imitation_per_year, view.adopted_share)
        probability = -math.expm1(-hazard * (view.period_months / 12.0))
        return AdoptionDecision(
            probability=probability,
            reason=f"{view.adopted_share:.0%} have adopted, so the rest do at {hazard:.0%} a year",
            inputs={"adopted_share": view.adopted_share, "hazard_per_year": float(hazard)},
        )
