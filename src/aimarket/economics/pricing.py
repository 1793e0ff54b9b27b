"""First-order conditions of firms that set prices."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aimarket.economics.errors import EconomicsError, require

__all__ = ["best_response_markup", "lerner_from_elasticity"]

FloatArray = npt.NDArray[np.float64]


def best_response_markup(
    quantity: npt.ArrayLike, derivatives: npt.ArrayLike, largest_condition_number: float = 1e12
) -> FloatArray:
    """Markups p - c with which an owner of K products satisfies its K first-order conditions.

        sum_j (p_j - c_j) dQ_j / dp_k + Q_k = 0   for every own product k

    ``quantity`` (K,); ``derivatives`` (K, K) with element [j, k] = dQ_j / dp_k among the owner's
    products.  Markups have the unit of quantity over derivative: with derivatives in prices (USD per
    Mtok), prices.  Both are taken as given at the present prices, so a best response is the fixed
    point of price = cost + markup.  Bertrand with differentiated products, as in Berry, Levinsohn &
    Pakes (1995).  Raises ``EconomicsError`` if a quantity is negative, demand for a product does not
    fall in its own price, or the system is singular (its condition number, with rows scaled to a unit
    diagonal, is above ``largest_condition_number``).
    """
    q, slope = np.asarray(quantity, dtype=np.float64), np.asarray(derivatives, dtype=np.float64)
    if q.ndim != 1 or slope.shape != (len(q), len(q)):
        raise EconomicsError("derivatives", slope.shape, f"of shape {(q.size, q.size)}")
    require((q >= 0.0) & (q < np.inf), "quantity", q, "finite and at least 0")
    require(np.isfinite(slope), "derivatives", slope, "finite")
    own = np.diagonal(slope)
    require(own < 0.0, "derivatives", own, "negative for a product's own price")
    if len(q) == 0:
        return np.zeros(0)
    # Row k is the condition of product k, divided by its own derivative.
    system = slope.T / own[:, None]
    condition = float(np.linalg.cond(system))
    require(condition <= largest_condition_number, "derivatives", condition, "not close to singular")
    return np.asarray(np.linalg.solve(system, -q / own))


def lerner_from_elasticity(elasticity: npt.ArrayLike) -> FloatArray:
    """Lerner index (p - c) / p that a single-product firm chooses at this own-price elasticity.

        L = -1 / elasticity

    Lerner (1934).  A best response is never on the inelastic part of demand: raises
    ``EconomicsError`` unless elasticity < -1.
    """
    value = np.asarray(elasticity, dtype=np.float64)
    require(value < -1.0, "elasticity", value, "below -1")
    return np.asarray(-1.0 / value)
