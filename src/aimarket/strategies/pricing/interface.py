"""Service pricing: what a seller sees of its products, and the prices it posts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aimarket.strategies.base import Decision

__all__ = ["PricingDecision", "PricingView"]


@dataclass(frozen=True)
class PricingView:
    """A seller's products, K of them, as of last period; all arrays have shape (K,) unless stated.

    ``derivatives_mtok_per_usd[j, k]`` is d(demand of j)/d(price of k) among the seller's own products,
    measured on buyers that reconsidered, whose demand is ``reconsidered_mtok``.  ``sister_gain_mtok[k]``
    is what a higher price of k brings the other firms of the same owner, sum over their products of
    margin times d(demand)/d(price of k): USD of their profit per USD of price, in the unit of demand.
    """

    firm: str
    products: tuple[str, ...]
    price_usd_per_mtok: np.ndarray
    marginal_cost_usd_per_mtok: np.ndarray
    full_cost_usd_per_mtok: np.ndarray
    scarcity_rent_usd_per_mtok: np.ndarray
    demand_mtok: np.ndarray
    reconsidered_mtok: np.ndarray
    derivatives_mtok_per_usd: np.ndarray
    sister_gain_mtok: np.ndarray
    unserved_share: np.ndarray
    rival_price_usd_per_mtok: np.ndarray
    rival_quality: np.ndarray
    runway_months: float
    period_months: float = 1.0


@dataclass(frozen=True, kw_only=True)
class PricingDecision(Decision):
    price_usd_per_mtok: tuple[float, ...]
    bounds: ClassVar = {"price_usd_per_mtok": (1e-6, 1e6)}
    headline: ClassVar = "price_usd_per_mtok"
