"""Single values set from Python or the command line: ``agents.openai.strategies.pricing=undercut``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aimarket.config.merging import expand_shorthand, nearest
from aimarket.config.nodes import Node, dotted, from_python, plain
from aimarket.config.places import Place, child, known_keys, model_at, place_of
from aimarket.config.yaml_reading import parse_yaml
from aimarket.errors import ConfigError

__all__ = ["apply_overrides", "parse_assignment"]


def parse_assignment(text: str) -> tuple[str, Any]:
    """The path and value of ``a.b.c=value``; the value is read as in a config file.

    ``x=0.05`` is a number, ``x=undercut`` text, ``x={name: undercut, gap: 0.05}`` a mapping and
    ``x=null`` removes ``x``.

    Raises
    ------
    ConfigError
        No ``=``, an empty path or value, or a value that is not YAML.
    """
    path, equals, written = text.partition("=")
    path = path.strip()
    if not equals or not path:
        raise ConfigError("is no assignment", value=text, remedy="write path=value, e.g. time.periods=24")
    if not written.strip():
        raise ConfigError("has no value", path=path, value=text, remedy=f"write {path}=null to remove it")
    try:
        node = parse_yaml(written, None)
    except ConfigError as error:
        where = ".".join(part for part in (path, error.path) if part)
        raise ConfigError(error.problem, path=where, value=error.value or written, remedy=error.remedy) from error
    return path, None if node is None else plain(node)


def apply_overrides(root: Node, overrides: Mapping[str, Any], model: type[Any]) -> Node:
    """``root`` with each dotted path set to its value, in the order given; ``None`` removes.

    A mapping replaces what was there.  A path below a strategy that is given by its bare name sets a
    parameter of that strategy.

    Raises
    ------
    ConfigError
        A path that leads nowhere, with the nearest known key at the level where it leaves the config.
    """
    for path, value in overrides.items():
        if not isinstance(path, str) or not path or "" in path.split("."):
            raise ConfigError("is no dotted path", value=path, remedy="write e.g. agents.openai.cash_musd")
        keys = tuple(path.split("."))
        root = _set(root, place_of(model), keys, from_python(value, keys), ())
    return root


def _set(node: Node, place: Place | None, keys: tuple[str, ...], value: Node, done: tuple[str, ...]) -> Node:
    key, rest = keys[0], keys[1:]
    node = expand_shorthand(node, place)
    if isinstance(node.value, list):
        return _set_item(node, place, keys, value, done)
    if not isinstance(node.value, dict):
        raise ConfigError("has nothing below it", path=dotted(done), value=node.value)
    _check_key(node, place, key, done, may_add=not rest and value.value is not None)
    entries = dict(node.value)
    if rest:
        below = entries.get(key, Node({}))
        if below.value is None:
            below = Node({})
        entries[key] = _set(below, child(place, key, node), rest, value, (*done, key))
    elif value.value is None:
        entries.pop(key, None)
    else:
        entries[key] = value
    return Node(entries, node.origin)


def _set_item(node: Node, place: Place | None, keys: tuple[str, ...], value: Node, done: tuple[str, ...]) -> Node:
    assert isinstance(node.value, list)
    key, rest = keys[0], keys[1:]
    below = node.child(key)
    if below is None:
        raise ConfigError(
            "is no item of the list",
            path=dotted((*done, key)),
            remedy=f"items are 0 to {len(node.value) - 1}",
        )
    items = list(node.value)
    if rest:
        items[int(key)] = _set(below, child(place, key, node), rest, value, (*done, key))
    elif value.value is None:
        del items[int(key)]
    else:
        items[int(key)] = value
    return Node(items, node.origin)


def _check_key(node: Node, place: Place | None, key: str, done: tuple[str, ...], *, may_add: bool) -> None:
    """A key must be there already, be a field of the model here, or be a new entry of an open mapping."""
    if key in node.entries:
        return
    known = known_keys(place, node)
    if known is None:
        adds = may_add or model_at(place, node) is not None
        if adds:
            return
        known = list(node.entries)
    if key not in known:
        raise ConfigError("is not a known key", path=dotted((*done, key)), remedy=nearest(key, known))
