"""Lagged open release."""

from __future__ import annotations

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.release.interface import ReleaseDecision, ReleaseView

__all__ = ["LaggedRelease"]


class LaggedRelease(Strategy):
    """Publishes weights as good as the best closed model of ``lag_months`` ago.

    Knowledge spills over: what took the frontier a large budget can be done again some months later
    for less.  The lag is what the provider's effort and the frontier's secrecy leave of the lead.
    """

    decision = "release"
    name = "lagged_release"
    source = "open models trail closed ones by months: Epoch AI (2025-10-30), about 3 on average since 2023"

    class Parameters(StrategyParameters):
        lag_months: int = Field(6, ge=0, le=120, description="months behind the best closed model")
        shortest_months: float = Field(3, ge=0, le=60, description="shortest time between releases")

    def decide(self, view: ReleaseView, _draws: Draws) -> ReleaseDecision:
        p = self.parameters
        history, published = view.frontier_quality_history, view.released_quality
        inputs = {"released_quality": published, "months_since_release": view.months_since_release}
        if history.size <= p.lag_months:
            return ReleaseDecision(
                quality=published,
                reason=f"waits: no frontier of {p.lag_months} months ago is known yet, only {history.size} months",
                inputs=inputs | {"months_known": float(history.size)},
            )
        behind = float(history[history.size - 1 - p.lag_months])
        due = behind > published and view.months_since_release >= p.shortest_months
        return ReleaseDecision(
            quality=behind if due else published,
            reason=f"{'publishes' if due else 'waits'}: the frontier of {p.lag_months} months ago was "
            f"{behind - published:+.2f} from the weights published",
            inputs=inputs | {"past_frontier_quality": behind},
        )
