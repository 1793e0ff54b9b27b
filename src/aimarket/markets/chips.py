"""Accelerators: orders queue, output grows at a bounded rate, deliveries follow the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aimarket.config.schema.graph import ChipEdge
from aimarket.markets.commitments import planned_due_musd
from aimarket.markets.energy import connected_mw, energy_price, expected_connections_mw, request_connections
from aimarket.strategies.capacity.interface import CapacityDecision, CapacityView
from aimarket.strategies.chip_pricing.interface import ChipPricingDecision, ChipPricingView

if TYPE_CHECKING:
    from aimarket.agents.firm import Firm
    from aimarket.model import AIMarket

__all__ = ["deliver_chips", "gpu_price_usd", "order_chips", "price_chips", "unit_capex_musd"]


def _weights(model: AIMarket, owner: str) -> dict[str, float]:
    """How ``owner`` splits an order between the makers it can buy from.

    In proportion to preference and output, and inversely to price and to the months an order waits.
    """
    weights: dict[str, float] = {}
    for name in model.graph.sellers("chips", owner):
        maker = model.chip_makers[name]
        edge = model.graph.terms(name, owner)
        if maker.active and isinstance(edge, ChipEdge):
            output = maker.largest_output_per_month
            wait = 1.0 + maker.backlog_h100e / output
            weights[name] = edge.preference * output / (maker.price_usd * wait)
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()} if total > 0.0 else {}


def gpu_price_usd(model: AIMarket, owner: str) -> float:
    """Price of an H100e accelerator to ``owner``, over the makers it would order from; nan without any."""
    weights = _weights(model, owner)
    if not weights:
        return float("nan")
    return sum(weight * model.chip_makers[name].price_usd for name, weight in weights.items())


def unit_capex_musd(model: AIMarket, owner: str) -> float:
    """Accelerator, server and hall for one H100e GPU, USD million; nan where no maker can be reached."""
    technology = model.config.technology
    server = gpu_price_usd(model, owner) * (1.0 + technology.server_capex_share)
    return (server + model.new_gpu_power_kw * technology.datacentre_capex_usd_per_kw) / 1e6


def price_chips(model: AIMarket) -> None:
    """Makers post prices on cost and backlog."""
    decided: dict[str, ChipPricingDecision] = {}
    for name, maker in model.chip_makers.items():
        if not maker.active:
            continue
        output = maker.largest_output_per_month
        backlog_months = maker.backlog_h100e / output if output > 0.0 else 0.0
        view = ChipPricingView(
            firm=name,
            price_usd=maker.price_usd,
            unit_cost_usd=maker.unit_cost_usd,
            backlog_months=backlog_months,
            **model.situation(maker),
        )
        decided[name] = model.decide(name, maker.strategies["chip_pricing"], view, ChipPricingDecision)
    for name, decision in decided.items():
        model.chip_makers[name].price_usd = decision.price_usd


def _capacity_view(model: AIMarket, firm: Firm, expected_mw: float) -> CapacityView | None:
    unit = unit_capex_musd(model, firm.name)
    if firm.fleet is None or not np.isfinite(unit):
        return None
    clock, terms = model.clock, model.config.compute
    lead = float(terms.construction_months)
    kw = model.new_gpu_power_kw * model.config.technology.power_usage_effectiveness / 1e3
    used_mw = firm.fleet.power_kw * model.config.technology.power_usage_effectiveness / 1e3
    free_mw = max(connected_mw(model, firm.name) + expected_mw - used_mw, 0.0)
    due = sum(c.gpus_in(clock.month + int(lead)) for c in model.contracts if c.seller == firm.name)
    means = firm.cash_musd + model.borrowing_room_musd(firm)
    means += lead * max(firm.operating_cash_flow_musd_per_month, 0.0)
    planned = planned_due_musd(model, firm, clock.month, clock.month + clock.months_per_period)
    cost = getattr(firm, "levelised_cost_usd_per_gpu_hour", 0.0)
    spot = getattr(firm, "spot_price_usd_per_gpu_hour", 0.0)
    earned, charge = _annual_return(model, firm, unit)
    return CapacityView(
        firm=firm.name,
        gpus=firm.fleet.gpus,
        on_order_gpus=firm.on_order_gpus,
        retiring_gpus=firm.fleet.retiring_within(lead),
        connectable_gpus=firm.fleet.gpus + free_mw / kw,
        demand_gpus=firm.demand_gpus,
        demand_growth_per_month=firm.demand_growth_per_month,
        contracted_gpus=due,
        lead_months=lead,
        spot_margin=spot / cost - 1.0 if cost > 0.0 else 0.0,
        unit_capex_musd=unit,
        means_musd=max(means, 0.0),
        owed_on_orders_musd=firm.on_order_gpus * unit,
        planned_musd=planned,
        annual_return=earned,
        annual_capital_charge=charge,
        build_request_gpus=firm.build_request_gpus,
        **model.situation(firm),
    )


def _annual_return(model: AIMarket, firm: Firm, unit_musd: float) -> tuple[float, float]:
    """What a GPU bought now would earn in a year over its running cost, and what it must earn, as shares of its price.

    A provider earns its spot price for the hours that its load fills; a lab saves what renting would cost.
    """
    technology, fleet, hours = model.config.technology, firm.entry.fleet, 12.0 * model.clock.hours_per_month
    is_provider = firm.name in model.providers
    price = model.providers[firm.name].spot_price_usd_per_gpu_hour if is_provider else model.spot_price_usd_per_gpu_hour
    load = min(model.providers[firm.name].load, 1.0) if is_provider else 1.0
    kw = model.new_gpu_power_kw * technology.power_usage_effectiveness
    running = fleet.operations_usd_per_gpu_hour + kw * energy_price(model, firm.name) / 1e3
    hall = model.new_gpu_power_kw * technology.datacentre_capex_usd_per_kw / 1e6 / unit_musd
    charge = (1.0 - hall) / fleet.depreciation_life_years + hall / technology.datacentre_life_years
    charge += firm.entry.cost_of_capital_per_year if is_provider else model.investors.entry.discount_rate_per_year
    margin = price - running if np.isfinite(price) else 0.0
    return margin * load * hours / 1e6 / unit_musd, charge


def order_chips(model: AIMarket) -> None:
    """Owners of fleets decide what to order and queue for the grid; orders go to the makers' queues."""
    decided: dict[str, CapacityDecision] = {}
    expected_mw = expected_connections_mw(model, float(model.config.compute.construction_months))
    for firm in model.fleet_owners:
        strategy = firm.strategies.get("capacity")
        view = (
            _capacity_view(model, firm, expected_mw.get(firm.name, 0.0))
            if firm.active and strategy is not None
            else None
        )
        if view is not None and strategy is not None:
            decided[firm.name] = model.decide(firm.name, strategy, view, CapacityDecision)
    split = {name: _weights(model, name) for name in decided}  # on the backlogs before anybody orders
    for name, decision in decided.items():
        firm = model.firms[name]
        for maker, weight in split[name].items():
            gpus = decision.order_gpus * weight
            if gpus > 0.0:
                backlog = model.chip_makers[maker].backlog
                backlog[name] = backlog.get(name, 0.0) + gpus
                firm.on_order[maker] = firm.on_order.get(maker, 0.0) + gpus
        request_connections(model, firm, firm.demand_growth_per_month * 12.0)


def deliver_chips(model: AIMarket) -> None:
    """Makers deliver in proportion to what each buyer has waiting; buyers pay and go into operation."""
    technology, clock = model.config.technology, model.clock
    kw = model.new_gpu_power_kw
    arrivals: dict[str, list[tuple[float, float]]] = {}
    for name, maker in model.chip_makers.items():
        maker.delivered_h100e = 0.0
        backlog = maker.backlog_h100e
        if not maker.active or backlog <= 0.0:
            continue
        output = min(maker.largest_output_per_month * clock.months_per_period, backlog)
        unit_cost = maker.unit_cost_usd
        for buyer in list(maker.backlog):
            gpus = maker.backlog[buyer] * output / backlog
            left = maker.backlog[buyer] - gpus
            maker.backlog[buyer] = left
            model.firms[buyer].on_order[name] = left
            if left <= 1e-9:
                del maker.backlog[buyer], model.firms[buyer].on_order[name]
            value = gpus * maker.price_usd / 1e6
            model.owe("chip_sales", buyer, name, value)
            model.graph.trade(name, buyer, "chips", gpus, value)
            arrivals.setdefault(buyer, []).append((gpus, value))
        maker.delivered_h100e = output
        maker.cumulative_h100e += output
        model.owe("chip_production", name, model.world.name, output * unit_cost / 1e6)
    for buyer, parts in arrivals.items():
        firm = model.firms[buyer]
        assert firm.fleet is not None
        gpus, chips_musd = sum(part[0] for part in parts), sum(part[1] for part in parts)
        servers_musd = chips_musd * technology.server_capex_share
        hall_kw = max(gpus * kw - firm.fleet.spare_hall_kw, 0.0)
        hall_musd = hall_kw * technology.datacentre_capex_usd_per_kw / 1e6
        model.owe("construction", buyer, model.world.name, servers_musd + hall_musd)
        firm.fleet.add(gpus, chips_musd + servers_musd, kw, hall_musd, hall_kw)
