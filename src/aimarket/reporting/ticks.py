"""Where the axes of a chart are labelled."""

from __future__ import annotations

import math

__all__ = ["linear_ticks", "log_ticks", "year_ticks"]

_MOST = 6


def linear_ticks(low: float, high: float) -> list[float]:
    """Round numbers within ``low`` and ``high``, at most seven."""
    rough = (high - low) / (_MOST - 1)
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * size for factor in (1, 2, 2.5, 5, 10) if factor * size >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(i * step, 12) for i in range(first, last + 1)]


def log_ticks(low: float, high: float) -> list[float]:
    """1, 2 and 5 times powers of ten within ``low`` and ``high``; over a wide range powers of ten only."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for factors in ((1, 2, 5), (1, 3), (1,)):
        ticks = [f * 10.0**k for k in range(first, last + 1) for f in factors if low <= f * 10.0**k <= high]
        if len(ticks) <= _MOST:
            return ticks if len(ticks) > 1 else linear_ticks(low, high)
    return ticks[:: math.ceil(len(ticks) / _MOST)]


def year_ticks(first: float, last: float) -> tuple[list[float], list[str]]:
    """Starts of years; months where the span is short."""
    starts = list(range(math.ceil(first - 1e-9), math.floor(last) + 1))
    if len(starts) >= 2:
        kept = starts[:: math.ceil(len(starts) / 9)]
        return [float(year) for year in kept], [str(year) for year in kept]
    months = range(math.ceil(first * 12 - 1e-6), math.floor(last * 12) + 1)
    kept = list(months)[:: max(1, math.ceil(len(months) / 5))]
    if len(kept) > 1 and last - kept[-1] / 12 < 0.06 * (last - first):
        kept.pop()  # its label would not fit
    return [month / 12 for month in kept], [f"{month // 12}-{month % 12 + 1:02d}" for month in kept]
