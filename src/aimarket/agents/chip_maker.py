"""Makers of accelerators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aimarket.agents.firm import Firm
from aimarket.economics.growth import fading_growth
from aimarket.economics.technology import wright_unit_cost

if TYPE_CHECKING:
    from aimarket.config.schema.agents import ChipMakerEntry
    from aimarket.model import AIMarket

__all__ = ["ChipMaker"]


class ChipMaker(Firm):
    """Makes accelerators at a bounded rate of growth, delivers from a queue of orders.

    ``backlog`` is H100e ordered and not delivered, by buyer; ``output_factor`` is what shocks leave of
    the output that could be made.
    """

    entry: ChipMakerEntry

    def __init__(self, model: AIMarket, name: str, entry: ChipMakerEntry) -> None:
        super().__init__(model, name, entry)
        self.price_usd: float = entry.price_usd
        self.cumulative_h100e: float = entry.cumulative_output_h100e
        self.backlog: dict[str, float] = {}
        self.output_factor = 1.0
        self.delivered_h100e = 0.0

    @property
    def backlog_h100e(self) -> float:
        return sum(self.backlog.values())

    @property
    def largest_output_per_month(self) -> float:
        """H100e that can be made a month by now: capacity grows at a fading rate, whether used or not."""
        clock = self.market.clock
        since = max(self.founded, clock.start)
        years = (clock.month - since) / 12.0
        growth = fading_growth(self.entry.output_growth_per_year, self.entry.output_growth_slowdown_per_year, years)
        return self.entry.output_h100e_per_year / 12.0 * growth * self.output_factor

    @property
    def unit_cost_usd(self) -> float:
        """Wright's law on cumulative output."""
        entry = self.entry
        return float(
            wright_unit_cost(
                entry.unit_cost_usd, entry.cumulative_output_h100e, self.cumulative_h100e, entry.learning_rate
            )
        )
