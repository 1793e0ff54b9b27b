"""Choice: what buyers of a segment see on offer, and how they go about choosing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from aimarket.strategies.base import Decision, View, no_numbers

__all__ = ["ChoiceDecision", "ChoiceView"]


@dataclass(frozen=True, kw_only=True)
class ChoiceView(View):
    """The J products that the segment can reach now, and the segment's habits; arrays have shape (J,).

    ``kinds`` are api, service or open; ``buyer_hosted`` marks open weights that the buyer would run itself on
    rented GPUs.  ``price_usd_per_mtok`` is what the segment would pay in all, an access fee spread over its
    usage; ``quality`` the log of research compute behind the model; ``usage_share`` (J,) the share of the
    segment's usage that each product has.  ``mtok_per_month`` is the usage of a workload of mean size,
    ``budget_usd_per_month`` what it may spend, ``commitment_discount_per_year`` the discount that
    sellers give for each year that a buyer commits itself.
    """

    segment: str
    buyer_type: str
    products: tuple[str, ...]
    kinds: tuple[str, ...]
    buyer_hosted: tuple[bool, ...]
    sellers: tuple[str, ...]
    price_usd_per_mtok: np.ndarray
    quality: np.ndarray
    unserved_share: np.ndarray
    usage_share: np.ndarray = field(default_factory=no_numbers)
    quality_weight: float = 1.0
    service_weight: float = 0.0
    switching_cost: float = 0.0
    reconsider_per_year: float = 1.0
    mtok_per_month: float = 1.0
    budget_usd_per_month: float = 1.0
    commitment_discount_per_year: float = 0.0


@dataclass(frozen=True, kw_only=True)
class ChoiceDecision(Decision):
    """How buyers of the segment that choose this period go about it.

    ``considered`` (J,) is 1 for a product they look at and 0 for one they do not; who uses one of the latter
    must choose again.  If none is considered, none is bought.  ``utility_shift`` (J,) is added to each product's
    utility; ``price_sensitivity_factor`` multiplies everybody's distaste of the price term;
    ``switching_cost`` and ``reconsider_per_year`` are what holds from now on.  ``concentration_aversion`` is
    the utility lost by giving a workload to the seller that already has all of the buyer's other workloads
    (in proportion where it has some of them).  ``commitment_months`` binds a buyer that has chosen for this
    long on average and earns the discount for it.  ``hosting_cost_usd_per_month`` is the fixed cost of running
    open weights oneself, per workload, whatever its size; it weighs on choice and is not paid to anybody in
    the model.
    """

    considered: tuple[float, ...]
    utility_shift: tuple[float, ...]
    price_sensitivity_factor: float = 1.0
    switching_cost: float
    reconsider_per_year: float
    concentration_aversion: float = 0.0
    commitment_months: float = 0.0
    hosting_cost_usd_per_month: float = 0.0
    bounds: ClassVar = {
        "considered": (0.0, 1.0),
        "utility_shift": (-100.0, 100.0),
        "price_sensitivity_factor": (0.01, 100.0),
        "switching_cost": (0.0, 1e3),
        "reconsider_per_year": (0.0, 1e4),
        "concentration_aversion": (0.0, 100.0),
        "commitment_months": (0.0, 240.0),
        "hosting_cost_usd_per_month": (0.0, 1e9),
    }
    lengths: ClassVar = {"considered": "products", "utility_shift": "products"}
    headline: ClassVar = "reconsider_per_year"
