"""Compute pricing: what a cloud sees of its load and cost, and the prices it posts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from aimarket.strategies.base import Decision, frozen

__all__ = ["ComputePricingDecision", "ComputePricingView"]


def _none() -> np.ndarray:
    return frozen([])


@dataclass(frozen=True)
class ComputePricingView:
    """What a provider knows of its load, its cost, its own past and, if it negotiates, its customers.

    ``load`` is demand for the provider's capacity, unserved demand included, over that capacity.
    ``levelised_cost`` is the full cost of a GPU-hour from new capacity, ``running_cost`` what an hour in
    use adds to cost.  ``past_price_usd_per_gpu_hour`` and ``past_sales_gpus`` are the provider's spot price
    and GPUs sold in each past period, newest last.

    A strategy with ``negotiates = True`` sees its K customers, one by one: ``willingness_to_pay`` (K,) is
    the highest price at which the customer would still rather buy than walk away, ``opportunity_cost``
    (K,) the lowest at which the provider would rather sell: what the hour costs, and what the customer's
    buyers would bring to the provider through its other customers.
    """

    firm: str
    spot_price_usd_per_gpu_hour: float
    levelised_cost_usd_per_gpu_hour: float
    running_cost_usd_per_gpu_hour: float
    load: float
    contracted_share: float
    period_months: float = 1.0
    past_price_usd_per_gpu_hour: np.ndarray = field(default_factory=_none)
    past_sales_gpus: np.ndarray = field(default_factory=_none)
    customers: tuple[str, ...] = ()
    willingness_to_pay_usd_per_gpu_hour: np.ndarray = field(default_factory=_none)
    opportunity_cost_usd_per_gpu_hour: np.ndarray = field(default_factory=_none)


@dataclass(frozen=True, kw_only=True)
class ComputePricingDecision(Decision):
    """Posted prices for everybody, and one price for each of the view's customers if they were negotiated."""

    spot_price_usd_per_gpu_hour: float
    contract_price_usd_per_gpu_hour: float
    negotiated_price_usd_per_gpu_hour: tuple[float, ...] = ()
    bounds: ClassVar = {
        "spot_price_usd_per_gpu_hour": (1e-4, 1e4),
        "contract_price_usd_per_gpu_hour": (1e-4, 1e4),
        "negotiated_price_usd_per_gpu_hour": (1e-4, 1e4),
    }
    headline: ClassVar = "spot_price_usd_per_gpu_hour"
