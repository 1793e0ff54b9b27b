"""Laying configs over each other: ``extends`` chains, removals, and what replaces what."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

from aimarket.config.nodes import Node, error_at
from aimarket.config.places import Place, child, place_of, tag_key
from aimarket.config.sources import find_parent, nearest_name, shown
from aimarket.config.yaml_reading import read_yaml

__all__ = ["MAX_EXTENDS", "expand_shorthand", "merge", "nearest", "resolve_extends"]

MAX_EXTENDS = 10

_OWN_KEYS = ("name", "description")  # these describe one file and are not inherited


def resolve_extends(root: Node, file: Path | None, model: type[Any]) -> Node:
    """``root`` laid over the configs it extends, nearest parent last.

    Raises
    ------
    ConfigError
        A parent that is missing, a cycle, or a chain longer than ``MAX_EXTENDS``; the chain is named.
    """
    chain = [root]
    visited = [file] if file is not None else []
    while "extends" in chain[-1].entries:
        parent = _parent_of(chain[-1], visited)
        visited.append(parent)
        chain.append(read_yaml(parent, shown(parent)))
    place = place_of(model)
    merged = _without(chain[-1], ("extends",) if len(chain) == 1 else ("extends", *_OWN_KEYS))
    for depth, overlay in reversed(list(enumerate(chain[:-1]))):
        dropped = ("extends",) if depth == 0 else ("extends", *_OWN_KEYS)
        merged = merge(merged, _without(overlay, dropped), place)
    return merged


def _parent_of(node: Node, visited: list[Path]) -> Path:
    link = node.entries["extends"]
    if not isinstance(link.value, str) or not link.value:
        raise error_at(
            link.origin,
            ("extends",),
            "must be the name or path of one config",
            value=link.value,
            remedy="e.g. baseline",
        )
    parent = find_parent(link.value, visited[-1] if visited else None)
    names = " -> ".join([*(shown(file) for file in visited), link.value])
    if parent is None:
        raise error_at(
            link.origin,
            ("extends",),
            f"is neither a shipped config nor a file (chain {names})",
            value=link.value,
            remedy=nearest_name(link.value),
        )
    if any(parent.resolve() == file.resolve() for file in visited):
        raise error_at(link.origin, ("extends",), f"closes a cycle: {names}", remedy="let one of them extend nothing")
    if len(visited) > MAX_EXTENDS:
        raise error_at(link.origin, ("extends",), f"makes a chain of more than {MAX_EXTENDS} configs: {names}")
    return parent


def merge(base: Node, overlay: Node, place: Place | None, path: tuple[str, ...] = ()) -> Node:
    """``overlay`` laid over ``base``: mappings merge, everything else replaces, ``null`` removes.

    A mapping that names another strategy or another kind than the base replaces it whole, since the
    parameters of the one mean nothing to the other.

    Raises
    ------
    ConfigError
        ``null`` for a key that the base does not have.
    """
    base = expand_shorthand(base, place) if isinstance(overlay.value, dict) else base
    if not isinstance(base.value, dict) or not isinstance(overlay.value, dict) or _is_other(base, overlay, place):
        return overlay
    entries = dict(base.value)
    for key, value in overlay.value.items():
        if value.value is None and key not in entries:
            raise error_at(
                value.origin,
                (*path, key),
                "is null, which removes a key, but the config it extends has no such key",
                remedy=nearest(key, entries),
            )
        if value.value is None:
            del entries[key]
        elif key in entries:
            entries[key] = merge(entries[key], value, child(place, key, base), (*path, key))
        else:
            entries[key] = value
    return Node(entries, overlay.origin)


def expand_shorthand(node: Node, place: Place | None) -> Node:
    """``undercut`` as ``{name: undercut}`` where the place holds a strategy; anything else as it is."""
    key = tag_key(place)
    if key is None or not isinstance(node.value, str):
        return node
    return Node({key: node}, node.origin)


def nearest(key: str, known: Any) -> str:
    """``did you mean ...?``, or the known keys."""
    names = list(known)
    close = difflib.get_close_matches(key, names, n=1)
    if close:
        return f"did you mean '{close[0]}'?"
    listed = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return f"known: {listed or 'none'}"


def _is_other(base: Node, overlay: Node, place: Place | None) -> bool:
    key = tag_key(place)
    if key is None or key not in overlay.entries:
        return False
    before = base.child(key)
    return before is None or before.value != overlay.entries[key].value


def _without(node: Node, keys: tuple[str, ...]) -> Node:
    return Node({key: value for key, value in node.entries.items() if key not in keys}, node.origin)
