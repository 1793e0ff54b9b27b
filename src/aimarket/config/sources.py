"""Where configs lie: shipped ones by name, a user's own by path."""

from __future__ import annotations

import difflib
import os
from importlib.resources import files
from pathlib import Path

from aimarket.errors import ConfigError

__all__ = ["describe", "find_config", "find_parent", "nearest_name", "shipped_configs", "shown"]

SUFFIXES = (".yaml", ".yml")


def shipped_configs() -> dict[str, Path]:
    """The configs that come with aimarket: name -> file, sorted by name.

    A name is the file's place below ``configs/`` without suffix, such as ``baseline`` or
    ``scenarios/dream_continues``.  ``load_config`` also accepts the last part of a name alone.
    """
    root = _shipped_root()
    if root is None:
        return {}
    found = (path for path in root.rglob("*") if path.suffix in SUFFIXES and path.is_file())
    named = {path.relative_to(root).with_suffix("").as_posix(): path for path in found}
    return dict(sorted(named.items(), key=lambda item: (item[0].count("/"), item[0])))


def describe(path: Path) -> str:
    """The one-line ``description:`` of a config file; empty where it has none.

    Raises
    ------
    ConfigError
        The file cannot be read as YAML.
    """
    from aimarket.config.yaml_reading import read_yaml

    node = read_yaml(path, shown(path)).child("description")
    return " ".join(str(node.value).split()) if node is not None and isinstance(node.value, str) else ""


def find_config(source: str | os.PathLike[str]) -> Path:
    """The file that ``source`` means: a shipped config's name, or else a path.

    Raises
    ------
    ConfigError
        A short name that several shipped configs share, or neither a name nor a file.
    """
    if isinstance(source, str):
        named = _by_name(source)
        if named is not None:
            return named
    path = Path(source)
    if not _exists(path):
        raise ConfigError("is neither a shipped config nor a file", file=str(source), remedy=nearest_name(str(source)))
    return path


def find_parent(parent: str, child: Path | None) -> Path | None:
    """The file that ``extends: parent`` means in the file ``child``; ``None`` where there is none."""
    named = _by_name(parent)
    if named is not None:
        return named
    path = (child.parent if child is not None else Path()) / parent
    return path if _exists(path) else None


def shown(path: Path) -> str:
    """How messages name a file: relative to the working directory where it lies below it."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except (OSError, ValueError, RuntimeError):
        return str(path)


def _shipped_root() -> Path | None:
    package = Path(str(files("aimarket.config"))).parent
    inside, checkout = package / "configs", package.parent.parent
    if inside.is_dir():
        return inside
    if (checkout / "configs").is_dir() and (checkout / "pyproject.toml").is_file():
        return checkout / "configs"
    return None


def _by_name(name: str) -> Path | None:
    known = shipped_configs()
    if name in known:
        return known[name]
    matches = [full for full in known if full.endswith("/" + name)]
    if len(matches) > 1:
        raise ConfigError("is the name of several shipped configs", value=name, remedy="say " + " or ".join(matches))
    return known[matches[0]] if matches else None


def _exists(path: Path) -> bool:
    try:
        return os.path.lexists(path)
    except ValueError:
        return False


def nearest_name(name: str) -> str:
    """A hint for a name that no shipped config has."""
    known = shipped_configs()
    short = {full.rsplit("/", 1)[-1]: full for full in known}
    close = difflib.get_close_matches(Path(name).stem, list(short), n=1)
    return f"did you mean '{short[close[0]]}'?" if close else "see `aimarket configs` for shipped ones"
