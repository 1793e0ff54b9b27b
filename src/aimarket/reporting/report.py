"""The report of a run: one HTML file with charts, no network, no script, the same bytes for the same run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from importlib.resources import files
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aimarket.data.observations import compare
from aimarket.reporting.charts import Chart, Mark
from aimarket.reporting.data_charts import agreement, data_charts
from aimarket.reporting.firm_charts import commitment_charts, lab_charts, lerner_charts
from aimarket.reporting.frames import Tables, tables_of
from aimarket.reporting.market_charts import compute_charts, energy_charts, price_charts, share_charts, tier_charts
from aimarket.reporting.markup import details, figure, grid, paragraphs, section, table
from aimarket.reporting.report_records import (
    decisions_section,
    event_key,
    event_marks,
    events_section,
    reproduce_section,
)
from aimarket.reporting.summary import summarise
from aimarket.reporting.wording import FORMATS, UNITS, month, number

if TYPE_CHECKING:
    import os

    from aimarket.recording.results import Results

__all__ = ["report_html", "write_report"]

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_SECTIONS = {
    "summary": "Summary",
    "shares": "Market shares",
    "power": "Pricing power",
    "prices": "Prices",
    "compute": "Compute",
    "energy": "Energy",
    "labs": "Labs",
    "commitments": "Commitments",
    "data": "Model and data",
    "events": "Events",
    "decisions": "Decisions",
    "reproduce": "How to reproduce",
}


def write_report(results: Results, path: str | os.PathLike[str]) -> Path:
    """Write the report of ``results`` to ``path``, replacing a file that is there.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    target = Path(path)
    target.write_text(report_html(results), encoding="utf-8", newline="\n")
    return target


def report_html(results: Results) -> str:
    """The whole page as text."""
    tables, summary = tables_of(results), summarise(results)
    title = str(results.manifest.get("name") or "run")
    body = [_header(title, summary), _summary(summary)]
    if summary["moments"]:
        marks = event_marks(tables["events"])
        body += _chart_sections(tables, marks)
        body.append(events_section(tables["events"], marks))
        body.append(decisions_section(tables["decisions"], summary["moments"]))
    body.append(reproduce_section(results))
    style = (files(__package__) / "page.css").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)} - aimarket report</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f"{body[0]}\n<main>\n" + "\n".join(body[1:]) + "\n</main>\n</body>\n</html>\n"
    )


def _header(title: str, summary: dict[str, Any]) -> str:
    run, when = summary["run"], summary["moments"]
    span = f"{month(when['start'])} to {month(when['end'])}, " if when else ""
    meta = f"{span}seed {run['seed']}, fingerprint {run['fingerprint']}"
    shown = _SECTIONS if when else {key: _SECTIONS[key] for key in ("summary", "reproduce")}
    links = "".join(f'<a href="#{anchor}">{escape(name)}</a>' for anchor, name in shown.items())
    return (
        f"<header><h1>{escape(title)}</h1><p>{escape(str(run['description'] or ''))}</p>"
        f'<p class="meta">{escape(meta)}</p></header>\n<nav aria-label="Sections">{links}</nav>'
    )


def _summary(summary: dict[str, Any]) -> str:
    when = summary["moments"]
    if not when:
        return section("summary", "Summary", paragraphs(["The run has no periods."]))
    shown = []
    for title, block in summary["tables"].items():
        forms = block.get("formats", {})
        rows = [
            [name, *(FORMATS[forms.get(name, block["format"])](row[label]) for label in when)]
            for name, row in block["rows"].items()
        ]
        if rows:
            shown.append(table(["", *when], rows, caption=title))
    failed = ", ".join(f"{entry['firm']} ({month(entry['date'])})" for entry in summary["failures"]) or "none"
    alive = ", ".join(summary["survivors"]) or "none"
    dates = ", ".join(f"{label} is {month(date)}" for label, date in when.items())
    return section(
        "summary",
        "Summary",
        f"<h3>Who holds the pricing power</h3>{paragraphs(summary['verdict'])}",
        f"<h3>The commitments story</h3>{paragraphs(summary['commitments_story'])}",
        f"<h3>Survivors</h3>{paragraphs([f'In business at the end: {alive}. Failed: {failed}.'])}",
        grid(shown, "tables"),
        lead=f"In the tables {dates}. {UNITS}",
    )


def _chart_sections(tables: Tables, marks: Sequence[Mark]) -> list[str]:
    names = (f"c{i}" for i in count(1))
    key = event_key(tables["events"], marks)

    def made(anchor: str, charts: Sequence[Chart], *more: str, lead: str) -> str:
        drawn = [figure(chart, next(names)) for chart in charts]
        return section(anchor, _SECTIONS[anchor], key, grid(drawn) if drawn else "", *more, lead=lead)

    commitments = commitment_charts(tables, marks)
    return [
        made("shares", share_charts(tables, marks), lead="Who sells to whom, and how concentrated the market is."),
        made(
            "power",
            [*tier_charts(tables, marks), *lerner_charts(tables, marks)],
            lead="Value added says who keeps the buyer's dollar; the Lerner index says how far price is above "
            "marginal cost.",
        ),
        made("prices", price_charts(tables, marks), lead="Posted prices and the price of constant quality differ."),
        made("compute", compute_charts(tables, marks), lead="Capacity is what has both accelerators and power."),
        made("energy", energy_charts(tables, marks), lead="Power binds as a quantity more than as a price."),
        made("labs", lab_charts(tables, marks), lead="Who lives on revenue and who on funding."),
        made(
            "commitments",
            commitments,
            lead="What labs have promised to pay for compute and building, against what they earn."
            if commitments
            else "No lab has committed itself to payments in this run.",
        ),
        _data_section(tables, marks, made),
    ]


def _data_section(tables: Tables, marks: Sequence[Mark], made: Callable[..., str]) -> str:
    comparison = compare(tables)
    rows = [
        [
            row.title,
            row.date,
            row.unit,
            number(row.observed),
            f"{number(row.low)} to {number(row.high)}" if row.low == row.low else "",
            number(row.simulated),
            number(row.ratio),
            row.source,
        ]
        for row in comparison.itertuples()
    ]
    headers = ["what", "date", "unit", "observed", "low to high", "simulated", "ratio", "source"]
    listed = table(headers, rows, text=(0, 1, 2, 7), wide=True)
    return made(
        "data",
        data_charts(tables, marks),
        details("Every observation: observed, simulated and their ratio", listed) if rows else "",
        lead=f"Circles are data, bars their reported range, lines the model. {agreement(comparison)}",
    )
