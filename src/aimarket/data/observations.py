"""Model against data: which number of a run is compared with which rows of the shipped series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib.resources import files

import numpy as np
import pandas as pd
import yaml

from aimarket.data.aggregation import Measure, measured, run_months
from aimarket.data.loader import series

__all__ = ["COMPARISON", "DataRows", "Observation", "compare", "observations", "observed", "simulated"]

COMPARISON = ("title", "date", "unit", "observed", "low", "high", "simulated", "ratio", "source")


@dataclass(frozen=True)
class DataRows:
    """Rows of one series: ``entities`` are shell patterns, ``scale`` brings values to the pair's unit."""

    series: str
    entities: tuple[str, ...]
    scale: float = 1.0


@dataclass(frozen=True)
class Observation:
    """A measure of the model and the data rows that it is held against."""

    chart: str
    title: str
    unit: str
    axis: str
    model: Measure
    data: tuple[DataRows, ...]
    firm: str | None = None


@lru_cache(maxsize=1)
def observations() -> tuple[Observation, ...]:
    """Every pair of ``observations.yaml``, in its order."""
    text = (files(__package__) / "observations.yaml").read_text(encoding="utf-8")
    return tuple(
        Observation(
            **{key: value for key, value in entry.items() if key not in ("model", "data")},
            model=Measure(**entry["model"]),
            data=tuple(DataRows(**{**rows, "entities": tuple(rows["entities"])}) for rows in entry["data"]),
        )
        for entry in yaml.safe_load(text)
    )


def observed(observation: Observation) -> pd.DataFrame:
    """The data rows of a pair, oldest first: entity, date, value, low, high in its unit, source, note."""
    frames = []
    for wanted in observation.data:
        rows = series(wanted.series)
        kept = [any(fnmatchcase(entity, pattern) for pattern in wanted.entities) for entity in rows["entity"]]
        rows = rows[np.array(kept, dtype=bool)].copy()
        rows[["value", "low", "high"]] *= wanted.scale
        frames.append(rows)
    rows = pd.concat(frames, ignore_index=True)
    columns = ["entity", "date", "value", "low", "high", "source", "note"]
    return rows.sort_values("date", kind="stable", ignore_index=True)[columns]


def simulated(observation: Observation, tables: Mapping[str, pd.DataFrame]) -> pd.Series | None:
    """The model's number for every month of the run; ``None`` where the run has no such firm or product."""
    return measured(observation.model, tables, _stock_before(observation, tables))


def compare(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Every data row that falls into the run, with the model's number of that month.

    ``ratio`` is simulated over observed.  ``simulated`` is missing where the run is too short for the
    measure (a full year, say).  Pairs whose firm is not part of the run are left out.
    """
    months = run_months(tables)
    rows = []
    for observation in observations():
        line = simulated(observation, tables) if len(months) else None
        if line is None:
            continue
        for row in observed(observation).itertuples():
            month = pd.Period(row.date, freq="M")
            if month not in line.index:
                continue
            value = float(line[month])
            ratio = value / row.value if row.value else float("nan")
            rows.append(
                (
                    observation.title,
                    row.date.date().isoformat(),
                    observation.unit,
                    float(row.value),
                    float(row.low),
                    float(row.high),
                    value,
                    ratio,
                    row.source,
                )
            )
    return pd.DataFrame(rows, columns=list(COMPARISON))


def _stock_before(observation: Observation, tables: Mapping[str, pd.DataFrame]) -> float:
    """Latest observation before the run, in the unit of the model's table; zero where not asked for."""
    months = run_months(tables)
    if not observation.model.initial or not len(months):
        return 0.0
    rows = observed(observation)
    earlier = rows.loc[rows["date"] < months[0].start_time, "value"]
    return float(earlier.iloc[-1]) / observation.model.scale if len(earlier) else 0.0
