"""Bertrand-Nash prices of differentiated products, with owners, nests and capacities.

The first-order conditions are solved in the form of Morrow & Skerlos (2011): with demand derivatives
D = Lambda - Gamma, Lambda diagonal, and ownership weights Omega,

    p = c + lambda + zeta(p),   zeta = Lambda^-1 (Omega * Gamma)' (p - c - lambda) - Lambda^-1 q

a map that contracts in logit markets where p = c - (Omega * D')^-1 q need not.  What is returned was
checked against the conditions themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from aimarket.economics.errors import EconomicsError, require
from aimarket.economics.inputs import numbers
from aimarket.economics.products import finite_array, iteration_limit, nest_array, ownership_matrix, positive

if TYPE_CHECKING:
    from aimarket.economics.equilibrium_kernel import Market, Work

__all__ = [
    "PriceEquilibrium",
    "bertrand_nash",
    "monopoly",
    "pass_through_matrix",
]

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PriceEquilibrium:
    """Prices that satisfy every firm's first-order and capacity conditions; arrays (J,).

    ``markup`` is p - c and contains ``shadow_price``, the value to the firm of a unit of capacity;
    ``lerner`` is (p - c) / p, NaN where the price is not above 0; ``profit`` is that of a product.
    ``consumer_surplus`` is per consumer, as ``consumer_surplus`` returns it.  ``residual`` is the
    largest violation of |p - c - lambda - zeta| = 0 and |min(lambda, headroom)| = 0 in units of price,
    headroom being (1 - sigma) / alpha ln(K / q); ``iterations`` counts the prices looked at.
    """

    price: FloatArray
    share: FloatArray
    outside_share: float
    quantity: FloatArray
    markup: FloatArray
    lerner: FloatArray
    profit: FloatArray
    shadow_price: FloatArray
    consumer_surplus: float
    residual: float
    iterations: int


def bertrand_nash(
    quality: npt.ArrayLike,
    cost: npt.ArrayLike,
    price_coefficient: float,
    *,
    owner: npt.ArrayLike | None = None,
    nest: npt.ArrayLike | None = None,
    nesting: npt.ArrayLike = 0.0,
    outside_utility: float | None = 0.0,
    capacity: npt.ArrayLike | None = None,
    market_size: float = 1.0,
    price_term: str = "linear",
    start: npt.ArrayLike | None = None,
    tolerance: float = 1e-12,
    max_iterations: int = 10_000,
) -> PriceEquilibrium:
    """Equilibrium prices of firms that sell J nested-logit products to ``market_size`` consumers.

    ``quality`` (J,) in utils, ``cost`` (J,) marginal cost in money, and ``price_coefficient`` > 0,
    ``nest``, ``nesting``, ``outside_utility`` and ``price_term`` as in ``aimarket.economics.demand``.
    ``owner`` is one label per product or a matrix as for ``ownership_matrix``; None makes each product
    a firm.  ``capacity`` (J,), infinite where there is none, bounds the quantities:
    0 <= lambda, q <= K, lambda (K - q) = 0.  ``start`` (J,) are the first prices, by default costs.

    Each condition holds to ``tolerance`` times the larger of price, cost and single-product markup (the
    markup for capacities), or to what rounding of the utilities leaves.  Where strong nests keep
    ``max_iterations`` from being enough they are approached from weaker ones, with as many each.  Raises
    ``EconomicsError`` for arguments out of bounds, for capacities that cannot serve consumers who have
    to buy, and where no finite prices are an equilibrium: one owner of everything without an outside
    option, or demand that stays inelastic.
    """
    market, size = _market(
        quality, cost, price_coefficient, owner, nest, nesting, outside_utility, capacity, market_size, price_term
    )
    return _solve(market, size, start, tolerance, max_iterations)[0]


def monopoly(
    quality: npt.ArrayLike,
    cost: npt.ArrayLike,
    price_coefficient: float,
    *,
    nest: npt.ArrayLike | None = None,
    nesting: npt.ArrayLike = 0.0,
    outside_utility: float | None = 0.0,
    capacity: npt.ArrayLike | None = None,
    market_size: float = 1.0,
    price_term: str = "linear",
    start: npt.ArrayLike | None = None,
    tolerance: float = 1e-12,
    max_iterations: int = 10_000,
) -> PriceEquilibrium:
    """Prices that maximise the joint profit of all products: ``bertrand_nash`` with one owner.

    Arguments and errors are those of ``bertrand_nash``.
    """
    return bertrand_nash(
        quality,
        cost,
        price_coefficient,
        owner=np.zeros(np.shape(finite_array("quality", quality)), dtype=np.int64),
        nest=nest,
        nesting=nesting,
        outside_utility=outside_utility,
        capacity=capacity,
        market_size=market_size,
        price_term=price_term,
        start=start,
        tolerance=tolerance,
        max_iterations=max_iterations,
    )


def pass_through_matrix(
    quality: npt.ArrayLike,
    cost: npt.ArrayLike,
    price_coefficient: float,
    *,
    owner: npt.ArrayLike | None = None,
    nest: npt.ArrayLike | None = None,
    nesting: npt.ArrayLike = 0.0,
    outside_utility: float | None = 0.0,
    capacity: npt.ArrayLike | None = None,
    market_size: float = 1.0,
    price_term: str = "linear",
    start: npt.ArrayLike | None = None,
    tolerance: float = 1e-12,
    max_iterations: int = 10_000,
) -> FloatArray:
    """Pass-through dp_j / dc_k of marginal costs to equilibrium prices, shape (J, J) indexed [j, k].

    Implicit differentiation of the conditions that ``bertrand_nash`` solves, with the same arguments and
    errors (Weyl & Fabinger 2013 for the notion).  Products at capacity stay there: where a quantity is
    at capacity with a shadow price of 0 it is the derivative on the side of the slack.
    """
    from aimarket.economics.equilibrium_kernel import first_order_system

    market, size = _market(
        quality, cost, price_coefficient, owner, nest, nesting, outside_utility, capacity, market_size, price_term
    )
    equilibrium, at = _solve(market, size, start, tolerance, max_iterations)
    count = len(market.cost)
    system = np.empty((2 * count, 2 * count))
    first_order_system(market, equilibrium.price, equilibrium.shadow_price, at, system)
    # A cost enters the conditions where the shadow price of the same product does.
    moved = np.vstack([-system[:count, count:], np.zeros((count, count))])
    return np.asarray(np.linalg.solve(system, moved)[:count])


def _market(
    quality: npt.ArrayLike,
    cost: npt.ArrayLike,
    price_coefficient: float,
    owner: npt.ArrayLike | None,
    nest: npt.ArrayLike | None,
    nesting: npt.ArrayLike,
    outside_utility: float | None,
    capacity: npt.ArrayLike | None,
    market_size: float,
    price_term: str,
) -> tuple[Market, float]:
    from aimarket.economics.equilibrium_kernel import Market

    value = finite_array("quality", quality)
    if value.ndim != 1 or value.size == 0:
        raise EconomicsError("quality", value.shape, "of shape (J,) with at least one product")
    shape = (value.size,)
    marginal = finite_array("cost", cost, shape)
    coefficient = positive("price_coefficient", price_coefficient)
    size = positive("market_size", market_size)
    if price_term not in ("linear", "log"):
        raise EconomicsError("price_term", price_term, "'linear' or 'log'")
    if price_term == "log" and not (marginal > 0.0).all():
        require(marginal > 0.0, "cost", marginal, "above 0 where utility falls in the logarithm of price")
    weights = ownership_matrix(owner, value.size)
    outside = -np.inf if outside_utility is None else float(finite_array("outside_utility", outside_utility, ()))
    if outside_utility is None and (weights == 1.0).all():
        raise EconomicsError("owner", owner, "more than one firm where there is no outside option")
    if nest is None and np.ndim(nesting) == 0 and nesting == 0.0:
        groups, keep = np.arange(value.size), np.ones(shape)
    else:
        labels, sigma = nest_array(nest, nesting, shape)
        _, groups, members = np.unique(labels, return_inverse=True, return_counts=True)
        keep = np.where(members[groups] == 1, 1.0, 1.0 - sigma)  # a nest of one is no nest
    largest = np.full(shape, np.inf) if capacity is None else _capacity(capacity, shape, size, outside_utility) / size
    # Fresh arrays: other memory layouts and read-only ones would each be compiled for.
    value, marginal, weights = (np.array(each, order="C") for each in (value, marginal, weights))
    market = Market(value, marginal, coefficient, price_term == "log", groups, keep, weights, outside, largest)
    return market, size


def _capacity(
    capacity: npt.ArrayLike, shape: tuple[int, ...], market_size: float, outside_utility: float | None
) -> FloatArray:
    limit = numbers("capacity", capacity)
    if limit.shape not in ((), shape):
        raise EconomicsError("capacity", limit.shape, f"of shape {shape}")
    require(limit > 0.0, "capacity", limit, "above 0")
    limit = np.broadcast_to(limit, shape)
    if outside_utility is None and not limit.sum() > market_size:
        raise EconomicsError("capacity", float(limit.sum()), f"above {market_size} in total: nobody can go without")
    return limit


def _solve(
    market: Market, size: float, start: npt.ArrayLike | None, tolerance: float, max_iterations: int
) -> tuple[PriceEquilibrium, Work]:
    from aimarket.economics.equilibrium_kernel import CONVERGED, EXHAUSTED, solve_equilibrium, work

    cost = market.cost
    price = np.array(cost if start is None else finite_array("start", start, cost.shape))
    if market.log_price:
        require(price > 0.0, "start", price, "above 0")
    accepted, most = positive("tolerance", tolerance), iteration_limit(max_iterations)
    shadow = np.zeros_like(price)
    at = work(len(price), int(market.nest.max()) + 1)
    status, iterations, residual, outside, inclusive = solve_equilibrium(market, price, shadow, at, accepted, most)
    if status == EXHAUSTED and (market.keep < 1.0).any():
        # Strong nests make the map wander: come from weaker ones, each equilibrium the start of the next.
        price, shadow, total = np.array(cost), np.zeros_like(price), iterations
        for part in (0.25, 0.5, 0.75, 0.9, 1.0):
            weaker = market._replace(keep=1.0 - part * (1.0 - market.keep))
            status, iterations, residual, outside, inclusive = solve_equilibrium(
                weaker, price, shadow, at, accepted, most
            )
            total += iterations
        iterations = total
    if status != CONVERGED:
        after = f"at finite prices (residual {residual:.3g} after {iterations} iterations)"
        if status == EXHAUSTED:
            raise EconomicsError("max_iterations", most, f"enough to meet the tolerance {accepted:g} {after}")
        raise EconomicsError("price_coefficient", market.coefficient, f"such that demand is elastic {after}")
    quantity, markup = size * at.share, price - cost
    lerner = np.divide(markup, price, out=np.full_like(price, np.nan), where=price > 0.0)
    return PriceEquilibrium(
        price=price,
        share=at.share,
        outside_share=outside,
        quantity=quantity,
        markup=markup,
        lerner=lerner,
        profit=markup * quantity,
        shadow_price=shadow,
        consumer_surplus=inclusive / market.coefficient,
        residual=residual,
        iterations=iterations,
    ), at
