"""``aimarket strategies [NAME]``: which strategies there are, and what one does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from aimarket.cli.options import AsJson, Plugins, load_plugins

if TYPE_CHECKING:
    from rich.console import Console

    from aimarket.strategies.base import Strategy

__all__ = ["strategies"]

_PARAMETERS_SHOWN = 3

Name = Annotated[str | None, typer.Argument(metavar="[NAME]", help="Strategy to explain; none: list all of them.")]
OfDecision = Annotated[str | None, typer.Option("--decision", metavar="NAME", help="Only this decision.")]


def strategies(
    name: Name = None, decision: OfDecision = None, plugins: Plugins = None, as_json: AsJson = False
) -> None:
    """List strategies by decision, or explain one: what it does, its parameters and how a config names it."""
    load_plugins(plugins)
    known = _known(decision)
    if name is None:
        _list(known, as_json)
        return
    found = [(of, by_name[name]) for of, by_name in known.items() if name in by_name]
    if not found:
        from aimarket.cli.described import nearest
        from aimarket.errors import ConfigError

        names = sorted({other for by_name in known.values() for other in by_name})
        what = "is no strategy" if decision is None else f"is no {decision} strategy"
        raise ConfigError(what, path="NAME", value=name, remedy=nearest(name, names, "strategies"))
    if as_json:
        _echo([_explained(of, cls) for of, cls in found])
        return
    from aimarket.cli.described import console

    terminal = console()
    for place, (of, cls) in enumerate(found):
        if place:
            terminal.print()
        _print(of, cls, terminal)


def _known(decision: str | None) -> dict[str, dict[str, type[Strategy]]]:
    """Decision -> name -> class, for all decisions or one."""
    from aimarket.cli.described import nearest
    from aimarket.config.registry import ANY
    from aimarket.config.registry import strategies as registered
    from aimarket.errors import ConfigError

    known = registered()
    if decision is None:
        return known
    if decision not in known:
        raise ConfigError(
            "is no decision", path="--decision", value=decision, remedy=nearest(decision, known, "strategies")
        )
    return {of: by_name for of, by_name in known.items() if of in (decision, ANY)}


def _list(known: dict[str, dict[str, type[Strategy]]], as_json: bool) -> None:
    from aimarket.cli.described import console, summary

    if as_json:
        rows = [
            {"decision": decision, "name": name, "summary": summary(cls), "source": cls.source}
            for decision, by_name in known.items()
            for name, cls in by_name.items()
        ]
        _echo(rows)
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("decision", "name", "what it does", "source"):
        table.add_column(heading, no_wrap=heading in ("decision", "name"))
    for decision, by_name in known.items():
        for place, (name, cls) in enumerate(by_name.items()):
            table.add_row("" if place else decision, name, Text(summary(cls)), Text(cls.source, style="dim"))
    terminal = console()
    terminal.print(table)
    count = sum(map(len, known.values()))
    terminal.print(f"{count} strategies; `aimarket strategies NAME` explains one", highlight=False)


def _print(decision: str, cls: type[Strategy], terminal: Console) -> None:
    from rich.text import Text

    from aimarket.cli.described import print_parameters

    told = _explained(decision, cls)
    what = "any decision" if len(told["decisions"]) > 1 else decision
    terminal.print(Text(f"{cls.name}, a strategy for {what}", style="bold"))
    for paragraph in (told["does"], f"Source: {cls.source}"):
        terminal.print(Text(paragraph))
        terminal.print()
    print_parameters(cls.Parameters, terminal)
    terminal.print()
    terminal.print(Text(f"Used by agents of kind {', '.join(told['kinds'])}; in a config:"))
    terminal.print(Text(told["snippet"].rstrip(), style="dim"))
    for line in told["league"]:
        terminal.print(Text(line))


def _explained(decision: str, cls: type[Strategy]) -> dict[str, Any]:
    """Everything that there is to say about one strategy, as plain values."""
    from aimarket.cli.described import does, parameters
    from aimarket.config.registry import ANY
    from aimarket.contract.parameters import example_parameters
    from aimarket.contract.seats import kinds_with, snippet
    from aimarket.contract.views import VIEWS

    shown = "finance" if decision == ANY else decision  # a strategy for any decision is shown at work in one
    rows = parameters(cls.Parameters)
    example = example_parameters(cls, shown)
    for row in rows:
        if len(example) < _PARAMETERS_SHOWN and isinstance(row["default"], int | float):
            example.setdefault(row["name"], row["default"])
    decisions = list(VIEWS) if decision == ANY else [decision]
    return {
        "decision": decision,
        "decisions": decisions,
        "name": cls.name,
        "does": does(cls),
        "source": cls.source,
        "parameters": rows,
        "kinds": sorted({kind for of in decisions for kind in kinds_with(of)}),
        "snippet": snippet(shown, cls.name, example),
        "league": _last_league(decision, cls.name),
    }


def _last_league(decision: str, name: str) -> list[str]:
    """What became of the strategy in the leagues that are shipped, a sentence a league."""
    from aimarket.experiments.shipped import last_league

    return last_league(decision, name)


def _echo(answer: Any) -> None:
    import json

    typer.echo(json.dumps(answer, indent=2, ensure_ascii=False, allow_nan=False, default=str))
