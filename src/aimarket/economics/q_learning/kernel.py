"""Compiled loops of the Q-learning experiment; ``aimarket.economics.q_learning`` calls them.

States count the remembered price vectors in base m, oldest first and firm 0 first within a period:
with J = m^n joint actions and S = J^k states, playing joint action j in state s leads to
(s J + j) mod S.  Draws are SplitMix64 (Steele, Lea & Flood 2014) of a key and the period: any period
of any session can be drawn without the ones before it.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from aimarket.economics.compiled import compiled

__all__ = ["cycle_of", "discounted_values", "learn"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
KeyArray = npt.NDArray[np.uint64]

GAMMA = np.uint64(0x9E3779B97F4A7C15)
FIRST_FACTOR = np.uint64(0xBF58476D1CE4E5B9)
SECOND_FACTOR = np.uint64(0x94D049BB133111EB)
SHIFT_30, SHIFT_27, SHIFT_31, SHIFT_11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
UNIT = 2.0**-53
# Exploration decays by multiplication; from time to time it is computed afresh, so that rounding never adds up.
RENEWAL_PERIODS = 1024


@compiled
def uniform(key: np.uint64) -> float:
    """A number in [0, 1) on a grid of 2^-53, the same for the same key."""
    mixed = (key ^ (key >> SHIFT_30)) * FIRST_FACTOR
    mixed = (mixed ^ (mixed >> SHIFT_27)) * SECOND_FACTOR
    mixed = mixed ^ (mixed >> SHIFT_31)
    return np.int64(mixed >> SHIFT_11) * UNIT


@compiled
def learn(
    q_values: FloatArray,
    greedy: IntArray,
    profit: FloatArray,
    keys: KeyArray,
    first_state: int,
    learning_rate: float,
    exploration_decay: float,
    discount_factor: float,
    stability_periods: int,
    max_periods: int,
) -> tuple[int, int, int]:
    """One session of n firms that learn; ``q_values`` (n, S, m) and the best prices ``greedy`` (n, S) change in place.

    ``profit`` (n, J) is per period; ``keys`` (2, n) start each firm's draws for whether to explore and for
    the price explored.  Returns periods played, the last of them in which a greedy action changed
    (0: none ever did) and the final state.
    """
    firms, states, prices = q_values.shape
    joints = profit.shape[1]
    values, policy = q_values.reshape(firms * states * prices), greedy.reshape(firms * states)
    best = np.empty(firms * states)
    for row in range(firms * states):
        best[row] = values[row * prices + policy[row]]
    action = np.zeros(firms, dtype=np.int64)
    kept = 1.0 - learning_rate
    decay, explore = math.exp(-exploration_decay), 1.0
    counter = np.uint64(0)
    state, last_change, period = first_state, 0, 0
    while period < max_periods and period - last_change < stability_periods:
        if period % RENEWAL_PERIODS == 0:
            explore = math.exp(-exploration_decay * period)
        else:
            explore *= decay
        joint = 0
        for firm in range(firms):
            if uniform(keys[0, firm] + counter) < explore:
                action[firm] = np.int64(uniform(keys[1, firm] + counter) * prices)
            else:
                action[firm] = policy[firm * states + state]
            joint = joint * prices + action[firm]
        counter += GAMMA
        period += 1
        # One remembered period, the usual case, needs no division.
        following = joint if states == joints else (state * joints + joint) % states
        for firm in range(firms):
            row = firm * states + state
            chosen = row * prices + action[firm]
            old = values[chosen]
            new = kept * old + learning_rate * (profit[firm, joint] + discount_factor * best[firm * states + following])
            values[chosen] = new
            if action[firm] == policy[row]:
                best[row] = new
                if new < old:
                    top = row * prices
                    for cell in range(top + 1, (row + 1) * prices):
                        if values[cell] > values[top]:
                            top = cell
                    best[row] = values[top]
                    if top != chosen:
                        policy[row] = top - row * prices
                        last_change = period
            elif new > best[row] or (new == best[row] and action[firm] < policy[row]):
                best[row] = new
                policy[row] = action[firm]
                last_change = period
        state = following
    return period, last_change, state


@compiled
def cycle_of(following: IntArray, start: int) -> tuple[int, int]:
    """A state on the cycle that ``start`` leads to and the cycle's length, by Brent's (1980) method."""
    power, length = 1, 1
    slow, fast = start, following[start]
    while slow != fast:
        if power == length:
            slow, power, length = fast, power * 2, 0
        fast = following[fast]
        length += 1
    return slow, length


@compiled
def discounted_values(following: IntArray, payoff: FloatArray, discount_factor: float) -> FloatArray:
    """Discounted sum of payoffs (S,) from each state on when s leads to ``following[s]``, exact.

    V(s) = payoff(s) + discount_factor V(following(s)): cycles in closed form, then backwards to them.
    """
    states = len(following)
    value = np.zeros(states)
    # 0: not seen; otherwise one more than the start of the walk that saw it.
    seen = np.zeros(states, dtype=np.int64)
    path = np.empty(states, dtype=np.int64)
    for start in range(states):
        steps, state = 0, start
        while seen[state] == 0:
            seen[state] = start + 1
            path[steps] = state
            steps += 1
            state = following[state]
        if seen[state] == start + 1:
            total, weight, member = 0.0, 1.0, state
            while True:
                total += weight * payoff[member]
                weight *= discount_factor
                member = following[member]
                if member == state:
                    break
            value[state] = total / (1.0 - weight)
        last = value[state]
        for step in range(steps - 1, -1, -1):
            last = payoff[path[step]] + discount_factor * last
            value[path[step]] = last
    return value
