"""``aimarket events [KIND]``: which shocks there are, and what one changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from aimarket.cli.options import AsJson, Plugins, load_plugins

if TYPE_CHECKING:
    from aimarket.events.base import Event

__all__ = ["events"]

_EXAMPLES = "example_events.yaml"
_DATE = "2026-09"

Kind = Annotated[str | None, typer.Argument(metavar="[KIND]", help="Kind of event to explain; none: list all of them.")]


def events(kind: Kind = None, plugins: Plugins = None, as_json: AsJson = False) -> None:
    """List kinds of event, or explain one: what it changes, its parameters and how a config schedules it."""
    from aimarket.cli.described import nearest
    from aimarket.config.registry import event_kinds
    from aimarket.errors import ConfigError

    load_plugins(plugins)
    known = event_kinds()
    if kind is None:
        _list(known, as_json)
    elif kind not in known:
        raise ConfigError("is no kind of event", path="KIND", value=kind, remedy=nearest(kind, known, "events"))
    elif as_json:
        _echo(_explained(known[kind]))
    else:
        _print(known[kind])


def _list(known: dict[str, type[Event]], as_json: bool) -> None:
    from aimarket.cli.described import console, summary

    if as_json:
        _echo([{"kind": kind, "summary": summary(cls), "ends": _ends(cls)} for kind, cls in known.items()])
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("kind", "can end", "what it does"):
        table.add_column(heading, no_wrap=heading == "kind")
    for kind, cls in known.items():
        table.add_row(kind, "yes" if _ends(cls) else "no", Text(summary(cls)))
    terminal = console()
    terminal.print(table)
    terminal.print(f"{len(known)} kinds of event; `aimarket events KIND` explains one", highlight=False)


def _print(cls: type[Event]) -> None:
    from rich.text import Text

    from aimarket.cli.described import console, print_parameters

    told, terminal = _explained(cls), console()
    ends = "ends after duration_months where that is given" if told["ends"] else "has no end"
    terminal.print(Text(f"{cls.kind}, an event that {ends}", style="bold"))
    terminal.print(Text(told["does"]))
    terminal.print()
    print_parameters(cls.Parameters, terminal)
    terminal.print()
    terminal.print(Text("In a config:"))
    terminal.print(Text(told["snippet"].rstrip(), style="dim"))


def _explained(cls: type[Event]) -> dict[str, Any]:
    """Everything that there is to say about one kind of event, as plain values."""
    from aimarket.cli.described import does, parameters

    return {
        "kind": cls.kind,
        "does": does(cls),
        "ends": _ends(cls),
        "parameters": [row for row in parameters(cls.Parameters) if row["name"] != "duration_months" or _ends(cls)],
        "snippet": _snippet(cls),
    }


def _snippet(cls: type[Event]) -> str:
    """A scenario with such an event; words in capitals stand for what only the author of a plug-in knows."""
    from importlib.resources import files

    import yaml

    from aimarket.contract.seats import EXAMPLE_CONFIG, flow

    examples = yaml.safe_load(files("aimarket.cli").joinpath(_EXAMPLES).read_text(encoding="utf-8"))
    required = {
        name: field.examples[0] if field.examples else name.upper()
        for name, field in cls.Parameters.model_fields.items()
        if field.is_required()
    }
    entry = {"kind": cls.kind, **examples.get(cls.kind, {"date": _DATE, **required})}
    return f"extends: {EXAMPLE_CONFIG}\nevents:\n  my_event: {flow(entry)}\n"


def _ends(cls: type[Event]) -> bool:
    from aimarket.events.base import Event

    return cls.end is not Event.end


def _echo(answer: Any) -> None:
    import json

    typer.echo(json.dumps(answer, indent=2, ensure_ascii=False, allow_nan=False, default=str))
