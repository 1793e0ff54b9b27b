"""From a name, a path or a mapping to a checked ``MarketConfig``, or to one line that says what is wrong."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from aimarket.config.canonical import config_schema, fingerprint, to_yaml
from aimarket.config.explain import explain
from aimarket.config.merging import resolve_extends
from aimarket.config.nodes import Node, error_at, from_python, locate, plain
from aimarket.config.overrides import apply_overrides, parse_assignment
from aimarket.config.sources import find_config, shipped_configs, shown
from aimarket.config.yaml_reading import read_yaml
from aimarket.errors import ConfigError

if TYPE_CHECKING:
    from aimarket.config.schema import MarketConfig

__all__ = [
    "config_schema",
    "fingerprint",
    "load_config",
    "parse_assignment",
    "shipped_configs",
    "to_yaml",
]


def load_config(
    source: str | os.PathLike[str] | Mapping[str, Any], overrides: Mapping[str, Any] | None = None
) -> MarketConfig:
    """The config that ``source`` describes, with everything it extends and every override in place.

    Parameters
    ----------
    source : name of a shipped config (``baseline``), path of a YAML file, or the config as a mapping.
    overrides : dotted path -> value, applied in order before validation; ``None`` removes a key.

    Raises
    ------
    ConfigError
        One line with the file that set the offending value, the path inside it, the value and the remedy.
    """
    from aimarket.config import registry
    from aimarket.config.schema import MarketConfig

    root = _read(source, MarketConfig)
    root = apply_overrides(root, overrides or {}, MarketConfig)
    config: MarketConfig = _validate(root, MarketConfig)
    try:
        registry.check(config)
    except ConfigError as error:
        raise _with_origin(error, root) from error
    return config


def _read(source: str | os.PathLike[str] | Mapping[str, Any], model: type[Any]) -> Node:
    if isinstance(source, Mapping):
        return resolve_extends(from_python(source), None, model)
    if not isinstance(source, (str, os.PathLike)):
        raise ConfigError("is no config", value=source, remedy="give a shipped config's name, a path or a mapping")
    file = find_config(source)
    root = resolve_extends(read_yaml(file, shown(file)), file, model)
    if "name" in root.entries:
        return root
    return Node({"name": Node(Path(file).stem, root.origin), **root.entries}, root.origin)


def _validate(root: Node, model: type[Any]) -> Any:
    try:
        return model.model_validate(plain(root))
    except ValidationError as error:
        raise explain(error, root, model) from error


def _with_origin(error: ConfigError, root: Node) -> ConfigError:
    if error.file is not None:
        return error
    path = tuple(error.path.split(".")) if error.path else ()
    origin = locate(root, path).origin
    return error_at(origin, path, error.problem, value=error.value, remedy=error.remedy)
