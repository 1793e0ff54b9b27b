"""Pydantic's findings in plain words: where, which value, what is allowed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from aimarket.config.merging import nearest
from aimarket.config.nodes import Node, error_at, locate
from aimarket.config.places import Place, bounds, child, known_keys, place_of, tags
from aimarket.errors import ConfigError

__all__ = ["explain"]

_TYPES = {
    "bool_type": "must be true or false",
    "dict_type": "must be a mapping",
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "list_type": "must be a list",
    "model_attributes_type": "must be a mapping",
    "model_type": "must be a mapping",
    "none_required": "must be left out",
    "string_type": "must be text",
}
_SIZES = {
    "too_short": ("at least", "entries"),
    "too_long": ("at most", "entries"),
    "string_too_short": ("at least", "characters"),
    "string_too_long": ("at most", "characters"),
}
_BOUNDS = {"greater_than", "greater_than_equal", "less_than", "less_than_equal", "finite_number"}


def explain(error: ValidationError, root: Node, model: type[Any]) -> ConfigError:
    """The first finding, by path, as a ``ConfigError`` naming the file that set the value.

    At one level an unknown or wrong key comes before a missing one, since a misspelt key causes both.
    """
    findings = [(_place_of_finding(found, root, model), found) for found in error.errors(include_url=False)]
    findings.sort(key=lambda item: (item[0][0][:-1], item[1]["type"] == "missing", item[0][0]))
    (path, place, parent), found = findings[0]
    problem, value, remedy = _words(found, path, place, parent, root)
    more = f"(and {len(findings) - 1} more)" if len(findings) > 1 else None
    remedy = " ".join(part for part in (remedy, more) if part) or None
    return error_at(locate(root, path).origin, path, problem, value=value, remedy=remedy)


_Spot = tuple[tuple[str, ...], Place | None, Place | None]


def _place_of_finding(found: Any, root: Node, model: type[Any]) -> _Spot:
    """Path in the file, place there and place of the mapping around it; union tags are not in the file."""
    path: list[str] = []
    node: Node | None = root
    around: Place | None = None
    place: Place | None = place_of(model)
    for part in found["loc"]:
        if part == "[key]":
            break
        if part in tags(place):
            place = Place(tags(place)[str(part)])
            continue
        around, place = place, child(place, str(part), node)
        node = node.child(str(part)) if node is not None else None
        path.append(str(part))
    if str(found["type"]).startswith("union_tag") and place is not None and place.discriminator is not None:
        path.append(place.discriminator)
    return tuple(path), place, around


def _words(
    found: Any, path: tuple[str, ...], place: Place | None, parent: Place | None, root: Node
) -> tuple[str, object, str | None]:
    kind, context = str(found["type"]), found.get("ctx", {})
    meaning = f"it is: {place.description}" if place is not None and place.description else None
    value = _shown(found.get("input"))
    if kind == "missing":
        return "is required and missing", None, "add it" + (f", {meaning}" if meaning else "")
    if kind == "extra_forbidden":
        keys = known_keys(parent, locate(root, path[:-1])) or []
        return "is not a known key", None, nearest(path[-1], keys)
    if kind == "union_tag_not_found":
        siblings = set(locate(root, path[:-2]).entries) - {path[-2]}
        return f"is required: one of {', '.join(tags(place))}", None, _close(path[-2], siblings)
    if kind == "union_tag_invalid":
        tag = str(context.get("tag"))
        return f"must be one of {', '.join(tags(place))}", tag, _close(tag, tags(place))
    if kind == "literal_error":
        allowed = _literals(place) or [str(context.get("expected"))]
        return f"must be {' or '.join(allowed)}", value, _close(str(value), allowed) or meaning
    if kind == "string_pattern_mismatch":
        return "must be lower-case letters, digits and _, starting with a letter", value, None
    limits = bounds(place)
    if kind in _BOUNDS and limits:
        return f"must be {limits}", value, meaning
    if kind in _TYPES:
        problem = _TYPES[kind] + (" and is empty" if found.get("input") is None else "")
        return problem + (f" {limits}" if limits else ""), value, meaning
    if kind in _SIZES:
        word, unit = _SIZES[kind]
        size = context.get("min_length", context.get("max_length"))
        return f"must have {word} {size} {unit}", value, meaning
    message = str(found["msg"]).removeprefix("Value error, ")
    return message[:1].lower() + message[1:], value, meaning


def _close(name: str, known: Iterable[str]) -> str | None:
    hint = nearest(name, sorted(known))
    return hint if hint.startswith("did you mean") else None


def _literals(place: Place | None) -> list[str]:
    arguments: Iterable[object] = getattr(place.annotation, "__args__", ()) if place is not None else ()
    return [str(argument) for argument in arguments]


def _shown(value: object) -> object:
    if isinstance(value, dict):
        return "a mapping"
    return f"a list of {len(value)}" if isinstance(value, list) else value
