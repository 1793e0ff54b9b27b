import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimarket.economics import (
    EconomicsError,
    bass_hazard,
    discounted_cash_flow_value,
    discrete_choice_share,
    runway_months,
)
from aimarket.errors import AimarketError

FIRM = {
    "revenue_per_year": 100.0,
    "growth_per_year": 0.5,
    "growth_decay_per_year": 0.0,
    "margin_now": 0.2,
    "margin_long_run": 0.2,
    "margin_half_life_years": 3.0,
    "discount_rate_per_year": 0.25,
    "terminal_growth_per_year": 0.0,
    "horizon_years": 2,
}


def test_value_by_hand():
    # Revenue 150 and 225, cash 30 / 1.25 + 45 / 1.5625, then 45 for ever at 25%.
    assert discounted_cash_flow_value(**FIRM) == pytest.approx(24.0 + 28.8 + 45.0 / 0.25 / 1.5625)


def test_margins_move_half_way_in_a_half_life():
    # Margin -0.2 now, 0.4 in the long run, half life 1: 0.1, 0.25, then 0.325 for ever.
    changes = {"margin_now": -0.2, "margin_long_run": 0.4, "margin_half_life_years": 1.0}
    value = discounted_cash_flow_value(**FIRM | changes)
    assert value == pytest.approx(15.0 / 1.25 + 56.25 / 1.5625 + 73.125 / 0.25 / 1.5625)


def test_growth_fades_to_the_terminal_rate():
    # Decay ln 2: growth 0.5 in the first year, 0.25 in the second.
    value = discounted_cash_flow_value(**FIRM | {"growth_decay_per_year": np.log(2.0)})
    assert value == pytest.approx(24.0 + 37.5 / 1.5625 + 37.5 / 0.25 / 1.5625)


@given(st.floats(-0.1, 0.08), st.floats(0.09, 0.4), st.integers(1, 40))
def test_a_firm_in_its_steady_state_is_worth_gordons_formula_at_any_horizon(growth, rate, horizon):
    steady = {
        "growth_per_year": growth,
        "terminal_growth_per_year": growth,
        "growth_decay_per_year": 0.3,
        "discount_rate_per_year": rate,
        "horizon_years": horizon,
    }
    value = discounted_cash_flow_value(**FIRM | steady)
    assert value == pytest.approx(20.0 * (1.0 + growth) / (rate - growth), rel=1e-9)


def test_many_firms_at_once_are_each_as_if_alone():
    growth = np.array([0.1, 0.5, 2.0])
    together = discounted_cash_flow_value(**FIRM | {"growth_per_year": growth})
    alone = [float(discounted_cash_flow_value(**FIRM | {"growth_per_year": g})) for g in growth]
    assert together == pytest.approx(alone, rel=1e-14)
    assert discounted_cash_flow_value(**FIRM).shape == ()
    assert together[0] < together[1] < together[2]


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"discount_rate_per_year": 0.0}, "discount_rate_per_year"),
        ({"growth_per_year": [-1.0, 0.0]}, "growth_per_year"),
        ({"growth_decay_per_year": -0.1}, "growth_decay_per_year"),
        ({"margin_half_life_years": 0.0}, "margin_half_life_years"),
        ({"horizon_years": 0}, "horizon_years"),
    ],
)
def test_value_refuses(changes, parameter):
    with pytest.raises(EconomicsError) as caught:
        discounted_cash_flow_value(**FIRM | changes)
    assert caught.value.parameter == parameter


def test_runway():
    assert runway_months([120.0, 120.0, 120.0, 0.0, -5.0], [10.0, 0.0, -3.0, 1.0, 1.0]).tolist() == [
        12.0,
        np.inf,
        np.inf,
        0.0,
        0.0,
    ]
    with pytest.raises(EconomicsError, match="burn_per_month"):
        runway_months(1.0, np.nan)


def test_discrete_choice_by_hand():
    assert discrete_choice_share(0.3, 0.3, 5.0) == 0.5
    assert discrete_choice_share(np.log(3.0), 0.0, 1.0) == pytest.approx(0.75)
    assert discrete_choice_share(1.0, 0.0, 0.0) == 0.5
    assert discrete_choice_share([1e6, -1e6], 0.0, 1e3) == pytest.approx([1.0, 0.0])


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(0, 20))
def test_discrete_choice_shares_of_both_rules_sum_to_one(a, b, intensity):
    share = discrete_choice_share(a, b, intensity)
    assert share + discrete_choice_share(b, a, intensity) == pytest.approx(1.0)
    assert (share >= 0.5) == (a >= b) or intensity * abs(a - b) < 1e-12


def test_discrete_choice_refuses_a_negative_intensity():
    with pytest.raises(EconomicsError, match="intensity"):
        discrete_choice_share(1.0, 0.0, -1.0)


def test_bass_by_hand():
    assert bass_hazard(0.03, 0.38, [0.0, 0.5, 1.0]) == pytest.approx([0.03, 0.22, 0.41])
    with pytest.raises(EconomicsError, match="adopted_share"):
        bass_hazard(0.03, 0.38, 1.1)


@given(st.floats(0.001, 0.1), st.floats(0.0, 1.0))
def test_bass_diffusion_meets_its_closed_form(innovation, imitation):
    # F(t) = (1 - e) / (1 + (q / p) e) with e = exp(-(p + q) t), Bass (1969).
    share, step, years = 0.0, 1e-3, 5.0
    for _ in range(round(years / step)):
        share += step * bass_hazard(innovation, imitation, share) * (1.0 - share)
    fading = np.exp(-(innovation + imitation) * years)
    assert share == pytest.approx((1.0 - fading) / (1.0 + imitation / innovation * fading), abs=2e-3)


def test_errors_are_value_errors_and_survive_pickling():
    with pytest.raises(ValueError, match="innovation_per_year") as caught:
        bass_hazard(-0.1, 0.0, 0.0)
    assert isinstance(caught.value, AimarketError)
    copy = pickle.loads(pickle.dumps(caught.value))
    assert str(copy) == str(caught.value) == "innovation_per_year must be at least 0 (got -0.1)"
    assert (copy.parameter, copy.value, copy.bound) == ("innovation_per_year", -0.1, "at least 0")
