"""Frontier release."""

from __future__ import annotations

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.release.interface import ReleaseDecision, ReleaseView

__all__ = ["FrontierRelease"]


class FrontierRelease(Strategy):
    """Releases its best model once that is a clear step beyond the one on sale."""

    decision = "release"
    name = "frontier_release"
    source = "quality ladder: Grossman & Helpman (1991), Review of Economic Studies 58"

    class Parameters(StrategyParameters):
        smallest_step: float = Field(0.5, ge=0, le=10, description="smallest gain in quality worth a release")
        shortest_months: float = Field(3, ge=0, le=60, description="shortest time between releases")

    def decide(self, view: ReleaseView, _draws: Draws) -> ReleaseDecision:
        p = self.parameters
        gain = view.trained_quality - view.released_quality
        due = gain >= p.smallest_step and view.months_since_release >= p.shortest_months
        return ReleaseDecision(
            quality=view.trained_quality if due else view.released_quality,
            reason=f"{'releases' if due else 'waits'}: trained model is {gain:+.2f} from the one on sale, "
            f"{view.months_since_release:.0f} months old",
            inputs={
                "trained_quality": view.trained_quality,
                "released_quality": view.released_quality,
                "months_since_release": view.months_since_release,
            },
        )
