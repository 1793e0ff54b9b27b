"""The one door to the empirical series that ship with the package."""

from __future__ import annotations

import difflib
from functools import lru_cache
from importlib.resources import files

import pandas as pd

from aimarket.errors import ConfigError

__all__ = ["COLUMNS", "entities", "names", "series", "source_of"]

COLUMNS = ("series", "entity", "date", "value", "unit", "low", "high", "source", "note")


def series(name: str, entity: str | None = None) -> pd.DataFrame:
    """All rows of series ``name``, or those of one ``entity`` in it, oldest first.

    ``date`` is a timestamp, ``value``, ``low`` and ``high`` are numbers in ``unit`` (bounds are missing
    where the source gives none); ``source`` and ``note`` are text, empty where there is nothing to say.
    The frame is the caller's own copy.

    Raises
    ------
    ConfigError
        No such series, or no such entity in it; the message names the nearest known one.
    """
    rows = _all()
    rows = rows[rows["series"] == _known(name, names(), "data series")]
    if entity is not None:
        rows = rows[rows["entity"] == _known(entity, entities(name), f"entity of data series '{name}'")]
    return rows.reset_index(drop=True)


def names() -> tuple[str, ...]:
    """Names of all series, sorted."""
    return tuple(sorted(_all()["series"].unique()))


def entities(name: str) -> tuple[str, ...]:
    """Entities of series ``name``, sorted."""
    rows = _all()
    return tuple(sorted(rows.loc[rows["series"] == _known(name, names(), "data series"), "entity"].unique()))


def source_of(name: str, entity: str | None = None) -> tuple[str, ...]:
    """Sources of series ``name`` (of one ``entity`` in it), in order of date, each one once.

    Raises
    ------
    ConfigError
        As for ``series``.
    """
    return tuple(dict.fromkeys(series(name, entity)["source"]))


@lru_cache(maxsize=1)
def _all() -> pd.DataFrame:
    frames = []
    for file in sorted(files(__package__).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".csv"):
            with file.open("r", encoding="utf-8") as stream:
                frames.append(pd.read_csv(stream, dtype={"series": str, "entity": str}, keep_default_na=True))
    rows = pd.concat(frames, ignore_index=True)[list(COLUMNS)]
    rows["date"] = pd.to_datetime(rows["date"], format="%Y-%m-%d")
    for column in ("value", "low", "high"):
        rows[column] = rows[column].astype(float)
    rows[["source", "note"]] = rows[["source", "note"]].fillna("")
    return rows.sort_values(["series", "date", "entity"], kind="stable", ignore_index=True)


def _known(wanted: str, known: tuple[str, ...], what: str) -> str:
    if wanted in known:
        return wanted
    close = difflib.get_close_matches(str(wanted), known, n=1, cutoff=0.4)
    shown = ", ".join(known) if len(known) <= 8 else f"{', '.join(known[:8])} and {len(known) - 8} more"
    remedy = f"did you mean '{close[0]}'?" if close else f"known: {shown}"
    raise ConfigError(f"unknown {what}", value=wanted, remedy=remedy)
