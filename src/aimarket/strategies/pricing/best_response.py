"""The prices that maximise a seller's profit against its rivals' last prices, from its measured demand."""

from __future__ import annotations

import numpy as np

from aimarket.economics.errors import EconomicsError
from aimarket.economics.pricing import best_response_markup
from aimarket.strategies.pricing.interface import PricingView

__all__ = ["best_response_prices", "measured"]

_SMALLEST_SHARE_MINDED = 1e-6


def measured(view: PricingView) -> np.ndarray:
    """Indices of the own products whose demand was seen to fall in their price."""
    return np.flatnonzero((view.reconsidered_mtok > 0.0) & (np.diag(view.derivatives_mtok_per_usd) < 0.0))


def best_response_prices(view: PricingView, known: np.ndarray, cost: np.ndarray, largest_markup: float) -> np.ndarray:
    """Prices, USD/Mtok, (len(known),), that solve the first-order conditions of the products ``known`` at once.

    ``cost`` (K,) contains the rent of scarce capacity; ``largest_markup`` on it is what customers stand.
    """
    response = view.derivatives_mtok_per_usd[np.ix_(known, known)]
    own = view.reconsidered_mtok[known]
    # A sister that sells below cost would gain from losing buyers: that is no reason to sell below cost too.
    quantity = np.maximum(own + view.sister_gain_mtok[known], _SMALLEST_SHARE_MINDED * own)
    try:
        markup = best_response_markup(quantity, response)
    except EconomicsError:
        # Own products that buyers only swap for each other leave no joint answer: price them one by one.
        markup = -quantity / np.diag(response)
    # Where demand is measured as inelastic the first-order condition has no finite answer.
    highest = cost[known] * largest_markup
    markup = np.where((markup > 0.0) & (markup < highest), markup, highest)
    return np.asarray(cost[known] + markup)
