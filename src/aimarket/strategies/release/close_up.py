"""Close up."""

from __future__ import annotations

from pydantic import Field

from aimarket.config.schema.base import Month
from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.release.interface import ReleaseDecision, ReleaseView

__all__ = ["CloseUp"]


class CloseUp(Strategy):
    """Publishes clear steps of its own models until it closes up, and nothing ever after.

    What has been published stays in use and falls behind.  Before ``from_month`` it releases like
    ``frontier_release``; to close up after imitating the frontier, let ``regime_switch`` follow
    ``lagged_release``.
    """

    decision = "release"
    name = "close_up"
    source = "West (2003), How open is open enough?, Research Policy 32; appropriability: Teece (1986), Res. Policy 15"

    class Parameters(StrategyParameters):
        from_month: Month | None = Field(
            None, description="first month without releases, YYYY-MM; none: from the start"
        )
        smallest_step: float = Field(0.5, ge=0, le=10, description="smallest gain in quality published until then")
        shortest_months: float = Field(3, ge=0, le=60, description="shortest time between releases until then")

    def decide(self, view: ReleaseView, _draws: Draws) -> ReleaseDecision:
        p = self.parameters
        closed = p.from_month is None or view.month >= p.from_month
        gain = view.trained_quality - view.released_quality
        due = not closed and gain >= p.smallest_step and view.months_since_release >= p.shortest_months
        what = "has closed up" if closed else "publishes" if due else "waits"
        return ReleaseDecision(
            quality=view.trained_quality if due else view.released_quality,
            reason=f"{what}: its trained model is {gain:+.2f} from the weights published "
            f"{view.months_since_release:.0f} months ago",
            inputs={
                "trained_quality": view.trained_quality,
                "released_quality": view.released_quality,
                "months_since_release": view.months_since_release,
            },
        )
