"""Who gets what when buyers fill from the cheapest seller and capacity runs out."""

from __future__ import annotations

import numpy as np

__all__ = ["fill_cheapest_first", "fill_in_proportion"]


def fill_cheapest_first(
    demand: np.ndarray, price: np.ndarray, capacity: np.ndarray, reachable: np.ndarray
) -> np.ndarray:
    """Allocate ``capacity`` (H,) of sellers to ``demand`` (B,) of buyers at ``price`` (H,) or (B, H).

    Each buyer asks the cheapest seller it can reach (``reachable`` is (B, H) of bool), and the next one
    for what it did not get.  A seller that is asked for more than it has left serves all who ask in
    proportion; sellers at the same price are asked in proportion to their capacity.  Where prices differ
    between buyers, lower ones are served first.  No result depends on the order of buyers or of sellers.
    Returns quantities of shape (B, H).
    """
    left = demand.astype(np.float64).copy()
    room = capacity.astype(np.float64).copy()
    given = np.zeros(reachable.shape)
    prices = np.broadcast_to(price, reachable.shape)
    for value in np.unique(prices[reachable]):
        asks = reachable & (prices == value)
        # Every pass serves all that is asked or sells somebody out, so that ties end after a few.
        for _ in range(np.count_nonzero(asks.any(axis=0)) + 1):
            offers = room * asks
            total = offers.sum(axis=1, keepdims=True)
            asked = left[:, None] * np.divide(offers, total, out=np.zeros_like(offers), where=total > 0.0)
            wanted = asked.sum(axis=0)
            if not wanted.any():
                break
            served = asked * np.divide(np.minimum(wanted, room), wanted, out=np.zeros_like(wanted), where=wanted > 0.0)
            given += served
            room = np.maximum(room - served.sum(axis=0), 0.0)
            left = np.maximum(left - served.sum(axis=1), 0.0)
    return given


def fill_in_proportion(demand: np.ndarray, capacity: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Split ``demand`` (B,) of buyers over sellers in proportion to ``weights`` (B, H), which are not negative.

    A seller that is asked for more than its ``capacity`` (H,) serves all who ask in proportion; what a buyer
    does not get is not asked of anybody else.  Returns quantities of shape (B, H).
    """
    total = weights.sum(axis=1, keepdims=True)
    asked = demand[:, None] * np.divide(weights, total, out=np.zeros_like(weights), where=total > 0.0)
    wanted = asked.sum(axis=0)
    served = np.divide(np.minimum(wanted, capacity), wanted, out=np.zeros_like(wanted), where=wanted > 0.0)
    return np.asarray(asked * served)
