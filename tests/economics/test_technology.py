import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimarket.economics import (
    EconomicsError,
    capital_recovery_factor,
    gpu_hours_per_mtok,
    levelised_cost_usd_per_gpu_hour,
    wright_unit_cost,
)

FLEET = {
    "chip_capex_usd_per_gpu": 30_000.0,
    "datacentre_capex_usd_per_gpu": 12_000.0,
    "chip_life_years": 5.0,
    "datacentre_life_years": 15.0,
    "cost_of_capital_per_year": 0.0,
    "power_kw_per_gpu": 1.4,
    "energy_price_usd_per_mwh": 100.0,
    "operations_usd_per_gpu_hour": 0.25,
    "utilisation": 0.5,
}


def test_each_doubling_cuts_the_cost_by_the_learning_rate():
    cost = wright_unit_cost(100.0, 10.0, [10.0, 20.0, 40.0, 5.0], 0.2)
    assert cost == pytest.approx([100.0, 80.0, 64.0, 125.0])
    assert wright_unit_cost(100.0, 10.0, 1e6, 0.0) == 100.0


@pytest.mark.parametrize(
    ("arguments", "parameter"),
    [
        ((1.0, 0.0, 1.0, 0.2), "cumulative_start"),
        ((1.0, 1.0, 0.0, 0.2), "cumulative"),
        ((1.0, 1.0, 1.0, 1.0), "learning_rate"),
    ],
)
def test_learning_curve_refuses(arguments, parameter):
    with pytest.raises(EconomicsError) as caught:
        wright_unit_cost(*arguments)
    assert caught.value.parameter == parameter


@given(st.floats(-0.5, 1.0), st.integers(1, 40))
def test_the_annuity_repays_the_capital(rate, life):
    payment = capital_recovery_factor(rate, life)
    present_value = sum(payment / (1.0 + rate) ** year for year in range(1, life + 1))
    assert present_value == pytest.approx(1.0, rel=1e-9)


def test_capital_recovery_at_and_near_zero_interest():
    assert capital_recovery_factor(0.0, [4.0, 5.0]) == pytest.approx([0.25, 0.2])
    assert capital_recovery_factor(1e-13, 4.0) == pytest.approx(0.25, rel=1e-10)
    # One year: the capital and its interest.
    assert capital_recovery_factor(0.1, 1.0) == pytest.approx(1.1)
    with pytest.raises(EconomicsError, match="life_years"):
        capital_recovery_factor(0.1, 0.0)


def test_levelised_cost_by_hand_without_interest():
    # 6,000 + 800 a year over 4,380 hours, 0.14 for power, 0.25 for operations.
    assert levelised_cost_usd_per_gpu_hour(**FLEET) == pytest.approx(6_800 / 4_380 + 0.14 + 0.25)


def test_levelised_cost_with_interest_uses_each_parts_annuity():
    cost = levelised_cost_usd_per_gpu_hour(**FLEET | {"cost_of_capital_per_year": 0.1})
    # Annuity factors from any finance textbook's table: 0.263797 for 5 and 0.131474 for 15 years at 10%.
    capital = 30_000 * 0.263797 + 12_000 * 0.131474
    assert cost == pytest.approx(capital / 4_380 + 0.39, rel=1e-5)


def test_idle_fleets_cost_more_an_hour():
    cost = levelised_cost_usd_per_gpu_hour(**FLEET | {"utilisation": np.array([1.0, 0.5, 0.25])})
    assert cost - 0.39 == pytest.approx(np.array([1.0, 2.0, 4.0]) * (cost[0] - 0.39))
    with pytest.raises(EconomicsError, match="utilisation must be above 0 and at most 1"):
        levelised_cost_usd_per_gpu_hour(**FLEET | {"utilisation": 0.0})


def test_gpu_hours_rise_with_quality_and_fall_with_efficiency():
    hours = gpu_hours_per_mtok(0.2, [0.0, 1.0, 1.0], 0.5, [1.0, 1.0, 4.0])
    assert hours == pytest.approx([0.2, 0.2 * np.exp(0.5), 0.05 * np.exp(0.5)])
    with pytest.raises(EconomicsError, match="efficiency"):
        gpu_hours_per_mtok(0.2, 0.0, 0.5, 0.0)
