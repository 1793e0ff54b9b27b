"""Which rival products a buyer would compare with an own one, and what they cost at the same quality."""

from __future__ import annotations

import numpy as np

from aimarket.strategies.pricing.interface import PricingDecision, PricingView

__all__ = ["alternatives", "nearest", "opportunity_cost", "price_at_quality"]


def alternatives(view: PricingView, product: int, largest_quality_gap: float = np.inf) -> np.ndarray:
    """Indices of the rivals' products of the own ``product``'s kind; of any kind where there is none of its own.

    Only those whose quality is at most ``largest_quality_gap`` away count.
    """
    near = np.abs(view.rival_quality - view.quality[product]) <= largest_quality_gap
    same = near & np.array([kind == view.kinds[product] for kind in view.rival_kinds], dtype=bool)
    return np.flatnonzero(same if same.any() else near)


def price_at_quality(view: PricingView, product: int, rivals: np.ndarray, coefficient: float) -> np.ndarray:
    """Rivals' prices, USD/Mtok, (len(rivals),), if they had the own ``product``'s quality; within what can be posted.

    Hedonic: ln p_r + h (q_k - q_r), with ``coefficient`` h = d ln price / d quality.
    """
    lowest, highest = PricingDecision.bounds["price_usd_per_mtok"]
    better = view.quality[product] - view.rival_quality[rivals]
    log_price = np.log(view.rival_price_usd_per_mtok[rivals]) + coefficient * better
    return np.exp(np.clip(log_price, np.log(lowest), np.log(highest)))


def nearest(view: PricingView, product: int, rivals: np.ndarray) -> int:
    """Index of the one of ``rivals`` nearest to the own ``product`` in quality, the cheapest of equals."""
    distance = np.abs(view.rival_quality[rivals] - view.quality[product])
    return int(rivals[np.lexsort((view.rival_price_usd_per_mtok[rivals], distance))[0]])


def opportunity_cost(view: PricingView) -> np.ndarray:
    """What a Mtok more costs the seller, USD/Mtok, (K,): marginal cost, and the rent of capacity that is scarce."""
    return view.marginal_cost_usd_per_mtok + view.scarcity_rent_usd_per_mtok
