"""How the columns of a population are drawn, and whether they fit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from aimarket.errors import ConfigError
from aimarket.randomness import Draws

__all__ = ["MEMORY_LIMIT_BYTES", "check_memory", "home_clouds", "unit_lognormal"]

MEMORY_LIMIT_BYTES = 8 * 2**30
_FIRM_BYTES = 18


def home_clouds(name: str, firms: int, shares: Sequence[float], draws: Draws) -> npt.NDArray[np.int8]:
    """A home cloud for each of ``firms`` firms of segment ``name`` by ``shares``; -1 for all if there are none."""
    if len(shares) == 0:
        return np.full(firms, -1, dtype=np.int8)
    weights = np.asarray(shares, dtype=np.float64)
    if not (weights >= 0.0).all() or abs(weights.sum() - 1.0) > 1e-9 or len(weights) > 127:
        raise ConfigError(
            "must be at most 127 shares, none negative, with sum 1",
            path=f"{name}.cloud_shares",
            value=list(shares),
        )
    edges = np.cumsum(weights)
    edges[np.flatnonzero(weights)[-1] :] = np.inf
    home: npt.NDArray[np.int8] = np.searchsorted(edges, draws.uniform(firms), side="right").astype(np.int8)
    return home


def unit_lognormal(log_sd: float, draws: Draws, count: int) -> npt.NDArray[np.float64]:
    """Lognormal numbers with mean exactly 1 in expectation."""
    return np.asarray(np.exp(log_sd * draws.normal(count) - log_sd**2 / 2.0))


def check_memory(name: str, firms: int, workloads_per_firm: int, bytes_per_workload: int) -> None:
    """Raise ``ConfigError`` before a population is allocated that does not fit into ``MEMORY_LIMIT_BYTES``."""
    needed = firms * (_FIRM_BYTES + workloads_per_firm * bytes_per_workload)
    if needed > MEMORY_LIMIT_BYTES:
        most = MEMORY_LIMIT_BYTES * firms // needed
        raise ConfigError(
            f"would need {needed / 2**30:,.0f} GiB of memory, more than {MEMORY_LIMIT_BYTES >> 30} GiB",
            path=f"{name}.firms",
            value=firms,
            remedy=f"use at most {most:,} firms of {workloads_per_firm} workloads",
        )
