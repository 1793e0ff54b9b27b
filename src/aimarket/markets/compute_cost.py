"""What a GPU-hour costs those who own the GPU."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aimarket.economics.technology import levelised_cost_usd_per_gpu_hour
from aimarket.markets.chips import gpu_price_usd
from aimarket.markets.energy import energy_price

if TYPE_CHECKING:
    from aimarket.agents.compute_provider import ComputeProvider
    from aimarket.agents.operator import Operator
    from aimarket.model import AIMarket

__all__ = [
    "levelised_cost",
    "levelised_cost_of_building",
    "own_cost_usd_per_gpu_hour",
    "running_cost_usd_per_gpu_hour",
]

# Utilisation at which the cost of new capacity is levelised.
_PLANNED_UTILISATION = 0.85


def own_cost_usd_per_gpu_hour(model: AIMarket, firm: Operator) -> float:
    """Running cost and depreciation of a lab's own fleet per usable GPU-hour."""
    if firm.fleet is None or firm.usable_gpus <= 0.0:
        return 0.0
    hours = firm.usable_gpus * model.clock.hours_per_period
    return firm.books.depreciation_musd * 1e6 / hours + running_cost_usd_per_gpu_hour(model, firm)


def running_cost_usd_per_gpu_hour(model: AIMarket, firm: Operator | ComputeProvider) -> float:
    """What an hour in use adds to cost: power and operations."""
    if firm.fleet is None:
        return 0.0
    kw = firm.fleet.power_kw_per_gpu * model.config.technology.power_usage_effectiveness
    return float(firm.entry.fleet.operations_usd_per_gpu_hour + kw * energy_price(model, firm.name) / 1e3)


def levelised_cost(model: AIMarket, firm: Operator | ComputeProvider, chip_usd: float, per_year: float) -> float:
    """Full cost of a GPU-hour from a GPU bought now at ``chip_usd``, at a cost of capital of ``per_year``."""
    technology, fleet = model.config.technology, firm.entry.fleet
    assert fleet is not None
    return float(
        levelised_cost_usd_per_gpu_hour(
            chip_usd * (1.0 + technology.server_capex_share),
            model.new_gpu_power_kw * technology.datacentre_capex_usd_per_kw,
            fleet.depreciation_life_years,
            technology.datacentre_life_years,
            per_year,
            model.new_gpu_power_kw * technology.power_usage_effectiveness,
            energy_price(model, firm.name),
            fleet.operations_usd_per_gpu_hour,
            _PLANNED_UTILISATION,
        )
    )


def levelised_cost_of_building(model: AIMarket, firm: Operator) -> float:
    """Full cost of a GPU-hour that a lab builds for itself; 0 where it has no say over a fleet or finds no chips.

    Its cost of capital is what investors ask of it.
    """
    chip = gpu_price_usd(model, firm.name)
    if firm.fleet is None or firm.strategies.get("capacity") is None or not np.isfinite(chip):
        return 0.0
    return levelised_cost(model, firm, chip, model.investors.entry.discount_rate_per_year)
