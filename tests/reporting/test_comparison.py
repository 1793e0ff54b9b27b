"""Two configs under the same draws: paired differences and the words that go with them."""

from __future__ import annotations

import io
import math

import pandas as pd
import pytest
from rich.console import Console

from aimarket.recording.results import Results
from aimarket.reporting.comparison import compare, print_comparison


def world(compute: float, funding: float, alive: bool = True, split: bool = False) -> Results:
    """Two periods of one lab; the worlds part in the second if ``split``."""
    dates = ["2026-01-01", "2026-02-01"]
    market = pd.DataFrame(
        {
            "date": dates,
            "revenue_musd": [100.0, 110.0],
            "lerner": [0.5, 0.6],
            "hhi_revenue": [0.3, 0.2],
            "open_weight_share_enterprise": [0.1, 0.2],
            "spot_price_usd_per_gpu_hour": [2.0, 1.5],
            "consumer_surplus_musd": [5.0, 6.0],
            "survivors": [3, 3],
            "commitments_musd": [50.0, 90.0 if split else 60.0],
        }
    )
    firms = pd.DataFrame(
        {
            "date": dates,
            "firm": ["lab", "lab"],
            "role": ["frontier_lab", "frontier_lab"],
            "compute_cost_musd": [10.0, compute],
            "capex_musd": [0.0, 0.0],
            "revenue_musd": [100.0, 110.0],
            "funding_musd": [0.0, funding],
            "runway_months": [math.nan, 6.0 if split else 12.0],
            "valuation_musd": [1000.0, 1200.0],
            "alive": [True, alive],
        }
    )
    decisions = pd.DataFrame(
        {
            "date": [dates[1], dates[1]],
            "agent": ["lab", "lab"],
            "decision": ["finance", "pricing"],
            "value": [2.0 * funding, 1e9],
        }
    )
    return Results(tables={"market": market, "firms": firms, "decisions": decisions})


def test_differences_are_paired_by_seed_and_count_from_where_the_worlds_part() -> None:
    pairs = [
        (world(100.0, 50.0), world(300.0, 80.0, split=True)),
        (world(120.0, 70.0), world(340.0, 90.0, alive=False, split=True)),
    ]
    outcome = compare(pairs, ("a", "b"))
    rows = {row.measure: row for row in outcome.rows}
    compute = rows["lab: compute and own building since 2026-02"]
    assert (compute.first, compute.second, compute.difference) == (110.0, 320.0, 210.0)
    # Differences 200 and 220: standard deviation 14.14, t(1) 12.71, two seeds.
    assert compute.half_width == pytest.approx(12.71 * math.sqrt(200.0) / math.sqrt(2.0))
    assert rows["lab: funding raised since 2026-02"].difference == 25.0
    assert rows["lab: most asked of investors at once since 2026-02"].difference == 50.0
    assert rows["lab: in business at the end"].second == 0.5
    assert rows["Lerner index of services, end"].difference == 0.0
    (paragraph,) = outcome.story
    assert "b against a: compute and own building take 320 million USD against 110 million USD" in paragraph
    assert "50% of runs against 100%" in paragraph


def test_equal_worlds_have_no_story_and_no_difference() -> None:
    outcome = compare([(world(100.0, 50.0), world(100.0, 50.0))], ("a", "b"))
    assert outcome.story == ()
    assert all(row.difference == 0.0 or math.isnan(row.difference) for row in outcome.rows)
    assert all(math.isnan(row.half_width) for row in outcome.rows)


def test_the_table_names_both_configs_and_survives_markup_in_names() -> None:
    outcome = compare([(world(100.0, 50.0), world(300.0, 50.0, split=True))], ("[red]a", "b"))
    stream = io.StringIO()
    print_comparison(outcome, Console(file=stream, width=120))
    assert "b less [red]a" in stream.getvalue()
    assert outcome.as_dict()["configs"] == ["[red]a", "b"]
