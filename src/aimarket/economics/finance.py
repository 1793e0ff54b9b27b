"""Values, runways and beliefs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aimarket.economics.errors import EconomicsError, require
from aimarket.economics.inputs import finite, finite_together

__all__ = [
    "bass_hazard",
    "discounted_cash_flow_value",
    "discrete_choice_share",
    "minsky_class",
    "multinomial_choice_shares",
    "present_value",
    "runway_months",
]

FloatArray = npt.NDArray[np.float64]


def present_value(
    cash_flows: npt.ArrayLike, discount_rate: npt.ArrayLike, terminal_growth: npt.ArrayLike | None = None
) -> FloatArray:
    """Worth today of cash that arrives at the end of periods 1, 2, ..., T; shape (...).

        V = sum_t CF_t / (1 + r)^t   and, with terminal growth g,   + CF_T (1 + g) / ((r - g) (1 + r)^T)

    ``cash_flows`` (..., T) may be negative; the rates, per period, broadcast to (...).  Without
    ``terminal_growth`` nothing comes after period T; with it the last flow grows for ever (Gordon 1959).
    Raises ``EconomicsError`` unless there is a flow, r > -1, g > -1 and r > g.
    """
    flows = finite("cash_flows", cash_flows)
    if flows.ndim == 0 or flows.shape[-1] == 0:
        raise EconomicsError("cash_flows", flows.shape, "of shape (..., T) with T at least 1")
    periods = flows.shape[-1]
    growth = 0.0 if terminal_growth is None else terminal_growth
    last, rate, growth = finite_together(cash_flows=flows[..., -1], discount_rate=discount_rate, terminal_growth=growth)
    require(rate > -1.0, "discount_rate", rate, "above -1")
    with np.errstate(over="ignore"):
        factors = (1.0 + rate)[..., None] ** -np.arange(1.0, periods + 1.0)
    require(np.isfinite(factors[..., -1]), "discount_rate", rate, "far enough above -1 for a finite value")
    value = np.asarray((flows * factors).sum(axis=-1))
    if terminal_growth is None:
        return value
    require(growth > -1.0, "terminal_growth", growth, "above -1")
    require(rate > growth, "discount_rate", rate, "above the terminal growth")
    return np.asarray(value + last * (1.0 + growth) * factors[..., -1] / (rate - growth))


def minsky_class(
    operating_cash_flow: npt.ArrayLike, interest_due: npt.ArrayLike, principal_due: npt.ArrayLike
) -> npt.NDArray[np.str_]:
    """How a firm finances its debt: "hedge", "speculative" or "ponzi", one word per firm.

    Hedge: cash flow covers interest and principal.  Speculative: it covers the interest but not all of
    the principal, which is rolled over.  Ponzi: it does not cover the interest.  Limits belong to the
    better class.  Money of one unit over one period; all broadcast.  Minsky (1992).  Raises
    ``EconomicsError`` unless payments due are not negative and all are finite.
    """
    cash, interest, principal = finite_together(
        operating_cash_flow=operating_cash_flow, interest_due=interest_due, principal_due=principal_due
    )
    require(interest >= 0.0, "interest_due", interest, "at least 0")
    require(principal >= 0.0, "principal_due", principal, "at least 0")
    not_hedge = np.where(cash >= interest, "speculative", "ponzi")
    return np.asarray(np.where(cash >= interest + principal, "hedge", not_hedge))


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
    inputs = revenue, growth, decay, margin, long_run, half_life, discount, terminal = finite_together(
        revenue_per_year=revenue_per_year,
        growth_per_year=growth_per_year,
        growth_decay_per_year=growth_decay_per_year,
        margin_now=margin_now,
        margin_long_run=margin_long_run,
        margin_half_life_years=margin_half_life_years,
        discount_rate_per_year=discount_rate_per_year,
        terminal_growth_per_year=terminal_growth_per_year,
    )
    require(growth > -1.0, "growth_per_year", growth, "above -1")
    require(terminal > -1.0, "terminal_growth_per_year", terminal, "above -1")
    require(decay >= 0.0, "growth_decay_per_year", decay, "at least 0")
    require(half_life > 0.0, "margin_half_life_years", half_life, "above 0")
    require(discount > terminal, "discount_rate_per_year", discount, "above the terminal growth")
    require(horizon_years >= 1, "horizon_years", horizon_years, "at least 1")

    margin_gap = margin - long_run
    value, factor = np.zeros(1), np.ones(1)
    for year in range(1, horizon_years + 1):
        revenue = revenue * (1.0 + terminal + (growth - terminal) * np.exp(-decay * (year - 1)))
        factor = factor / (1.0 + discount)
        value = value + factor * revenue * (long_run + margin_gap * 2.0 ** (-year / half_life))
    last_margin = long_run + margin_gap * 2.0 ** (-(horizon_years + 1) / half_life)
    value = value + factor * revenue * (1.0 + terminal) * last_margin / (discount - terminal)
    shape = np.broadcast_shapes(*(item.shape for item in inputs))
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
    lets the better rule take all.  Raises ``EconomicsError`` unless all are finite and the intensity
    is not negative.
    """
    a, other, b = finite_together(fitness_a=fitness_a, fitness_b=fitness_b, intensity=intensity)
    require(b >= 0.0, "intensity", b, "at least 0")
    # The hyperbolic tangent is the same curve and cannot overflow.
    with np.errstate(over="ignore"):
        half_gap = b * (a / 2.0 - other / 2.0)
    return np.asarray(0.5 * (1.0 + np.tanh(half_gap)))


def multinomial_choice_shares(fitness: npt.ArrayLike, intensity: npt.ArrayLike) -> FloatArray:
    """Shares of those who follow each of H rules that performed as given, shape (..., H); they sum to 1.

        n_h = exp(b U_h) / sum_k exp(b U_k)

    Manski & McFadden (1981), Brock & Hommes (1997).  ``fitness`` U (..., H); ``intensity`` b of choice is
    per unit of fitness and broadcasts to (...): 0 splits evenly, a large one lets the best rule take all.
    Raises ``EconomicsError`` unless there is a rule, fitness is finite and the intensity finite and not
    negative.
    """
    performance = finite("fitness", fitness)
    if performance.ndim == 0 or performance.shape[-1] == 0:
        raise EconomicsError("fitness", performance.shape, "of shape (..., H) with H at least 1")
    _, b = finite_together(fitness=performance[..., 0], intensity=intensity)
    require(b >= 0.0, "intensity", b, "at least 0")
    # Halves, so that the gap to the best rule is finite whatever the fitness.
    half_gap = performance / 2.0 - performance.max(axis=-1, keepdims=True) / 2.0
    with np.errstate(over="ignore", under="ignore"):
        weight = np.exp(2.0 * (b[..., None] * half_gap))
    return np.asarray(weight / weight.sum(axis=-1, keepdims=True))


def bass_hazard(
    innovation_per_year: npt.ArrayLike, imitation_per_year: npt.ArrayLike, adopted_share: npt.ArrayLike
) -> FloatArray:
    """Hazard, per year, with which those who have not adopted do so: p + q F.

    Bass (1969).  Over a period of dt years the probability is 1 - exp(-hazard dt).  Raises
    ``EconomicsError`` for negative coefficients or a share outside [0, 1].
    """
    p, q, share = finite_together(
        innovation_per_year=innovation_per_year, imitation_per_year=imitation_per_year, adopted_share=adopted_share
    )
    require(p >= 0.0, "innovation_per_year", p, "at least 0")
    require(q >= 0.0, "imitation_per_year", q, "at least 0")
    require((share >= 0.0) & (share <= 1.0), "adopted_share", share, "between 0 and 1")
    return np.asarray(p + q * share)
