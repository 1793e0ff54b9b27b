"""What the schema says about a place in a config: its keys, its bounds, its meaning.

Merging, overrides and error messages ask the pydantic models through this file, so that a new field
or a new kind of agent is known to all three without a second list.
"""

from __future__ import annotations

import types
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from aimarket.config.nodes import Node

__all__ = ["Place", "bounds", "child", "known_keys", "model_at", "place_of", "tag_key", "tags"]


@dataclass(frozen=True)
class Place:
    """A type of the schema with the constraints and the description written around it."""

    annotation: Any
    constraints: tuple[Any, ...] = ()
    discriminator: str | None = None
    description: str | None = None


def place_of(annotation: Any) -> Place:
    """The place of a type: wrappers such as ``Annotated`` and ``| None`` taken off and remembered."""
    return _unwrap(Place(annotation))


def _unwrap(place: Place) -> Place:
    while True:
        origin = get_origin(place.annotation)
        if origin is Annotated:
            inner, *notes = get_args(place.annotation)
            place = replace(place, annotation=inner)
            for note in notes:
                place = _noted(place, note)
        elif origin in (Union, types.UnionType):
            members = [m for m in get_args(place.annotation) if m is not type(None)]
            if len(members) > 1:
                return place
            place = replace(place, annotation=members[0])
        else:
            return place


def _noted(place: Place, note: Any) -> Place:
    if not isinstance(note, FieldInfo):
        return replace(place, constraints=(*place.constraints, note))
    discriminator = note.discriminator if isinstance(note.discriminator, str) else place.discriminator
    return replace(
        place,
        constraints=(*place.constraints, *note.metadata),
        discriminator=discriminator,
        description=place.description or note.description,
    )


def _members(place: Place) -> Iterable[type[BaseModel]]:
    union = get_origin(place.annotation) in (Union, types.UnionType)
    for candidate in get_args(place.annotation) if union else (place.annotation,):
        found = _unwrap(Place(candidate)).annotation
        if isinstance(found, type) and issubclass(found, BaseModel):
            yield found


def tags(place: Place | None) -> dict[str, type[BaseModel]]:
    """For a choice between models: the value of the discriminating key -> the model."""
    if place is None or place.discriminator is None:
        return {}
    found: dict[str, type[BaseModel]] = {}
    for member in _members(place):
        literal = member.model_fields[place.discriminator].annotation
        if get_origin(literal) is Literal:
            found.update({str(tag): member for tag in get_args(literal)})
    return found


def model_at(place: Place | None, node: Node | None) -> type[BaseModel] | None:
    """The model that describes ``node`` at ``place``; ``None`` where there is none, or not yet a choice."""
    if place is None:
        return None
    if place.discriminator is not None:
        tag = node.child(place.discriminator) if node is not None else None
        return tags(place).get(str(tag.value)) if tag is not None else None
    members = list(_members(place))
    return members[0] if len(members) == 1 else None


def tag_key(place: Place | None) -> str | None:
    """The key that decides what else a mapping may hold: ``kind`` of agents and events, strategies' ``name``.

    ``None`` for mappings whose keys are the same whatever they hold.
    """
    if place is None:
        return None
    if place.discriminator is not None:
        return place.discriminator
    model = model_at(place, None)
    if model is not None and model.model_config.get("extra") == "allow":
        return next(iter(model.model_fields))
    return None


def child(place: Place | None, key: str, node: Node | None) -> Place | None:
    """The place under ``key``; ``None`` where the schema says nothing about it."""
    model = model_at(place, node)
    if model is not None:
        field = model.model_fields.get(key)
        if field is None:
            return None
        found = _noted(Place(field.annotation, description=field.description), field)
        return _unwrap(found)
    origin, arguments = (get_origin(place.annotation), get_args(place.annotation)) if place else (None, ())
    if origin is dict and len(arguments) == 2:
        return place_of(arguments[1])
    if origin is list and len(arguments) == 1:
        return place_of(arguments[0])
    return None


def known_keys(place: Place | None, node: Node | None) -> list[str] | None:
    """Every key allowed at ``place``; ``None`` where any key is (a dict of names, a plug-in's parameters)."""
    model = model_at(place, node)
    if model is None or model.model_config.get("extra") == "allow":
        return None
    return list(model.model_fields)


def bounds(place: Place | None) -> str | None:
    """The bounds of a number in words, e.g. ``from 0 to 1``."""
    words = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}
    limits: dict[str, str] = {}
    for note in place.constraints if place else ():
        for name in words:
            if getattr(note, name, None) is not None:
                limits[name] = f"{getattr(note, name):,.15g}"
    if set(limits) == {"ge", "le"}:
        return f"from {limits['ge']} to {limits['le']}"
    return " and ".join(f"{words[name]} {limits[name]}" for name in words if name in limits) or None
