"""A benchmark: what theory says, what our code obtains, and how far apart they may be."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Benchmark", "Figure", "vector", "vector_ids"]

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Figure:
    """One number or array compared: met where every element obtained lies from ``low`` to ``high``."""

    name: str
    expected: FloatArray
    obtained: FloatArray
    low: FloatArray
    high: FloatArray

    @classmethod
    def near(cls, name: str, expected: npt.ArrayLike, obtained: npt.ArrayLike, tolerance: float) -> Figure:
        """Met where each element is within ``tolerance`` (absolute) of the expected one."""
        target = np.asarray(expected, dtype=np.float64)
        return cls(name, target, _like(obtained, target, name), target - tolerance, target + tolerance)

    @classmethod
    def between(
        cls, name: str, expected: npt.ArrayLike, obtained: npt.ArrayLike, low: npt.ArrayLike, high: npt.ArrayLike
    ) -> Figure:
        """Met where each element is in its interval: for statistics of a stated sample size."""
        target = np.asarray(expected, dtype=np.float64)
        lowest, highest = (np.broadcast_to(np.asarray(b, dtype=np.float64), target.shape) for b in (low, high))
        return cls(name, target, _like(obtained, target, name), lowest, highest)

    @property
    def met(self) -> bool:
        """False as well where something is not a number."""
        return bool(((self.obtained >= self.low) & (self.obtained <= self.high)).all())

    @property
    def largest_gap(self) -> float:
        """Largest distance of an element from what was expected."""
        return float(np.abs(self.obtained - self.expected).max(initial=0.0))


def _like(obtained: npt.ArrayLike, target: FloatArray, name: str) -> FloatArray:
    values = np.asarray(obtained, dtype=np.float64)
    if values.shape != target.shape:
        raise ValueError(f"{name}: obtained has shape {values.shape}, expected {target.shape}")
    return values


@dataclass(frozen=True)
class Benchmark:
    """One published result: ``figures`` computes both sides.

    ``name`` is the id of its entry in ``vectors/`` or the name of a preset; ``equation`` is plain text,
    ``slow`` marks statistics over many sessions.
    """

    name: str
    title: str
    equation: str
    source: str
    figures: Callable[[], list[Figure]]
    slow: bool = False


@lru_cache(maxsize=1)
def _vectors() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    folder = files("aimarket.theory") / "vectors"
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        if file.name.endswith(".json"):
            found |= {entry["id"]: entry for entry in json.loads(file.read_text(encoding="utf-8"))}
    return found


def vector(identifier: str) -> dict[str, Any]:
    """The published result ``identifier``: its inputs, expected values, tolerance and source; do not change it."""
    return _vectors()[identifier]


def vector_ids() -> tuple[str, ...]:
    """The ids of all published results that ship with the package."""
    return tuple(_vectors())
