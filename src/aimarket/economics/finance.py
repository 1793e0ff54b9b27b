"""Values, runways and beliefs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aimarket.economics.errors import require

__all__ = ["bass_hazard", "discounted_cash_flow_value", "discrete_choice_share", "runway_months"]

FloatArray = npt.NDArray[np.float64]


def discounted_cash_flow_value(
    revenue_per_year: npt.ArrayLike,
    growth_per_year: npt.ArrayLike,
    growth_decay_per_year: npt.ArrayLike,
    margin_now: npt.ArrayLike,
    margin_long_run: npt.ArrayLike,
    margin_half_life_years: npt.ArrayLike,
    discount_rate_per_year: npt.ArrayLike,
    terminal_growth_per_year: npt.ArrayLike,
    horizon_years: int,
) -> FloatArray:
    """Present value of a firm's expected free cash flow, in the unit of ``revenue_per_year``.

    Growth fades to its terminal rate and the cash-flow margin to its long-run level; cash arrives at
    the end of years 1, 2, ... and from the horizon H on revenue grows for ever (Gordon 1959).

        g_t = g_T + (g_0 - g_T) exp(-decay (t - 1)),   R_t = R_{t-1} (1 + g_t)
        m_t = m_L + (m_0 - m_L) 2^(-t / half life)
        V = sum_{t=1..H} m_t R_t / (1 + r)^t + m_{H+1} R_H (1 + g_T) / ((r - g_T) (1 + r)^H)

    All but the horizon broadcast, one element per firm.  Negative values are values.  Raises
    ``EconomicsError`` unless g_0, g_T > -1, decay >= 0, half life > 0, r > g_T and H >= 1.
    """
    terminal = np.asarray(terminal_growth_per_year, dtype=np.float64)
    discount = np.asarray(discount_rate_per_year, dtype=np.float64)
    growth = np.asarray(growth_per_year, dtype=np.float64)
    decay = np.asarray(growth_decay_per_year, dtype=np.float64)
    half_life = np.asarray(margin_half_life_years, dtype=np.float64)
    long_run = np.asarray(margin_long_run, dtype=np.float64)
    require(growth > -1.0, "growth_per_year", growth, "above -1")
    require(terminal > -1.0, "terminal_growth_per_year", terminal, "above -1")
    require(decay >= 0.0, "growth_decay_per_year", decay, "at least 0")
    require(half_life > 0.0, "margin_half_life_years", half_life, "above 0")
    require(discount > terminal, "discount_rate_per_year", discount, "above the terminal growth")
    require(horizon_years >= 1, "horizon_years", horizon_years, "at least 1")

    revenue = np.asarray(revenue_per_year, dtype=np.float64)
    margin_gap = np.asarray(margin_now, dtype=np.float64) - long_run
    value, factor = np.zeros(1), np.ones(1)
    for year in range(1, horizon_years + 1):
        revenue = revenue * (1.0 + terminal + (growth - terminal) * np.exp(-decay * (year - 1)))
        factor = factor / (1.0 + discount)
        value = value + factor * revenue * (long_run + margin_gap * 2.0 ** (-year / half_life))
    last_margin = long_run + margin_gap * 2.0 ** (-(horizon_years + 1) / half_life)
    value = value + factor * revenue * (1.0 + terminal) * last_margin / (discount - terminal)
    inputs = (revenue_per_year, growth, decay, margin_now, long_run, half_life, discount, terminal)
    shape = np.broadcast_shapes(*(np.shape(item) for item in inputs))
    return np.asarray(value, dtype=np.float64).reshape(shape)


def runway_months(cash: npt.ArrayLike, burn_per_month: npt.ArrayLike) -> FloatArray:
    """Months until the cash is gone at the present burn; infinite for a firm that burns none.

    Cash and burn share a unit of money and broadcast.  A firm without cash that burns has 0 months.
    """
    stock, burn = np.broadcast_arrays(np.asarray(cash, dtype=np.float64), np.asarray(burn_per_month, dtype=np.float64))
    require(~np.isnan(stock), "cash", stock, "a number")
    require(~np.isnan(burn), "burn_per_month", burn, "a number")
    months = np.full(stock.shape, np.inf)
    np.divide(np.maximum(stock, 0.0), burn, out=months, where=burn > 0.0)
    return months


def discrete_choice_share(fitness_a: npt.ArrayLike, fitness_b: npt.ArrayLike, intensity: npt.ArrayLike) -> FloatArray:
    """Share of investors who follow rule a when rules a and b performed as given.

        1 / (1 + exp(-b (fitness_a - fitness_b)))

    Brock & Hommes (1998); ``intensity`` b of choice is per unit of fitness: 0 splits evenly, infinity
    lets the better rule take all.  Raises ``EconomicsError`` for a negative or infinite intensity.
    """
    b = np.asarray(intensity, dtype=np.float64)
    require((b >= 0.0) & (b < np.inf), "intensity", b, "finite and at least 0")
    gap = b * (np.asarray(fitness_a, dtype=np.float64) - np.asarray(fitness_b, dtype=np.float64))
    # The hyperbolic tangent is the same curve and cannot overflow.
    return np.asarray(0.5 * (1.0 + np.tanh(gap / 2.0)))


def bass_hazard(
    innovation_per_year: npt.ArrayLike, imitation_per_year: npt.ArrayLike, adopted_share: npt.ArrayLike
) -> FloatArray:
    """Hazard, per year, with which those who have not adopted do so: p + q F.

    Bass (1969).  Over a period of dt years the probability is 1 - exp(-hazard dt).  Raises
    ``EconomicsError`` for negative coefficients or a share outside [0, 1].
    """
    p, q = np.asarray(innovation_per_year, dtype=np.float64), np.asarray(imitation_per_year, dtype=np.float64)
    share = np.asarray(adopted_share, dtype=np.float64)
    require(p >= 0.0, "innovation_per_year", p, "at least 0")
    require(q >= 0.0, "imitation_per_year", q, "at least 0")
    require((share >= 0.0) & (share <= 1.0), "adopted_share", share, "between 0 and 1")
    return np.asarray(p + q * share)
