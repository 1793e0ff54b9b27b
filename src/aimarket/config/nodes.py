"""Config values that remember which file and line they came from.

Reading, merging and overriding work on trees of ``Node``; an error about any value can then name its
file, however many configs were laid over each other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

from aimarket.errors import ConfigError

__all__ = ["MAX_DEPTH", "Node", "Origin", "dotted", "error_at", "from_python", "locate", "plain"]

MAX_DEPTH = 40  # a config needs 8 levels; the bound keeps every recursion over a tree harmless

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was written; ``file`` is ``None`` for values given in Python or on the command line."""

    file: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A mapping, a list or a scalar of a config, and where it was written."""

    value: dict[str, Node] | list[Node] | str | bool | int | float | None
    origin: Origin = Origin()

    @property
    def entries(self) -> dict[str, Node]:
        """The entries of a mapping; empty for anything else."""
        return self.value if isinstance(self.value, dict) else {}

    def child(self, key: str) -> Node | None:
        """The value under a key of a mapping or an index of a list, or ``None``."""
        if isinstance(self.value, list):
            return self.value[int(key)] if key.isdecimal() and int(key) < len(self.value) else None
        return self.entries.get(key)


def dotted(path: Sequence[str]) -> str:
    return ".".join(path)


def plain(node: Node) -> Any:
    """The tree as ordinary dicts, lists and scalars."""
    if isinstance(node.value, dict):
        return {key: plain(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [plain(child) for child in node.value]
    return node.value


def locate(root: Node, path: Sequence[str]) -> Node:
    """The value at ``path``, or the innermost mapping or list on the way to where it would be."""
    node = root
    for key in path:
        below = node.child(key)
        if below is None:
            break
        node = below
    return node


def error_at(
    origin: Origin, path: Sequence[str], problem: str, *, value: object = None, remedy: str | None = None
) -> ConfigError:
    """A ``ConfigError`` about the value at ``path``, with file and line of its origin."""
    where = f"line {origin.line}: " if origin.line is not None else ""
    return ConfigError(where + problem, file=origin.file, path=dotted(path) or None, value=value, remedy=remedy)


def from_python(value: object, path: Path = ()) -> Node:
    """A tree from plain Python values (mappings, sequences, numbers, text), without an origin.

    Raises
    ------
    ConfigError
        NaN or infinity, a type that no config can hold, a key that is not text, or nesting deeper
        than ``MAX_DEPTH`` (a structure that contains itself).
    """
    if len(path) > MAX_DEPTH:
        raise ConfigError(f"is nested deeper than {MAX_DEPTH} levels", path=dotted(path[:5]) + "...")
    if value is None or isinstance(value, (str, bool)):
        return Node(value)
    if isinstance(value, Integral):
        return Node(int(value))
    if isinstance(value, Real):
        number = float(value)
        if not math.isfinite(number):
            raise ConfigError("must be a finite number", path=dotted(path) or None, value=number)
        return Node(number)
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise ConfigError("has a key that is not text", path=dotted(path) or None, value=key)
        return Node({key: from_python(below, (*path, key)) for key, below in value.items()})
    if isinstance(value, (list, tuple)):
        return Node([from_python(below, (*path, str(index))) for index, below in enumerate(value)])
    raise ConfigError(
        f"is a {type(value).__name__}, which no config can hold",
        path=dotted(path) or None,
        remedy="use numbers, text, true/false, lists and mappings",
    )
