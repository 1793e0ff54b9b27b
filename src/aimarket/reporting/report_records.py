"""The parts of the report that list what was recorded: events, decisions, the config."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import yaml

from aimarket.reporting.charts import Mark
from aimarket.reporting.markup import details, paragraphs, section, table
from aimarket.reporting.wording import month, number

if TYPE_CHECKING:
    import pandas as pd

    from aimarket.recording.results import Results

__all__ = ["decisions_section", "event_key", "event_marks", "events_section", "reproduce_section"]

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def event_marks(events: pd.DataFrame) -> list[Mark]:
    """One letter for each month with events, up to 26."""
    dates = list(dict.fromkeys(sorted(str(date) for date in events["date"].dropna())))
    return [Mark(letter, date) for letter, date in zip(_LETTERS, dates, strict=False)]


def event_key(events: pd.DataFrame, marks: Sequence[Mark]) -> str:
    told = []
    for mark in marks:
        struck = events[events["date"] == mark.date]
        kinds = dict.fromkeys(f"{row.kind} {row.target}".replace("_", " ").strip() for row in struck.itertuples())
        told.append(f"{mark.letter} {mark.date[:7]} {', '.join(list(kinds)[:3])}{' ...' if len(kinds) > 3 else ''}")
    return f'<p class="marks">Dashed lines: {escape("; ".join(told))}.</p>' if told else ""


def events_section(events: pd.DataFrame, marks: Sequence[Mark]) -> str:
    letters = {mark.date: mark.letter for mark in marks}
    rows = [
        [
            letters.get(str(row.date), ""),
            row.date,
            str(row.kind).replace("_", " "),
            row.target or "the market",
            number(row.size),
            getattr(row, "effect", ""),
        ]
        for row in events.itertuples()
    ]
    shown = (
        table(["", "date", "event", "target", "size", "effect"], rows, text=(0, 1, 2, 3, 5), wide=True) if rows else ""
    )
    return section("events", "Events", shown, lead="" if rows else "No event struck in this run.")


def decisions_section(decisions: pd.DataFrame, when: dict[str, str]) -> str:
    date = when.get("now", when["end"])
    of_month = decisions[decisions["date"] == date]
    rows = [[row.agent, row.decision, row.strategy, number(row.value), row.reason] for row in of_month.itertuples()]
    if not rows:
        return section("decisions", "Decisions", lead=f"No decisions were recorded in {month(date)}.")
    shown = table(["agent", "decision", "strategy", "value", "reason"], rows, text=(0, 1, 2, 4), wide=True)
    inner = details(f"{len(rows)} decisions of {month(date)}", shown)
    lead = "What each agent decided, and the numbers that moved it."
    return section("decisions", "Decisions", inner, lead=lead)


def reproduce_section(results: Results) -> str:
    manifest = results.manifest
    versions = ", ".join(f"{name} {version}" for name, version in sorted((manifest.get("versions") or {}).items()))
    seconds = (manifest.get("timing") or {}).get("simulation_seconds")
    facts = [
        f"Save the config below as config.yaml and run: aimarket run config.yaml --seed {manifest.get('seed')}",
        f"Fingerprint of the config: {manifest.get('fingerprint')}. Versions: {versions or 'not recorded'}.",
        *([f"The simulation took {number(seconds)} seconds."] if seconds is not None else []),
    ]
    text = yaml.safe_dump(_set(manifest.get("config") or {}), sort_keys=False, allow_unicode=True, width=110)
    config = details("The whole config", f'<pre tabindex="0">{escape(text)}</pre>')
    return section("reproduce", "How to reproduce", paragraphs(facts), config)


def _set(value: Any) -> Any:
    """The config without optional fields that are not set."""
    if isinstance(value, dict):
        return {key: _set(below) for key, below in value.items() if below is not None}
    return [_set(below) for below in value] if isinstance(value, list) else value
