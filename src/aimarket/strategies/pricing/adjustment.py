"""Prices move part of the way to their target, and never by more than a bound in one month."""

from __future__ import annotations

import numpy as np

from aimarket.strategies.base import per_period

__all__ = ["move_towards"]


def move_towards(
    current: np.ndarray, target: np.ndarray, adjustment: float, largest_change: float, months: float
) -> np.ndarray:
    """Partial adjustment in logs over a period of ``months``.

    ``current`` and ``target`` are positive prices of shape (K,), ``adjustment`` the share of the log gap
    closed in a month, ``largest_change`` the largest log change in a month.
    """
    limit = largest_change * months
    change = np.clip(per_period(adjustment, months) * np.log(target / current), -limit, limit)
    return np.asarray(current * np.exp(change))
