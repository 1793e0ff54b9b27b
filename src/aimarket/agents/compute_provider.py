"""Hyperscalers and neoclouds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aimarket.agents.firm import Firm
from aimarket.agents.operator import Serving

if TYPE_CHECKING:
    from aimarket.agents.fleet import Fleet
    from aimarket.config.schema.agents import ComputeProviderEntry
    from aimarket.model import AIMarket

__all__ = ["ComputeProvider"]


class ComputeProvider(Firm):
    """Owns a fleet, sells it by contract and spot, and hosts open weights.

    ``past_prices`` (spot, USD per GPU-hour) and ``past_sales`` (GPUs) have an entry a period;
    ``negotiated`` holds the price agreed with each customer that does not pay the posted one.
    """

    entry: ComputeProviderEntry
    fleet: Fleet

    def __init__(self, model: AIMarket, name: str, entry: ComputeProviderEntry) -> None:
        super().__init__(model, name, entry)
        self.serving = Serving()
        self.spot_price_usd_per_gpu_hour = 0.0
        self.contract_price_usd_per_gpu_hour = 0.0
        self.levelised_cost_usd_per_gpu_hour = 0.0
        self.running_cost_usd_per_gpu_hour = 0.0
        self.load = 1.0
        self.contracted_gpus = 0.0
        self.sold_gpus = 0.0
        self.past_prices: list[float] = []
        self.past_sales: list[float] = []
        self.negotiated_usd_per_gpu_hour: dict[str, float] = {}
