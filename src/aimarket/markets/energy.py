"""Power: connections come on line, and each region clears on its merit order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aimarket.agents.energy_supplier import ConnectionRequest
from aimarket.config.schema.graph import PowerEdge
from aimarket.economics.energy import merit_order_fuel_cost, merit_order_price
from aimarket.strategies.grid_expansion.interface import GridExpansionDecision, GridExpansionView

if TYPE_CHECKING:
    from aimarket.agents.firm import Firm
    from aimarket.model import AIMarket

__all__ = [
    "clear_energy",
    "connect_grid",
    "connected_mw",
    "energy_price",
    "expected_connections_mw",
    "request_connections",
]

# Owners ask for this much more than they foresee, so that the meter is not what stops a server.
_HEADROOM = 1.15
_LARGEST_FORESEEN_GROWTH_PER_YEAR = 0.9


def connected_mw(model: AIMarket, owner: str) -> float:
    """Grid connections of ``owner`` in all regions that it can buy from, MW."""
    return sum(model.regions[region].connected_mw.get(owner, 0.0) for region in model.graph.sellers("power", owner))


def expected_connections_mw(model: AIMarket, months: float) -> dict[str, float]:
    """New connections that each buyer can count on within ``months``: its share of what regions can build."""
    clock = model.clock
    expected: dict[str, float] = {}
    for region in model.regions.values():
        latest = clock.month + months - region.entry.connection_lag_months
        ripe: dict[str, float] = {}
        for request in region.queue:
            if request.month <= latest:
                ripe[request.buyer] = ripe.get(request.buyer, 0.0) + request.mw
        waiting = sum(ripe.values())
        if waiting > 0.0:
            share = min(1.0, region.buildable_mw * months / clock.months_per_period / waiting)
            for buyer, mw in ripe.items():
                expected[buyer] = expected.get(buyer, 0.0) + mw * share
    return expected


def energy_price(model: AIMarket, owner: str) -> float:
    """Last price of power to ``owner``, weighted by its connections; a plain mean without any, USD/MWh."""
    regions = [model.regions[name] for name in model.graph.sellers("power", owner)] or list(model.regions.values())
    weights = [region.connected_mw.get(owner, 0.0) for region in regions]
    if sum(weights) <= 0.0:
        weights = [1.0] * len(regions)
    return float(np.average([region.price_usd_per_mwh for region in regions], weights=weights))


def request_connections(model: AIMarket, firm: Firm, growth_per_year: float) -> None:
    """Queue for what ``firm`` will need by the time a request made now can be connected."""
    technology = model.config.technology
    if firm.fleet is None:
        return
    kw = max(firm.fleet.power_kw_per_gpu, model.new_gpu_power_kw)
    growth = min(max(growth_per_year, 0.0), _LARGEST_FORESEEN_GROWTH_PER_YEAR)
    for name in model.graph.sellers("power", firm.name):
        region = model.regions[name]
        edge = model.graph.terms(name, firm.name)
        if not isinstance(edge, PowerEdge):
            continue
        years = region.entry.connection_lag_months / 12.0
        gpus = (firm.fleet.gpus + firm.on_order_gpus) * np.exp(growth * years) + firm.build_request_gpus
        wanted = gpus * kw * technology.power_usage_effectiveness / 1e3 * _HEADROOM * edge.expansion_share
        missing = wanted - region.connected_mw.get(firm.name, 0.0) - region.queued_mw.get(firm.name, 0.0)
        if missing > 0.0:
            region.enqueue(ConnectionRequest(firm.name, model.clock.month, float(missing)))


def connect_grid(model: AIMarket) -> None:
    """Regions build connections; requests that are ripe share them in proportion."""
    decisions: dict[str, GridExpansionDecision] = {}
    ripe: dict[str, list[ConnectionRequest]] = {}
    for name, region in model.regions.items():
        latest = model.clock.month - region.entry.connection_lag_months
        ripe[name] = [request for request in region.queue if request.month <= latest]
        view = GridExpansionView(
            firm=name,
            queue_mw=sum(region.queued_mw.values()),
            ripe_mw=sum(r.mw for r in ripe[name]),
            buildable_mw=region.buildable_mw,
            **model.situation(region),
        )
        decisions[name] = model.decide(name, region.strategies["grid_expansion"], view, GridExpansionDecision)
    for name, region in model.regions.items():
        waiting = sum(request.mw for request in ripe[name])
        if waiting <= 0.0:
            continue
        share = min(decisions[name].build_mw, region.buildable_mw, waiting) / waiting
        for request in ripe[name]:
            built = request.mw * share
            region.connected_mw[request.buyer] = region.connected_mw.get(request.buyer, 0.0) + built
            region.queued_mw[request.buyer] -= built
            request.mw -= built
        region.queue = [request for request in region.queue if request.mw > 1e-9]


def clear_energy(model: AIMarket) -> None:
    """Load follows the GPUs in use; each region's price is the marginal plant's; owners owe the bill.

    The load of an owner is split over its regions in proportion to its connections there.  A tax at rate t
    on the price raises what plants ask from c to c / (1 - t); suppliers owe it on their sales.
    """
    technology, clock = model.config.technology, model.clock
    rate = model.tax_rates.get("energy", 0.0)
    load = dict.fromkeys(model.regions, 0.0)
    split: dict[tuple[str, str], float] = {}
    for firm in model.fleet_owners:
        if firm.fleet is None or firm.fleet.gpus <= 0.0 or firm.own_gpus_in_use <= 0.0:
            continue  # a firm that was wound up keeps the number of its last month, and no fleet
        mw = firm.own_gpus_in_use * firm.fleet.power_kw_per_gpu * technology.power_usage_effectiveness / 1e3
        regions = model.graph.sellers("power", firm.name)
        total = connected_mw(model, firm.name)
        for name in regions:
            share = model.regions[name].connected_mw.get(firm.name, 0.0) / total if total > 0.0 else 0.0
            load[name] += mw * share
            split[name, firm.name] = mw * share
    for name, region in model.regions.items():
        capacity, cost = region.capacity_mw, region.cost_usd_per_mwh
        asked = cost / (1.0 - rate)
        lost_load = max(region.entry.value_of_lost_load_usd_per_mwh, float(asked.max()))
        total_load = region.other_load_mw + load[name]
        region.price_usd_per_mwh = float(merit_order_price(total_load, capacity, asked, lost_load))
        region.load_mw = load[name]
        before, after = merit_order_fuel_cost(np.array([region.other_load_mw, total_load]), capacity, cost)
        fuel_musd = float(after - before) * clock.hours_per_period / 1e6
        if fuel_musd > 0.0:
            model.owe("fuel", name, model.world.name, fuel_musd)
    for (name, owner), mw in split.items():
        price = model.regions[name].price_usd_per_mwh
        mwh = mw * clock.hours_per_period
        model.owe("power_sales", owner, name, mwh * price / 1e6)
        model.owe("taxes", name, model.world.name, rate * mwh * price / 1e6)
        model.graph.trade(name, owner, "power", mwh, mwh * price / 1e6)
