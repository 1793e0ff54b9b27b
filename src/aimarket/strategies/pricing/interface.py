"""Service pricing: what a seller sees of its products, and the prices it posts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aimarket.strategies.base import Decision, View

__all__ = ["PricingDecision", "PricingView"]


@dataclass(frozen=True, kw_only=True)
class PricingView(View):
    """A seller's products, K of them, and its R rivals' products, as of last period.

    Arrays have shape (K,), those of rivals (R,).  ``kinds`` and ``rival_kinds`` are api, service or open;
    shares are of all tokens sold.  ``price_usd_per_mtok`` is what one Mtok more costs a buyer,
    ``access_fee_usd_per_mtok`` what its plan costs beside that for each Mtok that it holds.  ``rival_price``
    is what a Mtok of theirs cost in all, fees included.

    ``derivatives_mtok_per_usd[j, k]`` is d(demand of j)/d(price of k) among the seller's own products,
    measured on buyers that reconsidered, whose demand is ``reconsidered_mtok``.  ``sister_gain_mtok[k]``
    is what a higher price of k brings the other firms of the same owner, sum over their products of
    margin times d(demand)/d(price of k): USD of their profit per USD of price, in the unit of demand.
    """

    firm: str
    products: tuple[str, ...]
    kinds: tuple[str, ...]
    quality: np.ndarray
    price_usd_per_mtok: np.ndarray
    access_fee_usd_per_mtok: np.ndarray
    marginal_cost_usd_per_mtok: np.ndarray
    full_cost_usd_per_mtok: np.ndarray
    scarcity_rent_usd_per_mtok: np.ndarray
    demand_mtok: np.ndarray
    reconsidered_mtok: np.ndarray
    derivatives_mtok_per_usd: np.ndarray
    sister_gain_mtok: np.ndarray
    unserved_share: np.ndarray
    share_mtok: np.ndarray
    rival_products: tuple[str, ...]
    rival_kinds: tuple[str, ...]
    rival_price_usd_per_mtok: np.ndarray
    rival_quality: np.ndarray
    rival_share_mtok: np.ndarray


@dataclass(frozen=True, kw_only=True)
class PricingDecision(Decision):
    """A two-part tariff for each product: a price for one Mtok more, and a fee for access.

    Plans are sized to what a buyer uses at the usage price, and the fee is stated per Mtok of that size: it is
    due as a lump, so usage answers to the price alone and the choice of product to both.  An empty
    ``access_fee`` means none.
    """

    price_usd_per_mtok: tuple[float, ...]
    access_fee_usd_per_mtok: tuple[float, ...] = ()
    bounds: ClassVar = {"price_usd_per_mtok": (1e-6, 1e6), "access_fee_usd_per_mtok": (0.0, 1e6)}
    lengths: ClassVar = {"price_usd_per_mtok": "products", "access_fee_usd_per_mtok": "products"}
    may_be_empty: ClassVar = ("access_fee_usd_per_mtok",)
    headline: ClassVar = "price_usd_per_mtok"
