"""Who holds the market and who keeps the buyer's dollar."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aimarket.economics.errors import EconomicsError, require
from aimarket.economics.inputs import numbers

__all__ = [
    "cost_weighted_lerner",
    "cost_weighted_markup",
    "effective_number_of_firms",
    "herfindahl",
    "herfindahl_change",
    "lerner",
    "sales_weighted_lerner",
    "value_added_shares",
]

FloatArray = npt.NDArray[np.float64]


def herfindahl(shares_or_sales: npt.ArrayLike) -> FloatArray:
    """Herfindahl-Hirschman index: 1 for a monopoly, 1/n for n equal firms.

    Takes sales or shares (..., n) in any unit, as they are normalised first; returns (...) on the
    scale 0 to 1 (times 10,000 for the scale of the merger guidelines).  NaN where nothing was sold.
    Raises ``EconomicsError`` for negative or infinite sales.
    """
    share = _normalised(shares_or_sales)
    return np.asarray((share**2).sum(axis=-1) if share.size else np.full(share.shape[:-1], np.nan))


def effective_number_of_firms(shares_or_sales: npt.ArrayLike) -> FloatArray:
    """How many firms of equal size would be as concentrated as these, 1 / HHI, shape (...).

    Arguments as for ``herfindahl``.  Adelman (1969).
    """
    return np.asarray(1.0 / herfindahl(shares_or_sales))


def herfindahl_change(shares_or_sales: npt.ArrayLike, merging: npt.ArrayLike) -> FloatArray:
    """Rise of the Herfindahl index, shape (...), if firms merge and keep their sales, on the scale 0 to 1.

        (sum_m s_m)^2 - sum_m s_m^2, which is 2 s_a s_b for two

    ``shares_or_sales`` (..., n) of all firms, as for ``herfindahl``; ``merging`` (m,) positions of the
    firms that merge.  Raises ``EconomicsError`` as well for positions that are repeated or out of range.
    """
    share = _normalised(shares_or_sales)
    numbers("merging", merging)
    position = np.asarray(merging)
    whole = position.dtype.kind in "iu" and position.ndim == 1
    if not whole or len(np.unique(position)) < len(position):
        raise EconomicsError("merging", merging, "positions of different firms")
    require((position >= 0) & (position < share.shape[-1]), "merging", position, f"from 0 to {share.shape[-1] - 1}")
    joined = share[..., position]
    # Summed over pairs: nothing cancels for small firms.
    earlier = np.cumsum(joined, axis=-1) - joined
    return np.asarray(2.0 * (joined * earlier).sum(axis=-1))


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


def cost_weighted_markup(price: npt.ArrayLike, marginal_cost: npt.ArrayLike, quantity: npt.ArrayLike) -> FloatArray:
    """Markup price over marginal cost of several products (..., n) together: revenue over variable cost, (...).

    The mean of single markups with variable cost as weight, and the harmonic mean with revenue; it is
    what distorts aggregate input use (Edmond, Midrigan & Xu 2023).  1 - 1 / markup is
    ``sales_weighted_lerner``.  Arguments broadcast.  Products that sold nothing count for nothing; NaN
    where none sold.  Raises ``EconomicsError`` unless price >= 0, quantity >= 0 and cost > 0 where sold.
    """
    p, c, q = _sold(price, marginal_cost, quantity)
    return _ratio(np.asarray((p * q).sum(axis=-1)), np.asarray((c * q).sum(axis=-1)))


def cost_weighted_lerner(price: npt.ArrayLike, marginal_cost: npt.ArrayLike, quantity: npt.ArrayLike) -> FloatArray:
    """Lerner index of several products (..., n) with variable cost as weight, (...).

        sum_j c_j q_j (p_j - c_j) / p_j / sum_j c_j q_j

    Gives less to products with a high margin than ``sales_weighted_lerner`` does, and is never above it.
    Arguments, NaN and errors as for ``cost_weighted_markup``, and price > 0 where sold.
    """
    p, c, q = _sold(price, marginal_cost, quantity)
    require((p > 0.0) | (q == 0.0), "price", p, "above 0 where sold")
    index = np.divide(p - c, p, out=np.zeros_like(p), where=q > 0.0)
    return _ratio(np.asarray((c * q * index).sum(axis=-1)), np.asarray((c * q).sum(axis=-1)))


def _sold(
    price: npt.ArrayLike, marginal_cost: npt.ArrayLike, quantity: npt.ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Prices, costs and quantities of one shape; price 0 and cost 1 where nothing was sold."""
    p, c, q = numbers("price", price), numbers("marginal_cost", marginal_cost), numbers("quantity", quantity)
    try:
        p, c, q = np.broadcast_arrays(p, c, q)
    except ValueError:
        raise EconomicsError("quantity", q.shape, f"of a shape that broadcasts with {p.shape} and {c.shape}") from None
    require((q >= 0.0) & (q < np.inf), "quantity", q, "finite and at least 0")
    p, c = np.where(q > 0.0, p, 0.0), np.where(q > 0.0, c, 1.0)
    require((p >= 0.0) & (p < np.inf), "price", p, "finite and at least 0")
    require((c > 0.0) & (c < np.inf), "marginal_cost", c, "finite and above 0")
    return p, c, q


def value_added_shares(revenue: npt.ArrayLike, purchased_inputs: npt.ArrayLike) -> FloatArray:
    """Share of each tier of a chain in the value added by all: who keeps the buyer's dollar.

    ``revenue`` and ``purchased_inputs`` (..., tiers) in one unit of money, inputs being what a tier
    pays to other tiers; returns (..., tiers), sum 1.  A tier that pays more than it earns has a
    negative share.  NaN where the chain adds no value.
    """
    added = np.asarray(np.asarray(revenue, dtype=np.float64) - np.asarray(purchased_inputs, dtype=np.float64))
    total = added.sum(axis=-1, keepdims=True)
    return _ratio(added, total)


def _normalised(shares_or_sales: npt.ArrayLike) -> FloatArray:
    """Shares of the total of each last axis, NaN where it is 0."""
    sales = numbers("shares_or_sales", shares_or_sales)
    if sales.ndim == 0:
        raise EconomicsError("shares_or_sales", sales.shape, "of shape (..., n), one element per firm")
    require(sales >= 0.0, "shares_or_sales", sales, "at least 0")
    require(sales < np.inf, "shares_or_sales", sales, "finite")
    # In units of the largest, so that no sum overflows.
    relative = _ratio(sales, sales.max(axis=-1, keepdims=True, initial=0.0))
    return _ratio(relative, relative.sum(axis=-1, keepdims=True))


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    """part / whole, and NaN where the whole is not above 0."""
    result = np.full(part.shape, np.nan)
    np.divide(part, whole, out=result, where=whole > 0.0)
    return result
