"""Compiled iteration behind ``bertrand_nash``: prices and shadow prices of nested-logit competitors."""

from __future__ import annotations

from math import exp, inf, log
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from aimarket.economics.compiled import compiled

__all__ = ["CONVERGED", "EXHAUSTED", "UNBOUNDED", "Market", "Work", "first_order_system", "solve_equilibrium", "work"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

CONVERGED, EXHAUSTED, UNBOUNDED = 0, 1, 2

ROUNDING = 16 * 2.220446049250313e-16
"""Part of the utilities' size below which a difference of utilities says nothing."""
LARGEST_ROUNDING = 1e-9
"""What rounding is allowed at most, relative to prices."""
LARGEST_RISE = 1e13
"""A price this many times the costs and markups the search began with has run away."""
LARGEST_POLISH = 1e-6
"""Newton's estimate of the distance to the solution, relative to prices, that an equilibrium may have."""
LONGEST_STEP = 100.0
"""Newton steps beyond this many times a price come from a system that is all but singular."""
SLOW = 0.5
"""Newton steps are tried where an iteration leaves more than this part of the distance."""


class Market(NamedTuple):
    """Data of J products; ``keep`` is 1 - sigma, ``outside`` minus infinity where there is no outside option."""

    quality: FloatArray
    cost: FloatArray
    coefficient: float
    log_price: bool
    nest: IntArray
    keep: FloatArray
    weights: FloatArray
    outside: float
    largest_share: FloatArray


class Work(NamedTuple):
    """Arrays (J,), ``pull`` (J, J) and ``value`` (3, nests) that an evaluation fills."""

    utility: FloatArray
    within: FloatArray
    share: FloatArray
    slope: FloatArray
    gap: FloatArray
    headroom: FloatArray
    pull: FloatArray
    value: FloatArray


def work(count: int, nests: int) -> Work:
    """Room for ``count`` products in ``nests`` nests."""
    utility, within, share, slope, gap, headroom = np.empty((6, count))
    pull, value = np.empty((count, count)), np.empty((3, nests))
    return Work(utility, within, share, slope, gap, headroom, pull, value)


@compiled
def choose(market: Market, at: Work) -> tuple[float, float]:
    """Fill the shares within the nest and overall; the outside option's share and the inclusive value."""
    nest, keep, utility, within, value = market.nest, market.keep, at.utility, at.within, at.value
    value[0, :] = -inf
    value[1, :] = 0.0
    for j in range(utility.size):
        value[0, nest[j]] = max(value[0, nest[j]], utility[j] / keep[j])
    for j in range(utility.size):
        within[j] = exp(utility[j] / keep[j] - value[0, nest[j]])
        value[1, nest[j]] += within[j]
    peak = market.outside
    for j in range(utility.size):
        g = nest[j]
        within[j] /= value[1, g]
        value[2, g] = keep[j] * (value[0, g] + log(value[1, g]))
        peak = max(peak, value[2, g])
    total = exp(market.outside - peak)
    for g in range(value.shape[1]):
        total += exp(value[2, g] - peak)
    for j in range(utility.size):
        at.share[j] = within[j] * (exp(value[2, nest[j]] - peak) / total)
    return exp(market.outside - peak) / total, peak + log(total)


@compiled
def first_order_gaps(
    market: Market, price: FloatArray, shadow: FloatArray, at: Work, tolerance: float
) -> tuple[float, float, float, float]:
    """Distance from equilibrium, 1 or less being within tolerance, and the largest violation in units of price.

    gap_j = p_j - c_j - lambda_j - zeta_j with zeta_j = (1 - sigma) / a_j + sum_k pull_jk (p_k - c_k - lambda_k),
    pull_jk = weight_jk (sigma 1[same nest] P(k | g) + (1 - sigma) P_k) and slope a_j = alpha f'(p_j):
    Lambda^-1 (Omega Gamma)' (p - c - lambda) - Lambda^-1 s with the shares cancelled.  Headroom is the
    distance to capacity in units of price.  Returns also the outside share and the inclusive value.
    """
    cost, keep, nest, slope = market.cost, market.keep, market.nest, at.slope
    loudest = 0.0
    for j in range(price.size):
        paid = market.coefficient * (log(price[j]) if market.log_price else price[j])
        at.utility[j] = market.quality[j] - paid
        loudest = max(loudest, abs(market.quality[j]) + abs(paid))
        slope[j] = market.coefficient / price[j] if market.log_price else market.coefficient
    outside_share, inclusive = choose(market, at)
    distance = 0.0
    violation = 0.0
    for j in range(price.size):
        markup = keep[j] / slope[j]
        zeta = markup
        for k in range(price.size):
            pull = keep[j] * at.share[k]
            if nest[j] == nest[k]:
                pull += (1.0 - keep[j]) * at.within[k]
            at.pull[j, k] = market.weights[j, k] * pull
            zeta += at.pull[j, k] * (price[k] - cost[k] - shadow[k])
        at.gap[j] = price[j] - cost[j] - shadow[j] - zeta
        at.headroom[j] = inf
        if at.share[j] > 0.0 and market.largest_share[j] < inf:
            at.headroom[j] = markup * log(market.largest_share[j] / at.share[j])
        slack = abs(min(shadow[j], at.headroom[j]))
        if not max(abs(at.gap[j]), slack) < inf:
            return inf, inf, outside_share, inclusive
        size = max(abs(price[j]), abs(cost[j]), markup)
        rounding = min(ROUNDING * loudest / slope[j], LARGEST_ROUNDING * size)
        distance = max(distance, abs(at.gap[j]) / (tolerance * size + rounding))
        distance = max(distance, slack / (tolerance * markup + rounding))
        violation = max(violation, abs(at.gap[j]), slack)
    return distance, violation, outside_share, inclusive


@compiled
def first_order_system(market: Market, price: FloatArray, shadow: FloatArray, at: Work, system: FloatArray) -> None:
    """Fill (2J, 2J): derivatives of the gaps, then of min(shadow, headroom), in prices, then in shadow prices.

    ``at`` holds the evaluation at these prices.
    """
    count, keep, nest, share, within = price.size, market.keep, market.nest, at.share, at.within
    inner = np.zeros(at.value.shape[1])
    for j in range(count):
        # Margins as the setter of j weighs them: sums with P_k over all products, with P(k | g) over each nest.
        overall = 0.0
        inner[:] = 0.0
        for k in range(count):
            margin = market.weights[j, k] * (price[k] - market.cost[k] - shadow[k])
            overall += margin * share[k]
            inner[nest[k]] += margin * within[k]
        active = shadow[j] > at.headroom[j]
        for k in range(count):
            same = 1.0 if j == k else 0.0
            margin = market.weights[j, k] * (price[k] - market.cost[k] - shadow[k])
            rise = share[k] / keep[k] * (margin - (1.0 - keep[k]) * inner[nest[k]]) - share[k] * overall
            rise *= keep[j]
            fall = same / keep[j] - share[k]
            if nest[j] == nest[k]:
                rise += (1.0 - keep[j]) / keep[j] * within[k] * (margin - inner[nest[k]])
                fall -= (1.0 - keep[j]) / keep[j] * within[k]
            system[j, k] = same - at.pull[j, k] + at.slope[k] * rise
            system[j, count + k] = at.pull[j, k] - same
            system[count + j, k] = keep[j] / at.slope[j] * at.slope[k] * fall if active else 0.0
            system[count + j, count + k] = 0.0 if active else same
        if market.log_price:
            system[j, j] -= keep[j] / market.coefficient


@compiled
def eliminate(system: FloatArray, step: FloatArray, size: int) -> bool:
    """Solve the leading system x = step in place by elimination with partial pivots; False where singular."""
    for i in range(size):
        pivot = i
        for r in range(i + 1, size):
            if abs(system[r, i]) > abs(system[pivot, i]):
                pivot = r
        if not abs(system[pivot, i]) > 0.0:
            return False
        if pivot != i:
            for c in range(i, size):
                held = system[i, c]
                system[i, c] = system[pivot, c]
                system[pivot, c] = held
            held = step[i]
            step[i] = step[pivot]
            step[pivot] = held
        for r in range(i + 1, size):
            factor = system[r, i] / system[i, i]
            if factor != 0.0:
                for c in range(i, size):
                    system[r, c] -= factor * system[i, c]
                step[r] -= factor * step[i]
    for i in range(size - 1, -1, -1):
        for c in range(i + 1, size):
            step[i] -= system[i, c] * step[c]
        step[i] /= system[i, i]
    return True


@compiled
def newton_step(
    market: Market, price: FloatArray, shadow: FloatArray, at: Work, system: FloatArray, step: FloatArray
) -> bool:
    """Fill the step (2J,) in prices and shadow prices that solves the linearised conditions; False where singular."""
    count = price.size
    first_order_system(market, price, shadow, at, system)
    size = count
    for j in range(count):
        step[j] = -at.gap[j]
        step[count + j] = -min(shadow[j], at.headroom[j])
        if step[count + j] != 0.0 or shadow[j] > at.headroom[j]:
            size = 2 * count
    return bool(eliminate(system, step, size))


@compiled
def solve_equilibrium(
    market: Market, price: FloatArray, shadow: FloatArray, at: Work, tolerance: float, max_iterations: int
) -> tuple[int, int, float, float, float]:
    """Move ``price`` and ``shadow`` to equilibrium: status, iterations, violation, outside share, inclusive value.

    Zeta iterations with the capacity multipliers projected on shadow >= 0; where they are slow, Newton
    steps that at least halve the distance.  One more Newton step, which tells the distance to the
    solution, is made at the end.  Iterations count the prices looked at before it.
    """
    count = price.size
    system, step = np.empty((2 * count, 2 * count)), np.empty(2 * count)
    old_price, old_shadow = np.empty(count), np.empty(count)
    ceiling = 0.0
    for j in range(count):
        ceiling = max(ceiling, abs(price[j]), abs(market.cost[j]))
        if not market.log_price:
            ceiling = max(ceiling, 1.0 / market.coefficient, abs(market.quality[j]) / market.coefficient)
    ceiling *= LARGEST_RISE
    distance, violation, outside_share, inclusive = first_order_gaps(market, price, shadow, at, tolerance)
    iterations, wait, pause, damping, slow = 1, 0, 1, 1.0, False
    while distance > 1.0 and iterations < max_iterations:
        iterations += 1
        old_price[:] = price
        old_shadow[:] = shadow
        if slow and wait == 0:
            possible = newton_step(market, price, shadow, at, system, step)
            for j in range(count):
                price[j] += step[j]
                shadow[j] = max(0.0, shadow[j] + step[count + j])
                size = max(abs(old_price[j]), abs(market.cost[j]), market.keep[j] / at.slope[j])
                possible = possible and abs(step[j]) <= LONGEST_STEP * size
                # At a solution every margin is at least (1 - sigma) / a.
                possible = possible and price[j] - market.cost[j] - shadow[j] > 0.0
                possible = possible and (price[j] > 0.0 or not market.log_price)
            if possible:
                reached, worst, outside_share, inclusive = first_order_gaps(market, price, shadow, at, tolerance)
                # In units of price as well: far away from everything the relative distance is small.
                if reached <= 0.5 * distance and worst <= violation:
                    distance, violation, pause = reached, worst, 1
                    continue
            price[:] = old_price
            shadow[:] = old_shadow
            first_order_gaps(market, price, shadow, at, tolerance)
            wait, pause = pause, min(2 * pause, 64)
        elif wait > 0:
            wait -= 1
        for j in range(count):
            # Utility that falls in ln p leaves (1 - sigma) / alpha of a price change in its own markup.
            passed = 1.0 - min(market.keep[j] / market.coefficient, 0.9) if market.log_price else 1.0
            rise = max(0.0, shadow[j] - passed * at.headroom[j]) - shadow[j]
            shadow[j] += damping * rise
            price[j] += damping * (rise - at.gap[j]) / passed
            if market.log_price and price[j] <= 0.0:
                price[j] = 0.5 * old_price[j]
            if not abs(price[j]) < ceiling:
                return UNBOUNDED, iterations, violation, outside_share, inclusive
        if market.outside == -inf and not market.log_price:
            # Not every capacity can bind, and what all shadow prices have in common moves no buyer.
            common = shadow.min()
            price -= common
            shadow -= common
        reached, violation, outside_share, inclusive = first_order_gaps(market, price, shadow, at, tolerance)
        damping = max(0.1, 0.5 * damping) if reached > distance else min(1.0, 1.1 * damping)
        slow = reached > SLOW * distance
        distance = reached
    if not distance <= 1.0:
        return EXHAUSTED, iterations, violation, outside_share, inclusive
    if not newton_step(market, price, shadow, at, system, step):
        return UNBOUNDED, iterations, violation, outside_share, inclusive
    old_price[:] = price
    old_shadow[:] = shadow
    for j in range(count):
        size = max(abs(price[j]), abs(market.cost[j]), market.keep[j] / at.slope[j])
        margin = price[j] - market.cost[j] - shadow[j]
        if not (abs(step[j]) <= LARGEST_POLISH * size and margin >= 0.99 * market.keep[j] / at.slope[j]):
            return UNBOUNDED, iterations, violation, outside_share, inclusive
        price[j] += step[j]
        shadow[j] = max(0.0, shadow[j] + step[count + j])
    polished = first_order_gaps(market, price, shadow, at, tolerance)
    if polished[0] <= distance:
        return CONVERGED, iterations, polished[1], polished[2], polished[3]
    price[:] = old_price
    shadow[:] = old_shadow
    first_order_gaps(market, price, shadow, at, tolerance)
    return CONVERGED, iterations, violation, outside_share, inclusive
