"""Views of a run's tables that the summary and the report share: moments, tiers, firm by period."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from aimarket.data.aggregation import Measure, measured, months_per_period
from aimarket.recording.tables import TABLES

if TYPE_CHECKING:
    from aimarket.recording.results import Results

__all__ = [
    "NOW",
    "SERVICE_TIER",
    "TIERS",
    "enterprise_api_shares",
    "firms_by_role",
    "lerner_by_tier",
    "moments",
    "ordered_firms",
    "tables_of",
    "trailing_year",
    "value_added_by_tier",
    "wide",
]

NOW = "2026-03"
TIERS = {
    "frontier_lab": "labs",
    "open_weight_provider": "open-weight providers",
    "compute_provider": "clouds",
    "chip_maker": "chips",
    "energy_supplier": "energy",
}
SERVICE_TIER = "open hosts"
Tables = Mapping[str, pd.DataFrame]


def tables_of(results: Results) -> dict[str, pd.DataFrame]:
    """The tables of a run; one that is missing is empty and has the columns it should have."""
    empty = {name: pd.DataFrame(columns=list(table.names)) for name, table in TABLES.items()}
    return {**empty, **results.tables}


def moments(tables: Tables) -> dict[str, str]:
    """Dates of the periods to tell about: start, now (March 2026 or the period that holds it), end.

    There is no ``now`` where the run ends before it or starts after it.
    """
    dates = sorted(tables["market"]["date"].dropna().unique())
    if not dates:
        return {}
    found = {"start": dates[0], "end": dates[-1]}
    before = [date for date in dates if date[:7] <= NOW]
    if before and dates[-1][:7] > NOW:
        found = {"start": dates[0], "now": before[-1], "end": dates[-1]}
    return {label: str(date) for label, date in found.items()}


def wide(rows: pd.DataFrame, key: str, column: str, dates: pd.Index | None = None) -> pd.DataFrame:
    """``column`` with a row a date and a column per ``key``, both in the order of the run."""
    values = rows.groupby(["date", key], sort=False)[column].last().unstack(key)
    values = values.reindex(columns=rows[key].drop_duplicates())
    return values.sort_index() if dates is None else values.reindex(dates)


def ordered_firms(tables: Tables) -> list[str]:
    """Firms by tier (labs, open-weight providers, clouds, chips, energy, others), then as configured."""
    roles = tables["firms"].drop_duplicates("firm").set_index("firm")["role"]
    order = list(TIERS)
    return sorted(roles.index, key=lambda firm: order.index(roles[firm]) if roles[firm] in order else len(order))


def firms_by_role(tables: Tables, *roles: str) -> list[str]:
    """Firms of ``roles``, in their fixed order."""
    of_role = set(tables["firms"].loc[tables["firms"]["role"].isin(roles), "firm"])
    return [firm for firm in ordered_firms(tables) if firm in of_role]


def trailing_year(values: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Sum of flows over the last twelve months; missing in a run's first year."""
    return values.rolling(max(round(12 / months_per_period(tables)), 1)).sum()


def enterprise_api_shares(tables: Tables) -> pd.DataFrame:
    """Sellers' shares of what enterprises pay for API and open-weight use, a row a month."""
    trades, shares = tables["trades"], {}
    for seller in trades.loc[trades["good"].isin(["api", "open"]), "seller"].unique():
        measure = Measure(
            "trades",
            "value_musd",
            "share",
            where={"seller": seller},
            of={"good": ["api", "open"]},
            buyers="enterprise",
        )
        line = measured(measure, tables)
        if line is not None:
            shares[seller] = line
    frame = pd.DataFrame(shares)
    frame.index = [f"{month.year:04d}-{month.month:02d}-01" for month in frame.index]
    return frame[[firm for firm in ordered_firms(tables) if firm in frame]]


def value_added_by_tier(tables: Tables) -> pd.DataFrame:
    """Who keeps the buyer's dollar: share of the chain's value added by tier, a row a period."""
    rows = tables["firms"].assign(tier=lambda firms: firms["role"].map(TIERS).fillna("others"))
    summed = rows.groupby(["date", "tier"])["value_added_share"].sum(min_count=1).unstack("tier")
    return summed[[tier for tier in (*TIERS.values(), "others") if tier in summed]]


def lerner_by_tier(tables: Tables) -> pd.DataFrame:
    """Lerner index by tier, weighted by revenue, a row a period; open hosts are hosted open weights."""
    rows = tables["firms"].assign(tier=lambda firms: firms["role"].map(TIERS).fillna("others"))
    hosted = tables["products"]
    hosted = hosted[hosted["kind"] == "open"].assign(tier=SERVICE_TIER)
    columns = ["date", "tier", "lerner", "revenue_musd"]
    rows = pd.concat([part[columns] for part in (rows, hosted) if len(part)] or [rows[columns]])
    rows = rows[rows["lerner"].notna() & (rows["revenue_musd"] > 0.0)]
    rows = rows.assign(margin=rows["lerner"] * rows["revenue_musd"])
    summed = rows.groupby(["date", "tier"])[["margin", "revenue_musd"]].sum()
    frame = (summed["margin"] / summed["revenue_musd"]).unstack("tier")
    return frame[[tier for tier in (*TIERS.values(), SERVICE_TIER, "others") if tier in frame]]
