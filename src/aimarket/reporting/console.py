"""The summary on a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from aimarket.reporting.wording import FORMATS, UNITS, month

__all__ = ["print_tables"]

_GAP = 4


def print_tables(summary: dict[str, Any], console: Console | None = None) -> None:
    """Print what ``summarise`` returns."""
    console = console or Console()
    run, when = summary["run"], summary["moments"]
    title = f"{run['name'] or 'run'}, seed {run['seed']}, fingerprint {run['fingerprint']}"
    console.print(Text(title, style="bold"), highlight=False)
    if not when:
        console.print("The run has no periods.")
        return
    dates = ", ".join(f"{label} {month(date)}" for label, date in when.items())
    console.print(Text(dates, style="dim"), highlight=False)
    console.print(Text(UNITS, style="dim"), highlight=False)
    console.print()
    shown = [_table(title, block, when) for title, block in summary["tables"].items() if block["rows"]]
    for row in _packed(shown, console):
        console.print(row)
        console.print()
    _paragraphs(console, "Who holds the pricing power", summary["verdict"])
    _paragraphs(console, "The commitments story", summary["commitments_story"])
    failures = [f"{entry['firm']} ({month(entry['date'])})" for entry in summary["failures"]]
    alive = f"In business at the end: {', '.join(summary['survivors']) or 'none'}."
    _paragraphs(console, "Survivors", [f"{alive} Failed: {', '.join(failures) or 'none'}."])


def _packed(tables: list[Table], console: Console) -> list[Table]:
    """The tables beside each other, as many as the terminal is wide."""
    rows: list[list[Table]] = [[]]
    room = console.width
    for table in tables:
        width = Measurement.get(console, console.options, table).maximum
        if rows[-1] and width + _GAP > room:
            rows.append([])
            room = console.width
        rows[-1].append(table)
        room -= width + _GAP
    grids = []
    for row in rows:
        grid = Table.grid(padding=(0, _GAP))
        grid.add_row(*row)
        grids.append(grid)
    return grids


def _table(title: str, block: dict[str, Any], when: dict[str, str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(Text(title), no_wrap=True)
    for label in when:
        table.add_column(Text(label, style="dim"), justify="right", no_wrap=True)
    forms = block.get("formats", {})
    for name, row in block["rows"].items():
        form = FORMATS[forms.get(name, block["format"])]
        table.add_row(Text(name), *(Text(form(row[label])) for label in when))
    return table


def _paragraphs(console: Console, title: str, paragraphs: list[str]) -> None:
    if paragraphs:
        console.print(Text(title, style="bold"))
        for paragraph in paragraphs:
            console.print(Text(paragraph), highlight=False)
        console.print()
