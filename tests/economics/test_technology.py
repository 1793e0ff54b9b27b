import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimarket.economics.errors import EconomicsError
from aimarket.economics.technology import (
    capital_recovery_factor,
    energy_cost_usd_per_gpu_hour,
    gpu_hours_per_mtok,
    levelised_cost_usd_per_gpu_hour,
    moore_unit_cost,
    sahal_exponent,
    straight_line_depreciation_usd_per_gpu_hour,
    straight_line_depreciation_usd_per_year,
    wright_exponent,
    wright_learning_rate,
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
        ((1.0, 1.0, 1.0, -0.1), "learning_rate"),
        ((np.nan, 1.0, 1.0, 0.2), "unit_cost_start"),
        ((-1.0, 1.0, 1.0, 0.2), "unit_cost_start"),
        ((1.0, 1.0, np.inf, 0.2), "cumulative"),
        ((1.0, 1e300, 1e-300, 0.9), "cumulative"),
        ((1.0, 1.0, [1.0, 2.0], [0.1, 0.2, 0.3]), "learning_rate"),
        (("cheap", 1.0, 1.0, 0.2), "unit_cost_start"),
    ],
)
def test_learning_curve_refuses(arguments, parameter):
    refuses(wright_unit_cost, arguments, parameter)


def refuses(function, arguments, parameter):
    with pytest.raises(EconomicsError) as caught:
        function(*arguments)
    assert caught.value.parameter == parameter


def test_exponents_of_common_learning_rates():
    # 20% a doubling is Wright's own case; 50% a doubling is proportional to 1 / Q.
    assert wright_exponent([0.0, 0.2, 0.5, 0.75]) == pytest.approx([0.0, 0.32192809488736235, 1.0, 2.0])
    assert wright_learning_rate([0.0, 1.0, 2.0]) == pytest.approx([0.0, 0.5, 0.75])


@given(st.floats(0.0, 0.99))
def test_learning_rate_and_exponent_are_inverse(rate):
    assert wright_learning_rate(wright_exponent(rate)) == pytest.approx(rate, rel=1e-12, abs=1e-15)


@given(st.floats(0.0, 3.0), st.floats(0.1, 1e6), st.floats(0.1, 1e6), st.floats(0.1, 1e6))
def test_learning_from_a_to_c_is_learning_to_b_and_on(exponent, a, b, c):
    rate = wright_learning_rate(exponent)
    at_b = wright_unit_cost(7.0, a, b, rate)
    assert wright_unit_cost(at_b, b, c, rate) == pytest.approx(float(wright_unit_cost(7.0, a, c, rate)), rel=1e-9)


def test_cost_halves_in_the_time_that_moores_law_says():
    # Half every two years: ln 2 / 2 a year.
    assert moore_unit_cost(8.0, np.log(2.0) / 2.0, [-2.0, 0.0, 2.0, 6.0]) == pytest.approx([16.0, 8.0, 4.0, 1.0])
    assert moore_unit_cost(8.0, 1.0, 1e6) == 0.0


@given(st.floats(0.01, 0.5), st.floats(0.05, 1.0), st.floats(0.0, 15.0))
def test_moore_and_exponential_growth_are_wright_with_sahals_exponent(decline, growth, years):
    output = 3.0 * np.exp(growth * years)
    rate = wright_learning_rate(sahal_exponent(decline, growth))
    in_time, in_experience = moore_unit_cost(5.0, decline, years), wright_unit_cost(5.0, 3.0, output, rate)
    # A rate near 1 keeps few digits of its exponent.
    assert in_experience == pytest.approx(float(in_time), rel=1e-3 if rate > 0.999 else 1e-9)


def test_sahals_exponent_by_hand():
    # Cost falls 10%, cumulative output grows 20% a year, both continuously.
    assert sahal_exponent(0.1, 0.2) == pytest.approx(0.5)
    assert sahal_exponent(0.1, [0.1, 0.4]) == pytest.approx([1.0, 0.25])


def test_depreciation_of_a_card_by_hand():
    # The 40,000 USD card of the public debate on lives of three and six years.
    assert straight_line_depreciation_usd_per_year(40_000.0, [3.0, 6.0]) == pytest.approx([40_000 / 3, 40_000 / 6])
    assert straight_line_depreciation_usd_per_gpu_hour(43_800.0, 5.0, [1.0, 0.5]) == pytest.approx([1.0, 2.0])


@given(st.floats(1.0, 1e5), st.floats(0.5, 20.0), st.floats(0.01, 1.0))
def test_depreciation_per_hour_used_adds_up_to_the_price(price, life, utilisation):
    per_hour = straight_line_depreciation_usd_per_gpu_hour(price, life, utilisation)
    assert per_hour * 8_760.0 * utilisation * life == pytest.approx(price)


@given(st.floats(1.0, 1e5), st.floats(0.5, 20.0))
def test_an_annuity_without_interest_is_straight_line_depreciation(price, life):
    annuity = price * capital_recovery_factor(0.0, life)
    assert annuity == pytest.approx(float(straight_line_depreciation_usd_per_year(price, life)))
    assert price * capital_recovery_factor(0.08, life) > annuity


def test_energy_of_a_gpu_hour_by_hand():
    # 0.7 kW at a PUE of 1.3 is 0.91 kWh, at 8 cents; a negative price pays the user.
    assert energy_cost_usd_per_gpu_hour(0.7, 1.3, [80.0, 0.0, -10.0]) == pytest.approx([0.0728, 0.0, -0.0091])


def test_levelised_cost_is_annuity_plus_energy_plus_operations():
    fleet = FLEET | {"datacentre_capex_usd_per_gpu": 0.0, "cost_of_capital_per_year": 0.1, "utilisation": 1.0}
    parts = 30_000.0 * capital_recovery_factor(0.1, 5.0) / 8_760.0 + energy_cost_usd_per_gpu_hour(1.0, 1.4, 100.0)
    assert levelised_cost_usd_per_gpu_hour(**fleet) == pytest.approx(parts + 0.25)


@pytest.mark.parametrize(
    ("function", "arguments", "parameter"),
    [
        (wright_exponent, (1.0,), "learning_rate"),
        (wright_exponent, (np.nan,), "learning_rate"),
        (wright_exponent, ("0.2",), "learning_rate"),
        (wright_exponent, ([0.2 + 1j],), "learning_rate"),
        (wright_exponent, ([[0.1], [0.2, 0.3]],), "learning_rate"),
        (wright_exponent, (None,), "learning_rate"),
        (wright_learning_rate, (-0.1,), "exponent"),
        (wright_learning_rate, (np.inf,), "exponent"),
        (moore_unit_cost, (-1.0, 0.1, 1.0), "unit_cost_start"),
        (moore_unit_cost, (1.0, np.nan, 1.0), "decline_per_year"),
        (moore_unit_cost, (1.0, -1.0, 1e4), "years"),
        (moore_unit_cost, (1.0, [0.1, 0.2], [1.0, 2.0, 3.0]), "years"),
        (sahal_exponent, (0.1, 0.0), "output_growth_per_year"),
        (sahal_exponent, (1.0, 1e-310), "output_growth_per_year"),
        (sahal_exponent, (np.inf, 0.1), "decline_per_year"),
        (straight_line_depreciation_usd_per_year, (-1.0, 3.0), "purchase_price_usd"),
        (straight_line_depreciation_usd_per_year, (1.0, 0.0), "life_years"),
        (straight_line_depreciation_usd_per_gpu_hour, (1.0, 0.0, 0.5), "life_years"),
        (straight_line_depreciation_usd_per_gpu_hour, (1.0, 3.0, 0.0), "utilisation"),
        (straight_line_depreciation_usd_per_gpu_hour, (1.0, 3.0, 1.1), "utilisation"),
        (energy_cost_usd_per_gpu_hour, (-0.1, 1.3, 80.0), "server_power_kw_per_gpu"),
        (energy_cost_usd_per_gpu_hour, (0.7, 0.9, 80.0), "power_usage_effectiveness"),
        (energy_cost_usd_per_gpu_hour, (0.7, 1.3, np.nan), "energy_price_usd_per_mwh"),
        (capital_recovery_factor, (-1.0, 3.0), "rate_per_year"),
        (capital_recovery_factor, (np.nan, 3.0), "rate_per_year"),
        (capital_recovery_factor, (0.1, np.inf), "life_years"),
        (capital_recovery_factor, ([0.1, 0.2], [1.0, 2.0, 3.0]), "life_years"),
        (gpu_hours_per_mtok, (0.2, np.nan, 0.5, 1.0), "quality"),
    ],
)
def test_bad_input_is_named(function, arguments, parameter):
    refuses(function, arguments, parameter)


@pytest.mark.parametrize("parameter", sorted(FLEET))
def test_levelised_cost_refuses_what_is_no_number(parameter):
    with pytest.raises(EconomicsError) as caught:
        levelised_cost_usd_per_gpu_hour(**FLEET | {parameter: np.nan})
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
