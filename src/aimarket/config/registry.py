"""Names that configs may use: strategies by decision, and kinds of event.

Built-in plug-ins are found in ``aimarket.strategies`` and ``aimarket.events``; others come from the
entry-point groups of the same names or from ``load_plugin``, which only the command line calls.  A
config holds names and numbers, never code to import.

A strategy whose ``decision`` is "any" can be named for every decision.  It is made of others: each of its
parameters that is a ``Plug`` becomes a strategy of the decision at hand, kept by parameter name in its
attribute ``parts``, and its own ``decision`` becomes that decision.
"""

from __future__ import annotations

import difflib
import hashlib
import importlib
import importlib.util
import inspect
import pkgutil
import sys
from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from aimarket.errors import ConfigError

if TYPE_CHECKING:
    from aimarket.config.schema import MarketConfig
    from aimarket.config.schema.base import Plug
    from aimarket.events.base import Event
    from aimarket.strategies.base import Strategy

__all__ = ["ANY", "check", "event_kinds", "load_plugin", "make_event", "make_strategy", "strategies"]

ANY = "any"


@lru_cache(maxsize=1)
def strategies() -> dict[str, dict[str, type[Strategy]]]:
    """Every known strategy: decision -> name -> class; those of decision "any" fit every decision."""
    from aimarket.strategies.base import Strategy

    known: dict[str, dict[str, type[Strategy]]] = {}
    for module in _modules("aimarket.strategies"):
        _add_strategies(known, _classes(module, Strategy))
    return {decision: dict(sorted(known[decision].items())) for decision in sorted(known)}


@lru_cache(maxsize=1)
def event_kinds() -> dict[str, type[Event]]:
    """Every known kind of event: name -> class."""
    from aimarket.events.base import Event

    known: dict[str, type[Event]] = {}
    for module in _modules("aimarket.events"):
        _add_events(known, _classes(module, Event))
    return dict(sorted(known.items()))


def load_plugin(path: str | Path) -> list[str]:
    """Import a Python file and register the strategies and events it defines; returns their names.

    A file that has been loaded before replaces what it defined then.

    Raises
    ------
    ConfigError
        The file is missing, is not Python, fails while it is imported, defines nothing to register, or a
        name that another file has given to a strategy of that decision or to an event; nothing is
        registered then.  The same holds for a class without a name, or for an unknown decision.
    """
    from aimarket.events.base import Event
    from aimarket.strategies.base import Strategy

    file = Path(path)
    module = _import_file(file)
    minds, shocks = _classes(module, Strategy), _classes(module, Event)
    if not minds and not shocks:
        raise ConfigError(
            "defines no strategy and no event", file=str(file), remedy="subclass aimarket.strategies.base.Strategy"
        )
    for cls in minds:
        _require_names(cls, ("decision", "name"))
        if cls.decision not in strategies():
            remedy = _suggest(cls.decision, strategies())
            raise ConfigError(f"{cls.__name__} is for no decision", file=str(file), value=cls.decision, remedy=remedy)
    for shock in shocks:
        _require_names(shock, ("kind",))
    _refuse_taken_events(event_kinds(), shocks)
    _add_strategies(strategies(), minds)
    _add_events(event_kinds(), shocks)
    return [*(cls.name for cls in minds), *(cls.kind for cls in shocks)]


def make_strategy(decision: str, plug: Plug, path: str) -> Strategy:
    """The strategy that ``plug`` names for ``decision``; ``path`` is where the config says so.

    Raises
    ------
    ConfigError
        No such strategy, or a parameter that is unknown, missing or out of bounds, there or in a strategy
        that it is made of; names the path.
    """
    from aimarket.config.schema.base import Plug

    known = dict(sorted({**strategies().get(ANY, {}), **strategies().get(decision, {})}.items()))
    cls = known.get(plug.name)
    if cls is None:
        raise ConfigError(f"is no {decision} strategy", path=path, value=plug.name, remedy=_suggest(plug.name, known))
    strategy = cls(_parameters(cls.Parameters, plug.parameters, path))
    if cls.decision == ANY:
        parts = {
            field: make_strategy(decision, value, f"{path}.{field}")
            for field, value in strategy.parameters
            if isinstance(value, Plug)
        }
        vars(strategy).update(decision=decision, parts=parts)
    return strategy


def make_event(kind: str, parameters: dict[str, Any], path: str) -> Event:
    """The event of ``kind`` with ``parameters``; ``path`` is where the config says so."""
    cls = event_kinds().get(kind)
    if cls is None:
        raise ConfigError("is no kind of event", path=f"{path}.kind", value=kind, remedy=_suggest(kind, event_kinds()))
    return cls(_parameters(cls.Parameters, parameters, path))


def check(config: MarketConfig) -> None:
    """What types alone cannot see: names of strategies and events, references, sums of shares."""
    from aimarket.config.checks import check_references
    from aimarket.events.base import Event

    for name, entry in config.agents.items():
        chosen = getattr(entry, "strategies", None)
        for decision in type(chosen).model_fields if chosen is not None else ():
            plug = getattr(chosen, decision)
            if plug is not None:
                make_strategy(decision, plug, f"agents.{name}.strategies.{decision}")
    check_references(config)
    for name, event in config.events.items():
        shock = make_event(event.kind, event.parameters, f"events.{name}")
        if shock.parameters.duration_months is not None and type(shock).end is Event.end:
            path = f"events.{name}.duration_months"
            raise ConfigError(f"a {event.kind} has no end", path=path, remedy="leave it out")
        shock.check(config, f"events.{name}")


def _parameters(model: type[Any], values: dict[str, Any], path: str) -> Any:
    try:
        return model(**values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        where = f"{path}.{key}" if key else path
        if first["type"] == "extra_forbidden":
            raise ConfigError(
                "is not a known parameter", path=where, remedy=_suggest(key, model.model_fields)
            ) from error
        if first["type"] in ("model_type", "model_attributes_type"):
            problem = "must be a name, or a mapping of a name and parameters"
        else:
            problem = first["msg"].removeprefix("Value error, ")
        # What is wrong with all parameters together belongs to none of them, so no value is shown.
        value = None if first["type"] == "missing" or not key else first["input"]
        raise ConfigError(problem[:1].lower() + problem[1:], path=where, value=value) from error


def _suggest(name: str, known: Any) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"did you mean '{close[0]}'?" if close else f"known: {', '.join(known) or 'none'}"


def _modules(package_name: str) -> list[ModuleType]:
    package = importlib.import_module(package_name)
    names = sorted(m.name for m in pkgutil.walk_packages(package.__path__, package_name + "."))
    points = sorted(entry_points(group=package_name), key=lambda point: point.name)
    return [importlib.import_module(name) for name in names] + [_module_of(point) for point in points]


def _module_of(point: EntryPoint) -> ModuleType:
    """The module that an entry point names, or in which the class that it names is defined."""
    try:
        loaded = point.load()
    except Exception as error:
        problem = f"entry point '{point.name}' of {point.group} fails: {type(error).__name__}: {error}"
        raise ConfigError(problem, value=point.value, remedy="repair or uninstall the package it belongs to") from error
    return loaded if isinstance(loaded, ModuleType) else sys.modules[loaded.__module__]


def _classes(module: ModuleType, base: type[Any]) -> list[type[Any]]:
    members = inspect.getmembers(module, inspect.isclass)
    own = [cls for _, cls in members if cls.__module__ == module.__name__ and issubclass(cls, base)]
    return [cls for cls in own if cls is not base and not cls.__name__.startswith("_")]


def _import_file(file: Path) -> ModuleType:
    # A name of its own for each file, known to ``sys.modules``, so that what it defines can be pickled.
    digest = hashlib.blake2b(str(file.resolve()).encode(), digest_size=4).hexdigest()
    name = f"aimarket_plugin_{file.stem}_{digest}"
    spec = importlib.util.spec_from_file_location(name, file.resolve())
    if not file.is_file() or spec is None or spec.loader is None:
        raise ConfigError("no such Python file", file=str(file), remedy="give the path of a .py file")
    module = importlib.util.module_from_spec(spec)
    before = sys.modules.get(name)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        if before is None:
            del sys.modules[name]
        else:
            sys.modules[name] = before
        problem = f"fails while it is imported: {type(error).__name__}: {error}"
        raise ConfigError(problem, file=str(file)) from error
    return module


def _add_strategies(known: dict[str, dict[str, type[Strategy]]], found: list[type[Strategy]]) -> None:
    """Register ``found``, all or none."""
    taken = {(decision, name): cls for decision, by_name in known.items() for name, cls in by_name.items()}
    for cls in found:
        rivals = [other for (d, name), other in taken.items() if name == cls.name and _meet(d, cls.decision)]
        _refuse_second(cls, rivals, f"{cls.decision} strategy '{cls.name}'")
        taken[cls.decision, cls.name] = cls
    for cls in found:
        known.setdefault(cls.decision, {})[cls.name] = cls


def _require_names(cls: type[Any], attributes: tuple[str, ...]) -> None:
    for attribute in attributes:
        if not isinstance(getattr(cls, attribute, None), str):
            remedy = f'add a class attribute, e.g. {attribute} = "my_{attribute}"'
            raise ConfigError(f"{cls.__name__} has no {attribute}", file=inspect.getfile(cls), remedy=remedy)


def _meet(one: str, other: str) -> bool:
    return one == other or ANY in (one, other)


def _add_events(known: dict[str, type[Event]], found: list[type[Event]]) -> None:
    _refuse_taken_events(known, found)
    known.update({cls.kind: cls for cls in found})


def _refuse_taken_events(known: dict[str, type[Event]], found: list[type[Event]]) -> None:
    taken = dict(known)
    for cls in found:
        _refuse_second(cls, [taken[cls.kind]] if cls.kind in taken else [], f"event '{cls.kind}'")
        taken[cls.kind] = cls


def _refuse_second(cls: type[Any], rivals: Iterable[type[Any]], what: str) -> None:
    """Raise ``ConfigError`` where a name is taken already, unless by what the same file defined when last loaded."""
    for other in rivals:
        here, there = inspect.getfile(cls), inspect.getfile(other)
        if here != there or cls.__qualname__ != other.__qualname__:
            raise ConfigError(f"{what} is registered already, in {there}", file=here, remedy="give it another name")
