"""The supply curve of a power region: merit order, and scarcity at its end.

Blocks of plants are stacked by cost, those of equal cost as one.  Within a block marginal cost rises
linearly from the block's own cost, at its first megawatt, to the cost of the next block, at its last;
the most expensive block is flat.  Real stacks hold many plants between two typical ones, so the curve
has no steps.

When load eats into the last ``reserve_share`` of capacity the region runs on its operating reserve:
the price climbs linearly from marginal cost to the value of lost load, which it reaches at full
capacity and keeps beyond (after Hogan's 2013 operating reserve demand curve).  Price never falls
below marginal cost.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aimarket.economics.errors import EconomicsError, require

__all__ = ["RESERVE_SHARE", "merit_order_fuel_cost", "merit_order_price"]

FloatArray = npt.NDArray[np.float64]

RESERVE_SHARE = 0.05
# Of all capacity: in a narrower block marginal cost would climb faster than numbers can.
SMALLEST_BLOCK_SHARE = 1e-12


def merit_order_price(
    load_mw: npt.ArrayLike,
    block_capacity_mw: npt.ArrayLike,
    block_cost_usd_per_mwh: npt.ArrayLike,
    value_of_lost_load_usd_per_mwh: float,
    reserve_share: float = RESERVE_SHARE,
) -> FloatArray:
    """Price in USD per MWh at ``load_mw`` (any shape): continuous and never falling in load.

    Blocks (n,) in any order, those without capacity (1e-12 of the sum) are left out.  Raises ``EconomicsError`` for
    negative loads or capacities, no capacity at all, a value of lost load below the dearest block, or
    a reserve share outside (0, 1).
    """
    load, edges, costs = _stack(load_mw, block_capacity_mw, block_cost_usd_per_mwh)
    require(0.0 < reserve_share < 1.0, "reserve_share", reserve_share, "above 0 and below 1")
    lost_load = float(value_of_lost_load_usd_per_mwh)
    require(
        costs[-1] <= lost_load < np.inf,
        "value_of_lost_load_usd_per_mwh",
        lost_load,
        f"finite and at least the cost of the dearest block, {costs[-1]:g}",
    )
    capacity = edges[-1]
    start = (1.0 - reserve_share) * capacity
    marginal_cost = np.interp(load, edges, costs)
    ends = [float(np.interp(start, edges, costs)), lost_load]
    scarcity = np.interp(load, [start, capacity], ends, left=-np.inf)
    return np.asarray(np.maximum(marginal_cost, scarcity))


def merit_order_fuel_cost(
    load_mw: npt.ArrayLike, block_capacity_mw: npt.ArrayLike, block_cost_usd_per_mwh: npt.ArrayLike
) -> FloatArray:
    """Cost of generating ``load_mw``, in USD per hour: the area under marginal cost up to the load.

    Its derivative is ``merit_order_price`` wherever the reserve is untouched.  Load above capacity is
    not served and costs nothing more.  Arguments and errors as for ``merit_order_price``.
    """
    load, edges, costs = _stack(load_mw, block_capacity_mw, block_cost_usd_per_mwh)
    served = np.minimum(load, edges[-1])
    width = np.diff(edges)
    area = np.concatenate(([0.0], np.cumsum(width * (costs[:-1] + costs[1:]) / 2.0)))
    block = np.clip(np.searchsorted(edges, served, side="right") - 1, 0, len(width) - 1)
    into = served - edges[block]
    rise = np.diff(costs)[block] * (into / width[block])
    return np.asarray(area[block] + into * (costs[block] + rise / 2.0))


def _stack(
    load_mw: npt.ArrayLike, block_capacity_mw: npt.ArrayLike, block_cost_usd_per_mwh: npt.ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Loads, and the corners (MW, USD per MWh) of the marginal cost curve, each (blocks + 1,)."""
    load = np.asarray(load_mw, dtype=np.float64)
    capacity = np.atleast_1d(np.asarray(block_capacity_mw, dtype=np.float64))
    cost = np.atleast_1d(np.asarray(block_cost_usd_per_mwh, dtype=np.float64))
    if capacity.ndim != 1 or capacity.shape != cost.shape:
        raise EconomicsError("block_cost_usd_per_mwh", cost.shape, f"of shape {capacity.shape}, one per block")
    require((load >= 0.0) & (load < np.inf), "load_mw", load, "finite and at least 0")
    require((capacity >= 0.0) & (capacity < np.inf), "block_capacity_mw", capacity, "finite and at least 0")
    require(np.isfinite(cost), "block_cost_usd_per_mwh", cost, "finite")
    require(capacity.sum() > 0.0, "block_capacity_mw", capacity.sum(), "above 0 in at least one block")
    # Blocks of equal cost are one block: how a block was cut up must not move the curve.
    cost, block = np.unique(cost, return_inverse=True)
    edges = np.cumsum(np.bincount(block, weights=capacity))
    # Blocks without capacity, or with too little to climb a step on, have no place on the curve.
    wide = np.diff(edges, prepend=0.0) > SMALLEST_BLOCK_SHARE * edges[-1]
    costs = cost[wide]
    return load, np.concatenate(([0.0], edges[wide])), np.append(costs, costs[-1])
