"""Model and data on the same chart, and how close they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aimarket.data.aggregation import run_months
from aimarket.data.observations import Observation, observations, observed, simulated
from aimarket.reporting.charts import Chart, Line, Mark, Points
from aimarket.reporting.frames import Tables, ordered_firms
from aimarket.reporting.palette import firm_styles, measure_style

__all__ = ["agreement", "data_charts"]

_LAST_YEAR = 2026  # the year of the last observation; a later line would only squeeze the comparison


def data_charts(tables: Tables, marks: Sequence[Mark]) -> list[Chart]:
    """One chart for each ``chart`` of the observations that the run has a number for, up to 2026."""
    months = run_months(tables)
    if not len(months):
        return []
    styles = firm_styles(ordered_firms(tables))
    groups: dict[str, list[tuple[Observation, pd.Series]]] = {}
    for pair in observations():
        line = simulated(pair, tables)
        if line is not None:
            groups.setdefault(pair.chart, []).append((pair, line))
    charts = []
    for title, pairs in groups.items():
        lines, points = [], []
        for i, (pair, line) in enumerate(pairs):
            style = styles[pair.firm] if pair.firm in styles else measure_style(i)
            rows = observed(pair)
            rows = rows[(rows["date"] >= months[0].start_time) & (rows["date"] <= months[-1].end_time)]
            lines.append(Line(pair.title, line[line.index.year <= _LAST_YEAR], style))
            if len(rows):
                points.append(Points(pair.title, rows, style))
        log = pairs[0][0].axis == "log"
        charts.append(Chart(title, pairs[0][0].unit, lines, points, marks, log=log))
    return charts


def agreement(comparison: pd.DataFrame) -> str:
    """How many of the compared numbers the model meets, in a sentence."""
    ratio = comparison["ratio"].to_numpy(dtype=float)
    ratio = ratio[np.isfinite(ratio) & (ratio > 0.0)]
    if not ratio.size:
        return "The run covers none of the observed dates."
    off = np.maximum(ratio, 1.0 / ratio)
    counts = {factor: int((off <= factor).sum()) for factor in (1.25, 1.5, 2.0, 3.0)}
    told = ", ".join(f"{n} within a factor of {factor:g}" for factor, n in counts.items())
    return (
        f"Of {ratio.size} observed numbers that fall into the run, the model meets {told}. "
        "Sources disagree with each other; see the notes of the data."
    )
