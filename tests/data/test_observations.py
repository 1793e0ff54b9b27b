"""Model against data: the declared pairs are sound, and the aggregations do the arithmetic they name."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from synthetic import ROLES, synthetic_results

from aimarket.data.aggregation import AGGREGATES, Measure, measured, months_per_period, run_months
from aimarket.data.observations import COMPARISON, compare, observations, observed, simulated
from aimarket.recording.tables import TABLES


def _market(values: list[float], months: int = 1, start: str = "2023-01") -> dict[str, pd.DataFrame]:
    dates = pd.period_range(start, periods=len(values) * months, freq="M")[::months]
    frame = pd.DataFrame({"date": [f"{d}-01" for d in dates], "x": values})
    return {"market": frame}


def _line(values: list[float], aggregate: str, months: int = 1, start: str = "2023-01", **more: object) -> pd.Series:
    line = measured(Measure("market", "x", aggregate, **more), _market(values, months, start))  # type: ignore[arg-type]
    assert line is not None
    return line


def _at(line: pd.Series, month: str) -> float:
    return float(line[pd.Period(month, freq="M")])


@pytest.mark.parametrize("pair", observations(), ids=lambda pair: pair.title)
def test_a_declared_pair_is_sound(pair) -> None:  # type: ignore[no-untyped-def]
    columns = TABLES[pair.model.table].names
    used = [pair.model.column, pair.model.over, pair.model.less, *pair.model.where, *(pair.model.of or {})]
    assert {name for name in used if name} <= set(columns)
    assert pair.model.aggregate in AGGREGATES
    assert pair.model.reduce in ("sum", "mean", "best")
    assert pair.axis in ("linear", "log")
    assert pair.model.scale != 0.0
    rows = observed(pair)
    assert len(rows) > 0
    for part in pair.data:
        assert part.entities
    assert rows["value"].notna().all()


def test_titles_are_unique_and_charts_share_unit_and_axis() -> None:
    titles = [pair.title for pair in observations()]
    assert len(titles) == len(set(titles))
    for chart in {pair.chart for pair in observations()}:
        drawn = {(pair.unit, pair.axis) for pair in observations() if pair.chart == chart}
        assert len(drawn) == 1, chart


def test_every_data_pattern_finds_rows() -> None:
    for pair in observations():
        found = set(observed(pair)["entity"])
        for part in pair.data:
            for pattern in part.entities:
                assert any(pattern.rstrip("*") in entity or "*" in pattern for entity in found), (pair.title, pattern)


def test_flows_of_months() -> None:
    values = [float(i) for i in range(1, 25)]
    assert _at(_line(values, "run_rate"), "2023-05") == 60.0
    assert _at(_line(values, "annual_sum"), "2023-12") == sum(range(1, 13))
    assert _at(_line(values, "annual_sum"), "2024-12") == sum(range(13, 25))
    assert np.isnan(_at(_line(values, "annual_sum"), "2023-11"))
    assert _at(_line(values, "quarter_sum"), "2023-04") == 2 + 3 + 4
    assert _at(_line(values, "cumulative"), "2023-03") == 6.0


def test_flows_of_quarters_are_spread_over_their_months() -> None:
    values = [3.0, 6.0, 9.0, 12.0, 30.0]
    tables = _market(values, months=3)
    assert months_per_period(tables) == 3
    assert len(run_months(tables)) == 15
    assert _at(_line(values, "run_rate", 3), "2023-05") == 24.0
    assert _at(_line(values, "annual_sum", 3), "2023-12") == 30.0
    # a fiscal quarter that ends with a month inside a period takes its part of both
    assert _at(_line(values, "quarter_sum", 3), "2023-04") == pytest.approx(1 + 1 + 2)
    assert _at(_line(values, "level", 3), "2023-06") == 6.0
    assert _at(_line(values, "level", 3), "2024-03") == 30.0


def test_a_single_period_is_a_month() -> None:
    assert months_per_period(_market([1.0])) == 1
    assert _at(_line([2.0], "run_rate"), "2023-01") == 24.0


def test_yearly_decline_by_calendar_year() -> None:
    values = [100.0 * 10.0 ** (-i / 12.0) for i in range(30)]
    line = _line(values, "yearly_decline")
    assert _at(line, "2023-06") == pytest.approx(10.0)
    assert _at(line, "2024-01") == pytest.approx(_at(line, "2024-12")) == pytest.approx(10.0)
    assert _at(line, "2025-06") == pytest.approx(10.0)  # half a year, brought to twelve months
    short = _line(values[:27], "yearly_decline")
    assert np.isnan(_at(short, "2025-03"))


def test_yearly_decline_survives_missing_and_zero() -> None:
    assert _line([float("nan")] * 24, "yearly_decline").isna().all()
    assert _line([0.0] * 24, "yearly_decline").isna().all()


def test_margin_over_a_year() -> None:
    tables = _market([10.0] * 12)
    tables["market"]["cost"] = 6.0
    measure = Measure("market", "x", "share", less="cost", over="x", months=12, scale=100.0)
    line = measured(measure, tables)
    assert line is not None
    assert _at(line, "2023-12") == pytest.approx(40.0)
    assert np.isnan(_at(line, "2023-06"))


def test_share_of_enterprise_trades() -> None:
    tables = synthetic_results(periods=2).tables
    line = simulated(next(p for p in observations() if p.title.startswith("Anthropic, share of")), tables)
    trades, segments = tables["trades"], tables["segments"]
    enterprises = segments.loc[segments["buyer_type"] == "enterprise", "segment"]
    rows = trades[trades["buyer"].isin(enterprises) & trades["good"].isin(["api", "open"])]
    rows = rows[rows["date"] == "2023-02-01"]
    expected = rows.loc[rows["seller"] == "anthropic", "value_musd"].sum() / rows["value_musd"].sum()
    assert line is not None
    assert _at(line, "2023-02") == pytest.approx(100.0 * expected)


def test_a_month_without_sales_counts_as_zero() -> None:
    tables = synthetic_results(periods=2).tables
    trades = tables["trades"]
    tables["trades"] = trades[~((trades["seller"] == "anthropic") & (trades["date"] == "2023-01-01"))]
    line = simulated(next(p for p in observations() if p.title.startswith("Anthropic, share of")), tables)
    assert line is not None
    assert _at(line, "2023-01") == 0.0


def test_cumulative_sales_start_from_the_stock_before_the_run() -> None:
    pair = next(p for p in observations() if p.model.initial)
    line = simulated(pair, synthetic_results(periods=2).tables)
    assert line is not None
    assert _at(line, "2023-01") == pytest.approx(0.289671 + 0.03)


def test_the_best_product_sets_the_flagship_price() -> None:
    tables = synthetic_results(periods=1).tables
    small = tables["products"].query("firm == 'openai'").assign(quality=-5.0, price_usd_per_mtok=0.1)
    tables["products"] = pd.concat([tables["products"], small], ignore_index=True)
    line = simulated(next(p for p in observations() if p.title == "OpenAI flagship API price"), tables)
    assert line is not None
    assert _at(line, "2023-01") == pytest.approx(20.0)


def test_comparison_of_a_full_run() -> None:
    comparison = compare(synthetic_results().tables)
    assert tuple(comparison.columns) == COMPARISON
    assert {pair.title for pair in observations()} == set(comparison["title"])
    assert (comparison["source"] != "").all()
    row = comparison[(comparison["title"] == "OpenAI revenue, year") & (comparison["date"] == "2025-12-31")].iloc[0]
    assert row["observed"] == pytest.approx(13.07)
    assert row["ratio"] == pytest.approx(row["simulated"] / row["observed"])
    assert comparison["date"].min() >= "2023-01-01"


def test_quarterly_runs_are_compared_too() -> None:
    monthly = compare(synthetic_results().tables).set_index(["title", "date", "source"])["simulated"]
    quarterly = compare(synthetic_results(periods=32, months=3).tables).set_index(["title", "date", "source"])
    both = monthly.to_frame("m").join(quarterly["simulated"].rename("q"), how="inner").dropna()
    assert len(both) > 100
    ratio = both["q"] / both["m"]
    assert ratio.between(0.6, 1.6).all()


def test_firms_that_are_not_in_the_run_are_left_out() -> None:
    roles = {firm: role for firm, role in ROLES.items() if firm not in ("openai", "nvidia")}
    titles = set(compare(synthetic_results(roles=roles).tables)["title"])
    assert not [title for title in titles if title.startswith(("OpenAI", "Nvidia"))]
    assert "Anthropic valuation" in titles


@pytest.mark.parametrize("periods", [1, 3])
def test_short_runs(periods: int) -> None:
    comparison = compare(synthetic_results(periods=periods).tables)
    assert (comparison["date"] < "2023-04-01").all()


def test_a_run_outside_the_data_and_an_empty_run_compare_to_nothing() -> None:
    assert compare(synthetic_results(periods=3, start="2029-01").tables).empty
    tables = {name: frame.iloc[:0] for name, frame in synthetic_results(periods=1).tables.items()}
    assert compare(tables).empty
    assert tuple(compare(tables).columns) == COMPARISON
