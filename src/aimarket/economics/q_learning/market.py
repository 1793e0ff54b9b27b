"""The market in which pricing algorithms meet: price grid, profits, first Q values and the measure of collusion.

All as in Calvano, Calzolari, Denicolo & Pastorello (2020), American Economic Review 110(10), 3267-3297.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from aimarket.economics.demand import nested_logit_shares
from aimarket.economics.errors import EconomicsError, require
from aimarket.economics.inputs import finite

__all__ = ["QLearningMarket", "initial_q", "price_grid", "profit_gain"]

FloatArray = npt.NDArray[np.float64]

# Q values of one session: half a gigabyte.
MOST_Q_VALUES = 2**26


def price_grid(nash_price: npt.ArrayLike, monopoly_price: npt.ArrayLike, points: int, margin: float) -> FloatArray:
    """Equally spaced prices around those of competition and of joint monopoly, shape (..., points).

    From p_N - margin (p_M - p_N) to p_M + margin (p_M - p_N), both ends included; the prices (...)
    have one shape, one grid for each firm.  Calvano et al. (2020).  Raises ``EconomicsError`` for fewer than
    2 points, a negative margin or a monopoly price that is not above the Nash price.
    """
    nash, monopoly = _same_shape(nash_price=nash_price, monopoly_price=monopoly_price)
    require(monopoly > nash, "monopoly_price", monopoly, "above nash_price")
    whole("points", points, 2)
    xi = _number("margin", margin)
    require(xi >= 0.0, "margin", xi, "at least 0")
    beyond = xi * (monopoly - nash)
    return np.asarray(np.linspace(nash - beyond, monopoly + beyond, points, axis=-1))


def initial_q(profit: npt.ArrayLike, discount_factor: float) -> FloatArray:
    """Q values before learning, (n, m): what a price earns for ever if the rivals choose at random.

        Q_i(a_i) = mean over the rivals' prices of profit_i / (1 - delta), in every state

    ``profit`` (n, m, ..., m) of each firm for each combination of the n firms' prices.  Calvano et al.
    (2020, eq. 8).  Raises ``EconomicsError`` for another shape or a discount factor outside [0, 1).
    """
    table = finite("profit", profit)
    if table.ndim < 2 or len(table) != table.ndim - 1 or len(set(table.shape[1:])) != 1 or table.size == 0:
        raise EconomicsError("profit", table.shape, "of shape (n, m, ..., m), one axis for each of the n firms")
    delta = _number("discount_factor", discount_factor)
    require(0.0 <= delta < 1.0, "discount_factor", delta, "at least 0 and below 1")
    firms = range(len(table))
    means = [table[firm].mean(axis=tuple(axis for axis in firms if axis != firm)) for firm in firms]
    return np.stack(means) / (1.0 - delta)


def profit_gain(profit: npt.ArrayLike, nash_profit: npt.ArrayLike, monopoly_profit: npt.ArrayLike) -> FloatArray:
    """How far profits are above competition: 0 at the static Nash profits, 1 at those of joint monopoly.

        Delta = (mean_i profit_i - mean_i profit_i^N) / (mean_i profit_i^M - mean_i profit_i^N)

    ``profit`` (..., n), the others (n,); returns (...).  The firms are pooled first, as a firm with high
    costs may earn less under joint monopoly than under competition.  Calvano et al. (2020, eq. 9 and
    fn. 39).  Raises ``EconomicsError`` for mismatched shapes or monopoly profits that are not above Nash's.
    """
    nash, monopoly = _same_shape(nash_profit=nash_profit, monopoly_profit=monopoly_profit)
    earned = finite("profit", profit)
    if nash.ndim != 1 or nash.size == 0:
        raise EconomicsError("nash_profit", nash.shape, "of shape (n,), one profit for each firm")
    if earned.shape[-1:] != nash.shape:
        raise EconomicsError("profit", earned.shape, f"of shape (..., {nash.size}), one profit for each firm")
    scale = monopoly.mean() - nash.mean()
    require(scale > 0.0, "monopoly_profit", monopoly.mean(), "above nash_profit on average")
    return np.asarray((earned.mean(axis=-1) - nash.mean()) / scale)


@dataclass(frozen=True)
class QLearningMarket:
    """A logit market and the algorithms that price in it; the defaults are the baseline of Calvano et al. (2020).

    Demand of firm i is exp((a_i - p_i) / mu) / (sum_j exp((a_j - p_j) / mu) + exp(a_0 / mu)) with
    ``quality`` a and ``cost`` c of the n >= 2 firms, ``outside_quality`` a_0 and ``differentiation`` mu, all
    in the unit of price.  ``grid_margin`` xi as in ``price_grid``; ``memory`` k >= 0 periods;
    ``discount_factor`` delta in [0, 1); ``learning_rate`` alpha in (0, 1]; ``exploration_decay`` beta > 0
    per period.  Raises ``EconomicsError`` outside these bounds and where the n m^(n k + 1) Q values, m being
    ``price_points``, are too many; its prices and profits raise it where the firms do not compete, so that
    Nash and monopoly prices coincide.
    """

    quality: Sequence[float] = (2.0, 2.0)
    cost: Sequence[float] = (1.0, 1.0)
    outside_quality: float = 0.0
    differentiation: float = 0.25
    price_points: int = 15
    grid_margin: float = 0.1
    memory: int = 1
    discount_factor: float = 0.95
    learning_rate: float = 0.15
    exploration_decay: float = 4e-6

    def __post_init__(self) -> None:
        quality, cost = _same_shape(quality=self.quality, cost=self.cost)
        if quality.ndim != 1 or quality.size < 2:
            raise EconomicsError("quality", quality.shape, "of shape (n,) for at least 2 firms")
        for name in (
            "outside_quality",
            "differentiation",
            "grid_margin",
            "discount_factor",
            "learning_rate",
            "exploration_decay",
        ):
            object.__setattr__(self, name, _number(name, getattr(self, name)))
        require(self.differentiation > 0.0, "differentiation", self.differentiation, "above 0")
        require(self.grid_margin >= 0.0, "grid_margin", self.grid_margin, "at least 0")
        require(0.0 <= self.discount_factor < 1.0, "discount_factor", self.discount_factor, "at least 0 and below 1")
        require(0.0 < self.learning_rate <= 1.0, "learning_rate", self.learning_rate, "above 0 and at most 1")
        require(self.exploration_decay > 0.0, "exploration_decay", self.exploration_decay, "above 0")
        object.__setattr__(self, "price_points", whole("price_points", self.price_points, 2))
        object.__setattr__(self, "memory", whole("memory", self.memory, 0))
        object.__setattr__(self, "quality", tuple(quality.tolist()))
        object.__setattr__(self, "cost", tuple(cost.tolist()))
        exponent = quality.size * max(self.memory, 1) + (self.memory > 0)
        most = (MOST_Q_VALUES / quality.size) ** (1.0 / exponent)
        require(self.price_points <= most, "price_points", self.price_points, f"at most {int(most)} with this memory")

    @cached_property
    def nash_price(self) -> FloatArray:
        """Static Bertrand-Nash prices, (n,)."""
        return self._static[0]

    @cached_property
    def monopoly_price(self) -> FloatArray:
        """Prices that maximise the firms' joint profit, (n,)."""
        return self._static[1]

    @cached_property
    def nash_profit(self) -> FloatArray:
        """Profits per period at the static Bertrand-Nash prices, (n,)."""
        return self._profit_at(self.nash_price)

    @cached_property
    def monopoly_profit(self) -> FloatArray:
        """Profits per period at the jointly optimal prices, (n,)."""
        return self._profit_at(self.monopoly_price)

    @cached_property
    def prices(self) -> FloatArray:
        """The prices each firm can choose, (n, m)."""
        return price_grid(self.nash_price, self.monopoly_price, self.price_points, self.grid_margin)

    @cached_property
    def profits(self) -> FloatArray:
        """Profit per period of each firm for each combination of prices, (n, m, ..., m)."""
        combinations = np.stack(np.meshgrid(*self.prices, indexing="ij"), axis=-1)
        return np.ascontiguousarray(np.moveaxis(self._profit_at(combinations), -1, 0))

    @property
    def states(self) -> int:
        """Number of price histories the firms can tell apart, m^(n k)."""
        return int(self.price_points ** (len(self.quality) * self.memory))

    @cached_property
    def _static(self) -> tuple[FloatArray, FloatArray]:
        from aimarket.economics.equilibrium import bertrand_nash, monopoly

        quality, outside = np.array(self.quality) / self.differentiation, self.outside_quality / self.differentiation
        cost, coefficient = np.array(self.cost), 1.0 / self.differentiation
        nash = bertrand_nash(quality, cost, coefficient, outside_utility=outside)
        return nash.price, monopoly(quality, cost, coefficient, outside_utility=outside).price

    def _profit_at(self, price: FloatArray) -> FloatArray:
        utility = (np.array(self.quality) - price) / self.differentiation
        share, _ = nested_logit_shares(
            utility, np.arange(len(self.quality)), 0.0, self.outside_quality / self.differentiation
        )
        return np.asarray((price - np.array(self.cost)) * share)


def whole(parameter: str, value: int, least: int) -> int:
    """``value`` as an int; raises ``EconomicsError`` unless it is a whole number and at least ``least``."""
    try:
        number = operator.index(value)
    except TypeError:
        raise EconomicsError(parameter, value, "a whole number") from None
    require(number >= least, parameter, number, f"at least {least}")
    return number


def _number(parameter: str, value: float) -> float:
    array = finite(parameter, value)
    if array.ndim != 0:
        raise EconomicsError(parameter, array.shape, "a single number")
    return float(array)


def _same_shape(**values: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Two finite arrays of one shape; the second is the one at fault where they differ."""
    (first, a), (second, b) = ((name, finite(name, value)) for name, value in values.items())
    if a.shape != b.shape:
        raise EconomicsError(second, b.shape, f"of shape {a.shape}, like {first}")
    return a, b
