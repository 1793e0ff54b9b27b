"""Which strategies survive imitation: a league's payoff matrix as a game.

``payoff[i, j]`` is what a player of strategy ``i`` earns where everybody else plays ``j``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aimarket.randomness import RandomSource

__all__ = ["Imitation", "evolutionarily_stable", "imitation", "interior_mixes", "replicator_path"]

FloatArray = npt.NDArray[np.float64]

_STEP = 0.2  # in units in which the payoffs span 1
_STEPS = 10_000
_KEPT = 201
_STILL = 1e-9
_ALIVE = 0.01
_TIE = 1e-9


@dataclass(frozen=True)
class Imitation:
    """Where imitation leads.

    ``times`` and ``path`` (times, strategies): shares from the uniform mix on.  ``end`` (strategies,): the
    shares it comes to, a mean over the second half of the time where it does not come to rest
    (``settled`` False).  ``basins``: survivors -> share of the starting points that lead to them.
    """

    times: FloatArray
    path: FloatArray
    end: FloatArray
    settled: bool
    basins: dict[tuple[int, ...], float]


def imitation(payoff: FloatArray, starts: int = 200) -> Imitation:
    """Replicator dynamics from the uniform mix and from ``starts`` interior points.

    A strategy survives a start if it ends with more than a hundredth of the population.
    """
    size = payoff.shape[0]
    mixes = np.vstack([np.full((1, size), 1.0 / size), interior_mixes(starts, size)])
    times, path = replicator_path(payoff, mixes)
    half = path.shape[0] // 2
    moved = np.abs(path[-1] - path[half]).max(axis=1)
    circled = np.abs(path[half:] - path[-1]).max(axis=(0, 2))
    settled = np.maximum(moved, circled) < _ALIVE
    ends = np.where(settled[:, None], path[-1], path[half:].mean(axis=0))
    counts: dict[tuple[int, ...], int] = {}
    for end in ends[1:]:
        alive = tuple(int(i) for i in np.flatnonzero(end > _ALIVE))
        counts[alive] = counts.get(alive, 0) + 1
    basins = {alive: count / starts for alive, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))}
    return Imitation(times, path[:, 0], ends[0], bool(settled[0]), basins)


def replicator_path(payoff: FloatArray, mixes: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Shares over time from each of ``mixes`` (starts, strategies), as ``(times, path)``.

    ``path`` has the shape (times, starts, strategies).  The replicator equation
    ``dx_i/dt = x_i ((A x)_i - x'A x)`` (Taylor & Jonker 1978, "Evolutionary stable strategies and game
    dynamics", Mathematical Biosciences; Hofbauer & Sigmund 1998, "Evolutionary Games and Population
    Dynamics"): a strategy spreads as far as it earns more than the average.  Payoffs are scaled to a span of
    1, which changes the speed only; logarithms of shares are integrated by the classical Runge-Kutta rule,
    so that no share leaves (0, 1).
    """
    span = float(payoff.max() - payoff.min())
    game = (payoff - payoff.min()) / span if span > _TIE * max(float(np.abs(payoff).max()), 1.0) else 0.0 * payoff

    def fitness(logs: FloatArray) -> FloatArray:
        return np.asarray(_shares(logs) @ game.T)

    logs = np.log(mixes)
    every = _STEPS // (_KEPT - 1)
    times, path = [0.0], [_shares(logs)]
    for step in range(1, _STEPS + 1):
        first = fitness(logs)
        second = fitness(logs + 0.5 * _STEP * first)
        third = fitness(logs + 0.5 * _STEP * second)
        fourth = fitness(logs + _STEP * third)
        change = (first + 2.0 * second + 2.0 * third + fourth) / 6.0
        logs = logs + _STEP * change
        logs -= logs.max(axis=1, keepdims=True)
        if step % every == 0:
            times.append(step * _STEP)
            path.append(_shares(logs))
            if np.abs(path[-1] - path[-2]).max() < _STILL:
                break
    return np.array(times), np.array(path)


def interior_mixes(count: int, size: int) -> FloatArray:
    """``count`` mixes of ``size`` strategies, evenly spread over all mixes; the same ones at every call.

    Exponential draws over their sum are uniform on the simplex (Devroye 1986, "Non-Uniform Random Variate
    Generation").
    """
    draws = RandomSource(0).draws("league", "interior mixes").uniform(count * size)
    waits = -np.log(draws.reshape(count, size))
    return np.asarray(waits / waits.sum(axis=1, keepdims=True))


def evolutionarily_stable(payoff: FloatArray) -> list[int]:
    """Strategies that no rare mutant among the others can invade (Maynard Smith & Price 1973, Nature).

    Against the resident the mutant earns less, or as much and then less against itself; Nowak 2006,
    "Evolutionary Dynamics", chapter 4.
    """
    size = payoff.shape[0]
    slack = _TIE * float(np.abs(payoff).max(initial=1.0))

    def holds(resident: int, mutant: int) -> bool:
        gap = payoff[resident, resident] - payoff[mutant, resident]
        return bool(gap > slack or (gap >= -slack and payoff[resident, mutant] > payoff[mutant, mutant] + slack))

    return [j for j in range(size) if all(holds(j, i) for i in range(size) if i != j)]


def _shares(logs: FloatArray) -> FloatArray:
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
