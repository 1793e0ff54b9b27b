"""Keyed random numbers: every draw is named by who draws it, why, when and for which item.

There is no shared stream.  A draw is a pure function of ``(seed, owner, purpose, period, index)``, so
changing one agent's strategy, the order of visits or the number of threads leaves every other draw in
the world as it was (common random numbers).

The generator is SplitMix64 run in counter mode (Steele, Lea & Flood 2014, "Fast splittable
pseudorandom number generators", OOPSLA): the key is hashed to a 64-bit origin, the index advances it
by the golden-ratio increment, and the finaliser scrambles the sum.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

__all__ = ["Draws", "RandomSource"]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_TO_UNIT = 2.0**-52

FloatArray = npt.NDArray[np.float64]


def _uniform(origin: int, start: int, stop: int) -> FloatArray:
    index = np.arange(start + 1, stop + 1, dtype=np.uint64)
    z = np.uint64(origin) + index * _GOLDEN
    z = (z ^ (z >> np.uint64(30))) * _MIX_1
    z = (z ^ (z >> np.uint64(27))) * _MIX_2
    z ^= z >> np.uint64(31)
    # 52 bits and a half step keep the value off 0, where the logarithm is infinite, and off 1.
    return ((z >> np.uint64(12)).astype(np.float64) + 0.5) * _TO_UNIT


class Draws:
    """The random numbers of one owner, purpose and period.

    Item ``i`` always receives the same number, however many items are asked for and in whatever
    order: ``uniform(10)[:5]`` equals ``uniform(5)``.
    """

    __slots__ = ("_origin",)

    def __init__(self, origin: int) -> None:
        self._origin = origin

    def uniform(self, count: int) -> FloatArray:
        """Uniform draws in the open interval (0, 1), one for each item; shape ``(count,)``."""
        return _uniform(self._origin, 0, count)

    def normal(self, count: int) -> FloatArray:
        """Standard normal draws by the Box-Muller transform, one for each item; shape ``(count,)``."""
        pairs = _uniform(self._origin, 0, 2 * count).reshape(count, 2)
        return np.asarray(np.sqrt(-2.0 * np.log(pairs[:, 0])) * np.cos(2.0 * np.pi * pairs[:, 1]))

    def generator(self) -> np.random.Generator:
        """A numpy generator keyed the same way, for strategies that want more than the above."""
        return np.random.Generator(np.random.Philox(key=self._origin))


class RandomSource:
    """The seed of a run, from which every keyed draw follows."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def draws(self, owner: str, purpose: str, period: int = 0) -> Draws:
        """The draws of ``owner`` for ``purpose`` in ``period`` (0 is the set-up before the first)."""
        key = "\x1f".join((str(self.seed), owner, purpose, str(period))).encode()
        return Draws(int.from_bytes(hashlib.blake2b(key, digest_size=8).digest(), "little"))
