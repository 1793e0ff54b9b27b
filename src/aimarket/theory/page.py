"""Outcomes as text: rows for a terminal, and the page docs/theory.md."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from aimarket.theory.benchmark import Benchmark, Figure
from aimarket.theory.outcomes import Outcome

__all__ = ["markdown", "section", "tolerance_text", "values_text"]

_SHOWN = 6

_HEAD = """# Known answers

Economists trust a simulator that reproduces what is known. This page is written by `aimarket theory --all --markdown`,
from the code that tests it: `tests/theory` computes every figure again.

- **Simulated markets**: the presets in `configs/theory` reduce the whole simulation to a textbook market. The same
  `AIMarket` that runs the baseline starts from arbitrary prices and must end at the theoretical outcome.
  `aimarket theory duopoly` repeats one, `aimarket theory --seeds 20` all of them.
- **Published results**: numbers from the literature that the functions of `aimarket.economics` must meet.

*Expected* is theory or the publication, *obtained* what our code gives; both rounded to the tolerance.
"""


def markdown(outcomes: Iterable[Outcome]) -> str:
    """The whole page."""
    done = list(outcomes)
    simulated = [item for item in done if not isinstance(item.benchmark, Benchmark)]
    published = [item for item in done if isinstance(item.benchmark, Benchmark)]
    parts = [_HEAD, "## Simulated markets\n", *map(section, simulated)]
    return "\n".join([*parts, "## Published results\n", *map(section, published)])


def section(item: Outcome) -> str:
    """One benchmark: title, equation, source and a table of its figures."""
    benchmark = item.benchmark
    lines = [
        f"### {benchmark.name}: {benchmark.title}",
        "",
        f"Equation: `{benchmark.equation}`  ",
        f"Source: {benchmark.source}",
    ]
    if item.seeds:
        lines[-1] += "  "
        lines.append(f"Starting points: {item.seeds}; shown is the one with the largest gap.")
    lines += ["", "| figure | expected | obtained | tolerance | |", "|---|---|---|---|---|"]
    lines += [
        f"| {figure.name} | {values_text(figure, figure.expected)} | {values_text(figure, figure.obtained)} "
        f"| {tolerance_text(figure)} | {'met' if figure.met else 'MISSED'} |"
        for figure in item.figures
    ]
    return "\n".join([*lines, ""])


def values_text(figure: Figure, values: np.ndarray) -> str:
    """The first few of ``values``, rounded to what the tolerance lets one compare."""
    width = float(np.min(figure.high - figure.low, initial=math.inf)) / 2.0
    # A digit beyond the tolerance, and one more for statistics.
    digits = 6 if not 0.0 < width < math.inf else min(max(round(-math.log10(width)) + 1 + (width > 1e-4), 0), 9)
    flat = np.ravel(values)
    # Adding zero turns the minus zero that rounding leaves into zero.
    shown = [f"{round(float(value), digits) + 0.0:.{digits}f}" for value in flat[:_SHOWN]]
    return ", ".join(shown) + (f", ... ({flat.size})" if flat.size > _SHOWN else "")


def tolerance_text(figure: Figure) -> str:
    """The tolerance, or the interval in which a statistic has to lie."""
    below, above = np.ravel(figure.expected - figure.low), np.ravel(figure.high - figure.expected)
    if below.size and np.allclose(below, above[0], rtol=1e-6, atol=0.0) and np.allclose(above, above[0], rtol=1e-6):
        return "exact" if above[0] == 0.0 else f"{above[0]:.1g}"
    low, high = np.ravel(figure.low), np.ravel(figure.high)
    return ", ".join(f"{a:.4g} to {b:.4g}" for a, b in list(zip(low, high, strict=True))[:_SHOWN])
