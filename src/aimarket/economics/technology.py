"""Costs of chips, of compute and of inference."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aimarket.economics.errors import require
from aimarket.economics.inputs import finite, finite_together, numbers

__all__ = [
    "capital_recovery_factor",
    "energy_cost_usd_per_gpu_hour",
    "gpu_hours_per_mtok",
    "levelised_cost_usd_per_gpu_hour",
    "moore_unit_cost",
    "sahal_exponent",
    "straight_line_depreciation_usd_per_gpu_hour",
    "straight_line_depreciation_usd_per_year",
    "wright_exponent",
    "wright_learning_rate",
    "wright_unit_cost",
]

FloatArray = npt.NDArray[np.float64]

HOURS_PER_YEAR = 8_760.0


def wright_unit_cost(
    unit_cost_start: npt.ArrayLike,
    cumulative_start: npt.ArrayLike,
    cumulative: npt.ArrayLike,
    learning_rate: npt.ArrayLike,
) -> FloatArray:
    """Unit cost on a learning curve: each doubling of cumulative output cuts it by ``learning_rate``.

        c = c_start (Q / Q_start)^log2(1 - learning_rate)

    Cost keeps the unit of ``unit_cost_start``; outputs share any unit; all broadcast.  Wright (1936).
    Raises ``EconomicsError`` unless the cost is not negative, both outputs are above 0, the learning rate
    is in [0, 1) and all are finite.
    """
    cost, start, now, rate = finite_together(
        unit_cost_start=unit_cost_start,
        cumulative_start=cumulative_start,
        cumulative=cumulative,
        learning_rate=learning_rate,
    )
    require(cost >= 0.0, "unit_cost_start", cost, "at least 0")
    require(start > 0.0, "cumulative_start", start, "above 0")
    require(now > 0.0, "cumulative", now, "above 0")
    with np.errstate(over="ignore", divide="ignore"):
        unit_cost = np.asarray(cost * (now / start) ** -wright_exponent(rate))
    require(np.isfinite(unit_cost), "cumulative", now, "near enough to cumulative_start for a finite cost")
    return unit_cost


def wright_exponent(learning_rate: npt.ArrayLike) -> FloatArray:
    """Exponent b of the learning curve c = c_start (Q / Q_start)^-b.

        b = -log2(1 - learning rate)

    Raises ``EconomicsError`` unless the learning rate, the cut in cost per doubling, is in [0, 1).
    """
    rate = numbers("learning_rate", learning_rate)
    require((rate >= 0.0) & (rate < 1.0), "learning_rate", rate, "at least 0 and below 1")
    return np.asarray(-np.log2(1.0 - rate))


def wright_learning_rate(exponent: npt.ArrayLike) -> FloatArray:
    """Cut in unit cost per doubling of cumulative output, as a share: the inverse of ``wright_exponent``.

        learning rate = 1 - 2^-b

    Raises ``EconomicsError`` unless the exponent is finite and not negative.
    """
    b = finite("exponent", exponent)
    require(b >= 0.0, "exponent", b, "at least 0")
    return np.asarray(-np.expm1(-b * np.log(2.0)))


def moore_unit_cost(
    unit_cost_start: npt.ArrayLike, decline_per_year: npt.ArrayLike, years: npt.ArrayLike
) -> FloatArray:
    """Unit cost that falls exponentially in time, whatever is produced.

        c = c_start exp(-m t)

    ``decline_per_year`` m is the continuous (logarithmic) rate, -ln(1 - cut) for a yearly cut; negative
    where cost rises.  ``years`` t may lie before the start.  All broadcast.  Moore (1965) as generalised
    by Nagy, Farmer, Bui & Trancik (2013).  Raises ``EconomicsError`` for a negative cost, inputs that are
    not finite, or a time span over which cost overflows.
    """
    start, decline, time = finite_together(
        unit_cost_start=unit_cost_start, decline_per_year=decline_per_year, years=years
    )
    require(start >= 0.0, "unit_cost_start", start, "at least 0")
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        cost = np.asarray(start * np.exp(-decline * time))
    require(np.isfinite(cost), "years", time, "near enough to the start for a finite cost")
    return cost


def sahal_exponent(decline_per_year: npt.ArrayLike, output_growth_per_year: npt.ArrayLike) -> FloatArray:
    """Exponent b of the learning curve that appears when cost and cumulative output are both exponential.

        c = c_start exp(-m t) and Q = Q_start exp(g t) imply c = c_start (Q / Q_start)^-b, b = m / g

    Both rates are continuous (logarithmic), per year; they broadcast.  Where output grows steadily, time
    and experience cannot be told apart.  Sahal (1979).  Raises ``EconomicsError`` unless both are finite
    and output grows.
    """
    decline, growth = finite_together(decline_per_year=decline_per_year, output_growth_per_year=output_growth_per_year)
    require(growth > 0.0, "output_growth_per_year", growth, "above 0")
    with np.errstate(over="ignore"):
        exponent = np.asarray(decline / growth)
    require(np.isfinite(exponent), "output_growth_per_year", growth, "large enough for a finite exponent")
    return exponent


def straight_line_depreciation_usd_per_year(purchase_price_usd: npt.ArrayLike, life_years: npt.ArrayLike) -> FloatArray:
    """Loss of book value per year when a purchase is written off evenly, to nothing, over its life.

        P / L

    Both broadcast.  Raises ``EconomicsError`` unless the price is not negative and the life above 0.
    """
    price, life = finite_together(purchase_price_usd=purchase_price_usd, life_years=life_years)
    require(price >= 0.0, "purchase_price_usd", price, "at least 0")
    require(life > 0.0, "life_years", life, "above 0")
    return np.asarray(price / life)


def straight_line_depreciation_usd_per_gpu_hour(
    purchase_price_usd: npt.ArrayLike, life_years: npt.ArrayLike, utilisation: npt.ArrayLike
) -> FloatArray:
    """Straight-line depreciation spread over the hours in which the GPU works.

        P / (8760 L u)

    ``utilisation`` u is the share of all hours; all broadcast.  Raises ``EconomicsError`` unless
    0 < utilisation <= 1, the price is not negative and the life above 0.
    """
    _, _, used = finite_together(purchase_price_usd=purchase_price_usd, life_years=life_years, utilisation=utilisation)
    require((used > 0.0) & (used <= 1.0), "utilisation", used, "above 0 and at most 1")
    return np.asarray(straight_line_depreciation_usd_per_year(purchase_price_usd, life_years) / (HOURS_PER_YEAR * used))


def energy_cost_usd_per_gpu_hour(
    server_power_kw_per_gpu: npt.ArrayLike,
    power_usage_effectiveness: npt.ArrayLike,
    energy_price_usd_per_mwh: npt.ArrayLike,
) -> FloatArray:
    """Cost of the electricity that a GPU draws in an hour, cooling and losses of the site included.

        kW PUE p / 1000

    ``server_power_kw_per_gpu`` is the draw at the server; ``power_usage_effectiveness`` is the site's
    total over its servers' draw.  Prices may be negative; all broadcast.  Raises ``EconomicsError``
    unless power is not negative and the effectiveness at least 1.
    """
    power, effectiveness, price = finite_together(
        server_power_kw_per_gpu=server_power_kw_per_gpu,
        power_usage_effectiveness=power_usage_effectiveness,
        energy_price_usd_per_mwh=energy_price_usd_per_mwh,
    )
    require(power >= 0.0, "server_power_kw_per_gpu", power, "at least 0")
    require(effectiveness >= 1.0, "power_usage_effectiveness", effectiveness, "at least 1")
    return np.asarray(power * effectiveness * price / 1_000.0)


def capital_recovery_factor(rate_per_year: npt.ArrayLike, life_years: npt.ArrayLike) -> FloatArray:
    """Constant yearly payment that repays one unit of capital with interest over its life.

        r / (1 - (1 + r)^-n), and 1 / n for r = 0

    Per year; arguments broadcast.  Raises ``EconomicsError`` unless the rate is above -1, the life above 0
    and both are finite.
    """
    rate, life = np.broadcast_arrays(*finite_together(rate_per_year=rate_per_year, life_years=life_years))
    require(rate > -1.0, "rate_per_year", rate, "above -1")
    require(life > 0.0, "life_years", life, "above 0")
    # 1 - (1 + r)^-n without the cancellation that ruins it for small r; a negative rate for ever repays itself.
    with np.errstate(over="ignore"):
        repaid = -np.expm1(-life * np.log1p(rate))
    factor = np.asarray(1.0 / life)
    np.divide(rate, repaid, out=factor, where=repaid != 0.0)
    return factor


def levelised_cost_usd_per_gpu_hour(
    chip_capex_usd_per_gpu: npt.ArrayLike,
    datacentre_capex_usd_per_gpu: npt.ArrayLike,
    chip_life_years: npt.ArrayLike,
    datacentre_life_years: npt.ArrayLike,
    cost_of_capital_per_year: npt.ArrayLike,
    power_kw_per_gpu: npt.ArrayLike,
    energy_price_usd_per_mwh: npt.ArrayLike,
    operations_usd_per_gpu_hour: npt.ArrayLike,
    utilisation: npt.ArrayLike,
) -> FloatArray:
    """What an hour of an own GPU costs in the long run, USD per GPU-hour used.

    Capital, repaid as an annuity over each part's life, is spread over the hours used (8,760 a year
    times ``utilisation``); power and operations are paid for the hours used only.

        (K_chip crf(r, L_chip) + K_dc crf(r, L_dc)) / (8760 u) + kW p_energy / 1000 + operations

    ``power_kw_per_gpu`` is at the meter, PUE included.  All arguments broadcast.  Raises
    ``EconomicsError`` unless 0 < utilisation <= 1, costs are not negative and all are finite.
    """
    chips, building, _, _, _, power, energy_price, operations, used = finite_together(
        chip_capex_usd_per_gpu=chip_capex_usd_per_gpu,
        datacentre_capex_usd_per_gpu=datacentre_capex_usd_per_gpu,
        chip_life_years=chip_life_years,
        datacentre_life_years=datacentre_life_years,
        cost_of_capital_per_year=cost_of_capital_per_year,
        power_kw_per_gpu=power_kw_per_gpu,
        energy_price_usd_per_mwh=energy_price_usd_per_mwh,
        operations_usd_per_gpu_hour=operations_usd_per_gpu_hour,
        utilisation=utilisation,
    )
    require((used > 0.0) & (used <= 1.0), "utilisation", used, "above 0 and at most 1")
    require(chips >= 0.0, "chip_capex_usd_per_gpu", chips, "at least 0")
    require(building >= 0.0, "datacentre_capex_usd_per_gpu", building, "at least 0")
    require(power >= 0.0, "power_kw_per_gpu", power, "at least 0")
    capital_usd_per_year = chips * capital_recovery_factor(cost_of_capital_per_year, chip_life_years)
    capital_usd_per_year = capital_usd_per_year + building * capital_recovery_factor(
        cost_of_capital_per_year, datacentre_life_years
    )
    return np.asarray(capital_usd_per_year / (HOURS_PER_YEAR * used) + power * energy_price / 1_000.0 + operations)


def gpu_hours_per_mtok(
    base_gpu_hours_per_mtok: npt.ArrayLike,
    quality: npt.ArrayLike,
    quality_elasticity: npt.ArrayLike,
    efficiency: npt.ArrayLike,
) -> FloatArray:
    """Compute that a million tokens take: more for a better model, less as inference gets efficient.

        h = h_base exp(elasticity quality) / efficiency

    ``quality`` is the log of effective training compute relative to the start frontier, so the
    elasticity is that of GPU-hours with respect to training compute; ``efficiency`` is 1 at the start.
    H100-equivalent GPU-hours per Mtok; all broadcast.  Raises ``EconomicsError`` unless base and
    efficiency are above 0 and all are finite.
    """
    base, level, elasticity, gain = finite_together(
        base_gpu_hours_per_mtok=base_gpu_hours_per_mtok,
        quality=quality,
        quality_elasticity=quality_elasticity,
        efficiency=efficiency,
    )
    require(base > 0.0, "base_gpu_hours_per_mtok", base, "above 0")
    require(gain > 0.0, "efficiency", gain, "above 0")
    return np.asarray(base * np.exp(elasticity * level) / gain)
