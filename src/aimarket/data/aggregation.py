"""From the tables of a run to one number a month: levels, flows, run-rates, shares, yearly declines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["AGGREGATES", "Measure", "measured", "months_per_period", "run_months"]

Tables = Mapping[str, pd.DataFrame]
Filter = Mapping[str, object]


@dataclass(frozen=True)
class Measure:
    """Where the model's number comes from; the keys are explained at the top of ``observations.yaml``."""

    table: str
    column: str
    aggregate: str
    where: Filter = field(default_factory=dict)
    scale: float = 1.0
    reduce: str = "sum"
    buyers: str | None = None
    of: Filter | None = None
    over: str | None = None
    less: str | None = None
    months: int = 1
    initial: bool = False


def measured(measure: Measure, tables: Tables, initial: float = 0.0) -> pd.Series | None:
    """``measure`` for every month of the run (a monthly ``PeriodIndex``), missing where it is unknown.

    ``None`` where the run holds no row of it at all, as when the firm is not part of the config.  A
    period that covers several months gives each of them its level, or its share of the flow, so that
    monthly and quarterly runs are measured alike.  ``initial`` is what a cumulative flow starts from, in
    the unit of the table.
    """
    rows = _selected(tables, measure)
    if rows.empty or measure.column not in rows:
        return None
    value = AGGREGATES[measure.aggregate](measure, rows, tables)
    if measure.aggregate == "cumulative":
        value = value + initial
    return value.replace([np.inf, -np.inf], np.nan) * measure.scale


def months_per_period(tables: Tables) -> int:
    """Months that a period covers, from the spacing of the dates; 1 where there is one period only."""
    dates = _periods(tables)
    return int(np.median(np.diff(dates.asi8))) if len(dates) > 1 else 1


def run_months(tables: Tables) -> pd.PeriodIndex:
    """Every month that the run covers."""
    dates = _periods(tables)
    if not len(dates):
        return dates
    return pd.period_range(dates[0], dates[-1] + (months_per_period(tables) - 1), freq="M")


def _periods(tables: Tables) -> pd.PeriodIndex:
    return _months(tuple(tables["market"]["date"].dropna().unique())).sort_values()


@lru_cache(maxsize=64)
def _months(dates: tuple[str, ...]) -> pd.PeriodIndex:
    return pd.PeriodIndex(pd.to_datetime(list(dates), format="%Y-%m-%d"), freq="M")


def _selected(tables: Tables, measure: Measure) -> pd.DataFrame:
    rows = _filtered(tables[measure.table], {**(measure.of or {}), **measure.where})
    return _bought_by(rows, measure.buyers, tables)


def _filtered(rows: pd.DataFrame, where: Filter) -> pd.DataFrame:
    for column, wanted in where.items():
        rows = rows[rows[column].isin(wanted if isinstance(wanted, list) else [wanted])]
    return rows


def _bought_by(rows: pd.DataFrame, buyer_type: str | None, tables: Tables) -> pd.DataFrame:
    if buyer_type is None:
        return rows
    segments = tables["segments"]
    return rows[rows["buyer"].isin(segments.loc[segments["buyer_type"] == buyer_type, "segment"].unique())]


def _monthly(rows: pd.DataFrame, column: str, reduce: str, tables: Tables, *, flow: bool) -> pd.Series:
    """One value a month; a flow without a row is zero, a level without a row is missing."""
    if reduce == "best":
        rows = rows.sort_values("quality", kind="stable").drop_duplicates("date", keep="last")
    grouped = rows.groupby("date", sort=True)[column]
    value = grouped.mean() if reduce == "mean" else grouped.sum(min_count=1)
    value.index = _months(tuple(value.index))
    value = value.astype(float).reindex(_periods(tables), **({"fill_value": 0.0} if flow else {}))
    length = months_per_period(tables)
    return (value / length if flow else value).reindex(run_months(tables), method="ffill", limit=length - 1 or None)


def _flow(measure: Measure, rows: pd.DataFrame, tables: Tables) -> pd.Series:
    return _monthly(rows, measure.column, measure.reduce, tables, flow=True)


def _level(measure: Measure, rows: pd.DataFrame, tables: Tables) -> pd.Series:
    return _monthly(rows, measure.column, measure.reduce, tables, flow=False)


def _run_rate(measure: Measure, rows: pd.DataFrame, tables: Tables) -> pd.Series:
    return _flow(measure, rows, tables) * 12.0


def _annual_sum(measure: Measure, rows: pd.DataFrame, tables: Tables) -> pd.Series:
    return _flow(measure, rows, tables).rolling(12).sum()


def _quarter_sum(measure: Measure, rows: pd.DataFrame, tables: Tables) -> pd.Series:
    return _flow(measure, rows, tables).rolling(3).sum()


def _cumulative(measure: Measure, rows: pd.DataFrame, tables: Tables) -> pd.Series:
    return _flow(measure, rows, tables).cumsum()


def _share(measure: Measure, rows: pd.DataFrame, tables: Tables) -> pd.Series:
    part = _flow(measure, rows, tables)
    if measure.less is not None:
        part = part - _monthly(rows, measure.less, measure.reduce, tables, flow=True)
    if measure.over is not None:
        whole = _monthly(rows, measure.over, measure.reduce, tables, flow=True)
    else:
        every = _bought_by(_filtered(tables[measure.table], measure.of or {}), measure.buyers, tables)
        whole = _monthly(every, measure.column, measure.reduce, tables, flow=True)
    whole = whole.rolling(measure.months).sum()
    return part.rolling(measure.months).sum() / whole.where(whole > 0.0)


def _yearly_decline(measure: Measure, rows: pd.DataFrame, tables: Tables) -> pd.Series:
    """Last value of the year before over last value of the year, the same in all its months.

    The run's first year starts from its first period, and a year that the run covers only in part is
    brought to twelve months; a year of less than half is left out.
    """
    level = _level(measure, rows, tables)
    decline = pd.Series(np.nan, index=level.index)
    before: tuple[pd.Period, float] | None = None
    for year, values in level.groupby(level.index.year):
        known = values.dropna()
        if known.empty:
            continue
        since, start = before or (known.index[0], float(known.iloc[0]))
        until, end = known.index[-1], float(known.iloc[-1])
        months = (until - since).n
        if months >= 6 and start > 0.0 and end > 0.0:
            decline[decline.index.year == year] = (start / end) ** (12.0 / months)
        before = (until, end)
    return decline


AGGREGATES: dict[str, Callable[[Measure, pd.DataFrame, Tables], pd.Series]] = {
    "annual_sum": _annual_sum,
    "cumulative": _cumulative,
    "level": _level,
    "quarter_sum": _quarter_sum,
    "run_rate": _run_rate,
    "share": _share,
    "yearly_decline": _yearly_decline,
}
