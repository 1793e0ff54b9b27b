"""The measures of a period: model.md section 12, one function a table, rows in a fixed order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from aimarket.economics.concentration import herfindahl
from aimarket.economics.energy import merit_order_price
from aimarket.markets.commitments import outstanding_musd

if TYPE_CHECKING:
    from aimarket.accounts import Statement
    from aimarket.agents.firm import Firm
    from aimarket.model import AIMarket

__all__ = ["firm_rows", "market_row", "product_rows", "segment_rows"]

_NAN = float("nan")


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0.0 else _NAN


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0.0 else 0.0


def _service_lerner(model: AIMarket, own: np.ndarray) -> tuple[float, float]:
    """Profit over marginal cost and revenue of products ``own``, USD million."""
    catalogue = model.catalogue
    margin = (catalogue.paid_price[own] - catalogue.marginal_cost[own]) * catalogue.served[own] / 1e6
    return float(margin.sum()), float(catalogue.revenue[own].sum())


def _firm_lerner(model: AIMarket, firm: Firm, statement: Statement) -> float:
    """(p - c)/p by revenue; c is long-run cost for compute, unit cost for chips, the marginal plant for power.

    A tax on sales counts as cost: c over 1 less its rate.
    """
    if firm.role == "chip_maker":
        sold = statement.revenue > 0.0
        return 1.0 - firm.unit_cost_usd / firm.price_usd if sold else _NAN
    if firm.role == "energy_supplier":
        price = firm.price_usd_per_mwh
        load = firm.other_load_mw + firm.load_mw
        cost = firm.cost_usd_per_mwh
        plant = float(merit_order_price(load, firm.capacity_mw, cost, float(cost.max()), reserve_share=1e-9))
        plant /= 1.0 - model.tax_rates.get("energy", 0.0)
        return _ratio(price - plant, price)
    profit, revenue = 0.0, 0.0
    own = model.products_of.get(firm.name)
    if own is not None and own.size:
        profit, revenue = _service_lerner(model, own)
    if firm.role == "compute_provider" and statement.compute_sales > 0.0:
        hours = firm.sold_gpus * model.clock.hours_per_period
        taxed = 1.0 - model.tax_rates.get("compute", 0.0)
        cost = firm.levelised_cost_usd_per_gpu_hour / taxed * hours / 1e6
        profit += statement.compute_sales - cost
        revenue += statement.compute_sales
    return _ratio(profit, revenue)


def _cost_of_revenue(firm: Firm, statement: Statement, labour: float) -> float:
    if firm.role in ("frontier_lab", "open_weight_provider"):
        return firm.books.inference_compute_musd + statement.fees_and_royalties + labour
    if firm.role == "compute_provider":
        return statement.power_and_operations + firm.books.depreciation_musd + statement.fees_and_royalties
    return statement.production


def _value_added(firm: Firm, statement: Statement) -> float:
    """Revenue and own research less goods used up: compute rented for research is investment (SNA 2008)."""
    books = firm.books
    compute = books.training_compute_musd + books.inference_compute_musd
    research = statement.compute_bought * books.training_compute_musd / compute if compute > 0.0 else 0.0
    return statement.revenue + research - statement.intermediate


def firm_rows(model: AIMarket) -> Iterator[tuple[Any, ...]]:
    """Rows of the firms table, in the order of the config."""
    catalogue = model.catalogue
    added = {name: max(_value_added(model.firms[name], s), 0.0) for name, s in model.statements.items()}
    chain = sum(added.values())
    sales = float(catalogue.revenue.sum())
    for name, firm in model.firms.items():
        s, books = model.statements[name], firm.books
        own = model.products_of.get(name, np.empty(0, dtype=np.int64))
        by_kind = dict.fromkeys(("api", "service", "open"), 0.0)
        for j in own:
            by_kind[catalogue.kinds[j]] += float(catalogue.revenue[j])
        labour = float((catalogue.served[own] * catalogue.labour[own]).sum()) / 1e6
        cost = _cost_of_revenue(firm, s, labour)
        ebitda = s.revenue - s.cash_cost
        operating = ebitda - books.depreciation_musd
        net = operating + s.other_net + books.asset_gain_musd + books.debt_forgiven_musd
        yield (
            name,
            firm.role,
            s.revenue,
            cost,
            _ratio(s.revenue - cost, s.revenue),
            _firm_lerner(model, firm, s) if firm.active or s.revenue > 0.0 else _NAN,
            _share(added[name], chain),
            by_kind["api"],
            by_kind["service"],
            by_kind["open"],
            s.compute_sales,
            _share(s.service_sales, sales),
            books.training_compute_musd,
            books.inference_compute_musd + books.training_compute_musd,
            s.staff,
            ebitda,
            books.depreciation_musd,
            operating,
            net,
            s.capex,
            s.operating_cash_flow - s.capex,
            s.financing_net,
            firm.cash_musd,
            firm.debt_musd,
            firm.fixed_assets_musd,
            firm.cash_musd + firm.fixed_assets_musd - firm.debt_musd,
            firm.runway_months if np.isfinite(firm.runway_months) else _NAN,
            firm.valuation_musd,
            outstanding_musd(model, firm),
            firm.fleet.gpus if firm.fleet is not None else 0.0,
            books.gpus_in_use_h100e,
            getattr(firm, "released_quality", _NAN) if firm.active else _NAN,
            firm.alive,
        )


def product_rows(model: AIMarket) -> Iterator[tuple[Any, ...]]:
    """Rows of the products table: products on sale, in the order of the catalogue."""
    c = model.catalogue
    mtok, revenue = float(c.served.sum()), float(c.revenue.sum())
    static = model.static_equilibrium
    nash = static.price if static is not None else np.full(c.size, _NAN)
    for j in np.flatnonzero(c.available):
        yield (
            c.sellers[j],
            c.names[j],
            c.kinds[j],
            float(c.quality[j]),
            float(c.price[j]),
            float(c.fee[j]),
            float(c.paid_price[j]),
            float(c.marginal_cost[j]),
            float(c.scarcity_rent[j]),
            float((c.paid_price[j] - c.marginal_cost[j]) / c.paid_price[j]),
            float(nash[j]),
            float(c.own_elasticity[j]),
            float(c.served[j]),
            float(c.revenue[j]),
            _share(float(c.served[j]), mtok),
            _share(float(c.revenue[j]), revenue),
            float(c.usage_share[j]),
            float(c.unserved[j]),
        )


def segment_rows(model: AIMarket) -> Iterator[tuple[Any, ...]]:
    """Rows of the segments table, in the order of the config."""
    c = model.catalogue
    for segment in model.segments:
        value, mtok = segment.value_by_product, segment.mtok_by_product
        wanted = float(segment.usage_by_product @ segment.intensity)
        yield (
            segment.name,
            segment.entry.buyer_type,
            segment.entry.buyers,
            float(segment.population.adopted.sum()) * segment.scale,
            segment.spend_musd,
            segment.mtok,
            _share(segment.churn_usage, segment.live_usage),
            segment.population.providers_per_firm(c.seller_index),
            _share(float(value[c.is_open].sum()), segment.spend_musd),
            _share(float(mtok[c.is_open].sum()), segment.mtok),
            segment.surplus_musd,
            _share(max(wanted - segment.mtok, 0.0), wanted),
        )


def market_row(model: AIMarket) -> tuple[Any, ...]:
    """The row of the market table."""
    c, segments = model.catalogue, model.segments
    revenue, mtok = float(c.revenue.sum()), float(c.served.sum())
    by_firm = np.bincount(c.seller_index, weights=c.revenue, minlength=len(model.firms))
    mtok_by_firm = np.bincount(c.seller_index, weights=c.served, minlength=len(model.firms))
    profit, _ = _service_lerner(model, np.arange(c.size))
    metered = ~c.is_service
    closed = np.flatnonzero(c.available & ~c.is_open & ~c.is_service)
    open_quality = c.quality[c.available & c.is_open]
    enterprise = sum((s.value_by_product for s in segments if s.entry.buyer_type == "enterprise"), np.zeros(c.size))
    live = sum(s.live_usage * s.scale for s in segments)
    demanded = float(c.demand.sum())
    potential = [s.mtok_per_usage() * s.population.workloads for s in segments]
    adopted = [s.population.adopted_share_by_usage() for s in segments]
    surplus = sum(s.surplus_musd for s in segments)
    operating = sum(
        s.revenue - s.cash_cost - model.firms[name].books.depreciation_musd for name, s in model.statements.items()
    )
    buying = sum(float(s.population.adopted.sum()) * s.scale for s in segments)
    providers = sum(
        s.population.providers_per_firm(c.seller_index) * float(s.population.adopted.sum()) * s.scale for s in segments
    )
    # An owner that failed at the end of the period has sold its capacity before.
    owners = [firm for firm in model.fleet_owners if firm.usable_gpus > 0.0 and model.clock.month >= firm.founded]
    capacity = sum(firm.usable_gpus for firm in owners)
    in_use = sum(firm.own_gpus_in_use for firm in owners)
    delivered = [(maker.delivered_h100e, maker.price_usd) for maker in model.chip_makers.values() if maker.active]
    shipped = sum(q for q, _ in delivered)
    load = sum(region.load_mw for region in model.regions.values())
    power = sum(region.load_mw * region.price_usd_per_mwh for region in model.regions.values())
    plain = np.mean([region.price_usd_per_mwh for region in model.regions.values()]) if model.regions else _NAN
    return (
        float(herfindahl(by_firm)) if revenue > 0.0 else _NAN,
        float(herfindahl(mtok_by_firm)) if mtok > 0.0 else _NAN,
        _ratio(profit, revenue),
        _ratio(float((c.scarcity_rent * c.served).sum()) / 1e6, revenue),
        model.static_equilibrium.lerner if model.static_equilibrium is not None else _NAN,
        model.price_index,
        float(np.exp(np.log(c.price[closed]).mean())) if closed.size else _NAN,
        _ratio(float(c.revenue[metered].sum()) * 1e6, float(c.served[metered].sum())),
        _ratio(float(c.revenue[c.is_service].sum()) * 1e6, float(c.served[c.is_service].sum())),
        revenue,
        _share(float(c.revenue[c.is_service].sum()), revenue),
        mtok,
        _share(max(demanded - mtok, 0.0), demanded),
        float(np.average(adopted, weights=potential)),
        _share(sum(s.churn_usage * s.scale for s in segments), live),
        _share(providers, buying),
        _share(float(c.served[c.is_open].sum()), mtok),
        _share(float(c.revenue[c.is_open].sum()), float(c.revenue[metered].sum())),
        _share(float(enterprise[c.is_open].sum()), float(enterprise[metered].sum())),
        model.frontier_history[-1],
        model.frontier_history[-1] - float(open_quality.max()) if open_quality.size else _NAN,
        surplus,
        operating,
        surplus + operating,
        model.spot_price_usd_per_gpu_hour,
        model.contract_price_usd_per_gpu_hour,
        capacity,
        _share(in_use, capacity),
        model.compute_shortage_gpus,
        _ratio(sum(q * p for q, p in delivered), shipped),
        sum(maker.backlog_h100e for maker in model.chip_makers.values()),
        power / load if load > 0.0 else float(plain),
        load,
        sum(sum(region.connected_mw.values()) for region in model.regions.values()),
        sum(s.capex for s in model.statements.values()),
        sum(outstanding_musd(model, firm) for firm in model.firms.values()),
        sum(s.financing_net for s in model.statements.values()),
        model.investors.narrative_share,
        model.investors.sentiment,
        model.investors.past_mispricing[-1],
        sum(firm.alive for firm in model.firms.values()),
    )
