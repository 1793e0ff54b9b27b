"""Commoditise the complement."""

from __future__ import annotations

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.release.interface import ReleaseDecision, ReleaseView

__all__ = ["CommoditiseComplement"]


class CommoditiseComplement(Strategy):
    """Publishes the best model it has trained at once, however small the step.

    The model is given away because it is the complement of what the publisher earns with (an ads business,
    chips, clouds): the cheaper good models are, the more of the other thing is sold, and the less a rival
    can charge for its own.
    """

    decision = "release"
    name = "commoditise_complement"
    source = "Economides & Katsamakas (2006), Management Science 52; Spolsky (2002), Strategy Letter V"

    class Parameters(StrategyParameters):
        shortest_months: float = Field(1, ge=0, le=60, description="shortest time between releases")

    def decide(self, view: ReleaseView, _draws: Draws) -> ReleaseDecision:
        gain = view.trained_quality - view.released_quality
        due = gain > 0.0 and view.months_since_release >= self.parameters.shortest_months
        return ReleaseDecision(
            quality=view.trained_quality if due else view.released_quality,
            reason=f"{'gives away' if due else 'has nothing to give away yet:'} a trained model {gain:+.2f} from the "
            f"one published {view.months_since_release:.0f} months ago",
            inputs={
                "trained_quality": view.trained_quality,
                "released_quality": view.released_quality,
                "months_since_release": view.months_since_release,
            },
        )
