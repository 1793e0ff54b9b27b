"""First-order conditions of vertical relations and how they are solved, with money in units of 1 / alpha.

Unknowns are the total margins T = p - c_u - c_d and the wholesale margins x = w - c_u (0 within a firm).
All functions work on batches (..., J) of margins, so that one call yields a Jacobian by central differences.
Conditions are divided by the share of their product: they stay exact for products that hardly sell.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from aimarket.economics.demand import nested_logit_shares, share_derivatives

__all__ = ["VerticalMarket", "removal_gains", "sequential_gains", "solve_sequential", "solve_simultaneous"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
BoolArray = npt.NDArray[np.bool_]

# Fixed-point steps of about 1 at most bring margins this near, relative to 1 - sigma; Newton's method does the rest.
APPROACH_STEPS = 3_000
NEAR = 1e-2
NEWTON_STEPS = 30
RETAIL_TOLERANCE = 1e-10
ROUNDING = 1e-14
# Share of a Newton step tried: all of it, or less where that reduces the conditions' violation.
FRACTIONS = 0.5 ** np.arange(1, 11)
# Elements of the largest array that a batch may need: 32 MB.
ELEMENTS_AT_ONCE = 4_000_000
TINY = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True)
class VerticalMarket:
    """J products: utilities at cost, nests, correlations (J,), buyer weights (J,) and owners of both sides (J,)."""

    value: FloatArray
    nest: IntArray
    nesting: FloatArray
    outside: float
    weight: FloatArray
    up: IntArray
    down: IntArray

    @cached_property
    def same(self) -> FloatArray:
        """1 where two products share a nest."""
        return _match(self.nest, self.nest)

    @cached_property
    def near(self) -> float:
        """Violation of the conditions from which Newton's method takes over."""
        return float(NEAR * (1.0 - self.nesting).min())

    @cached_property
    def internal(self) -> BoolArray:
        """Products made and sold by one owner."""
        return np.asarray(self.up == self.down)

    @cached_property
    def traded(self) -> IntArray:
        """Products with a wholesale price."""
        return np.flatnonzero(~self.internal)

    def margins(self, of: IntArray, total: FloatArray, wholesale: FloatArray) -> FloatArray:
        """Margin [..., t, k] that owner ``of[t]`` makes on a unit of product k, on both levels together."""
        retail, maker = _match(of, self.down), _match(of, self.up)
        return np.asarray(retail * (total - wholesale)[..., None, :] + maker * wholesale[..., None, :])

    def shares(self, total: FloatArray, offered: BoolArray | bool = True) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Shares (..., J), shares within the nest (..., J) and the share of the outside option (...)."""
        utility = np.where(offered, self.value - total, -np.inf)
        share, outside = nested_logit_shares(utility, self.nest, self.nesting, self.outside)
        top = np.where(self.same > 0.0, utility[..., None, :], -np.inf).max(axis=-1)
        raised = np.exp((utility - np.where(np.isfinite(top), top, 0.0)) / (1.0 - self.nesting))
        nest_total = raised @ self.same
        within = np.divide(raised, nest_total, out=np.zeros_like(raised), where=nest_total > 0.0)
        return share, within, outside

    def pull(self, share: FloatArray, within: FloatArray) -> FloatArray:
        """(1 - sigma) ds_k/dp_j over -s_j, without the term of k = j: the pricing condition's weights [..., j, k]."""
        kept = 1.0 - self.nesting
        return np.asarray(self.nesting * self.same * within[..., None, :] + kept[:, None] * share[..., None, :])


def _match(rows: IntArray, columns: IntArray) -> FloatArray:
    return np.asarray(rows[:, None] == columns, dtype=np.float64)


def _retail_conditions(
    market: VerticalMarket, share: FloatArray, within: FloatArray, total: FloatArray, wholesale: FloatArray
) -> FloatArray:
    """Own margin of a retailer's owner less what pricing asks for: 1 - sigma + sum_k pull_jk m_k."""
    margin = market.margins(market.down, total, wholesale)
    asked = 1.0 - market.nesting + (market.pull(share, within) * margin).sum(axis=-1)
    return np.asarray(total - wholesale - asked)


def _retail_jacobian(
    market: VerticalMarket, total: FloatArray, wholesale: FloatArray, offered: BoolArray | bool = True
) -> tuple[FloatArray, FloatArray]:
    """Derivatives [..., j, l] of the retail conditions in total and in wholesale margins."""
    share, within, _ = market.shares(total, offered)
    margin = market.margins(market.down, total, wholesale)
    pull, kept, identity = market.pull(share, within), 1.0 - market.nesting, np.eye(len(market.value))
    retail, maker = _match(market.down, market.down), _match(market.down, market.up)
    utility = np.where(offered, market.value - total, -np.inf)
    slopes = share_derivatives(utility, market.nest, market.nesting, market.outside)
    in_nest = (market.same * margin * within[..., None, :]).sum(axis=-1, keepdims=True)
    shift = market.same * (market.nesting / kept) * within[..., None, :] * (margin - in_nest)
    shift = shift + kept[:, None] * np.matmul(margin, slopes)
    return identity - retail * pull + shift, -identity - (maker - retail) * pull


def _retail_equilibrium(
    market: VerticalMarket, wholesale: FloatArray, offered: BoolArray, start: FloatArray
) -> FloatArray:
    """Total margins (B, J) of the retail price equilibria at given wholesale margins; NaN where none was found."""

    def conditions(total: FloatArray) -> FloatArray:
        share, within, _ = market.shares(total, offered)
        return _retail_conditions(market, share, within, total, wholesale)

    total = start
    for _ in range(APPROACH_STEPS):
        condition = conditions(total)
        if np.abs(condition).max() <= market.near:
            break
        total = total - condition
    best, gap = total, np.full(len(start), np.inf)
    for _ in range(NEWTON_STEPS):
        condition = conditions(total)
        violation = np.abs(condition).max(axis=-1)
        better = violation < gap
        best, gap = np.where(better[:, None], total, best), np.where(better, violation, gap)
        step = _linear_solution(_retail_jacobian(market, total, wholesale, offered)[0], condition[..., None])
        if not better.any() or not np.isfinite(step).all():
            break
        total = total - step[..., 0]
    return np.where(gap[:, None] <= RETAIL_TOLERANCE, best, np.nan)


def _linear_solution(matrix: FloatArray, right: FloatArray) -> FloatArray:
    """Solution of (a batch of) linear equations, NaN where they are singular."""
    try:
        return np.asarray(np.linalg.solve(matrix, right))
    except np.linalg.LinAlgError:
        return np.full_like(right, np.nan)


def _removal_diversion(market: VerticalMarket, total: FloatArray) -> FloatArray:
    """Part [..., t, k] of the buyers of t who take k once t is gone and no price has moved."""
    share, within, outside = market.shares(total)
    kept, others = 1.0 - market.nesting, 1.0 - np.eye(len(market.value))
    nest_share, elsewhere = share @ market.same, share @ (1.0 - market.same) + outside[..., None]
    rest = within @ (market.same * others)
    # What leaves the nest, (1 - (1 - P)^(1 - sigma)) / P, without cancellation at either end.
    few = -np.expm1(kept * np.log1p(-np.minimum(within, 0.5)))
    left = np.where(within < 0.5, few, 1.0 - rest**kept) / np.maximum(within, TINY)
    left = np.where(within < TINY, kept, left)
    scale = np.maximum(elsewhere + nest_share * rest**kept, TINY)
    stays = (elsewhere * (1.0 - left) + nest_share * rest**kept) / scale
    inward = stays[..., :, None] * within[..., None, :] / np.maximum(rest, TINY)[..., :, None]
    outward = (left / scale)[..., :, None] * share[..., None, :]
    return np.asarray(others * np.where(market.same > 0.0, inward, outward))


def removal_gains(market: VerticalMarket, total: FloatArray, wholesale: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Gains from trade over each product per unit sold, of its seller's and of its maker's owner, no price moving."""
    lost = np.eye(len(market.value)) - _removal_diversion(market, total)
    seller, maker = (market.margins(of, total, wholesale) for of in (market.down, market.up))
    return (lost * seller).sum(axis=-1), (lost * maker).sum(axis=-1)


def simultaneous_conditions(market: VerticalMarket, unknowns: FloatArray) -> FloatArray:
    """Retail conditions, then (1 - lambda) GFT_d - lambda GFT_u of traded products; ``unknowns`` (B, J + traded)."""
    total, wholesale = _unpack(market, unknowns)
    share, within, _ = market.shares(total)
    seller, maker = removal_gains(market, total, wholesale)
    bargain = (1.0 - market.weight) * seller - market.weight * maker
    retail = _retail_conditions(market, share, within, total, wholesale)
    return np.concatenate((retail, bargain[..., market.traded]), axis=-1)


def _unpack(market: VerticalMarket, unknowns: FloatArray) -> tuple[FloatArray, FloatArray]:
    count = len(market.value)
    wholesale = np.zeros((*unknowns.shape[:-1], count))
    wholesale[..., market.traded] = unknowns[..., count:]
    return unknowns[..., :count], wholesale


def solve_simultaneous(market: VerticalMarket, limit: int) -> tuple[FloatArray, FloatArray, float, int]:
    """Total and wholesale margins (J,) if nothing moves when talks fail, the largest violation and Newton steps."""
    count, traded = len(market.value), market.traded
    unknowns = np.concatenate((np.ones(count), np.zeros(len(traded))))
    for _ in range(APPROACH_STEPS):
        condition = simultaneous_conditions(market, unknowns)
        if np.abs(condition).max() <= market.near:
            break
        # At a given retail margin the maker's gain moves one for one with its own wholesale margin.
        wholesale = condition[count:] / market.weight[traded]
        unknowns = unknowns - np.concatenate((condition[:count], -wholesale))
        unknowns[traded] += wholesale
    rows = max(1, ELEMENTS_AT_ONCE // count**2)
    unknowns, violation, steps, _ = _newton(lambda z: simultaneous_conditions(market, z), unknowns, limit, rows)
    return *_unpack(market, unknowns), violation, steps


def solve_sequential(
    market: VerticalMarket, total: FloatArray, wholesale: FloatArray, limit: int
) -> tuple[FloatArray, FloatArray, float, int, bool]:
    """As ``solve_simultaneous`` from the given start, if retail prices answer wholesale prices and failed talks.

    Last is whether every Nash product falls on both sides of its wholesale price.
    """
    traded, rows = market.traded, max(1, ELEMENTS_AT_ONCE // len(total) ** 3)

    def conditions(free: FloatArray) -> FloatArray:
        full = np.zeros((*free.shape[:-1], len(total)))
        full[..., traded] = free
        return sequential_gains(market, full, total)[3][..., traded]

    free, violation, steps, slopes = _newton(conditions, wholesale[traded], limit, rows)
    wholesale = np.zeros(len(total))
    wholesale[traded] = free
    interior = bool((np.diagonal(slopes) < 0.0).all())
    return sequential_gains(market, wholesale, total)[0], wholesale, violation, steps, interior


def sequential_gains(
    market: VerticalMarket, wholesale: FloatArray, start: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Total margins, gains from trade per unit of seller's and maker's owner, and conditions, each (..., J).

    Retail prices are in equilibrium at ``wholesale`` (..., J), with all products and without each one.
    The conditions are lambda GFT_u dpi_d/dx_t + (1 - lambda) GFT_d dpi_u/dx_t over s_t squared, NaN where
    there is no retail equilibrium or t does not sell.
    """
    count = len(market.value)
    batch = wholesale.reshape(-1, count)
    offered = np.concatenate((np.ones((1, count), dtype=np.bool_), ~np.eye(count, dtype=np.bool_)))
    several = np.repeat(batch, count + 1, axis=0)
    masks = np.tile(offered, (len(batch), 1))
    solved = _retail_equilibrium(market, several, masks, np.broadcast_to(start, several.shape))
    failed = np.isnan(solved).reshape(len(batch), -1).any(axis=-1)
    solved = np.where(np.isnan(solved), several, solved)
    stacked = (len(batch), count + 1, count)
    without, left = market.shares(solved, masks)[0].reshape(stacked)[:, 1:], solved.reshape(stacked)[:, 1:]
    total = solved.reshape(stacked)[:, 0]
    share = market.shares(total)[0]
    slope, shift = _retail_jacobian(market, total, batch)
    answer = -_linear_solution(slope, shift)
    slopes = share_derivatives(market.value - total, market.nest, market.nesting, market.outside)
    sold = np.where((share > 0.0) & ~np.asarray(failed)[:, None], share, np.nan)
    gains, changes = [], []
    for of in (market.down, market.up):
        retail, maker = _match(of, market.down), _match(of, market.up)
        margin = market.margins(of, total, batch)
        fallback = retail * (left - batch[:, None, :]) + maker * batch[:, None, :]
        profit = (margin * share[:, None, :]).sum(axis=-1)
        gains.append((profit - (fallback * without).sum(axis=-1)) / sold)
        through_prices = retail * share[:, None, :] - np.matmul(margin, slopes)
        direct = np.diagonal(maker - retail) * share
        changes.append((direct + np.einsum("btn,bnt->bt", through_prices, answer)) / sold)
    condition = market.weight * gains[1] * changes[0] + (1.0 - market.weight) * gains[0] * changes[1]
    as_given = [array.reshape(wholesale.shape) for array in (total, *gains, condition)]
    return as_given[0], as_given[1], as_given[2], as_given[3]


def _newton(
    conditions: Callable[[FloatArray], FloatArray], start: FloatArray, limit: int, rows: int
) -> tuple[FloatArray, float, int, FloatArray]:
    """Root (N,) of conditions on batches (B, N) of at most ``rows``, to rounding, violation, steps and slopes."""
    point, steps, slopes = start, 0, np.zeros((len(start), len(start)))
    present = conditions(point)
    while len(point):
        change = 1e-5 * (1.0 + np.abs(point)) * np.eye(len(point))
        around = np.concatenate((point + change, point - change))
        moved = np.concatenate([conditions(around[at : at + rows]) for at in range(0, len(around), rows)])
        slopes = ((moved[: len(point)] - moved[len(point) :]) / (2.0 * np.diagonal(change)[:, None])).T
        step = _linear_solution(slopes, -present)
        violation = np.abs(present).max()
        if steps == limit or violation <= ROUNDING or not np.isfinite(step).all():
            break
        trials = point + np.concatenate(([1.0], FRACTIONS))[:, None] * step
        values = conditions(trials[:1])
        if not np.abs(values).max() < violation:
            values = conditions(trials)
        better = np.flatnonzero(np.abs(values).max(axis=-1) < violation)
        if not len(better):
            break
        point, present, steps = trials[better[0]], values[better[0]], steps + 1
    return point, float(np.abs(present).max(initial=0.0)), steps, slopes
