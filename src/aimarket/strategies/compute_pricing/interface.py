"""Compute pricing: what a cloud sees of its load and cost, and the prices it posts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from aimarket.strategies.base import Decision, View, no_numbers

__all__ = ["ComputePricingDecision", "ComputePricingView"]


@dataclass(frozen=True, kw_only=True)
class ComputePricingView(View):
    """What a provider knows of its load, its cost, its own past and, if it negotiates, its customers.

    ``load`` is demand for the provider's capacity, unserved demand included, over that capacity.
    ``levelised_cost`` is the full cost of a GPU-hour from new capacity, ``running_cost`` what an hour in
    use adds to cost.  ``past_price_usd_per_gpu_hour`` and ``past_sales_gpus`` are the provider's spot price
    and GPUs sold in each past period, newest last.

    ``customers`` names the K labs and open-weight providers outside the provider's group that can buy from
    it; ``integrated`` says whether the group sells services itself, so that they are its rivals downstream.
    ``alternative_price_usd_per_gpu_hour`` (K,) is the lowest spot price at which each could rent from
    anybody else, infinite where it cannot.

    A strategy with ``negotiates = True`` also sees ``willingness_to_pay`` (K,), the highest price at which
    the customer would still rather buy than walk away, and ``opportunity_cost`` (K,), the lowest at which
    the provider would rather sell: what the hour costs, and what the customer's buyers would bring to the
    provider through its other customers.  Both are empty for everybody else.
    """

    firm: str
    spot_price_usd_per_gpu_hour: float
    levelised_cost_usd_per_gpu_hour: float
    running_cost_usd_per_gpu_hour: float
    load: float
    contracted_share: float
    past_price_usd_per_gpu_hour: np.ndarray = field(default_factory=no_numbers)
    past_sales_gpus: np.ndarray = field(default_factory=no_numbers)
    customers: tuple[str, ...] = ()
    integrated: bool = False
    alternative_price_usd_per_gpu_hour: np.ndarray = field(default_factory=no_numbers)
    willingness_to_pay_usd_per_gpu_hour: np.ndarray = field(default_factory=no_numbers)
    opportunity_cost_usd_per_gpu_hour: np.ndarray = field(default_factory=no_numbers)


@dataclass(frozen=True, kw_only=True)
class ComputePricingDecision(Decision):
    """Posted prices for everybody, and one price for each of the view's customers if they pay another."""

    spot_price_usd_per_gpu_hour: float
    contract_price_usd_per_gpu_hour: float
    negotiated_price_usd_per_gpu_hour: tuple[float, ...] = ()
    bounds: ClassVar = {
        "spot_price_usd_per_gpu_hour": (1e-4, 1e4),
        "contract_price_usd_per_gpu_hour": (1e-4, 1e4),
        "negotiated_price_usd_per_gpu_hour": (1e-4, 1e4),
    }
    lengths: ClassVar = {"negotiated_price_usd_per_gpu_hour": "customers"}
    may_be_empty: ClassVar = ("negotiated_price_usd_per_gpu_hour",)
    headline: ClassVar = "spot_price_usd_per_gpu_hour"
