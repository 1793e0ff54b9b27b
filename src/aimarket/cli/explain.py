"""``aimarket explain DIR --agent NAME --date YYYY-MM``: why did it decide so?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aimarket.cli.options import AsJson, RunDirectory, open_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from aimarket.reporting.explanation import Explanation, Figure, ToldDecision

__all__ = ["explain"]

Agent = Annotated[str, typer.Option("--agent", metavar="NAME", help="Firm, buyer segment or investors.")]
Date = Annotated[str, typer.Option("--date", metavar="YYYY-MM", help="Month to explain.")]
OfDecision = Annotated[str | None, typer.Option("--decision", metavar="NAME", help="Only this decision, e.g. pricing.")]


def explain(
    directory: RunDirectory, agent: Agent, date: Date, decision: OfDecision = None, as_json: AsJson = False
) -> None:
    """Tell what an agent decided in a month of a saved run, and what moved it."""
    from aimarket.reporting.explanation import explain as explained

    told = explained(open_run(directory), agent, date, decision)
    if as_json:
        import json

        typer.echo(json.dumps(told.as_dict(), indent=2, ensure_ascii=False, allow_nan=False))
        return
    from aimarket.cli.described import console

    _print(told, console())


def _print(told: Explanation, terminal: Console) -> None:
    from rich.text import Text

    from aimarket.reporting.wording import month

    kind = f" ({told.role})" if told.role else ""
    terminal.print(Text(f"{told.agent}{kind} in {month(told.date)}; {told.run}", style="bold"))
    _print_figures("how it is", told.figures, told, terminal)
    for event in told.events:
        whom = f" of {event.target}" if event.target else ""
        terminal.print(Text(f"since {event.since}, {event.kind}{whom}: {event.effect}"))
    for decision in told.decisions:
        changed = decision.strategy_before not in (None, decision.strategy)
        by = f"{decision.strategy}, before by {decision.strategy_before}" if changed else decision.strategy
        terminal.print()
        terminal.print(Text(f"{decision.decision} by {by}: {_value(decision)}", style="bold"))
        terminal.print(Text(decision.reason))
        _print_figures("what moved it", (decision.value, *decision.inputs), told, terminal)


def _value(decision: ToldDecision) -> str:
    """The number decided, with its unit."""
    from aimarket.reporting.wording import number, percent

    if decision.unit == "share":
        return percent(decision.value.now)
    return f"{number(decision.value.now)} {decision.unit}".rstrip()


def _print_figures(title: str, figures: Sequence[Figure], told: Explanation, terminal: Console) -> None:
    """Numbers now, in the period before and a year before, with the change since then."""
    from rich.table import Table
    from rich.text import Text

    from aimarket.reporting.wording import number

    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column(Text(title), no_wrap=True)
    before = "month before" if told.months_per_period == 1 else "period before"
    for heading in (told.date[:7], before, "change", "year before", "change"):
        table.add_column(heading, justify="right", no_wrap=True)
    for figure in figures:
        cells = [number(figure.now)]
        for then in (figure.before, figure.year_before):
            cells += [number(then), _change(figure.now, then)]
        table.add_row(Text(figure.name), *(Text(cell) for cell in cells))
    terminal.print(table)


def _change(now: float | None, then: float | None) -> str:
    """The change in percent where both have the same sign, else nothing: a percentage would mislead."""
    if now is None or then is None or then * now <= 0.0:
        return "-" if now is None or then is None or now != then else "0%"
    change = 100.0 * (now / then - 1.0)
    return f"{change:+.1f}%" if abs(change) < 1000.0 else f"x {now / then:.3g}"
