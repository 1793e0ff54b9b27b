"""Compute pricing: what a cloud sees of its load and cost, and the prices it posts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aimarket.strategies.base import Decision

__all__ = ["ComputePricingDecision", "ComputePricingView"]


@dataclass(frozen=True)
class ComputePricingView:
    """``load`` is demand for the provider's capacity, unserved demand included, over that capacity.

    ``levelised_cost`` is the full cost of a GPU-hour from new capacity, ``running_cost`` what an hour in
    use adds to cost.
    """

    firm: str
    spot_price_usd_per_gpu_hour: float
    levelised_cost_usd_per_gpu_hour: float
    running_cost_usd_per_gpu_hour: float
    load: float
    contracted_share: float
    period_months: float = 1.0


@dataclass(frozen=True, kw_only=True)
class ComputePricingDecision(Decision):
    spot_price_usd_per_gpu_hour: float
    contract_price_usd_per_gpu_hour: float
    bounds: ClassVar = {
        "spot_price_usd_per_gpu_hour": (1e-4, 1e4),
        "contract_price_usd_per_gpu_hour": (1e-4, 1e4),
    }
    headline: ClassVar = "spot_price_usd_per_gpu_hour"
