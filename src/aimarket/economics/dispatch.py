"""Uniform-price clearing of blocks with a fixed marginal cost: one place, or two joined by a line.

The stack is the textbook's step function, for power plants as for spot GPU-hours; the smooth supply
curve on which the simulator runs is in ``energy``.

Price convention: the price is the marginal cost of the last unit served.  Demand that ends exactly at
the edge of a block pays that block's cost, demand equal to all capacity the dearest block's cost, and
only demand beyond all capacity the value of lost load; with no demand the price is the cheapest block's
cost.  A demand within 1e-12 of total capacity beyond an edge is at the edge, so that rounding does not
decide prices.  Blocks of equal cost share their output in proportion to capacity.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from aimarket.economics.errors import EconomicsError, require
from aimarket.economics.inputs import finite, finite_together, numbers

__all__ = ["Dispatch", "TwoZoneDispatch", "merit_order_dispatch", "two_zone_dispatch"]

FloatArray = npt.NDArray[np.float64]

EDGE_TOLERANCE = 1e-12


class Dispatch(NamedTuple):
    """``price`` and ``unserved`` demand, shape (...); ``dispatch`` and ``inframarginal_rent``, (..., n) by block.

    Rents are revenue less marginal cost: (price - cost) output.
    """

    price: FloatArray
    dispatch: FloatArray
    unserved: FloatArray
    inframarginal_rent: FloatArray


class TwoZoneDispatch(NamedTuple):
    """Each zone's prices and output, the flow from ``a`` to ``b`` (negative from b to a) and the line's rent."""

    a: Dispatch
    b: Dispatch
    flow: FloatArray
    congestion_rent: FloatArray


def merit_order_dispatch(
    capacity: npt.ArrayLike, marginal_cost: npt.ArrayLike, demand: npt.ArrayLike, value_of_lost_load: float
) -> Dispatch:
    """Cheapest output that serves an inelastic demand, and the one price that all blocks then earn.

    ``capacity`` and ``marginal_cost`` (n,), blocks in any order, costs of any sign; ``demand`` of any
    shape (...); quantities share a unit (MW, GPU-hours), costs and value of lost load another (USD per
    unit).  Demand beyond capacity is not served.  Prices as the module says.  Raises ``EconomicsError``
    for capacities that are not above 0, negative demand, a value of lost load below the dearest block,
    inputs that are not finite or shapes that do not match.
    """
    capacities, costs = _blocks(capacity, marginal_cost, "capacity", "marginal_cost")
    load = finite("demand", demand)
    require(load >= 0.0, "demand", load, "at least 0")
    return _clear(capacities, costs, load, _lost_load(value_of_lost_load, costs))


def two_zone_dispatch(
    capacity_a: npt.ArrayLike,
    marginal_cost_a: npt.ArrayLike,
    demand_a: npt.ArrayLike,
    capacity_b: npt.ArrayLike,
    marginal_cost_b: npt.ArrayLike,
    demand_b: npt.ArrayLike,
    line_limit: npt.ArrayLike,
    value_of_lost_load: float,
) -> TwoZoneDispatch:
    """Cheapest output of two zones joined by a lossless line, with a price in each zone.

    While the line can carry it the two are one zone with one price: equal costs share output, and zones
    share unserved demand, in proportion.  Otherwise the line is full, the zone that imports is at least as
    dear, each pays the cost of its own last unit, and the line earns

        congestion rent = flow (price_b - price_a)

    Bohn, Caramanis & Schweppe (1984).  Blocks (n_a,) and (n_b,) as for ``merit_order_dispatch``;
    ``demand_a``, ``demand_b`` and ``line_limit``, the most that flows either way (0: each zone alone,
    infinity: no limit), broadcast to the shape (...) of the results.  Raises ``EconomicsError`` as
    ``merit_order_dispatch`` does, and for a negative limit.
    """
    capacities_a, costs_a = _blocks(capacity_a, marginal_cost_a, "capacity_a", "marginal_cost_a")
    capacities_b, costs_b = _blocks(capacity_b, marginal_cost_b, "capacity_b", "marginal_cost_b")
    limit = numbers("line_limit", line_limit)
    require(limit >= 0.0, "line_limit", limit, "at least 0")
    # An infinite limit is as good as the largest number.
    limit = np.minimum(limit, np.finfo(np.float64).max)
    load_a, load_b, limit = np.broadcast_arrays(
        *finite_together(demand_a=demand_a, demand_b=demand_b, line_limit=limit)
    )
    require(load_a >= 0.0, "demand_a", load_a, "at least 0")
    require(load_b >= 0.0, "demand_b", load_b, "at least 0")
    blocks_a = len(capacities_a)
    capacities = np.concatenate((capacities_a, capacities_b))
    costs = np.concatenate((costs_a, costs_b))
    lost_load = _lost_load(value_of_lost_load, costs)

    load = load_a + load_b
    pool = _clear(capacities, costs, load, lost_load)
    unserved_a = pool.unserved * np.divide(load_a, load, out=np.zeros_like(load), where=load > 0.0)
    wanted = pool.dispatch[..., :blocks_a].sum(axis=-1) + unserved_a - load_a
    flow = np.clip(wanted, -limit, limit)
    joined = (np.abs(wanted - flow) <= EDGE_TOLERANCE * capacities.sum()) & (limit > 0.0)
    apart_a = _clear(capacities_a, costs_a, np.maximum(load_a + flow, 0.0), lost_load)
    apart_b = _clear(capacities_b, costs_b, np.maximum(load_b - flow, 0.0), lost_load)
    in_a, in_b = slice(None, blocks_a), slice(blocks_a, None)
    zone_a = _choose(joined, _part(pool, in_a, unserved_a), apart_a)
    zone_b = _choose(joined, _part(pool, in_b, pool.unserved - unserved_a), apart_b)
    return TwoZoneDispatch(zone_a, zone_b, np.asarray(flow), np.asarray(flow * (zone_b.price - zone_a.price)))


def _clear(capacity: FloatArray, cost: FloatArray, demand: FloatArray, lost_load: float) -> Dispatch:
    step_cost, step = np.unique(cost, return_inverse=True)
    step_capacity = np.bincount(step, weights=capacity)
    edges = np.cumsum(step_capacity)
    total = edges[-1]
    beyond = demand - EDGE_TOLERANCE * total
    # The step of the last unit served; beyond the last edge, the value of lost load.
    last = np.searchsorted(edges, beyond, side="left")
    price = np.append(step_cost, lost_load)[last]
    starts = edges - step_capacity
    used_share = np.clip((demand[..., None] - starts) / step_capacity, 0.0, 1.0)
    # Steps before the last are full and steps after it empty, whatever rounding says.
    order = np.arange(len(edges))
    used_share = np.where(order < last[..., None], 1.0, np.where(order > last[..., None], 0.0, used_share))
    output = used_share[..., step] * capacity
    unserved = np.where(last == len(edges), demand - total, 0.0)
    return Dispatch(np.asarray(price), output, unserved, (price[..., None] - cost) * output)


def _part(pool: Dispatch, blocks: slice, unserved: FloatArray) -> Dispatch:
    return Dispatch(pool.price, pool.dispatch[..., blocks], unserved, pool.inframarginal_rent[..., blocks])


def _choose(first: npt.NDArray[np.bool_], one: Dispatch, other: Dispatch) -> Dispatch:
    by_block = first[..., None]
    return Dispatch(
        np.where(first, one.price, other.price),
        np.where(by_block, one.dispatch, other.dispatch),
        np.where(first, one.unserved, other.unserved),
        np.where(by_block, one.inframarginal_rent, other.inframarginal_rent),
    )


def _blocks(
    capacity: npt.ArrayLike, marginal_cost: npt.ArrayLike, capacity_name: str, cost_name: str
) -> tuple[FloatArray, FloatArray]:
    capacities, costs = finite(capacity_name, capacity), finite(cost_name, marginal_cost)
    if capacities.ndim != 1 or capacities.size == 0:
        raise EconomicsError(capacity_name, capacities.shape, "of shape (n,) with at least one block")
    if costs.shape != capacities.shape:
        raise EconomicsError(cost_name, costs.shape, f"of shape {capacities.shape}, one per block")
    require(capacities > 0.0, capacity_name, capacities, "above 0")
    return capacities, costs


def _lost_load(value_of_lost_load: float, costs: FloatArray) -> float:
    value = finite("value_of_lost_load", value_of_lost_load)
    if value.ndim:
        raise EconomicsError("value_of_lost_load", value.shape, "a single number")
    require(
        value >= costs.max(), "value_of_lost_load", value, f"at least the cost of the dearest block, {costs.max():g}"
    )
    return float(value)
