"""Reading YAML that may be wrong, huge or hostile, into a tree that remembers its lines.

The tree is built from the parser's events, so that duplicate keys, tags, deep nesting and alias bombs
are met while reading, before anything large exists in memory.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from aimarket.config.nodes import MAX_DEPTH, Node, Origin, error_at
from aimarket.config.scalars import resolve_scalar
from aimarket.errors import ConfigError

__all__ = ["MAX_BYTES", "parse_yaml", "read_yaml"]

MAX_BYTES = 2_000_000
MAX_EXPANDED = 5_000_000  # characters and values once aliases are written out
_REREAD_BYTES = 200_000
_DIRECTIVE = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*%")  # libyaml and PyYAML disagree about these

_Measured = tuple[Node, int, int]  # tree, its expanded size, its height


def read_yaml(path: Path, shown: str | None = None) -> Node:
    """The mapping in a YAML file; ``shown`` is how errors name the file.

    Raises
    ------
    ConfigError
        No readable regular file, more than 2 MB (seen before reading), not UTF-8, not YAML, not one
        mapping, a duplicate key, a tag, NaN or infinity, nesting or alias expansion without end.
    """
    name = shown or str(path)
    text = _read_text(path, name)
    root = parse_yaml(text, name)
    if root is None:
        raise ConfigError("the file is empty", file=name, remedy="see `aimarket configs`")
    if not isinstance(root.value, dict):
        raise ConfigError("must be a mapping of keys to values", file=name, remedy="write `key: value` lines")
    return root


def parse_yaml(text: str, file: str | None) -> Node | None:
    """The tree that YAML ``text`` stands for, ``None`` where it holds nothing or ``null``.

    Raises
    ------
    ConfigError
        As ``read_yaml``.
    """
    if _DIRECTIVE.match(text):
        raise ConfigError("starts with a YAML directive (%)", file=file, remedy="remove the line")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _Builder(text, loader, file).document()
    except yaml.YAMLError as error:
        raise _syntax_error(_same_words(error, text), file) from error


def _read_text(path: Path, name: str) -> str:
    try:
        _check_file(path.stat(), name)  # before opening: a pipe would block, a disk image would fill memory
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES)
    except FileNotFoundError as error:
        raise ConfigError("no such file", file=name, remedy="see `aimarket configs`") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(f"cannot be read: {reason}", file=name) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"line {line}: is not UTF-8 text", file=name, remedy="save it as UTF-8") from error


def _check_file(status: os.stat_result, name: str) -> None:
    if not stat.S_ISREG(status.st_mode):
        what = "a directory" if stat.S_ISDIR(status.st_mode) else "not a regular file"
        raise ConfigError(f"is {what}", file=name, remedy="give the path of a YAML file")
    if status.st_size > MAX_BYTES:
        raise ConfigError(
            f"is {status.st_size / 1e6:,.1f} MB; a config may have {MAX_BYTES / 1e6:g} MB",
            file=name,
            remedy="use `extends` and keep data out of configs",
        )


def _same_words(error: yaml.YAMLError, text: str) -> yaml.YAMLError:
    """The pure Python parser's report, so that messages do not depend on whether libyaml is there."""
    if len(text) > _REREAD_BYTES:
        return error
    try:
        for _ in yaml.parse(text, Loader=yaml.SafeLoader):
            pass
    except yaml.YAMLError as other:
        return other
    return error


def _syntax_error(error: yaml.YAMLError, file: str | None) -> ConfigError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be parsed"
    where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark is not None else ""
    remedy = "indent with spaces, not tabs" if "\\t" in str(problem) else "check indentation, colons and quotes"
    return ConfigError(f"{where}is not valid YAML: {problem}", file=file, remedy=remedy)


class _Builder:
    """Builds one document from parser events, with every bound checked on the way."""

    def __init__(self, text: str, loader: type[Any], file: str | None) -> None:
        self._events: Iterator[Any] = iter(yaml.parse(text, Loader=loader))
        self._file = file
        self._anchors: dict[str, _Measured | None] = {}
        self._expanded = 0

    def document(self) -> Node | None:
        root: Node | None = None
        count = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                count += 1
                if count > 1:
                    raise self._error(event, (), "holds a second document", remedy="remove the `---` line")
            elif isinstance(event, yaml.NodeEvent):
                root = self._node(event, ())[0]
        return None if root is None or root.value is None else root

    def _node(self, event: Any, path: tuple[str, ...]) -> _Measured:
        if len(path) > MAX_DEPTH:
            raise self._error(event, path[:3], f"is nested deeper than {MAX_DEPTH} levels")
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, path)
        if getattr(event, "tag", None) is not None:
            raise self._error(
                event,
                path,
                "has a YAML tag, which configs do not use",
                value=event.tag,
                remedy="remove the tag",
            )
        anchor: str | None = getattr(event, "anchor", None)
        if anchor is not None:
            self._anchors[anchor] = None
        measured = self._construct(event, path)
        if anchor is not None:
            self._anchors[anchor] = measured
        return measured

    def _construct(self, event: Any, path: tuple[str, ...]) -> _Measured:
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, path)
        text = str(event.value)
        self._grow(event, path, 1 + len(text))
        value: str | bool | int | float | None = text
        if event.implicit[0]:
            try:
                value = resolve_scalar(text)
            except ValueError as error:
                raise self._error(event, path, str(error), value=text[:40]) from error
        return Node(value, self._origin(event)), 1 + len(text), 0

    def _mapping(self, start: Any, path: tuple[str, ...]) -> _Measured:
        entries: dict[str, Node] = {}
        size, height = 1, 0
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event, path)
            if key in entries:
                first = entries[key].origin.line
                raise self._error(event, (*path, key), f"is written twice; first near line {first}")
            below = self._node(next(self._events), (*path, key))
            entries[key] = below[0]
            size, height = size + below[1] + len(key), max(height, below[2] + 1)
        return Node(entries, self._origin(start)), size, height

    def _key(self, event: Any, path: tuple[str, ...]) -> str:
        if not isinstance(event, yaml.ScalarEvent) or event.tag is not None:
            raise self._error(event, path, "has a key that is not plain text")
        if event.anchor is not None:
            raise self._error(event, path, "has an anchor on a key", value=event.value, remedy="remove the anchor")
        if event.value == "<<" and event.implicit[0]:
            raise self._error(event, path, "uses a merge key (<<), which configs do not", remedy="use `extends`")
        self._grow(event, path, 1 + len(event.value))
        return str(event.value)

    def _sequence(self, start: Any, path: tuple[str, ...]) -> _Measured:
        items: list[Node] = []
        size, height = 1, 0
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            below = self._node(event, (*path, str(len(items))))
            items.append(below[0])
            size, height = size + below[1], max(height, below[2] + 1)
        return Node(items, self._origin(start)), size, height

    def _alias(self, event: Any, path: tuple[str, ...]) -> _Measured:
        name = event.anchor
        if name not in self._anchors:
            raise self._error(event, path, "refers to an anchor that is not defined before", value=f"*{name}")
        measured = self._anchors[name]
        if measured is None:
            raise self._error(event, path, "contains itself", value=f"*{name}")
        if len(path) + measured[2] > MAX_DEPTH:
            raise self._error(event, path[:3], f"is nested deeper than {MAX_DEPTH} levels")
        self._grow(event, path, measured[1])
        return measured

    def _grow(self, event: Any, path: tuple[str, ...], size: int) -> None:
        self._expanded += size
        if self._expanded > MAX_EXPANDED:
            raise self._error(event, path[:3], "grows without bound through YAML aliases", remedy="write values out")

    def _origin(self, event: Any) -> Origin:
        return Origin(self._file, event.start_mark.line + 1)

    def _error(
        self,
        event: Any,
        path: tuple[str, ...],
        problem: str,
        *,
        value: object = None,
        remedy: str | None = None,
    ) -> ConfigError:
        return error_at(self._origin(event), path, problem, value=value, remedy=remedy)
