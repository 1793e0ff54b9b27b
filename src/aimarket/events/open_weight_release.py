"""Open weights jump to the frontier, or near it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from aimarket.config.schema.base import Name
from aimarket.events.base import Event, EventParameters, check_target, when_failed

if TYPE_CHECKING:
    from aimarket.config.schema import MarketConfig
    from aimarket.model import AIMarket

__all__ = ["OpenWeightRelease"]


class OpenWeightRelease(Event):
    """A provider publishes weights at a stated distance from the best closed model, if that is better."""

    kind = "open_weight_release"

    class Parameters(EventParameters):
        target: Name = Field(description="open-weight provider")
        quality_gap: float = Field(0.0, ge=-10, le=10, description="quality below the best closed model")

    @property
    def size(self) -> float:
        return float(self.parameters.quality_gap)

    def check(self, config: MarketConfig, path: str) -> None:
        check_target(config, path, self.target, ("open_weight_provider",))

    def strike(self, model: AIMarket) -> str:
        failed = when_failed(model, self.target)
        if failed is not None:
            return failed
        firm = model.firms[self.target]
        before = firm.released_quality
        firm.released_quality = max(before, model.frontier_history[-1] - self.parameters.quality_gap)
        if firm.released_quality > before:
            firm.months_since_release = 0.0
        return f"{firm.name} publishes weights of quality {firm.released_quality:.2f}, {before:.2f} before"
