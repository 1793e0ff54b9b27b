"""Prices that can be posted, and prices that move part of the way to their target."""

from __future__ import annotations

import numpy as np

from aimarket.strategies.base import per_period
from aimarket.strategies.pricing.interface import PricingDecision

__all__ = ["move_towards", "postable"]


def postable(price: np.ndarray) -> np.ndarray:
    """``price``, USD/Mtok, or the nearest price that a decision may hold."""
    lowest, highest = PricingDecision.bounds["price_usd_per_mtok"]
    return np.clip(price, lowest, highest)


def move_towards(
    current: np.ndarray, target: np.ndarray, adjustment: float, largest_change: float, months: float
) -> np.ndarray:
    """Partial adjustment in logs over a period of ``months``, within what can be posted.

    ``current`` and ``target`` are positive prices of shape (K,), ``adjustment`` the share of the log gap
    closed in a month, ``largest_change`` the largest log change in a month.
    """
    limit = largest_change * months
    change = np.clip(per_period(adjustment, months) * np.log(postable(target) / current), -limit, limit)
    return postable(current * np.exp(change))
