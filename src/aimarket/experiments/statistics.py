"""Means over seeds with their intervals, and the arrays that a league is judged by.

Payoff arrays have the shape (seats, strategies, strategies of the others, seeds); NaN stands for a run
that failed.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

__all__ = ["Estimate", "estimate", "over_seats", "relative_payoff", "to_array"]

FloatArray = npt.NDArray[np.float64]
_TIE = 1e-9


@dataclass(frozen=True)
class Estimate:
    """Mean over seeds, and half the width of its confidence interval: NaN for fewer than two seeds.

    ``count`` says how many seeds each mean stands on.
    """

    mean: FloatArray
    half_width: FloatArray
    count: npt.NDArray[np.int64]

    @property
    def apart_from_zero(self) -> npt.NDArray[np.bool_]:
        """Whether the interval excludes 0; False where there is no interval, and for rounding errors."""
        known = np.isfinite(self.half_width)
        half = np.where(known, self.half_width, 0.0)
        return known & (np.abs(np.nan_to_num(self.mean)) > np.maximum(half, _TIE))


def estimate(values: FloatArray, level: float = 0.95) -> Estimate:
    """Mean of ``values`` over the last axis (seeds) and its confidence interval; NaN values are left out.

    The half width is ``t(level, n - 1) s / sqrt(n)`` (Student 1908, "The probable error of a mean",
    Biometrika).  For paired differences, subtract before: common random numbers make them narrow.
    """
    count = np.isfinite(values).sum(axis=-1)
    mean = _mean(values, -1)
    spread = np.where(np.isfinite(values), values - mean[..., None], 0.0)
    free = np.maximum(count - 1, 1)
    error = np.sqrt((spread**2).sum(axis=-1) / free / np.maximum(count, 1))
    half = np.where(count > 1, stats.t.ppf(0.5 + level / 2.0, free) * error, np.nan)
    return Estimate(mean, half, count.astype(np.int64))


def relative_payoff(payoff: FloatArray) -> FloatArray:
    """Payoffs free of the size of their seat: ``(payoff - m) / a``.

    ``m`` is the seat's mean over all its matches and ``a`` the mean of its absolute payoffs, so 0.1 is a
    tenth of what the seat usually earns or loses above its mean.  Any seat, loss-making ones included, is
    ranked as its money ranks it.  A seat that never earns anything is 0 throughout.
    """
    axes = (1, 2, 3)
    mean = _mean(payoff, axes)[:, None, None, None]
    size = _mean(np.abs(payoff), axes)[:, None, None, None]
    relative = np.divide(payoff - mean, size, out=np.zeros_like(payoff), where=size > 0.0)
    return np.asarray(np.where(np.isfinite(payoff), relative, np.nan))


def over_seats(values: FloatArray) -> FloatArray:
    """Mean over seats, shape (strategies, strategies of the others, seeds): seats share runs, seeds do not."""
    return _mean(values, 0)


def to_array(matches: pd.DataFrame, column: str) -> FloatArray:
    """A column of the match table, in its order of seats, strategies, others and seeds, as a payoff array."""
    shape = [matches[key].nunique() for key in ("seat", "strategy", "others", "seed")]
    return np.asarray(matches[column].to_numpy(dtype=np.float64).reshape(shape))


def _mean(values: FloatArray, axis: int | tuple[int, ...]) -> FloatArray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # the mean of nothing is missing
        return np.asarray(np.nanmean(values, axis=axis))
