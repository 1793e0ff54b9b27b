"""Charts as inline SVG.

Drawn with matplotlib's Figure and its SVG backend, never pyplot, so nothing outlives the call.  Equal
input gives equal bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from aimarket.reporting.charts import Chart, Mark, Points, finite, years
from aimarket.reporting.palette import INK
from aimarket.reporting.ticks import linear_ticks, log_ticks, year_ticks
from aimarket.reporting.wording import number

__all__ = ["draw"]

_WIDTH, _HEIGHT = 4.1, 2.5  # inches; a chart is shown some 390 px wide
_SETTINGS = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 7.5,
    "axes.linewidth": 0.6,
    "hatch.linewidth": 0.5,
}


def draw(chart: Chart, name: str) -> str:
    """``chart`` as an ``<svg>`` element without title or legend; ``name`` keeps its ids apart from others'."""
    with matplotlib.rc_context({**_SETTINGS, "svg.hashsalt": f"aimarket {name}"}):
        figure = Figure(figsize=(_WIDTH, _HEIGHT))
        axes = figure.add_axes((0.1, 0.1, 0.8, 0.8))
        (_draw_areas if chart.stacked else _draw_lines)(axes, chart)
        for points in chart.points:
            _draw_points(axes, points)
        _finish(axes, chart)
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return _inline(text.getvalue())


def _draw_lines(axes: Axes, chart: Chart) -> None:
    for line in chart.lines:
        values = finite(line.values, chart.log)
        alone = np.isfinite(values).sum() <= 3
        axes.plot(
            years(line.values.index),
            values,
            color=line.style.colour,
            linewidth=1.4,
            dashes=line.style.dashes or (None, None),
            marker="s" if alone else "",
            markersize=2.5,
        )


def _draw_areas(axes: Axes, chart: Chart) -> None:
    first, last = _span(chart)
    base = np.zeros(1)
    for line in chart.lines:
        values = np.pad(np.nan_to_num(finite(line.values, log=False)), 1, mode="edge")
        axes.fill_between(
            np.concatenate([[first], years(line.values.index), [last]]),
            base,
            base + values,
            facecolor=line.style.colour,
            edgecolor="white",
            hatch=line.style.hatch or None,
            linewidth=0.4,
        )
        base = base + values
    axes.margins(0)


def _draw_points(axes: Axes, points: Points) -> None:
    dates = pd.DatetimeIndex(points.rows["date"])
    place = dates.year.to_numpy() + (dates.day_of_year.to_numpy() - 0.5) / 365.25
    value = points.rows["value"].to_numpy(dtype=float)
    below = np.maximum(value - points.rows["low"].to_numpy(dtype=float), 0.0)
    above = np.maximum(points.rows["high"].to_numpy(dtype=float) - value, 0.0)
    axes.errorbar(
        place,
        value,
        yerr=np.nan_to_num(np.vstack([below, above])),
        fmt="o",
        markersize=3.6,
        markerfacecolor="white",
        markeredgecolor=points.style.colour,
        markeredgewidth=1.0,
        ecolor=points.style.colour,
        elinewidth=0.8,
        zorder=3,
    )


def _finish(axes: Axes, chart: Chart) -> None:
    if chart.log:
        axes.set_yscale("log")
    first, last = _span(chart)
    axes.set_xlim(first, last)
    _limits(axes, chart)
    _label(axes, chart, first, last)
    axes.tick_params(length=2, width=0.5, colors=INK, pad=2)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color("#999999")
    if not chart.stacked:
        axes.grid(axis="y", color="#E4E4E4", linewidth=0.5)
        axes.set_axisbelow(True)
    for letters, place in _placed(chart.marks, first, last):
        axes.annotate(
            letters,
            (place, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(0, 2),
            textcoords="offset points",
            ha="center",
            color=INK,
            fontsize=6.5,
        )
    for mark in chart.marks:
        if first <= _start(mark) <= last:
            axes.axvline(_start(mark), color="#777777", linewidth=0.6, dashes=(3, 2), zorder=1)


def _start(mark: Mark) -> float:
    return int(mark.date[:4]) + (int(mark.date[5:7]) - 1) / 12.0


def _placed(marks: Sequence[Mark], first: float, last: float) -> list[tuple[str, float]]:
    """Letters and where they stand; those of marks too close to be told apart stand together."""
    groups: list[tuple[str, list[float]]] = []
    for mark in marks:
        place = _start(mark)
        if not first <= place <= last:
            continue
        if groups and place - groups[-1][1][-1] < 0.025 * (last - first):
            groups[-1] = (groups[-1][0] + mark.letter, [*groups[-1][1], place])
        else:
            groups.append((mark.letter, [place]))
    return [(letters, sum(places) / len(places)) for letters, places in groups]


def _label(axes: Axes, chart: Chart, first: float, last: float) -> None:
    """Ticks and unit, with the room that they need."""
    places, labels = year_ticks(first, last)
    axes.xaxis.set_major_locator(FixedLocator(places))
    axes.xaxis.set_major_formatter(FixedFormatter(labels))
    low, high = axes.get_ylim()
    heights = log_ticks(low, high) if chart.log else linear_ticks(low, high)
    axes.yaxis.set_major_locator(FixedLocator(heights))
    texts = [number(height) for height in heights]
    axes.yaxis.set_major_formatter(FixedFormatter(texts))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_ylabel(chart.unit, color=INK, labelpad=3)
    left = 0.055 + 0.0168 * max((len(text) for text in texts), default=1)
    axes.set_position((left, 0.115, 0.965 - left, 0.80))


def _span(chart: Chart) -> tuple[float, float]:
    """First and last moment that the lines cover; data outside it is not shown."""
    places = [years(line.values.index) for line in chart.lines if len(line.values)]
    longest = max(places, key=len)
    half = float(np.median(np.diff(longest))) / 2.0 if len(longest) > 1 else 1 / 24
    return min(float(x[0]) for x in places) - half, max(float(x[-1]) for x in places) + half


def _limits(axes: Axes, chart: Chart) -> None:
    low, high = axes.get_ylim()
    if chart.stacked:
        low, high = 0.0, min(high, 100.0) if chart.unit == "percent" else high
    elif not chart.log:
        negative = any((finite(line.values, log=False) < 0.0).any() for line in chart.lines)
        low, high = (low if negative else 0.0), max(high, 0.0)
    if chart.floor is not None:
        low = max(low, chart.floor)
    if chart.ceiling is not None:
        high = min(high, chart.ceiling)
    if high <= low:
        high = low + 1.0
    axes.set_ylim(low, high)


def _inline(text: str) -> str:
    """The bare ``<svg>`` element, scaling with its container, without metadata and unused ids."""
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"<svg [^>]*?viewBox=\"([^\"]*)\"[^>]*>", r'<svg viewBox="\1" aria-hidden="true">', text, count=1)
    used = set(re.findall(r"#([\w.-]+)", text))
    text = re.sub(r' id="([^"]*)"', lambda found: found.group(0) if found.group(1) in used else "", text)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL).replace("xlink:href", "href")
    return re.sub(r"\s*\n\s*", "\n", text).strip()
