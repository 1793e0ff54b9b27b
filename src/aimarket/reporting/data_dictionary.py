"""The data dictionary: every table and column of a run with unit and meaning, as Markdown."""

from __future__ import annotations

from aimarket.recording.tables import TABLES, Table

__all__ = ["data_dictionary"]


def data_dictionary() -> str:
    """Markdown with one section per table; generated from the list that the recorder itself uses."""
    return "\n".join(["# Data dictionary", "", *(line for table in TABLES.values() for line in _section(table))])


def _section(table: Table) -> list[str]:
    rows = [f"| `{c.name}` | {c.kind} | {_cell(c.unit)} | {_cell(c.meaning)} |" for c in table.columns]
    return [
        f"## `{table.name}`",
        "",
        f"A row is {table.row}.",
        "",
        "| column | kind | unit | meaning |",
        "|---|---|---|---|",
        *rows,
        "",
    ]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
