"""Compute: contracts first, then firms of one owner, then new reservations, then spot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aimarket.contracts import Contract
from aimarket.errors import SimulationError
from aimarket.markets.compute_cost import levelised_cost_of_building, own_cost_usd_per_gpu_hour
from aimarket.markets.energy import connected_mw
from aimarket.markets.negotiation import price_usd_per_gpu_hour
from aimarket.markets.rationing import fill_cheapest_first, fill_in_proportion
from aimarket.strategies.base import frozen
from aimarket.strategies.procurement.interface import ProcurementDecision, ProcurementView

if TYPE_CHECKING:
    from aimarket.model import AIMarket

__all__ = ["clear_compute", "limit_by_power"]

_LOAD_SMOOTHING_MONTHS = 3.0


def limit_by_power(model: AIMarket) -> None:
    """What each owner can run: the smaller of its GPUs and what its connections can feed."""
    effectiveness = model.config.technology.power_usage_effectiveness
    for firm in model.fleet_owners:
        if firm.fleet is None or not firm.alive or firm.fleet.gpus <= 0.0:
            firm.usable_gpus = 0.0
            continue
        mw_per_gpu = firm.fleet.power_kw_per_gpu * effectiveness / 1e3
        firm.usable_gpus = min(firm.fleet.gpus, connected_mw(model, firm.name) / mw_per_gpu)


class _Clearing:
    """The working tables of one period: buyers by providers, GPUs."""

    def __init__(self, model: AIMarket) -> None:
        self.model = model
        self.sellers = [p for p in model.providers.values() if p.active and p.usable_gpus > 0.0]
        self.column = {p.name: h for h, p in enumerate(self.sellers)}
        self.buyers: list[str] = [firm.name for firm in model.operators if firm.active] + [model.world.name]
        self.row = {name: b for b, name in enumerate(self.buyers)}
        shape = (len(self.buyers), len(self.sellers))
        self.reachable = np.zeros(shape, dtype=bool)
        for b, buyer in enumerate(self.buyers):
            for seller in model.graph.sellers("compute", buyer):
                if seller in self.column:
                    self.reachable[b, self.column[seller]] = True
        self.left = np.array([p.usable_gpus for p in self.sellers])
        self.capacity = self.left.copy()
        self.contract = np.zeros(shape)
        self.internal = np.zeros(shape)
        self.spot = np.zeros(shape)
        self.value = np.zeros(shape)
        self.asked = np.zeros(len(self.sellers))
        self.spot_price = self._prices([p.spot_price_usd_per_gpu_hour for p in self.sellers])
        self.contract_price = self._prices([p.contract_price_usd_per_gpu_hour for p in self.sellers])
        self.reserved_before = np.zeros(len(self.buyers))

    def _prices(self, posted: list[float]) -> np.ndarray:
        """What each buyer pays each seller, (B, H): the posted price unless the two have negotiated one."""
        pairs = [
            [price_usd_per_gpu_hour(p, b, price) for p, price in zip(self.sellers, posted, strict=True)]
            for b in self.buyers
        ]
        return np.array(pairs).reshape(len(self.buyers), len(self.sellers))


def clear_compute(model: AIMarket) -> None:
    """Deliver and price every GPU-hour of the period; sales never exceed powered capacity."""
    clearing = _Clearing(model)
    _deliver_contracts(model, clearing)
    _host(model, clearing)
    needs = _procure(model, clearing)
    _supply_own_group(model, clearing, needs)
    _reserve(model, clearing, needs)
    _sell_spot(model, clearing, needs)
    _book(model, clearing)


def _deliver_contracts(model: AIMarket, clearing: _Clearing) -> None:
    month, hours = model.clock.month, model.clock.hours_per_period
    due = np.zeros(len(clearing.sellers))
    for contract in model.contracts:
        if contract.seller in clearing.column:
            due[clearing.column[contract.seller]] += contract.gpus_in(month)
    share = np.divide(np.minimum(due, clearing.left), due, out=np.zeros_like(due), where=due > 0.0)
    for contract in model.contracts:
        contract.delivered_gpus = contract.paid_musd = 0.0
        h = clearing.column.get(contract.seller)
        gpus = contract.gpus_in(month)
        if h is None or gpus <= 0.0 or contract.buyer not in clearing.row:
            continue
        b = clearing.row[contract.buyer]
        contract.delivered_gpus = gpus * share[h]
        contract.paid_musd = contract.delivered_gpus * contract.price_in(month) * hours / 1e6
        clearing.contract[b, h] += contract.delivered_gpus
        clearing.value[b, h] += contract.paid_musd
    clearing.reserved_before = clearing.contract.sum(axis=1)
    clearing.left = np.maximum(clearing.left - clearing.contract.sum(axis=0), 0.0)
    clearing.asked += due


def _host(model: AIMarket, clearing: _Clearing) -> None:
    """Providers set aside what they expect to need for the open weights they host."""
    for h, provider in enumerate(clearing.sellers):
        wanted = provider.serving.needed_gpus * (1.0 + model.config.compute.inference_buffer)
        given = min(wanted, clearing.left[h])
        provider.serving.capacity_gpus = given
        provider.serving.compute_price_usd_per_gpu_hour = provider.contract_price_usd_per_gpu_hour
        clearing.left[h] -= given
        clearing.asked[h] += wanted


def _procure(model: AIMarket, clearing: _Clearing) -> dict[str, ProcurementDecision]:
    """Labs decide what to reserve and what to buy on the spot market, all on the same information."""
    decided: dict[str, ProcurementDecision] = {}
    buffer = model.config.compute.inference_buffer
    next_year = model.clock.month + 12
    for firm in model.operators:
        if not firm.active:
            continue
        b = clearing.row[firm.name]
        reach = np.flatnonzero(clearing.reachable[b])
        spot, posted = clearing.spot_price[b, reach], clearing.contract_price[b, reach]
        price = float(posted.min()) if posted.size else firm.serving.compute_price_usd_per_gpu_hour
        price = firm.serving.compute_price_usd_per_gpu_hour or price
        budget = firm.training_budget_musd_per_month
        training = budget * 1e6 / (price * model.clock.hours_per_month) if price > 0.0 else 0.0
        view = ProcurementView(
            firm=firm.name,
            inference_gpus=firm.serving.needed_gpus * (1.0 + buffer),
            training_gpus=training,
            own_gpus=firm.usable_gpus,
            contracted_gpus=float(clearing.contract[b].sum()),
            reserved_next_year_gpus=sum(c.gpus_in(next_year) for c in model.contracts if c.buyer == firm.name),
            spot_price_usd_per_gpu_hour=float(spot.min()) if spot.size else 0.0,
            contract_price_usd_per_gpu_hour=float(posted.min()) if posted.size else 0.0,
            build_cost_usd_per_gpu_hour=levelised_cost_of_building(model, firm),
            on_order_gpus=firm.on_order_gpus,
            sellers=tuple(clearing.sellers[h].name for h in reach),
            seller_contracted_gpus=frozen(clearing.contract[b, reach]),
            **model.situation(firm),
        )
        decided[firm.name] = model.decide(firm.name, firm.strategies["procurement"], view, ProcurementDecision)
        firm.demand_gpus = firm.serving.needed_gpus * (1.0 + buffer) + training
    for name, decision in decided.items():
        model.firms[name].build_request_gpus = decision.build_gpus
    return decided


def _supply_own_group(model: AIMarket, clearing: _Clearing, needs: dict[str, ProcurementDecision]) -> None:
    """A provider serves the labs of its own group before strangers, at cost and the stated markup."""
    hours, markup = model.clock.hours_per_period, model.config.compute.transfer_markup
    wants = np.zeros_like(clearing.internal)
    for name, need in needs.items():
        parent = model.firms[name].parent
        h = clearing.column.get(parent) if parent is not None else None
        if h is not None and clearing.reachable[clearing.row[name], h]:
            wants[clearing.row[name], h] = need.reserve_gpus + need.spot_gpus
    total = wants.sum(axis=0)
    share = np.divide(np.minimum(total, clearing.left), total, out=np.zeros_like(total), where=total > 0.0)
    clearing.internal = wants * share
    cost = np.array([p.levelised_cost_usd_per_gpu_hour for p in clearing.sellers])
    clearing.value += clearing.internal * cost * (1.0 + markup) * hours / 1e6
    clearing.left = np.maximum(clearing.left - clearing.internal.sum(axis=0), 0.0)
    clearing.asked += total


def _fill(
    clearing: _Clearing,
    needs: dict[str, ProcurementDecision],
    demand: np.ndarray,
    price: np.ndarray,
    offered: np.ndarray,
) -> np.ndarray:
    """Quantities (B, H): the part that buyers spread goes to all sellers in reach, the rest to the cheapest."""
    spread = np.zeros(demand.size)
    for name, need in needs.items():
        spread[clearing.row[name]] = need.spread_share
    if not spread.any():
        return fill_cheapest_first(demand, price, offered, clearing.reachable)
    everywhere = fill_in_proportion(demand * spread, offered, clearing.reachable * clearing.capacity)
    left = np.maximum(offered - everywhere.sum(axis=0), 0.0)
    rest = np.maximum(demand - everywhere.sum(axis=1), 0.0)
    return everywhere + fill_cheapest_first(rest, price, left, clearing.reachable)


def _reserve(model: AIMarket, clearing: _Clearing, needs: dict[str, ProcurementDecision]) -> None:
    """New reservations at posted contract prices, out of capacity that is not yet committed."""
    terms, clock = model.config.compute, model.clock
    committed = clearing.contract.sum(axis=0)
    offered = np.minimum(clearing.left, np.maximum(clearing.capacity * terms.largest_committed_share - committed, 0.0))
    price = clearing.contract_price
    demand = np.zeros(len(clearing.buyers))
    for name, need in needs.items():
        b = clearing.row[name]
        inside = clearing.internal[b].sum()
        demand[b] = max(need.reserve_gpus - inside, 0.0)
    given = _fill(clearing, needs, demand, price, offered)
    for b, h in zip(*np.nonzero(given > 1e-6), strict=True):
        contract = Contract.for_gpus(
            f"{clearing.buyers[b]}_{clearing.sellers[h].name}_{clock.label()}",
            clearing.buyers[b],
            clearing.sellers[h].name,
            clock.month,
            terms.contract_months,
            float(given[b, h]),
            float(price[b, h]),
            clock.hours_per_month,
        )
        contract.delivered_gpus = float(given[b, h])
        contract.paid_musd = float(given[b, h] * price[b, h]) * clock.hours_per_period / 1e6
        model.contracts.append(contract)
        clearing.contract[b, h] += given[b, h]
        clearing.value[b, h] += contract.paid_musd
    clearing.left = np.maximum(clearing.left - given.sum(axis=0), 0.0)
    clearing.asked += given.sum(axis=0)


def _sell_spot(model: AIMarket, clearing: _Clearing, needs: dict[str, ProcurementDecision]) -> None:
    """The rest goes to the spot market, cheapest first, shared in proportion where it is short."""
    price = clearing.spot_price
    demand = np.zeros(len(clearing.buyers))
    for name, need in needs.items():
        b = clearing.row[name]
        got = clearing.contract[b].sum() - clearing.reserved_before[b] + clearing.internal[b].sum()
        demand[b] = max(need.reserve_gpus + need.spot_gpus - got, 0.0)
    outside = clearing.row[model.world.name]
    if price.size and clearing.reachable[outside].any():
        seen = clearing.reachable[outside]
        demand[outside] = model.world.compute_demand_gpus(
            float(np.average(price[outside, seen], weights=clearing.capacity[seen]))
        )
    clearing.spot = _fill(clearing, needs, demand, price, clearing.left)
    clearing.value += clearing.spot * price * model.clock.hours_per_period / 1e6
    unserved = np.maximum(demand - clearing.spot.sum(axis=1), 0.0)
    reach = clearing.reachable * clearing.capacity
    total = reach.sum(axis=1, keepdims=True)
    clearing.asked += clearing.spot.sum(axis=0) + (
        unserved[:, None] * np.divide(reach, total, out=np.zeros_like(reach), where=total > 0.0)
    ).sum(axis=0)
    model.compute_shortage_gpus = float(unserved.sum())


def _book(model: AIMarket, clearing: _Clearing) -> None:
    """Commit: payments owed, GPUs obtained, loads, and the check that nothing was sold twice."""
    hours, buffer = model.clock.hours_per_period, model.config.compute.inference_buffer
    sold = clearing.contract + clearing.internal + clearing.spot
    for h, provider in enumerate(clearing.sellers):
        used = float(sold[:, h].sum()) + provider.serving.capacity_gpus
        if used > provider.usable_gpus * (1.0 + 1e-9) + 1e-6:
            raise SimulationError(f"{provider.name} sold {used:,.0f} GPUs of {provider.usable_gpus:,.0f}")
        provider.sold_gpus = float(sold[:, h].sum())
        provider.contracted_gpus = float(clearing.contract[:, h].sum())
        provider.past_prices.append(provider.spot_price_usd_per_gpu_hour)
        provider.past_sales.append(provider.sold_gpus)
        provider.own_gpus_in_use = min(used, provider.usable_gpus)
        provider.books.gpus_in_use_h100e = provider.serving.capacity_gpus
        demand = float(clearing.asked[h])
        weight = model.clock.smoothing(_LOAD_SMOOTHING_MONTHS)
        provider.load += weight * (min(demand / max(provider.usable_gpus, 1e-9), 10.0) - provider.load)
        model.observe_demand(provider, demand)
    for b, buyer in enumerate(clearing.buyers):
        for h in np.flatnonzero(sold[b] > 0.0).tolist():
            quantity, value = float(sold[b, h]) * hours, float(clearing.value[b, h])
            seller = clearing.sellers[h].name
            model.owe("compute_sales", buyer, seller, value)
            if not clearing.internal[b, h]:  # what firms of one owner charge each other is no sale
                model.owe("taxes", seller, model.world.name, value * model.tax_rates.get("compute", 0.0))
            reserved = float(clearing.contract[b, h]) * hours
            model.graph.trade(seller, buyer, "compute", quantity, value, reserved)
    for firm in model.operators:
        if not firm.active:
            continue
        b = clearing.row[firm.name]
        rented, paid = float(sold[b].sum()), float(clearing.value[b].sum())
        total = rented + firm.usable_gpus
        own = own_cost_usd_per_gpu_hour(model, firm) * firm.usable_gpus * hours / 1e6
        if total > 0.0:
            firm.serving.compute_price_usd_per_gpu_hour = (paid + own) * 1e6 / (total * hours)
        firm.serving.capacity_gpus = min(total, firm.serving.needed_gpus * (1.0 + buffer))
        spare = total - firm.serving.capacity_gpus
        # Labs are never done training, so what is left trains; one that has stopped research leaves it idle.
        firm.training_gpus = spare if firm.training_budget_musd_per_month > 0.0 else 0.0
        idle = spare - firm.training_gpus
        firm.own_gpus_in_use = max(firm.usable_gpus - idle, 0.0)
        firm.books.gpus_in_use_h100e = total - idle
        cost = (paid + own) / total if total > 0.0 else 0.0
        firm.books.training_compute_musd = cost * firm.training_gpus
        firm.books.inference_compute_musd = cost * (firm.serving.capacity_gpus + idle)
        if firm.strategies.get("capacity") is not None:
            model.observe_demand(firm, firm.demand_gpus)
    paid_on_spot = float((clearing.spot * clearing.spot_price).sum())
    if clearing.spot.any():
        model.spot_price_usd_per_gpu_hour = paid_on_spot / float(clearing.spot.sum())
    else:
        model.spot_price_usd_per_gpu_hour = _by_capacity(
            [p.spot_price_usd_per_gpu_hour for p in clearing.sellers], clearing.capacity
        )
    reserved = sum(c.delivered_gpus for c in model.contracts)
    paid = sum(c.paid_musd for c in model.contracts)
    if reserved > 0.0:
        model.contract_price_usd_per_gpu_hour = paid * 1e6 / (reserved * hours)
    else:
        model.contract_price_usd_per_gpu_hour = _by_capacity(
            [p.contract_price_usd_per_gpu_hour for p in clearing.sellers], clearing.capacity
        )


def _by_capacity(posted: list[float], capacity: np.ndarray) -> float:
    """Mean of posted prices where nothing was sold; nan without sellers."""
    return float(np.average(posted, weights=capacity)) if capacity.sum() > 0.0 else float("nan")
