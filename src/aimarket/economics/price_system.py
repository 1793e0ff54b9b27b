"""Bertrand-Nash prices under any demand system: the zeta form of Morrow & Skerlos (2011) for a callable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aimarket.economics.errors import EconomicsError, require
from aimarket.economics.products import finite_array, iteration_limit, ownership_matrix, positive

__all__ = ["PriceSolution", "solve_prices"]

FloatArray = npt.NDArray[np.float64]
Respond = Callable[[FloatArray], tuple[FloatArray, FloatArray, FloatArray]]

RUN_AWAY = 1e8
"""A price this many times the largest cost, first price and first markup has no solution ahead."""
MEMORY = 4
"""Earlier prices that a mixed step looks back on."""
WORTH = 0.5
"""A mixed step is taken if it leaves at most this part of the distance."""


@dataclass(frozen=True, eq=False)
class PriceSolution:
    """Prices, quantities and markups (J,) that satisfy the first-order conditions of a given demand system.

    ``residual`` is the largest |p - c - zeta(p)|, in units of price.
    """

    price: FloatArray
    quantity: FloatArray
    markup: FloatArray
    residual: float
    iterations: int


def solve_prices(
    respond: Respond,
    cost: npt.ArrayLike,
    owner: npt.ArrayLike | None,
    start: npt.ArrayLike,
    *,
    tolerance: float = 1e-10,
    max_iterations: int = 1_000,
) -> PriceSolution:
    """Equilibrium prices of J products under any demand system, from the prices ``start`` (J,) on.

    ``respond(price)`` returns quantities (J,), ``own`` (J,) and ``cross`` (J, J), the demand derivatives
    dQ_j / dp_k being diag(own) - cross [j, k].  Any split with own < 0 has the same solution.  For
    logit and mixtures of logits own_j = -sum over consumers of alpha P_j and
    cross_jk = -sum of alpha P_j P_k make the map contract; nested logit: own_j = -alpha P_j / (1 - sigma).
    ``cost`` (J,) and ``owner`` as for ``bertrand_nash``.

    Zeta iterations, sped up by Anderson (1965) mixing where it pays.  Each condition holds to
    ``tolerance`` times the larger of price, cost and -q / own.  Raises ``EconomicsError`` where a
    quantity is not above 0 or does not fall in its own price, where prices run away because demand
    is inelastic, and where ``max_iterations`` is not enough.
    """
    first = np.array(finite_array("start", start))
    if first.ndim != 1 or first.size == 0:
        raise EconomicsError("start", first.shape, "of shape (J,) with at least one product")
    marginal = finite_array("cost", cost, first.shape)
    weights = ownership_matrix(owner, first.size)
    accepted, most = positive("tolerance", tolerance), iteration_limit(max_iterations)
    at = _look(respond, first, marginal, weights)
    ceiling = RUN_AWAY * max(1e-300, np.abs(first).max(), np.abs(marginal).max(), float(at.size.max()))
    path = [at]
    damping, iterations, wait, pause = 1.0, 1, 0, 1
    while (distance := at.distance()) > accepted:
        if iterations >= most:
            bound = f"enough to meet the tolerance {accepted:g} (residual {np.abs(at.gap).max():.3g})"
            raise EconomicsError("max_iterations", most, f"{bound} after {iterations} iterations")
        trial = None
        if wait > 0:
            wait -= 1
        elif len(path) > 1:
            trial = _look_or_none(respond, at.price + _mixed_step(path), marginal, weights)
            iterations += 1
            if trial is None or trial.distance() > WORTH * distance:
                trial, wait, pause = None, pause, min(2 * pause, 64)
            else:
                pause = 1
        if trial is None:
            trial, looks = _look_shortened(respond, at, -damping * at.gap, marginal, weights)
            iterations += looks
            damping = max(0.1, 0.5 * damping) if trial.distance() > distance else min(1.0, 1.1 * damping)
        at = trial
        if np.abs(at.price).max() > ceiling:
            raise EconomicsError("respond", float(np.abs(at.price).max()), "a demand that is elastic at finite prices")
        path = [*path[-MEMORY:], at]
    falls = at.own - np.diagonal(at.cross)
    require(falls < 0.0, "respond", falls, "a demand that falls in a product's own price")
    residual = float(np.abs(at.gap).max())
    return PriceSolution(at.price, at.quantity, at.price - marginal, residual, iterations)


@dataclass(frozen=True, eq=False)
class _Look:
    """Demand and first-order conditions at some prices."""

    price: FloatArray
    quantity: FloatArray
    own: FloatArray
    cross: FloatArray
    gap: FloatArray
    size: FloatArray

    def distance(self) -> float:
        return float((np.abs(self.gap) / self.size).max())


def _look(respond: Respond, price: FloatArray, cost: FloatArray, weights: FloatArray) -> _Look:
    quantity, own, cross = (np.asarray(part, dtype=np.float64) for part in respond(price))
    if quantity.shape != price.shape or own.shape != price.shape or cross.shape != weights.shape:
        bound = f"arrays of shapes {price.shape}, {price.shape} and {weights.shape}"
        raise EconomicsError("respond", (quantity.shape, own.shape, cross.shape), bound)
    if not (quantity > 0.0).all():
        require(quantity > 0.0, "quantity", quantity, "above 0 for every product that is priced")
    if not (own < 0.0).all():
        require(own < 0.0, "own", own, "below 0 for every product")
    if not np.isfinite(cross).all():
        require(np.isfinite(cross), "cross", cross, "finite")
    margin = price - cost
    zeta = ((weights * cross.T) @ margin - quantity) / own
    gap = margin - zeta
    if not np.isfinite(gap).all():
        require(np.isfinite(gap), "respond", gap, "a demand with finite quantities and derivatives")
    return _Look(price, quantity, own, cross, gap, np.maximum(np.maximum(np.abs(price), np.abs(cost)), -quantity / own))


def _look_or_none(respond: Respond, price: FloatArray, cost: FloatArray, weights: FloatArray) -> _Look | None:
    try:
        return _look(respond, price, cost, weights)
    except EconomicsError:
        return None


def _look_shortened(
    respond: Respond, at: _Look, step: FloatArray, cost: FloatArray, weights: FloatArray
) -> tuple[_Look, int]:
    """Demand after the step, halved as long as it leads to where there is none; and the times looked."""
    for halvings in range(20):
        found = _look_or_none(respond, at.price + 0.5**halvings * step, cost, weights)
        if found is not None:
            return found, halvings + 1
    return _look(respond, at.price + step, cost, weights), 21


def _mixed_step(path: list[_Look]) -> FloatArray:
    """Anderson's step: from the mix of earlier prices whose linearised gap is smallest."""
    last = path[-1]
    prices = np.stack([last.price - look.price for look in path[:-1]], axis=-1)
    gaps = np.stack([last.gap - look.gap for look in path[:-1]], axis=-1)
    weights = np.linalg.lstsq(gaps / last.size[:, None], last.gap / last.size, rcond=1e-12)[0]
    return np.asarray(-last.gap - (prices - gaps) @ weights)
