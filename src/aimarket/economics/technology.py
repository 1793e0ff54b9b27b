"""Costs of chips, of compute and of inference."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aimarket.economics.errors import require

__all__ = [
    "capital_recovery_factor",
    "gpu_hours_per_mtok",
    "levelised_cost_usd_per_gpu_hour",
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
    Raises ``EconomicsError`` unless both outputs are above 0 and the learning rate is in [0, 1).
    """
    start, now = np.asarray(cumulative_start, dtype=np.float64), np.asarray(cumulative, dtype=np.float64)
    rate = np.asarray(learning_rate, dtype=np.float64)
    require(start > 0.0, "cumulative_start", start, "above 0")
    require(now > 0.0, "cumulative", now, "above 0")
    require((rate >= 0.0) & (rate < 1.0), "learning_rate", rate, "at least 0 and below 1")
    return np.asarray(np.asarray(unit_cost_start, dtype=np.float64) * (now / start) ** np.log2(1.0 - rate))


def capital_recovery_factor(rate_per_year: npt.ArrayLike, life_years: npt.ArrayLike) -> FloatArray:
    """Constant yearly payment that repays one unit of capital with interest over its life.

        r / (1 - (1 + r)^-n), and 1 / n for r = 0

    Per year; arguments broadcast.  Raises ``EconomicsError`` unless the rate is above -1 and the life
    above 0.
    """
    rate, life = np.broadcast_arrays(
        np.asarray(rate_per_year, dtype=np.float64), np.asarray(life_years, dtype=np.float64)
    )
    require(rate > -1.0, "rate_per_year", rate, "above -1")
    require(life > 0.0, "life_years", life, "above 0")
    # 1 - (1 + r)^-n without the cancellation that ruins it for small r.
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
    ``EconomicsError`` unless 0 < utilisation <= 1 and costs are not negative.
    """
    used = np.asarray(utilisation, dtype=np.float64)
    require((used > 0.0) & (used <= 1.0), "utilisation", used, "above 0 and at most 1")
    chips = np.asarray(chip_capex_usd_per_gpu, dtype=np.float64)
    building = np.asarray(datacentre_capex_usd_per_gpu, dtype=np.float64)
    power = np.asarray(power_kw_per_gpu, dtype=np.float64)
    require(chips >= 0.0, "chip_capex_usd_per_gpu", chips, "at least 0")
    require(building >= 0.0, "datacentre_capex_usd_per_gpu", building, "at least 0")
    require(power >= 0.0, "power_kw_per_gpu", power, "at least 0")
    capital_usd_per_year = chips * capital_recovery_factor(cost_of_capital_per_year, chip_life_years)
    capital_usd_per_year = capital_usd_per_year + building * capital_recovery_factor(
        cost_of_capital_per_year, datacentre_life_years
    )
    energy_usd_per_hour = power * np.asarray(energy_price_usd_per_mwh, dtype=np.float64) / 1_000.0
    operations = np.asarray(operations_usd_per_gpu_hour, dtype=np.float64)
    return np.asarray(capital_usd_per_year / (HOURS_PER_YEAR * used) + energy_usd_per_hour + operations)


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
    efficiency are above 0.
    """
    base = np.asarray(base_gpu_hours_per_mtok, dtype=np.float64)
    gain = np.asarray(efficiency, dtype=np.float64)
    require(base > 0.0, "base_gpu_hours_per_mtok", base, "above 0")
    require(gain > 0.0, "efficiency", gain, "above 0")
    exponent = np.asarray(quality_elasticity, dtype=np.float64) * np.asarray(quality, dtype=np.float64)
    return np.asarray(base * np.exp(exponent) / gain)
