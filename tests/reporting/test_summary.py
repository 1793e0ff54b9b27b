"""The summary: numbers at start, now and end, and the story in words, for any kind of run."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console
from synthetic import ROLES, synthetic_results

from aimarket.recording.results import Results
from aimarket.reporting.summary import print_summary, summarise
from aimarket.reporting.wording import money, money_in_words, month, number, percent


def _printed(results: Results, width: int = 120) -> str:
    text = io.StringIO()
    print_summary(results, Console(file=text, width=width))
    return text.getvalue()


def _without_numbers(results: Results) -> Results:
    tables = {}
    for name, frame in results.tables.items():
        numbers = frame.select_dtypes("float").columns
        tables[name] = frame.assign(**dict.fromkeys(numbers, float("nan")))
    return Results(tables, results.manifest)


def test_a_full_run_has_start_now_and_end() -> None:
    results = synthetic_results()
    summary = summarise(results)
    assert summary["moments"] == {"start": "2023-01-01", "now": "2026-03-01", "end": "2030-12-01"}
    shares = summary["tables"]["Share of service revenue"]["rows"]
    firms = results.tables["firms"]
    expected = firms[(firms["firm"] == "openai") & (firms["date"] == "2026-03-01")]["share_revenue"].iloc[0]
    assert shares["openai"]["now"] == pytest.approx(expected)
    assert "nvidia" not in shares
    enterprise = summary["tables"]["Enterprise API share"]["rows"]
    assert sum(row["now"] for row in enterprise.values()) == pytest.approx(1.0)
    raised = summary["tables"]["Labs: funding raised"]["rows"]["openai"]
    assert 0.0 < raised["start"] < raised["now"] < raised["end"]
    assert list(summary["tables"]["Lerner index by tier"]["rows"]) == [
        "labs",
        "clouds",
        "chips",
        "energy",
        "open hosts",
    ]


def test_the_summary_is_strict_json() -> None:
    for results in (synthetic_results(), _without_numbers(synthetic_results(periods=5))):
        assert json.loads(json.dumps(summarise(results), allow_nan=False))


def test_service_spending_is_a_years_worth_in_monthly_and_quarterly_runs() -> None:
    for months in (1, 3):
        results = synthetic_results(periods=4, months=months)
        spending = summarise(results)["tables"]["Market"]["rows"]["service spending a year"]["start"]
        assert spending == pytest.approx(150.0 * 12)


@pytest.mark.parametrize(
    ("periods", "start", "labels"),
    [
        (1, "2023-01", ["start", "end"]),
        (3, "2023-01", ["start", "end"]),
        (39, "2023-01", ["start", "end"]),
        (40, "2023-01", ["start", "now", "end"]),
        (6, "2027-01", ["start", "end"]),
    ],
)
def test_now_is_told_only_inside_the_run(periods: int, start: str, labels: list[str]) -> None:
    results = synthetic_results(periods, start=start)
    assert list(summarise(results)["moments"]) == labels
    assert "Who holds the pricing power" in _printed(results)


def test_now_of_a_quarterly_run_is_the_quarter_that_holds_it() -> None:
    assert summarise(synthetic_results(32, months=3))["moments"]["now"] == "2026-01-01"


def test_the_commitments_story() -> None:
    results = synthetic_results()
    openai = next(text for text in summarise(results)["commitments_story"] if text.startswith("openai"))
    assert "peak at 1.4 trillion USD" in openai
    assert "602 billion USD at the end (December 2030)" in openai
    assert "1.2 times its revenue" in openai
    assert "commitments go from 1,400 to 600 billion USD" in openai
    assert "in business at the end" in openai
    numbers = summarise(results)["commitments"]
    assert list(numbers) == ["openai", "oracle"]
    assert numbers["openai"]["peak_musd"] == pytest.approx(1.4e6)
    assert numbers["openai"]["survives"] is True
    assert "oracle 40 billion USD" in summarise(results)["commitments_story"][-1]


def test_a_failure_is_dated() -> None:
    summary = summarise(synthetic_results(60, fails={"openai": 50, "xai": 10}))
    assert summary["failures"] == [{"firm": "xai", "date": "2023-10-01"}, {"firm": "openai", "date": "2027-02-01"}]
    assert "openai" not in summary["survivors"]
    story = summary["commitments_story"][0]
    assert "It goes out of business in February 2027." in story
    assert "at the end" not in story
    assert summary["tables"]["Labs: cash"]["rows"]["openai"]["end"] is None


def test_the_verdict_names_the_tier_that_gains() -> None:
    verdict = " ".join(summarise(synthetic_results())["verdict"])
    assert "gains most of the buyer's dollar is chips" in verdict
    assert "nvidia (0.54) in March 2026" in verdict


def test_configs_without_the_usual_firms() -> None:
    lonely = synthetic_results(5, roles={"acme [bold]x[/]": "frontier_lab"}, events=False)
    assert "acme [bold]x[/]" in _printed(lonely)
    assert summarise(lonely)["commitments_story"] == [
        "No firm has committed itself to payments for compute or building."
    ]
    without = {firm: role for firm, role in ROLES.items() if firm != "openai"}
    assert "anthropic" in _printed(synthetic_results(50, roles=without))


@pytest.mark.parametrize("width", [40, 80, 200])
def test_it_prints_at_any_width(width: int) -> None:
    assert max(len(line) for line in _printed(synthetic_results(), width).splitlines()) <= width


def test_missing_numbers_and_missing_tables() -> None:
    assert "The commitments story" in _printed(_without_numbers(synthetic_results(50)))
    bare = synthetic_results(5)
    for name in ("events", "decisions", "trades", "products"):
        bare.tables[name] = bare.tables[name].iloc[:0]
    assert summarise(bare)["tables"]["Enterprise API share"]["rows"] == {}


def test_a_run_without_periods() -> None:
    empty = Results({name: frame.iloc[:0] for name, frame in synthetic_results(1).tables.items()}, {})
    assert summarise(empty)["moments"] == {}
    assert "no periods" in _printed(empty)


def test_wording() -> None:
    assert [money(x) for x in (0.0, 12.3456, 999.6, 1234.0, 999_600.0, 1.4e6, -2e5, float("nan"), None)] == [
        "0",
        "12.3 M",
        "1 B",
        "1.23 B",
        "1 T",
        "1.4 T",
        "-200 B",
        "-",
        "-",
    ]
    assert money_in_words(6e5) == "600 billion USD"
    assert [percent(x) for x in (0.0, 0.0001, 0.031, 0.27, -0.5)] == ["0.0%", "<0.1%", "3.1%", "27%", "-50%"]
    assert [number(x) for x in (0.0, 20.0, 1234.5, 0.00849, 2.8e-8, 100.0)] == [
        "0",
        "20",
        "1,234",
        "0.00849",
        "2.8e-8",
        "100",
    ]
    assert month("2026-03-01") == "March 2026"
    assert month("later") == "later"
