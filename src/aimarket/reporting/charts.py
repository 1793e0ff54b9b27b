"""What a chart is: lines or stacked areas, observations beside them, marks of events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aimarket.reporting.palette import Style

__all__ = ["Chart", "Line", "Mark", "Points", "finite", "years"]


@dataclass(frozen=True)
class Line:
    """A line, or an area where the chart is stacked; ``values`` is indexed by ISO date or month."""

    label: str
    values: pd.Series
    style: Style


@dataclass(frozen=True)
class Points:
    """Observations of the line with the same label: columns date (timestamp), value, low, high."""

    label: str
    rows: pd.DataFrame
    style: Style


@dataclass(frozen=True)
class Mark:
    """A vertical dashed line with a letter."""

    letter: str
    date: str


@dataclass(frozen=True)
class Chart:
    """What to draw.  ``floor`` and ``ceiling`` cut the vertical axis where values go beyond them."""

    title: str
    unit: str
    lines: Sequence[Line] = ()
    points: Sequence[Points] = ()
    marks: Sequence[Mark] = ()
    log: bool = False
    stacked: bool = False
    floor: float | None = None
    ceiling: float | None = None
    note: str = ""

    @property
    def cut(self) -> bool:
        """Whether a line goes beyond ``floor`` or ``ceiling``."""
        low, high = (float("-inf") if self.floor is None else self.floor), self.ceiling or float("inf")
        return any(((line.values < low) | (line.values > high)).any() for line in self.lines)

    @property
    def empty(self) -> bool:
        """Whether there is no number to show."""
        return not any(np.isfinite(finite(line.values, self.log)).any() for line in self.lines)


def years(index: pd.Index) -> np.ndarray:
    """Middle of each period of ``index`` in years, e.g. 2026.2 for March 2026."""
    months = index if isinstance(index, pd.PeriodIndex) else pd.PeriodIndex(pd.to_datetime(index), freq="M")
    place = months.year.to_numpy() + (months.month.to_numpy() - 1) / 12.0
    length = float(np.median(np.diff(place))) if len(place) > 1 else 1 / 12
    return np.asarray(place + length / 2.0)


def finite(values: pd.Series, log: bool) -> np.ndarray:
    """Values that can be drawn, the others missing; a logarithmic axis draws nothing from zero down."""
    clean = np.array(values, dtype=float)
    clean[~np.isfinite(clean) | ((clean <= 0.0) if log else False)] = np.nan
    return clean
