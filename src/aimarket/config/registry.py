"""Names that configs may use: strategies by decision, and kinds of event.

Built-in plug-ins are found in ``aimarket.strategies`` and ``aimarket.events``; others come from the
entry-point groups of the same names or from ``load_plugin``, which only the command line calls.  A
config holds names and numbers, never code to import.
"""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import inspect
import pkgutil
from functools import lru_cache
from importlib.metadata import entry_points
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

__all__ = ["check", "event_kinds", "load_plugin", "make_event", "make_strategy", "strategies"]


@lru_cache(maxsize=1)
def strategies() -> dict[str, dict[str, type[Strategy]]]:
    """Every known strategy: decision -> name -> class."""
    from aimarket.strategies.base import Strategy

    known: dict[str, dict[str, type[Strategy]]] = {}
    for module in _modules("aimarket.strategies"):
        _collect_strategies(module, known, Strategy)
    return {decision: dict(sorted(known[decision].items())) for decision in sorted(known)}


@lru_cache(maxsize=1)
def event_kinds() -> dict[str, type[Event]]:
    """Every known kind of event: name -> class."""
    from aimarket.events.base import Event

    known: dict[str, type[Event]] = {}
    for module in _modules("aimarket.events"):
        for cls in _classes(module, Event):
            known[cls.kind] = cls
    return dict(sorted(known.items()))


def load_plugin(path: str | Path) -> list[str]:
    """Import a Python file and register the strategies and events it defines; returns their names.

    Raises
    ------
    ConfigError
        The file is missing, is not Python, fails while it is imported, or defines nothing to register.
    """
    from aimarket.events.base import Event
    from aimarket.strategies.base import Strategy

    file = Path(path)
    spec = importlib.util.spec_from_file_location(f"aimarket_plugin_{file.stem}", file)
    if not file.is_file() or spec is None or spec.loader is None:
        raise ConfigError("no such Python file", file=str(file), remedy="give the path of a .py file")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        problem = f"fails while it is imported: {type(error).__name__}: {error}"
        raise ConfigError(problem, file=str(file)) from error
    found: list[str] = _collect_strategies(module, strategies(), Strategy)
    for cls in _classes(module, Event):
        event_kinds()[cls.kind] = cls
        found.append(cls.kind)
    if not found:
        raise ConfigError(
            "defines no strategy and no event", file=str(file), remedy="subclass aimarket.strategies.base.Strategy"
        )
    return found


def make_strategy(decision: str, plug: Plug, path: str) -> Strategy:
    """The strategy that ``plug`` names for ``decision``; ``path`` is where the config says so."""
    known = strategies().get(decision, {})
    cls = known.get(plug.name)
    if cls is None:
        raise ConfigError(f"is no {decision} strategy", path=path, value=plug.name, remedy=_suggest(plug.name, known))
    return cls(_parameters(cls.Parameters, plug.parameters, path))


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
        if first["type"] == "extra_forbidden":
            raise ConfigError(
                "is not a known parameter", path=f"{path}.{key}", remedy=_suggest(key, model.model_fields)
            ) from error
        value = None if first["type"] == "missing" else first["input"]
        raise ConfigError(first["msg"].lower(), path=f"{path}.{key}", value=value) from error


def _suggest(name: str, known: Any) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"did you mean '{close[0]}'?" if close else f"known: {', '.join(known) or 'none'}"


def _modules(package_name: str) -> list[ModuleType]:
    package = importlib.import_module(package_name)
    names = sorted(m.name for m in pkgutil.walk_packages(package.__path__, package_name + "."))
    modules = [importlib.import_module(name) for name in names]
    return modules + [point.load() for point in sorted(entry_points(group=package_name), key=lambda p: p.name)]


def _classes(module: ModuleType, base: type[Any]) -> list[type[Any]]:
    members = inspect.getmembers(module, inspect.isclass)
    own = [cls for _, cls in members if cls.__module__ == module.__name__ and issubclass(cls, base)]
    return [cls for cls in own if cls is not base and not cls.__name__.startswith("_")]


def _collect_strategies(module: ModuleType, known: dict[str, dict[str, type[Strategy]]], base: type[Any]) -> list[str]:
    found = _classes(module, base)
    for cls in found:
        known.setdefault(cls.decision, {})[cls.name] = cls
    return [cls.name for cls in found]
