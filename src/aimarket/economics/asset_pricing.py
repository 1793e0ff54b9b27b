"""Asset prices when investors switch between forecasting rules: Brock & Hommes (1998).

x_t is the deviation of the price from its fundamental value, R > 1 the gross return on the riskless
asset, a sigma^2 = ``risk`` risk aversion times the variance of returns.  H rules forecast linearly from
the last price known and cost C_h a period; the market clears; investors follow rules by what they earned:

    f_{h,t} = g_h x_{t-1} + b_h                          (a forecast of x_{t+1})
    R x_t = sum_h n_{h,t} f_{h,t}
    U_{h,t-1} = (x_{t-1} - R x_{t-2}) (g_h x_{t-3} + b_h - R x_{t-2}) / (a sigma^2) - C_h
    n_{h,t} = exp(beta U_{h,t-1}) / sum_k exp(beta U_{k,t-1})

Section 4.1 of the paper sets costly fundamentalists (g = 0, b = 0, cost C) against free trend followers
(g > R, b = 0).  With R < g < 2 R its events, as the intensity of choice beta rises, have closed forms:

    pitchfork       beta_1 = ln(R / (g - R)) / C: two more steady states +-x* appear,
                    x*^2 = a sigma^2 (C - ln(R / (g - R)) / beta) / ((R - 1) g), trend followers' share R / g
    Neimark-Sacker  beta_2 = beta_1 + k (R - 1) g / ((g - R) C),   R (R - 1) k^2 + (2 R - 1) k = 1, k > 0:
                    +-x* lose stability to cycles around them

since the eigenvalues at x* solve v^3 - (1 + k) v^2 + R k v + (R - 1) k = 0 with
k = (g - R) C (beta - beta_1) / ((R - 1) g).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from aimarket.economics.errors import EconomicsError, require
from aimarket.economics.finance import multinomial_choice_shares
from aimarket.economics.inputs import finite, finite_together

__all__ = [
    "BrockHommesPath",
    "brock_hommes_eigenvalue_modulus",
    "brock_hommes_path",
    "trend_follower_neimark_sacker_intensity",
    "trend_follower_pitchfork_intensity",
    "trend_follower_steady_state",
]

FloatArray = npt.NDArray[np.float64]

LARGEST_DEVIATION = 1e100


class BrockHommesPath(NamedTuple):
    """``deviation`` x_t (..., periods) and ``share`` n_{h,t} (..., periods, H) of the investors by rule."""

    deviation: FloatArray
    share: FloatArray


def brock_hommes_path(
    intensity: npt.ArrayLike,
    trend: npt.ArrayLike,
    bias: npt.ArrayLike,
    information_cost: npt.ArrayLike,
    gross_return: float,
    start: npt.ArrayLike,
    periods: int,
    risk: float = 1.0,
) -> BrockHommesPath:
    """Price deviations and shares of the rules over time.

    ``trend`` g, ``bias`` b and ``information_cost`` C are (H,), scalars for one rule or for all.  ``start``
    (..., 3) holds the three deviations before the first period, oldest first; ``intensity`` beta
    broadcasts to (...), so that a bifurcation diagram is one call.  Deviations in units of price, beta per
    unit of profit.  Raises ``EconomicsError`` unless R > 1, risk > 0, beta >= 0 and there is a period, and
    where prices run away.
    """
    g, b, cost = _rules(trend, bias, information_cost)
    discount, variance = _market(gross_return, risk)
    lags = finite("start", start)
    if lags.ndim == 0 or lags.shape[-1] != 3:
        raise EconomicsError("start", lags.shape, "of shape (..., 3), oldest first")
    if not isinstance(periods, (int, np.integer)) or periods < 1:
        raise EconomicsError("periods", periods, "a whole number of at least 1")
    require(np.abs(lags) <= LARGEST_DEVIATION, "start", lags, f"within {LARGEST_DEVIATION:g} of the fundamental")
    first, beta = finite_together(start=lags[..., 0], intensity=intensity)
    require(beta >= 0.0, "intensity", beta, "at least 0")
    shape = np.broadcast_shapes(first.shape, beta.shape)
    oldest, older, last = (np.broadcast_to(lags[..., i], shape) for i in range(3))
    deviation = np.empty((*shape, periods))
    share = np.empty((*shape, periods, len(g)))
    # Whatever overflows does so on the way to prices that are refused below, or to a share of 0.
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        for period in range(periods):
            gain = (last - discount * older) / variance
            fitness = gain[..., None] * (g * oldest[..., None] + b - (discount * older)[..., None]) - cost
            weight = np.exp(beta[..., None] * (fitness - fitness.max(axis=-1, keepdims=True)))
            followers = weight / weight.sum(axis=-1, keepdims=True)
            forecast = g * last[..., None] + b
            oldest, older, last = older, last, (followers * forecast).sum(axis=-1) / discount
            if not (np.abs(last) <= LARGEST_DEVIATION).all():
                raise EconomicsError("periods", periods, f"below {period + 1}: prices run away from the fundamental")
            deviation[..., period], share[..., period, :] = last, followers
    return BrockHommesPath(deviation, share)


def brock_hommes_eigenvalue_modulus(
    steady_state: float,
    intensity: float,
    trend: npt.ArrayLike,
    bias: npt.ArrayLike,
    information_cost: npt.ArrayLike,
    gross_return: float,
    risk: float = 1.0,
) -> float:
    """Modulus of the largest eigenvalue at a steady state: below 1 it is stable.

    Distances from a stable steady state shrink, in the long run, by this factor a period.  From the exact
    Jacobian; ``steady_state`` is a deviation x, other arguments are as for ``brock_hommes_path``.  Raises
    ``EconomicsError`` as there, and where x is not steady: R x has to be the average forecast, to 1e-9.
    """
    g, b, cost = _rules(trend, bias, information_cost)
    discount, variance = _market(gross_return, risk)
    x, beta = _number("steady_state", steady_state), _number("intensity", intensity)
    require(beta >= 0.0, "intensity", beta, "at least 0")
    forecast = g * x + b
    gain = (1.0 - discount) * x
    share = multinomial_choice_shares(gain * (forecast - discount * x) / variance - cost, beta)
    gap = abs(float(share @ forecast) / discount - x)
    require(gap <= 1e-9 * max(1.0, abs(x)), "steady_state", x, f"a steady state (x moves by {gap:.3g} in a period)")
    # Fitness moves with x_{t-1}, x_{t-2} and x_{t-3}; shares move with fitness relative to its average.
    surprise = forecast - discount * x
    slopes = np.stack((surprise, -discount * (surprise + gain), gain * g)) / variance
    shifts = beta * share * (slopes - (slopes @ share)[:, None])
    response = shifts @ forecast / discount
    response[0] += share @ g / discount
    return float(np.abs(np.roots([1.0, *(-response)])).max(initial=0.0))


def trend_follower_pitchfork_intensity(trend: float, gross_return: float, information_cost: float) -> float:
    """Intensity beta_1 above which trend followers hold the price away from its fundamental value.

    Costly fundamentalists against free trend followers, as the module says; per unit of profit.  Raises
    ``EconomicsError`` unless R > 1, C > 0 and R < g < 2 R: below, the fundamental value is stable at any
    intensity, above at none.
    """
    g, discount, cost = _two_rules(trend, gross_return, information_cost)
    require(g < 2.0 * discount, "trend", g, f"below twice the gross return, {2.0 * discount:g}")
    return float(np.log(discount / (g - discount)) / cost)


def trend_follower_neimark_sacker_intensity(trend: float, gross_return: float, information_cost: float) -> float:
    """Intensity beta_2 above which prices no longer settle away from the fundamental but cycle.

    Does not depend on risk.  Arguments and errors as for ``trend_follower_pitchfork_intensity``.
    """
    pitchfork = trend_follower_pitchfork_intensity(trend, gross_return, information_cost)
    g, discount, cost = _two_rules(trend, gross_return, information_cost)
    linear, quadratic = 2.0 * discount - 1.0, discount * (discount - 1.0)
    k = 2.0 / (linear + np.sqrt(linear**2 + 4.0 * quadratic))
    return float(pitchfork + k * (discount - 1.0) * g / ((g - discount) * cost))


def trend_follower_steady_state(
    intensity: float, trend: float, gross_return: float, information_cost: float, risk: float = 1.0
) -> float:
    """Distance |x*| from the fundamental value of the two steady states that trend followers sustain.

    In units of price; the share of trend followers there is R / g.  Raises ``EconomicsError`` unless
    R > 1, C > 0, g > R, risk > 0 and the intensity is above the pitchfork.
    """
    g, discount, cost = _two_rules(trend, gross_return, information_cost)
    _, variance = _market(gross_return, risk)
    beta = _number("intensity", intensity)
    require(beta > 0.0, "intensity", beta, "above 0")
    threshold = float(np.log(discount / (g - discount)) / cost)
    require(beta >= threshold, "intensity", beta, f"at least that of the pitchfork, {threshold:.9g}")
    return float(np.sqrt(variance * cost * (1.0 - threshold / beta) / ((discount - 1.0) * g)))


def _rules(
    trend: npt.ArrayLike, bias: npt.ArrayLike, information_cost: npt.ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    rules = finite_together(trend=trend, bias=bias, information_cost=information_cost)
    g, b, cost = (np.atleast_1d(rule) for rule in np.broadcast_arrays(*rules))
    if g.ndim != 1 or g.size == 0:
        raise EconomicsError("trend", g.shape, "of shape (H,) with H at least 1")
    return g, b, cost


def _market(gross_return: float, risk: float) -> tuple[float, float]:
    discount, variance = _number("gross_return", gross_return), _number("risk", risk)
    require(discount > 1.0, "gross_return", discount, "above 1")
    require(variance > 0.0, "risk", variance, "above 0")
    return discount, variance


def _two_rules(trend: float, gross_return: float, information_cost: float) -> tuple[float, float, float]:
    discount, _ = _market(gross_return, 1.0)
    g, cost = _number("trend", trend), _number("information_cost", information_cost)
    require(cost > 0.0, "information_cost", cost, "above 0")
    require(g > discount, "trend", g, f"above the gross return, {discount:g}")
    return g, discount, cost


def _number(parameter: str, value: float) -> float:
    array = finite(parameter, value)
    if array.ndim:
        raise EconomicsError(parameter, array.shape, "a single number")
    return float(array)
