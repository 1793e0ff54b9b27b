"""Charts of the market as a whole: shares, pricing power by tier, prices, compute, energy."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from aimarket.reporting.charts import Chart, Line, Mark
from aimarket.reporting.frames import (
    Tables,
    enterprise_api_shares,
    lerner_by_tier,
    ordered_firms,
    value_added_by_tier,
    wide,
)
from aimarket.reporting.palette import OTHER, Style, firm_styles, measure_style, tier_style

__all__ = ["compute_charts", "energy_charts", "price_charts", "share_charts", "tier_charts"]

_SMALL = 0.01


def share_charts(tables: Tables, marks: Sequence[Mark]) -> list[Chart]:
    """Who sells: revenue shares stacked, enterprises' API spending, concentration, openness."""
    styles = firm_styles(ordered_firms(tables))
    shares = wide(tables["firms"], "firm", "share_revenue")[ordered_firms(tables)]
    enterprise = enterprise_api_shares(tables)
    stack = _stack(shares, styles)
    buyers = _stack(enterprise, styles)
    grouped = any(line.style is OTHER for line in stack)
    return [
        Chart(
            "Shares of service revenue",
            "percent",
            stack,
            marks=marks,
            stacked=True,
            note=f"Firms that never reach {_SMALL:.0%} are shown together as others." if grouped else "",
        ),
        Chart("Enterprise API and open-weight spending", "percent", buyers, marks=marks, stacked=True),
        _measures(
            tables,
            marks,
            "Concentration",
            "HHI, 0 to 1",
            {"hhi_revenue": "revenue", "hhi_mtok": "tokens"},
        ),
        _measures(
            tables,
            marks,
            "Adoption, open weights, churn",
            "percent",
            {
                "adoption": "adoption",
                "open_weight_share_mtok": "open-weight share of tokens",
                "open_weight_share_enterprise": "open-weight share of enterprise spending",
                "churn": "workloads that change firm",
            },
            scale=100.0,
        ),
    ]


def tier_charts(tables: Tables, marks: Sequence[Mark]) -> list[Chart]:
    """Who keeps the buyer's dollar, tier by tier."""
    added, lerner = value_added_by_tier(tables), lerner_by_tier(tables)
    return [
        Chart(
            "Value added by tier",
            "percent",
            [Line(tier, added[tier] * 100.0, tier_style(tier)) for tier in added],
            marks=marks,
            stacked=True,
        ),
        Chart(
            "Lerner index by tier",
            "(p - c)/p",
            [Line(tier, lerner[tier], tier_style(tier)) for tier in lerner],
            marks=marks,
            floor=-1.0,
            note="Weighted by revenue. Open hosts sell open weights; they are clouds as well.",
        ),
    ]


def price_charts(tables: Tables, marks: Sequence[Mark]) -> list[Chart]:
    posted = {
        "list_price_usd_per_mtok": "list, closed APIs",
        "paid_price_usd_per_mtok": "paid, API and open",
        "service_price_usd_per_mtok": "intelligent services",
    }
    return [
        _measures(tables, marks, "Prices of services", "USD/Mtok", posted, log=True),
        _measures(
            tables,
            marks,
            "Price of constant quality",
            "first period = 1",
            {"price_index": "chained index"},
            log=True,
        ),
        _measures(
            tables,
            marks,
            "Lerner index of services",
            "share of price",
            {
                "lerner": "Lerner index",
                "scarcity_rent": "part that is scarcity",
                "lerner_nash": "what static competition explains",
            },
            floor=-1.0,
        ),
    ]


def compute_charts(tables: Tables, marks: Sequence[Mark]) -> list[Chart]:
    market = tables["market"].assign(in_use=lambda m: m["gpu_capacity_h100e"] * m["gpu_utilisation"])
    with_use = {**tables, "market": market}
    stocks = {
        "gpu_capacity_h100e": "powered capacity",
        "in_use": "in use",
        "gpu_shortage_h100e": "demanded, not delivered",
        "chip_backlog_h100e": "ordered, not delivered",
    }
    prices = {
        "spot_price_usd_per_gpu_hour": "spot",
        "contract_price_usd_per_gpu_hour": "contracts",
    }
    return [
        _measures(with_use, marks, "Capacity", "million H100e", stocks, scale=1e-6, log=True),
        _measures(tables, marks, "Utilisation", "percent", {"gpu_utilisation": "of capacity"}, scale=100.0),
        _measures(tables, marks, "Price of compute", "USD/GPU-hour", prices),
        _measures(tables, marks, "Price of an accelerator", "USD thousand", {"gpu_price_usd": "per H100e"}, scale=1e-3),
    ]


def energy_charts(tables: Tables, marks: Sequence[Mark]) -> list[Chart]:
    loads = {"energy_load_mw": "load", "energy_connected_mw": "connected"}
    return [
        _measures(tables, marks, "Load and grid connections", "GW", loads, scale=1e-3, log=True),
        _measures(tables, marks, "Price of power", "USD/MWh", {"energy_price_usd_per_mwh": "weighted by load"}),
    ]


def _measures(
    tables: Tables,
    marks: Sequence[Mark],
    title: str,
    unit: str,
    columns: dict[str, str],
    *,
    scale: float = 1.0,
    log: bool = False,
    floor: float | None = None,
) -> Chart:
    market = tables["market"].drop_duplicates("date").set_index("date")
    lines = [Line(label, market[name] * scale, measure_style(i)) for i, (name, label) in enumerate(columns.items())]
    lines = [line for line in lines if _has_values(line.values, log)]
    return Chart(title, unit, lines, marks=marks, log=log, floor=floor)


def _has_values(values: pd.Series, log: bool) -> bool:
    return bool((values > 0.0).any() if log else values.notna().any())


def _stack(shares: pd.DataFrame, styles: dict[str, Style]) -> list[Line]:
    large = [firm for firm in shares if shares[firm].max() >= _SMALL]
    lines = [Line(str(firm), shares[firm] * 100.0, styles[firm]) for firm in large]
    rest = shares.drop(columns=large).sum(axis=1)
    return [*lines, Line("others", rest * 100.0, OTHER)] if rest.max() > 1e-4 else lines
