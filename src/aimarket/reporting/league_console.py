"""A league on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from rich.text import Text

from aimarket.reporting.league_page import ranking_rows
from aimarket.reporting.league_words import story

if TYPE_CHECKING:
    from rich.console import Console

    from aimarket.experiments.league import League

__all__ = ["print_league"]

_LEFT_TO_THE_PAGE = ("behind the best", "against itself", "Copeland", "consumer surplus, USD", "equilibrium")


def print_league(league: League, console: Console) -> None:
    """Print the rank table and what the league found."""
    from rich.table import Table

    spec = league.spec
    title = f"{spec.name}: {spec.decision} in the seats of {', '.join(spec.seats)}, {len(spec.seeds)} seeds"
    headings, rows = ranking_rows(league)
    table = Table(title=Text(title), title_justify="left", box=None, pad_edge=False)
    kept = [place for place, heading in enumerate(headings) if heading not in _LEFT_TO_THE_PAGE]
    for place in kept:
        justify: Literal["left", "right"] = "left" if headings[place] == "strategy" else "right"
        table.add_column(Text(headings[place]), justify=justify, no_wrap=True)
    for row in rows:
        table.add_row(*(Text(row[place]) for place in kept))
    console.print(table)
    for paragraph in story(league):
        console.print()
        console.print(Text(paragraph), highlight=False)
    for key, told in league.failures.items():
        console.print(Text(f"failed: run {key}: {told}"), highlight=False)
