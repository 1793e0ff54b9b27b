"""Firms that choose quantities of one good under linear inverse demand P = a - b Q, in closed form.

Prices and costs are money per unit and b is money per unit squared; profits are money.
"""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral

import numpy as np
import numpy.typing as npt

from aimarket.economics.concentration import herfindahl, lerner
from aimarket.economics.errors import EconomicsError, require
from aimarket.economics.inputs import finite, numbers

__all__ = [
    "CournotOutcome",
    "ForwardOutcome",
    "SuccessiveMonopoly",
    "allaz_vila",
    "cournot",
    "spengler",
]

FloatArray = npt.NDArray[np.float64]

MOST_ROUNDS = 10**15


@dataclass(frozen=True)
class CournotOutcome:
    """Market price and, one element a firm, quantity, profit and Lerner index of a Cournot equilibrium.

    ``hhi`` is on the scale 0 to 1; ``elasticity`` dQ/dP P/Q of market demand is negative.  Unless a
    capacity binds, the share-weighted Lerner index is hhi / |elasticity| (Cowling & Waterson 1976).
    """

    price: float
    quantity: FloatArray
    profit: FloatArray
    lerner: FloatArray
    hhi: float
    elasticity: float


@dataclass(frozen=True)
class ForwardOutcome(CournotOutcome):
    """A Cournot equilibrium after forward sales: ``forward_quantity`` is what each firm sold ahead in all."""

    forward_quantity: FloatArray


@dataclass(frozen=True)
class SuccessiveMonopoly:
    """Two monopolies in a row, and what one owner of both would do."""

    wholesale_price: float
    price: float
    quantity: float
    upstream_profit: float
    downstream_profit: float
    integrated_price: float
    integrated_quantity: float
    integrated_profit: float


def cournot(
    cost: npt.ArrayLike, intercept: float, slope: float, capacity: npt.ArrayLike | None = None
) -> CournotOutcome:
    """Cournot equilibrium of n firms with constant marginal costs, exactly, idle and full firms included.

        q_i = min(max((P - c_i) / b, 0), capacity_i),   P = a - b sum_i q_i

    ``cost`` (n,) per unit; ``intercept`` a and ``slope`` b > 0 of inverse demand; ``capacity`` in units,
    scalar or (n,), may be infinite.  Supply at a price rises and demand falls, so the equilibrium is unique
    (Cournot 1838).  Raises ``EconomicsError`` for a negative cost, a slope or capacity that is not
    positive, and where no firm can produce because a is not above the lowest cost.
    """
    c, a, b = _market(cost, intercept, slope)
    limit = np.full(c.shape, np.inf)
    if capacity is not None:
        limit = numbers("capacity", capacity)
        require(limit > 0.0, "capacity", limit, "above 0")
        if limit.shape not in ((), c.shape):
            raise EconomicsError("capacity", limit.shape, f"a number or of shape {c.shape}")
        limit = np.broadcast_to(limit, c.shape)
    # Supply is piecewise linear in the price: it bends where a firm starts and where it is full.
    bends = np.unique(np.concatenate((c, c + b * limit, [a])))
    bends = bends[bends <= a]
    supply = np.clip((bends[:, None] - c) / b, 0.0, limit).sum(axis=1)
    below = bends[supply <= (a - bends) / b][-1]
    rising = (c <= below) & (below < c + b * limit)
    full = (c + b * limit <= below) & np.isfinite(limit)
    # a - P = sum over rising firms (P - c_i) + b sum over full firms capacity_i
    base = c.min()
    above = (a - base) - b * limit[full].sum() + (c[rising] - base).sum()
    price = base + above / (1 + np.count_nonzero(rising))
    quantity = np.where(full, limit, np.where(rising, np.clip((price - c) / b, 0.0, limit), 0.0))
    return CournotOutcome(float(price), *_accounts(c, b, price, quantity))


def allaz_vila(cost: npt.ArrayLike, intercept: float, slope: float, rounds: int = 1) -> ForwardOutcome:
    """Cournot equilibrium of n firms that first sell forward in a number of rounds, one after the other.

    Each sale made ahead makes its seller more aggressive later, so all sell ahead and the price falls.
    With beta_0 = 1, beta_r = 1 + (n - 1) beta_{r-1} and forward prices that foresee the spot price,

        q_i = beta (P - c_i) / b,   forward_i = (beta - 1) (P - c_i) / b

    For two firms and one round forward = (a - c) / 5; with more rounds the price tends to cost (Allaz &
    Vila 1993).  ``cost`` (n,); no rounds is ``cournot``.  Raises ``EconomicsError`` as ``cournot`` does,
    for rounds that are not a whole number, and where a firm would not produce.
    """
    c, a, b = _market(cost, intercept, slope)
    if not isinstance(rounds, Integral) or isinstance(rounds, bool) or not 0 <= rounds <= MOST_ROUNDS:
        raise EconomicsError("rounds", rounds, f"a whole number from 0 to {MOST_ROUNDS}")
    n = len(c)
    # 1 / beta, which tends to 0 where beta would overflow.
    with np.errstate(over="ignore"):
        growth = np.expm1((float(rounds) + 1.0) * np.log(n - 1.0)) / (n - 2.0) if n > 2 else float(rounds * (n - 1) + 1)
    inverse = float(1.0 / growth)
    gap = (c - c.min()).mean() - (c - c.min())
    # (P - c_i) beta / b, with P - mean cost = (a - mean cost) / (1 + n beta).
    headroom = a - c.min() - (c - c.min()).mean()
    margin = headroom * inverse / (inverse + n) + gap
    require((margin > 0.0) | (gap == 0.0), "cost", c, "below the price, so that every firm produces")
    spread = np.divide(gap, inverse, out=np.zeros(n), where=gap != 0.0)
    quantity = (headroom / (inverse + n) + spread) / b
    price = float(c.min() + (c - c.min()).mean() + headroom * inverse / (inverse + n))
    require(price > 0.0, "rounds", rounds, "few enough for a price above 0 where production is free")
    return ForwardOutcome(price, *_accounts(c, b, price, quantity), forward_quantity=quantity - margin / b)


def spengler(upstream_cost: float, intercept: float, slope: float, downstream_cost: float = 0.0) -> SuccessiveMonopoly:
    """Double marginalisation: a monopolist sells at a linear price to a monopolist who sells to consumers.

        w = (a + c_u - c_d) / 2,   Q = (a - c_u - c_d) / 4b,   profits 2b Q^2 and b Q^2, integrated 4b Q^2

    Costs are per unit, inverse demand is a - b Q.  One owner sells twice as much, cheaper, and earns a
    third more than both together (Spengler 1950).  Raises ``EconomicsError`` unless costs are at least
    0, b > 0 and a is above the sum of costs.
    """
    costs = [_number("upstream_cost", upstream_cost), _number("downstream_cost", downstream_cost)]
    require(costs[0] >= 0.0, "upstream_cost", costs[0], "at least 0")
    require(costs[1] >= 0.0, "downstream_cost", costs[1], "at least 0")
    _, a, b = _market([sum(costs)], intercept, slope)
    gain = a - sum(costs)
    quantity = gain / (4.0 * b)
    return SuccessiveMonopoly(
        wholesale_price=costs[0] + gain / 2.0,
        price=sum(costs) + 0.75 * gain,
        quantity=quantity,
        upstream_profit=gain / 2.0 * quantity,
        downstream_profit=gain / 4.0 * quantity,
        integrated_price=sum(costs) + gain / 2.0,
        integrated_quantity=2.0 * quantity,
        integrated_profit=gain * quantity,
    )


def _number(parameter: str, value: float) -> float:
    number = finite(parameter, value)
    if number.ndim != 0:
        raise EconomicsError(parameter, number.shape, "a single number")
    return float(number)


def _market(cost: npt.ArrayLike, intercept: float, slope: float) -> tuple[FloatArray, float, float]:
    c, a, b = finite("cost", cost), _number("intercept", intercept), _number("slope", slope)
    if c.ndim != 1 or len(c) == 0:
        raise EconomicsError("cost", c.shape, "of shape (n,) with at least one firm")
    require(c >= 0.0, "cost", c, "at least 0")
    require(b > 0.0, "slope", b, "above 0")
    require(a > c.min(), "intercept", a, f"above the lowest cost, {c.min():g}, or nobody produces")
    require(a / b * a < np.inf, "intercept", a, "small enough for profits to be finite")
    return c, a, b


def _accounts(
    cost: FloatArray, slope: float, price: float, quantity: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, float, float]:
    """Quantity, profit, Lerner indices, Herfindahl index and elasticity of demand."""
    elasticity = -price / (slope * quantity.sum())
    profit = np.where(quantity > 0.0, (price - cost) * quantity, 0.0)
    return quantity, profit, lerner(price, cost), float(herfindahl(quantity)), float(elasticity)
