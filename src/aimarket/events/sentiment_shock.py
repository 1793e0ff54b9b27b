"""The mood of investors jumps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from aimarket.events.base import Event, EventParameters

if TYPE_CHECKING:
    from aimarket.model import AIMarket

__all__ = ["SentimentShock"]


class SentimentShock(Event):
    """Shifts narrative valuations by a log amount that then fades with a half-life of a year."""

    kind = "sentiment_shock"

    class Parameters(EventParameters):
        shift: float = Field(ge=-5, le=5, description="log shift of narrative valuations")

    @property
    def size(self) -> float:
        return float(self.parameters.shift)

    def strike(self, model: AIMarket) -> str:
        model.investors.sentiment += self.parameters.shift
        return f"narrative valuations shift by {self.parameters.shift:+.2f} in logs"
