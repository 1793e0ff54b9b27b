"""Prices move part of the way to their target, and never by more than a bound in one period."""

from __future__ import annotations

import numpy as np

__all__ = ["move_towards"]


def move_towards(current: np.ndarray, target: np.ndarray, adjustment: float, largest_change: float) -> np.ndarray:
    """Partial adjustment in logs.

    ``current`` and ``target`` are positive prices of shape (K,), ``adjustment`` the share of the log gap
    closed in a period, ``largest_change`` the largest log change.
    """
    change = np.clip(adjustment * np.log(target / current), -largest_change, largest_change)
    return np.asarray(current * np.exp(change))
