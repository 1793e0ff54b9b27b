"""The report: one file that needs nothing else, says the same for the same run, and survives odd runs."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
import yaml
from synthetic import ROLES, synthetic_results

from aimarket.recording.results import Results
from aimarket.reporting.report import report_html, write_report

SECTIONS = {
    *("summary", "shares", "power", "prices", "compute", "energy"),
    *("labs", "commitments", "data", "events", "decisions", "reproduce"),
}
VOID = {"meta", "br", "img", "link", "input", "hr"}


class Page(HTMLParser):
    """Collects what a page refers to, checks that its tags close, and keeps its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.references: list[str] = []
        self.ids: list[str] = []
        self.labels: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.tags: list[str] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        self.references += [values[name] or "" for name in ("src", "href", "xlink:href", "action") if name in values]
        if values.get("id"):
            self.ids.append(str(values["id"]))
        if values.get("role") == "img":
            self.images.append(values)
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture(scope="module")
def page() -> str:
    return report_html(synthetic_results(fails={"xai": 60}))


def test_it_needs_nothing_else(page: str) -> None:
    parsed = Page(page)
    assert parsed.references
    assert all(reference.startswith("#") for reference in parsed.references)
    assert not {"script", "link", "img", "iframe", "object", "base"} & set(parsed.tags)
    assert not re.findall(r"url\((?!#)", page)
    assert "@import" not in page
    assert "default-src 'none'" in page


def test_every_section_and_every_reference_is_there(page: str) -> None:
    parsed = Page(page)
    assert set(parsed.ids) >= SECTIONS
    assert len(parsed.ids) == len(set(parsed.ids))
    assert {reference[1:] for reference in parsed.references} <= set(parsed.ids)
    assert set(re.findall(r"url\(#([\w.-]+)\)", page)) <= set(parsed.ids)


def test_every_chart_says_what_it_shows(page: str) -> None:
    images = Page(page).images
    assert len(images) > 35
    labels = [str(image.get("aria-label")) for image in images]
    assert all(", in " in label for label in labels)
    assert len(set(labels)) == len(labels)
    assert any(label.startswith("Valuation, in USD billion, logarithmic scale: openai from 29") for label in labels)


def test_it_is_small_and_the_same_for_the_same_run(page: str, tmp_path: Path) -> None:
    path = write_report(synthetic_results(fails={"xai": 60}), tmp_path / "report.html")
    assert path.read_text(encoding="utf-8") == page
    assert path.stat().st_size < 3_000_000
    assert not re.search(r"matplotlib|dc:date", page)


def test_names_and_reasons_are_escaped() -> None:
    bad = '<script>alert("x")</script>&'
    roles = {bad: "frontier_lab", **ROLES}
    results = synthetic_results(40, roles=roles, name=bad)
    results.manifest["description"] = bad
    firms = results.tables["firms"]
    firms.loc[firms["firm"] == bad, ["share_revenue", "commitments_musd"]] = [0.3, 5e5]
    results.tables["events"]["effect"] = bad
    results.tables["events"]["target"] = bad
    html = report_html(results)
    parsed = Page(html)
    assert "script" not in parsed.tags
    assert bad in "".join(parsed.words)
    assert '<script>alert("x")' not in html


def test_a_name_that_breaks_mathtext_is_drawn_as_it_is() -> None:
    results = synthetic_results(15, roles={"$a_{b$ 50%": "frontier_lab", "x\\y^2": "frontier_lab"})
    assert "$a_{b$ 50%" in "".join(Page(report_html(results)).words)


@pytest.mark.parametrize("periods", [1, 2, 3, 13])
@pytest.mark.parametrize("months", [1, 3])
def test_short_runs(periods: int, months: int) -> None:
    parsed = Page(report_html(synthetic_results(periods, months=months)))
    assert set(parsed.ids) >= SECTIONS


def test_runs_without_events_decisions_or_the_usual_firms() -> None:
    roles = {firm: role for firm, role in ROLES.items() if firm not in ("openai", "nvidia")}
    text = "".join(Page(report_html(synthetic_results(45, roles=roles, events=False, decisions=False))).words)
    assert "No event struck in this run." in text
    assert "No decisions were recorded in March 2026." in text
    assert "Dashed lines" not in text


def test_many_events_at_once() -> None:
    results = synthetic_results(48)
    months = results.tables["market"]["date"]
    frame = results.tables["events"]
    row = frame.iloc[[0]]
    parts = [row.assign(date=date, kind=kind) for date in months for kind in ("tax", "price_cap")]
    results.tables["events"] = pd.concat(parts, ignore_index=True)
    text = "".join(Page(report_html(results)).words)
    assert "Z 2025-02" in text


def test_missing_numbers() -> None:
    results = synthetic_results(40)
    tables = {
        name: frame.assign(**dict.fromkeys(frame.select_dtypes("float").columns, float("nan")))
        for name, frame in results.tables.items()
    }
    text = "".join(Page(report_html(Results(tables, results.manifest))).words)
    assert "No data in this run." in text


def test_infinite_and_negative_numbers() -> None:
    results = synthetic_results(30)
    results.tables["firms"].loc[::7, "lerner"] = -40.0
    results.tables["firms"].loc[::5, "runway_months"] = float("inf")
    results.tables["firms"].loc[::3, "cash_musd"] = -1e6
    results.tables["market"].loc[::4, "list_price_usd_per_mtok"] = 0.0
    assert "Cut off below -1." in "".join(Page(report_html(results)).words)


def test_a_run_without_periods_or_manifest() -> None:
    empty = Results({name: frame.iloc[:0] for name, frame in synthetic_results(1).tables.items()}, {})
    assert "The run has no periods." in "".join(Page(report_html(empty)).words)


def test_the_config_can_be_read_back(page: str) -> None:
    text = re.search(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)
    assert text is not None
    unescaped = "".join(Page(f"<pre>{text.group(1)}</pre>").words)
    config = yaml.safe_load(unescaped)
    assert config["agents"]["openai"] == {"kind": "frontier_lab"}
    assert "--seed 7" in page


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        write_report(synthetic_results(2), tmp_path / "missing" / "report.html")
