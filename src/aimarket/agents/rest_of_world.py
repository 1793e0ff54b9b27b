"""Everybody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from aimarket.economics.growth import fading_growth

if TYPE_CHECKING:
    from aimarket.config.schema.agents import RestOfWorldEntry
    from aimarket.model import AIMarket

__all__ = ["RestOfWorld"]


class RestOfWorld(mesa.Agent):
    """Closes the accounts: buyers' own revenue, input costs, wages, saving; and other demand for compute."""

    def __init__(self, model: AIMarket, name: str, entry: RestOfWorldEntry) -> None:
        super().__init__(model)
        self.market = model
        self.name = name
        self.entry = entry
        self.role = entry.kind
        self.alive = True

    def compute_demand_gpus(self, price_usd_per_gpu_hour: float) -> float:
        """H100e wanted at a spot price: search, advertising, science, sovereign and small users."""
        demand = self.entry.compute_demand
        growth = fading_growth(demand.growth_per_year, demand.growth_slowdown_per_year, self.market.clock.years)
        ratio = price_usd_per_gpu_hour / demand.reference_price_usd_per_gpu_hour
        return float(demand.gpus_h100e * growth * ratio**-demand.price_elasticity)
