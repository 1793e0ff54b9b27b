"""What strategies and events are, in words: their docstrings, sources and parameters, and the nearest name."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Iterable
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo
    from rich.console import Console

__all__ = ["console", "default_text", "does", "nearest", "parameters", "print_parameters", "summary"]

_WIDE = 10_000


def console() -> Console:
    """A terminal as wide as it is; elsewhere, one that breaks no line."""
    import sys

    from rich.console import Console

    return Console() if sys.stdout.isatty() else Console(width=_WIDE)


def does(cls: type[Any]) -> str:
    """The docstring, without the indentation of its file."""
    return inspect.cleandoc(cls.__doc__ or "").replace("``", "`")


def summary(cls: type[Any]) -> str:
    """The first sentence of the docstring, on one line."""
    paragraph = " ".join(does(cls).split("\n\n")[0].split())
    end = paragraph.find(". ")
    return paragraph if end < 0 else paragraph[: end + 1]


def nearest(name: str, known: Iterable[str], verb: str) -> str:
    """What to write instead of an unknown ``name``."""
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"did you mean '{close[0]}'?" if close else f"`aimarket {verb}` lists what there is"


def parameters(model: type[BaseModel]) -> list[dict[str, Any]]:
    """Name, default, legal values and meaning of each parameter; the default of one that is required is missing."""
    return [
        {
            "name": name,
            "required": field.is_required(),
            "default": None if field.is_required() else field.get_default(call_default_factory=True),
            "allowed": _allowed(field),
            "meaning": field.description or "",
        }
        for name, field in model.model_fields.items()
    ]


def print_parameters(model: type[BaseModel], terminal: Console) -> None:
    """A table of the parameters."""
    from rich.table import Table
    from rich.text import Text

    rows = parameters(model)
    if not rows:
        terminal.print("It has no parameters.")
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("parameter", "default", "allowed", "meaning"):
        table.add_column(heading, no_wrap=heading in ("parameter", "default"))
    for row in rows:
        cells = (row["name"], default_text(row), row["allowed"], row["meaning"])
        table.add_row(*(Text(cell) for cell in cells))
    terminal.print(table)


def default_text(row: dict[str, Any]) -> str:
    """The default of a row of ``parameters`` as a config would say it."""
    from aimarket.contract.seats import flow

    value = row["default"]
    if row["required"]:
        return "required"
    if value is None:
        return "none"
    return f"{value:g}" if isinstance(value, float) else flow(value)


def _allowed(field: FieldInfo) -> str:
    from aimarket.contract.parameters import bounds_text, numeric_type

    if numeric_type(field) is None:
        return _kind(field.annotation)
    return ("whole number " if numeric_type(field) is int else "") + bounds_text(field)


def _kind(annotation: Any) -> str:
    """What a value that is no bounded number may be, in words."""
    from aimarket.config.schema.base import Plug

    origin, within = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return ", ".join(map(str, within))
    if origin is Annotated:
        return _kind(within[0])
    if origin in (Union, UnionType):
        return " or ".join(_kind(kind) for kind in within if kind is not type(None))
    if origin is list:
        return f"list of {_kind(within[0])}"
    words = {bool: "true, false", Plug: "strategy", str: "text", dict: "mapping"}
    return words.get(origin or annotation, "value")
