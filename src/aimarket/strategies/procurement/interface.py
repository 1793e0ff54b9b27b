"""Compute procurement: what a lab sees of its needs and of prices, and what it rents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from aimarket.strategies.base import Decision, View, no_numbers

__all__ = ["ProcurementDecision", "ProcurementView"]


@dataclass(frozen=True, kw_only=True)
class ProcurementView(View):
    """GPUs are H100 equivalents available through the period; inference includes the seller's buffer.

    Prices are the lowest of the H sellers that the lab can reach, 0 without any.  ``sellers`` names them,
    with ``seller_contracted_gpus`` (H,) reserved with each so far.  ``build_cost_usd_per_gpu_hour`` is the
    levelised cost of an own accelerator bought now, 0 where the lab has no fleet or cannot buy chips;
    ``on_order_gpus`` what it has ordered already.
    """

    firm: str
    inference_gpus: float
    training_gpus: float
    own_gpus: float
    contracted_gpus: float
    reserved_next_year_gpus: float
    spot_price_usd_per_gpu_hour: float
    contract_price_usd_per_gpu_hour: float
    build_cost_usd_per_gpu_hour: float = 0.0
    on_order_gpus: float = 0.0
    sellers: tuple[str, ...] = ()
    seller_contracted_gpus: np.ndarray = field(default_factory=no_numbers)


@dataclass(frozen=True, kw_only=True)
class ProcurementDecision(Decision):
    """New reservations (for the standard term), spot purchases, and what own building should add.

    ``spread_share`` of the purchases is split over all sellers in reach in proportion to their capacity, the
    rest goes to the cheapest.  ``build_gpus`` is ordered next period, as far as means and connections allow.
    """

    reserve_gpus: float
    spot_gpus: float
    build_gpus: float = 0.0
    spread_share: float = 0.0
    bounds: ClassVar = {
        "reserve_gpus": (0.0, 1e10),
        "spot_gpus": (0.0, 1e10),
        "build_gpus": (0.0, 1e10),
        "spread_share": (0.0, 1.0),
    }
    headline: ClassVar = "spot_gpus"
