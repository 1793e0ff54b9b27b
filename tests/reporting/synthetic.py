"""A made-up run with plausible numbers: every table and column, no simulation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from aimarket.recording.results import Results
from aimarket.recording.tables import TABLES

ROLES = {
    "openai": "frontier_lab",
    "anthropic": "frontier_lab",
    "google": "frontier_lab",
    "xai": "frontier_lab",
    "microsoft": "compute_provider",
    "amazon": "compute_provider",
    "google_cloud": "compute_provider",
    "oracle": "compute_provider",
    "coreweave": "compute_provider",
    "nvidia": "chip_maker",
    "amd": "chip_maker",
    "broadcom": "chip_maker",
    "meta": "open_weight_provider",
    "deepseek": "open_weight_provider",
    "mistral": "open_weight_provider",
    "texas_power": "energy_supplier",
    "virginia_power": "energy_supplier",
}
SEGMENTS = {
    "large_enterprises": "enterprise",
    "small_firms": "enterprise",
    "consumers": "consumer",
    "routers": "developer",
}
WEIGHT = {"openai": 0.5, "anthropic": 0.15, "google": 0.12, "xai": 0.03, "microsoft": 0.08, "amazon": 0.05}
EVENTS = (
    ("2024-04-01", "open_weight_release", "meta", 0.0, "Llama 3 closes the gap to 0.9"),
    ("2026-03-01", "revise_commitments", "openai", 600_000.0, "commitments go from 1,400 to 600 billion USD"),
    ("2028-01-01", "funding_freeze", "", 0.5, "investors supply half of what they did"),
)


def synthetic_results(
    periods: int = 96,
    *,
    months: int = 1,
    start: str = "2023-01",
    roles: dict[str, str] | None = None,
    events: bool = True,
    decisions: bool = True,
    name: str = "synthetic",
    fails: dict[str, int] | None = None,
) -> Results:
    """``fails`` maps a firm to the step of its exit; ``roles`` maps firms to roles, in order."""
    roles = ROLES if roles is None else roles
    dates = pd.period_range(start, periods=periods * months, freq="M")[::months]
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
    for i, period in enumerate(dates):
        when = {"step": i + 1, "date": f"{period.year:04d}-{period.month:02d}-01"}
        _period(rows, when, i * months, months, roles, fails or {}, decisions=decisions)
    last = rows["market"][-1]["date"]
    struck = [(date, *rest) for date, *rest in EVENTS if rows["market"][0]["date"] <= date <= last] if events else []
    for date, kind, target, size, effect in struck:
        rows["events"].append({"step": 1, "date": date, "kind": kind, "target": target, "size": size, "effect": effect})
    tables = {table: _frame(table, rows[table]) for table in TABLES}
    config = {
        "name": name,
        "time": {"start": start, "periods": periods},
        "agents": {firm: {"kind": role} for firm, role in roles.items()},
    }
    manifest = {
        "name": name,
        "description": "A made-up run for tests.",
        "config": config,
        "fingerprint": "0123456789abcdef",
        "seed": 7,
        "versions": {"python": "3.11.7", "aimarket": "0.1.0"},
        "timing": {"simulation_seconds": 0.5},
    }
    return Results(tables, manifest)


def _frame(table: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    dtypes = {"float": float, "int": np.int64, "flag": bool, "text": "str"}
    columns = {}
    for column in TABLES[table].columns:
        missing = {"float": float("nan"), "int": 0, "flag": True, "text": ""}[column.kind]
        values = [row.get(column.name, missing) for row in rows]
        columns[column.name] = pd.Series(values, dtype=dtypes[column.kind])
    return pd.DataFrame(columns)


def _period(rows: Any, when: Any, month: int, months: int, roles: Any, fails: Any, *, decisions: bool) -> None:
    years = month / 12
    sales = 150.0 * months * np.exp(1.15 * years - 0.055 * years**2)
    index = 9.0**-years
    alive = {firm: when["step"] < fails.get(firm, 10**9) for firm in roles}
    weights = {
        firm: w * np.exp((0.25 if firm == "anthropic" else -0.1) * years)
        for firm, w in WEIGHT.items()
        if firm in roles and alive[firm]
    }
    total = sum(weights.values()) or 1.0
    share = {firm: w / total for firm, w in weights.items()}
    rows["market"].append(
        {
            **when,
            "hhi_revenue": sum(s * s for s in share.values()),
            "hhi_mtok": 0.9 * sum(s * s for s in share.values()),
            "lerner": 0.45 - 0.02 * years,
            "scarcity_rent": 0.05,
            "price_index": index,
            "list_price_usd_per_mtok": 20 * 1.9**-years,
            "paid_price_usd_per_mtok": 12 * 2.5**-years,
            "service_price_usd_per_mtok": 30 * 1.5**-years,
            "revenue_musd": sales,
            "adoption": 1 / (1 + np.exp(3 - years)),
            "open_weight_share_mtok": 0.1 + 0.03 * years,
            "open_weight_share_revenue": 0.12,
            "open_weight_share_enterprise": 0.19 - 0.015 * years,
            "churn": 0.03,
            "spot_price_usd_per_gpu_hour": 1.5 + 7 * np.exp(-years),
            "contract_price_usd_per_gpu_hour": 1.3 + np.exp(-0.5 * years),
            "gpu_capacity_h100e": 4e5 * 2.3**years,
            "gpu_utilisation": 0.8 - 0.02 * years,
            "gpu_shortage_h100e": max(0.0, 5e4 * (1 - years)),
            "gpu_price_usd": 36_000 * 0.86**years,
            "energy_price_usd_per_mwh": 50 + 6 * years,
            "energy_load_mw": 700 * 1.9**years,
            "energy_connected_mw": 1000 * 1.9**years,
            "capex_musd": sales,
            "commitments_musd": 1e5,
            "survivors": sum(alive.values()),
        }
    )
    for i, (firm, role) in enumerate(roles.items()):
        lab = role == "frontier_lab"
        revenue = (
            sales * share.get(firm, 0.0)
            + {"chip_maker": 1.5, "compute_provider": 0.8, "energy_supplier": 0.1}.get(role, 0.0) * sales
        )
        planned = 1.4e6 * min(max(years - 1.5, 0) / 1.5, 1.0) * (0.43 if years >= 3.2 else 1.0)
        rows["firms"].append(
            {
                **when,
                "firm": firm,
                "role": role,
                "revenue_musd": revenue if alive[firm] else 0.0,
                "cost_musd": 0.6 * revenue,
                "gross_margin": 0.72 if role == "chip_maker" else 0.4 if revenue else float("nan"),
                "lerner": 0.6 - 0.02 * years if role == "chip_maker" else 0.4 - 0.02 * i if revenue else float("nan"),
                "value_added_share": 1 / len(roles) * (1 + (0.1 * years if role == "chip_maker" else 0.0)),
                "share_revenue": share.get(firm, 0.0),
                "compute_cost_musd": 1.2 * revenue if lab else 0.0,
                "free_cash_flow_musd": -0.8 * revenue if lab else 0.2 * revenue,
                "funding_musd": 0.9 * revenue if lab and month % 6 == 0 else 0.0,
                "cash_musd": 5000 + 100 * month if lab else 20_000.0,
                "runway_months": 18 - 0.1 * month if lab and month % 5 else float("nan"),
                "valuation_musd": 30 * revenue / months * 12,
                "commitments_musd": planned if firm == "openai" else 4e4 if firm == "oracle" else 0.0,
                "gpus_h100e": 6e4 * 2.3**years if role == "compute_provider" else 0.0,
                "gpus_in_use_h100e": 1e5 * 2.5**years * share.get(firm, 0.0) * 2 if lab else 0.0,
                "alive": alive[firm],
            }
        )
    for firm, part in share.items():
        kind = "api" if roles[firm] == "frontier_lab" else "open"
        product = {
            "price_usd_per_mtok": 20 * 1.9**-years,
            "marginal_cost_usd_per_mtok": 9 * 1.9**-years,
            "lerner": 0.55,
        }
        rows["products"].append(
            {
                **when,
                "firm": firm,
                "product": f"{firm}-{kind}",
                "kind": kind,
                "quality": years,
                **product,
                "mtok": 100.0,
                "revenue_musd": sales * part,
                "share_revenue": part,
            }
        )
        for segment, buyer_type in SEGMENTS.items():
            value = sales * part * (0.4 if buyer_type == "consumer" else 0.2)
            trade = {"seller": firm, "buyer": segment, "good": kind, "quantity": 100.0, "value_musd": value}
            rows["trades"].append({**when, **trade, "price": value / 100.0, "contract_share": 0.0})
    if "nvidia" in roles:
        chips = {"seller": "nvidia", "buyer": "microsoft", "good": "chips", "quantity": 3e4 * months * 1.8**years}
        rows["trades"].append({**when, **chips, "value_musd": 900.0, "price": 30_000.0, "contract_share": 0.0})
    for segment, buyer_type in SEGMENTS.items():
        rows["segments"].append(
            {
                **when,
                "segment": segment,
                "buyer_type": buyer_type,
                "open_weight_share_mtok": 0.2,
                "spend_musd": sales / 4,
            }
        )
    if decisions:
        for firm in list(share)[:3]:
            why = f"price 12.0 from cost 6.0 & margin 50 % <of {firm}>"
            rows["decisions"].append(
                {
                    **when,
                    "agent": firm,
                    "decision": "pricing",
                    "strategy": "target_margin",
                    "value": 12.0,
                    "reason": why,
                }
            )
