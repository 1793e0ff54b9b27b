"""Who holds the market and the pricing power: start, now and end of a run, as a JSON-able dict."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from aimarket.data.aggregation import months_per_period
from aimarket.reporting.console import print_tables
from aimarket.reporting.frames import (
    enterprise_api_shares,
    firms_by_role,
    lerner_by_tier,
    moments,
    ordered_firms,
    tables_of,
    value_added_by_tier,
    wide,
)
from aimarket.reporting.story import commitments, commitments_story, verdict

if TYPE_CHECKING:
    from rich.console import Console

    from aimarket.recording.results import Results

__all__ = ["print_summary", "summarise"]

_MARKET = (
    ("hhi_revenue", "HHI, revenue", "index"),
    ("hhi_mtok", "HHI, tokens", "index"),
    ("lerner", "Lerner index, services", "index"),
    ("adoption", "adoption", "share"),
    ("open_weight_share_mtok", "open weights, tokens", "share"),
    ("open_weight_share_enterprise", "open weights, enterprise", "share"),
    ("gpu_utilisation", "GPU utilisation", "share"),
    ("survivors", "firms in business", "count"),
)
_PRICES = (
    ("list_price_usd_per_mtok", "list, USD/Mtok"),
    ("paid_price_usd_per_mtok", "paid, USD/Mtok"),
    ("service_price_usd_per_mtok", "services, USD/Mtok"),
    ("price_index", "constant quality, start = 1"),
    ("spot_price_usd_per_gpu_hour", "spot, USD/GPU-hour"),
    ("contract_price_usd_per_gpu_hour", "contract, USD/GPU-hour"),
    ("gpu_price_usd", "accelerator, USD/H100e"),
    ("energy_price_usd_per_mwh", "power, USD/MWh"),
)
_LAB = (
    ("cash_musd", "musd"),
    ("runway_months", "months"),
    ("valuation_musd", "musd"),
    ("commitments_musd", "musd"),
)


def summarise(results: Results) -> dict[str, Any]:
    """What a run says, ready for ``json.dumps``: every number at start, now and end, and the story in words.

    ``tables`` maps a title to its ``format`` and its ``rows`` (name -> moment -> value; ``None`` is
    missing).  ``now`` is March 2026; a run that does not reach it has start and end only.
    """
    tables = tables_of(results)
    when = moments(tables)
    manifest = results.manifest
    return {
        "run": {key: manifest.get(key) for key in ("name", "description", "fingerprint", "seed")},
        "moments": when,
        "tables": _tables(tables, when),
        "survivors": _survivors(tables),
        "failures": _failures(tables),
        "commitments": commitments(tables, when),
        "commitments_story": commitments_story(tables, when),
        "verdict": verdict(tables, when),
    }


def print_summary(results: Results, console: Console | None = None) -> None:
    """Print the summary for a terminal."""
    print_tables(summarise(results), console)


def _tables(tables: dict[str, pd.DataFrame], when: dict[str, str]) -> dict[str, Any]:
    market = tables["market"].drop_duplicates("date").set_index("date")
    firms = tables["firms"]
    everyone = ordered_firms(tables)
    labs = firms_by_role(tables, "frontier_lab")
    raised = wide(firms, "firm", "funding_musd").fillna(0.0).cumsum()
    alive = wide(firms, "firm", "alive").fillna(False).astype(bool)
    sizes = ("revenue_musd", "capex_musd")
    per_year = market[list(sizes)] * 12.0 / months_per_period(tables)
    totals = pd.concat([per_year, market[["commitments_musd"]]], axis=1)
    names = dict.fromkeys(totals, "") | {
        "revenue_musd": "service spending a year",
        "capex_musd": "capital expenditure a year",
        "commitments_musd": "commitments outstanding",
    }
    made = {
        "Market": _block("musd", totals.rename(columns=names), when),
        "Market measures": _measures(market, when),
        "Prices": _block("number", market[[c for c, _ in _PRICES]].rename(columns=dict(_PRICES)), when),
        "Share of service revenue": _block("share", wide(firms, "firm", "share_revenue"), when, everyone, drop=True),
        "Enterprise API share": _block("share", enterprise_api_shares(tables), when, drop=True),
        "Lerner index by firm": _block("index", wide(firms, "firm", "lerner"), when, everyone, drop=True),
        "Lerner index by tier": _block("index", lerner_by_tier(tables), when),
        "Value added by tier": _block("share", value_added_by_tier(tables), when),
    }
    titles = {
        "cash_musd": "Labs: cash",
        "runway_months": "Labs: runway (-: cash does not fall)",
        "valuation_musd": "Labs: valuation",
        "commitments_musd": "Labs: commitments",
    }
    for column, form in _LAB:
        lines = wide(firms, "firm", column)
        made[titles[column]] = _block(form, lines.where(alive.reindex_like(lines)), when, labs)
    made["Labs: funding raised"] = _block("musd", raised, when, labs)
    return made


def _block(
    form: str,
    lines: pd.DataFrame,
    when: dict[str, str],
    keep: list[str] | None = None,
    *,
    drop: bool = False,
) -> dict[str, Any]:
    """One table of the summary; ``drop`` leaves out rows that are missing or zero throughout."""
    rows = {}
    for name in lines.columns if keep is None else [name for name in keep if name in lines]:
        row = {label: _value(lines, date, name) for label, date in when.items()}
        if not drop or any(row.values()):
            rows[str(name)] = row
    return {"format": form, "rows": rows}


def _measures(market: pd.DataFrame, when: dict[str, str]) -> dict[str, Any]:
    rows = {name: {label: _value(market, date, column) for label, date in when.items()} for column, name, _ in _MARKET}
    return {"format": "number", "formats": {name: form for _, name, form in _MARKET}, "rows": rows}


def _value(lines: pd.DataFrame, date: str, name: object) -> float | None:
    if date not in lines.index:
        return None
    value = float(lines.at[date, name])
    return value if math.isfinite(value) else None


def _survivors(tables: dict[str, pd.DataFrame]) -> list[str]:
    firms = tables["firms"]
    last = firms[firms["date"] == firms["date"].max()] if len(firms) else firms
    return [str(name) for name in last.loc[last["alive"].astype(bool), "firm"]]


def _failures(tables: dict[str, pd.DataFrame]) -> list[dict[str, str]]:
    """Firms that were in business and are no longer, with the date of the first period without them."""
    failed = []
    for firm, rows in tables["firms"].groupby("firm", sort=False):
        lived = rows["alive"].astype(bool).to_numpy()
        if lived.any() and not lived[-1]:
            last_alive = len(lived) - 1 - int(lived[::-1].argmax())
            failed.append({"firm": str(firm), "date": str(rows["date"].iloc[last_alive + 1])})
    return sorted(failed, key=lambda entry: (entry["date"], entry["firm"]))
