import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimarket.economics.errors import EconomicsError
from aimarket.economics.finance import (
    bass_hazard,
    discounted_cash_flow_value,
    discrete_choice_share,
    minsky_class,
    multinomial_choice_shares,
    present_value,
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
        ({"revenue_per_year": np.nan}, "revenue_per_year"),
        ({"margin_now": np.inf}, "margin_now"),
        ({"growth_per_year": [0.1, 0.2], "margin_now": [0.1, 0.2, 0.3]}, "margin_now"),
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


def test_present_value_by_hand():
    # A bond of 100 with a coupon of 10 over two years at 10% is worth its face value.
    assert present_value([10.0, 110.0], 0.1) == pytest.approx(100.0)
    assert present_value([10.0, 110.0], [0.0, 0.1, 0.25]) == pytest.approx([120.0, 100.0, 8.0 + 70.4])
    assert present_value([[10.0, 110.0], [-10.0, 0.0]], 0.25) == pytest.approx([78.4, -8.0])


def test_present_value_with_terminal_growth_is_gordons():
    # 10, growing 2% a year for ever, at 12%.
    assert present_value([10.0], 0.12, 0.02) == pytest.approx(100.0)
    assert present_value([10.0, 10.2, 10.404], 0.12, 0.02) == pytest.approx(100.0)
    assert present_value([0.0, 50.0], 0.25, 0.0) == pytest.approx(50.0 / 0.25 / 1.25)


CASH = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=12)


@given(CASH, st.floats(-0.3, 1.0), st.floats(-5.0, 5.0))
def test_present_value_is_additive_and_proportional(flows, rate, scale):
    value = present_value(flows, rate)
    both = present_value(np.array(flows) * scale + np.arange(len(flows)), rate)
    assert both == pytest.approx(scale * value + present_value(np.arange(len(flows)), rate), rel=1e-9, abs=1e-6)


@given(CASH, st.floats(0.01, 1.0))
def test_waiting_a_period_discounts_once(flows, rate):
    value = present_value([0.0, *flows], rate)
    assert value == pytest.approx(float(present_value(flows, rate)) / (1.0 + rate), rel=1e-9, abs=1e-9)


@given(CASH, st.floats(0.05, 1.0), st.floats(-0.5, 0.04))
def test_the_terminal_value_is_the_flows_it_stands_for(flows, rate, growth):
    longer = [*flows, flows[-1] * (1.0 + growth)]
    value = present_value(longer, rate, growth)
    assert value == pytest.approx(float(present_value(flows, rate, growth)), rel=1e-9, abs=1e-6)


@given(st.floats(0.05, 0.5), st.integers(1, 10))
def test_present_value_agrees_with_the_valuation_of_firms(rate, horizon):
    firm = FIRM | {"discount_rate_per_year": rate, "horizon_years": horizon}
    flows = 20.0 * 1.5 ** np.arange(1.0, horizon + 1.0)
    assert present_value(flows, rate, 0.0) == pytest.approx(float(discounted_cash_flow_value(**firm)), rel=1e-9)


@pytest.mark.parametrize(
    ("arguments", "parameter"),
    [
        ((5.0, 0.1), "cash_flows"),
        (([], 0.1), "cash_flows"),
        (([1.0, np.nan], 0.1), "cash_flows"),
        (([[1.0], [2.0, 3.0]], 0.1), "cash_flows"),
        (([1.0], -1.0), "discount_rate"),
        (([1.0] * 200, -0.999), "discount_rate"),
        (([[1.0], [2.0]], [0.1, 0.2, 0.3]), "discount_rate"),
        (([1.0], 0.02, 0.02), "discount_rate"),
        (([1.0], 0.1, -1.0), "terminal_growth"),
        (([1.0], 0.1, np.nan), "terminal_growth"),
    ],
)
def test_present_value_refuses(arguments, parameter):
    with pytest.raises(EconomicsError) as caught:
        present_value(*arguments)
    assert caught.value.parameter == parameter


def test_classes_of_debt_at_and_around_their_limits():
    found = minsky_class([80.0, 79.99, 30.0, 29.99, -1.0], 30.0, 50.0)
    assert found.tolist() == ["hedge", "speculative", "speculative", "ponzi", "ponzi"]
    # A firm that owes nothing hedges unless it loses money.
    assert minsky_class([0.0, -1.0], 0.0, 0.0).tolist() == ["hedge", "ponzi"]


QUARTERS = st.integers(0, 4_000).map(lambda n: n / 4.0)


@given(st.integers(-4_000, 4_000).map(lambda n: n / 4.0), QUARTERS, QUARTERS, QUARTERS)
def test_more_cash_never_worsens_the_class(cash, interest, principal, more):
    order = ["ponzi", "speculative", "hedge"]
    before, after = minsky_class([cash, cash + more], interest, principal).tolist()
    assert order.index(after) >= order.index(before)
    # The unit of money does not matter.
    assert minsky_class(cash * 8.0, interest * 8.0, principal * 8.0) == before


@pytest.mark.parametrize(
    ("arguments", "parameter"),
    [
        ((np.nan, 1.0, 1.0), "operating_cash_flow"),
        ((1.0, -0.01, 1.0), "interest_due"),
        ((1.0, 1.0, [2.0, -1.0]), "principal_due"),
        ((1.0, [1.0, 2.0], [1.0, 2.0, 3.0]), "principal_due"),
    ],
)
def test_classes_of_debt_refuse(arguments, parameter):
    with pytest.raises(EconomicsError) as caught:
        minsky_class(*arguments)
    assert caught.value.parameter == parameter


def test_multinomial_shares_by_hand():
    assert multinomial_choice_shares(np.log([1.0, 2.0, 5.0]), 1.0) == pytest.approx([0.125, 0.25, 0.625])
    # An intensity for each of two groups of investors.
    shares = multinomial_choice_shares([[0.0, np.log(3.0)], [0.0, np.log(3.0)]], [1.0, 2.0])
    assert shares == pytest.approx(np.array([[0.25, 0.75], [0.1, 0.9]]))
    assert multinomial_choice_shares([0.0, 1.0], [0.0, 1e9]) == pytest.approx(np.array([[0.5, 0.5], [0.0, 1.0]]))
    assert multinomial_choice_shares([4.0], 2.0) == pytest.approx([1.0])


FITNESS = st.lists(st.floats(-50, 50), min_size=1, max_size=6)


@given(FITNESS, st.floats(0, 20), st.floats(-1e3, 1e3))
def test_multinomial_shares_sum_to_one_and_only_differences_count(fitness, intensity, shift):
    shares = multinomial_choice_shares(fitness, intensity)
    assert shares.sum() == pytest.approx(1.0)
    moved = multinomial_choice_shares(np.array(fitness) + shift, intensity)
    assert moved == pytest.approx(shares, abs=1e-9)
    assert multinomial_choice_shares(fitness[::-1], intensity) == pytest.approx(shares[::-1])


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(0, 20))
def test_two_rules_are_the_binary_logit(a, b, intensity):
    share = multinomial_choice_shares([a, b], intensity)[0]
    assert share == pytest.approx(float(discrete_choice_share(a, b, intensity)), abs=1e-12)


@pytest.mark.filterwarnings("error")
def test_choice_survives_the_largest_numbers():
    assert multinomial_choice_shares([1e308, -1e308], [0.0, 1e308]).tolist() == [[0.5, 0.5], [1.0, 0.0]]
    assert discrete_choice_share([1e308, -1e308], [-1e308, 1e308], [0.0, 1e308]).tolist() == [0.5, 0.0]


@pytest.mark.parametrize(
    ("arguments", "parameter"),
    [
        ((1.0, 1.0), "fitness"),
        (([], 1.0), "fitness"),
        (([1.0, np.nan], 1.0), "fitness"),
        (([1.0, 2.0], -1.0), "intensity"),
        (([1.0, 2.0], np.inf), "intensity"),
        ((np.zeros((2, 3)), [1.0, 2.0, 3.0]), "intensity"),
    ],
)
def test_multinomial_shares_refuse(arguments, parameter):
    with pytest.raises(EconomicsError) as caught:
        multinomial_choice_shares(*arguments)
    assert caught.value.parameter == parameter


def test_binary_choice_refuses_fitness_that_is_no_number():
    with pytest.raises(EconomicsError, match="fitness_b"):
        discrete_choice_share(1.0, np.nan, 1.0)
