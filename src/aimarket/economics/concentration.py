"""Who holds the market and who keeps the buyer's dollar."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aimarket.economics.errors import require

__all__ = ["herfindahl", "lerner", "sales_weighted_lerner", "value_added_shares"]

FloatArray = npt.NDArray[np.float64]


def herfindahl(shares_or_sales: npt.ArrayLike) -> FloatArray:
    """Herfindahl-Hirschman index: 1 for a monopoly, 1/n for n equal firms.

    Takes sales or shares (..., n) in any unit, as they are normalised first; returns (...) on the
    scale 0 to 1 (times 10,000 for the scale of the merger guidelines).  NaN where nothing was sold.
    Raises ``EconomicsError`` for negative sales.
    """
    sales = np.asarray(shares_or_sales, dtype=np.float64)
    require(sales >= 0.0, "shares_or_sales", sales, "at least 0")
    total = sales.sum(axis=-1, keepdims=True)
    return np.asarray((_ratio(sales, total) ** 2).sum(axis=-1))


def lerner(price: npt.ArrayLike, marginal_cost: npt.ArrayLike) -> FloatArray:
    """Lerner index (p - c) / p: the part of the price that competition has not taken away.

    0 under price-taking, minus one over the demand elasticity for a monopolist, negative below cost.
    Price and cost share a unit and broadcast.  Lerner (1934).  Raises ``EconomicsError`` unless
    price > 0.
    """
    p, c = np.asarray(price, dtype=np.float64), np.asarray(marginal_cost, dtype=np.float64)
    require(p > 0.0, "price", p, "above 0")
    return np.asarray((p - c) / p)


def sales_weighted_lerner(price: npt.ArrayLike, marginal_cost: npt.ArrayLike, quantity: npt.ArrayLike) -> FloatArray:
    """Lerner index of several products (..., n) together: total margin over total revenue, (...).

    The mean of the single indices with revenue as weight.  Products that sold nothing count for
    nothing; NaN where none sold.  Raises ``EconomicsError`` for negative prices or quantities.
    """
    p, c = np.asarray(price, dtype=np.float64), np.asarray(marginal_cost, dtype=np.float64)
    q = np.asarray(quantity, dtype=np.float64)
    require(p >= 0.0, "price", p, "at least 0")
    require(q >= 0.0, "quantity", q, "at least 0")
    # A product without sales may have no price or cost worth the name.
    revenue = np.where(q > 0.0, p, 0.0) * q
    margin = np.where(q > 0.0, p - c, 0.0) * q
    sold, kept = np.asarray(revenue.sum(axis=-1)), np.asarray(margin.sum(axis=-1))
    return _ratio(kept, sold)


def value_added_shares(revenue: npt.ArrayLike, purchased_inputs: npt.ArrayLike) -> FloatArray:
    """Share of each tier of a chain in the value added by all: who keeps the buyer's dollar.

    ``revenue`` and ``purchased_inputs`` (..., tiers) in one unit of money, inputs being what a tier
    pays to other tiers; returns (..., tiers), sum 1.  A tier that pays more than it earns has a
    negative share.  NaN where the chain adds no value.
    """
    added = np.asarray(np.asarray(revenue, dtype=np.float64) - np.asarray(purchased_inputs, dtype=np.float64))
    total = added.sum(axis=-1, keepdims=True)
    return _ratio(added, total)


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    """part / whole, and NaN where the whole is not above 0."""
    result = np.full(part.shape, np.nan)
    np.divide(part, whole, out=result, where=whole > 0.0)
    return result
