"""How much capacity to reserve when the rest can be bought on a dearer spot market.

A buyer pays ``reserved_rate`` r for each unit reserved, used or not, and ``spot_rate`` s > r for each unit
by which demand D exceeds the reserve K.  Expected cost r K + s E[max(D - K, 0)] is least at the critical
fractile of the newsvendor (Arrow, Harris & Marschak 1951):

    P(D <= K) = 1 - r / s

Rates are money per unit, quantities of one unit (GPUs, GPU-hours), over one period.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from aimarket.economics.errors import EconomicsError, require
from aimarket.economics.inputs import finite, finite_together

__all__ = ["Reserve", "expected_procurement_cost", "reserve_newsvendor", "reserve_newsvendor_sample"]

FloatArray = npt.NDArray[np.float64]


class Reserve(NamedTuple):
    """The best ``reserved`` quantity and its ``expected_cost`` in money, each of shape (...)."""

    reserved: FloatArray
    expected_cost: FloatArray


def reserve_newsvendor(
    reserved_rate: npt.ArrayLike, spot_rate: npt.ArrayLike, demand_mean: npt.ArrayLike, demand_sd: npt.ArrayLike
) -> Reserve:
    """The reserve that is cheapest on average when demand is normal, in closed form.

        K = mean + sd z,   cost = r mean + s sd phi(z),   z = Phi^-1(1 - r / s)

    All broadcast to (...); without spread the reserve is demand itself.  Where reserving is not cheaper
    than the spot market nothing would be reserved and no reserve meets the condition.  Raises
    ``EconomicsError`` then, i.e. unless 0 < r < s, for a negative mean or spread, and where the spread is
    so large that the reserve would be negative.
    """
    from scipy.special import ndtri

    rate, spot, mean, spread = finite_together(
        reserved_rate=reserved_rate, spot_rate=spot_rate, demand_mean=demand_mean, demand_sd=demand_sd
    )
    _require_rates(rate, spot)
    _require_demand(mean, spread)
    # The quantile of the small tail, so that a reserve far cheaper than spot keeps its digits.
    z = -ndtri(rate / spot)
    reserved = np.asarray(mean + spread * z)
    require(reserved >= 0.0, "demand_sd", spread, "small enough for a reserve of at least 0")
    return Reserve(reserved, np.asarray(rate * mean + spot * spread * _density(z)))


def expected_procurement_cost(
    reserved: npt.ArrayLike,
    reserved_rate: npt.ArrayLike,
    spot_rate: npt.ArrayLike,
    demand_mean: npt.ArrayLike,
    demand_sd: npt.ArrayLike,
) -> FloatArray:
    """Expected cost of any reserve K when demand is normal, in money.

        r K + s (sd phi(z) - (K - mean) Phi(-z)),   z = (K - mean) / sd

    All broadcast; without spread the shortfall is max(mean - K, 0).  Raises ``EconomicsError`` unless
    reserve, rates, mean and spread are finite and not negative.
    """
    from scipy.special import ndtr

    quantity, rate, spot, mean, spread = finite_together(
        reserved=reserved,
        reserved_rate=reserved_rate,
        spot_rate=spot_rate,
        demand_mean=demand_mean,
        demand_sd=demand_sd,
    )
    require(quantity >= 0.0, "reserved", quantity, "at least 0")
    require(rate >= 0.0, "reserved_rate", rate, "at least 0")
    require(spot >= 0.0, "spot_rate", spot, "at least 0")
    _require_demand(mean, spread)
    excess, width = np.broadcast_arrays(quantity - mean, spread)
    with np.errstate(over="ignore"):
        z = np.divide(excess, width, out=np.asarray(np.copysign(np.inf, excess)), where=width > 0.0)
    short = np.asarray(width * _density(z) - excess * ndtr(-z))
    return np.asarray(rate * quantity + spot * short)


def reserve_newsvendor_sample(reserved_rate: float, spot_rate: float, demand: npt.ArrayLike) -> Reserve:
    """The reserve that is cheapest on average over a sample of demand, of any distribution.

    It is the smallest of the demands that at least the share 1 - r / s of the sample does not exceed;
    ``demand`` (n,).  Raises ``EconomicsError`` unless 0 < r < s and demands are finite and not negative.
    """
    rate, spot = finite("reserved_rate", reserved_rate), finite("spot_rate", spot_rate)
    for name, value in (("reserved_rate", rate), ("spot_rate", spot)):
        if value.ndim:
            raise EconomicsError(name, value.shape, "a single number")
    _require_rates(rate, spot)
    sample = finite("demand", demand)
    if sample.ndim != 1 or sample.size == 0:
        raise EconomicsError("demand", sample.shape, "of shape (n,) with at least one demand")
    require(sample >= 0.0, "demand", sample, "at least 0")
    sample = np.sort(sample)
    count = float(sample.size * (1.0 - rate / spot))
    # A whole number of demands up to rounding is that number.
    whole = round(count)
    rank = whole if abs(count - whole) <= 1e-12 * sample.size else int(np.ceil(count))
    reserved = sample[max(rank, 1) - 1]
    short = np.maximum(sample - reserved, 0.0).mean()
    return Reserve(np.asarray(reserved), np.asarray(rate * reserved + spot * short))


def _require_rates(rate: FloatArray, spot: FloatArray) -> None:
    require(rate > 0.0, "reserved_rate", rate, "above 0")
    require(rate < spot, "reserved_rate", rate, "below the spot rate")


def _require_demand(mean: FloatArray, spread: FloatArray) -> None:
    require(mean >= 0.0, "demand_mean", mean, "at least 0")
    require(spread >= 0.0, "demand_sd", spread, "at least 0")


def _density(z: FloatArray) -> FloatArray:
    with np.errstate(over="ignore", under="ignore"):
        return np.asarray(np.exp(-(z**2) / 2.0) / np.sqrt(2.0 * np.pi))
