"""Brock & Hommes (1998): timing by hand, closed forms against simulation and Jacobian, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimarket.economics.asset_pricing import (
    brock_hommes_eigenvalue_modulus,
    brock_hommes_path,
    trend_follower_neimark_sacker_intensity,
    trend_follower_pitchfork_intensity,
    trend_follower_steady_state,
)
from aimarket.economics.errors import EconomicsError

TREND, COST, RETURN = [0.0, 1.2], [1.0, 0.0], 1.1

# Markets with R < g < 2 R.
RETURNS = st.floats(1.01, 1.5)
PLACES = st.floats(0.05, 0.95)
COSTS = st.floats(0.1, 5.0)
RISKS = st.floats(0.1, 10.0)


def rules(place, gross_return):
    return gross_return * (1.0 + place)


def test_one_period_by_hand():
    # Lags x_{-3} = 3, x_{-2} = 2, x_{-1} = 4; R = 1.5: last gain 4 - 1.5 x 2 = 1.
    # Rule 1 forecast 0.5 x 3 + 0 = 1.5, less 3: -1.5 - 0.25.  Rule 2 forecast 3 + 1 = 4, less 3: 1.
    path = brock_hommes_path(0.5, [0.5, 1.0], [0.0, 1.0], [0.25, 0.0], 1.5, [3.0, 2.0, 4.0], 1)
    weight = np.exp([0.5 * -1.75, 0.5 * 1.0])
    share = weight / weight.sum()
    assert path.share[0] == pytest.approx(share)
    # Forecasts now: 0.5 x 4 = 2 and 4 + 1 = 5.
    assert path.deviation[0] == pytest.approx((share[0] * 2.0 + share[1] * 5.0) / 1.5)


def test_twice_the_risk_halves_what_was_earned():
    plain = brock_hommes_path(1.0, TREND, 0.0, COST, RETURN, [0.3, 0.2, 0.5], 40)
    scaled = brock_hommes_path(2.0, TREND, 0.0, [0.5, 0.0], RETURN, [0.3, 0.2, 0.5], 40, risk=2.0)
    assert scaled.deviation == pytest.approx(plain.deviation)


def test_rules_may_be_reordered_or_split_in_two():
    # A rule listed twice has two voices; a third, fourth ... all equal rule leaves one price path.
    path = brock_hommes_path(3.0, [0.0, 1.2, 0.9], [0.0, 0.1, -0.1], [1.0, 0.0, 0.2], RETURN, [0.1, 0.2, 0.3], 60)
    swapped = brock_hommes_path(3.0, [0.9, 0.0, 1.2], [-0.1, 0.0, 0.1], [0.2, 1.0, 0.0], RETURN, [0.1, 0.2, 0.3], 60)
    assert swapped.deviation == pytest.approx(path.deviation, rel=1e-9)
    assert swapped.share == pytest.approx(path.share[:, [2, 0, 1]], rel=1e-9)
    assert path.share.sum(axis=-1) == pytest.approx(np.ones(60))
    alone = brock_hommes_path(3.0, 0.9, 0.1, 0.0, RETURN, [0.1, 0.2, 0.3], 60)
    twice = brock_hommes_path(3.0, [0.9, 0.9], 0.1, 0.0, RETURN, [0.1, 0.2, 0.3], 60)
    assert twice.deviation == pytest.approx(alone.deviation)


def test_prices_mirror_when_start_and_biases_do():
    up = brock_hommes_path(3.5, TREND, [0.0, 0.2], COST, RETURN, [0.1, 0.2, 0.3], 200)
    down = brock_hommes_path(3.5, TREND, [0.0, -0.2], COST, RETURN, [-0.1, -0.2, -0.3], 200)
    assert down.deviation == pytest.approx(-up.deviation)
    assert down.share == pytest.approx(up.share)


def test_many_intensities_and_starts_are_each_as_if_alone():
    intensities, starts = [1.0, 2.6, 3.3], [[0.1] * 3, [0.1, 0.0, -0.4], [1.0, 1.0, 1.0]]
    together = brock_hommes_path(intensities, TREND, 0.0, COST, RETURN, starts, 50)
    assert together.deviation.shape == (3, 50)
    assert together.share.shape == (3, 50, 2)
    for i in range(3):
        alone = brock_hommes_path(intensities[i], TREND, 0.0, COST, RETURN, starts[i], 50)
        assert (alone.deviation == together.deviation[i]).all()
        assert (alone.share == together.share[i]).all()


def test_a_path_can_be_continued_from_its_last_three_prices():
    whole = brock_hommes_path(3.4, TREND, 0.0, COST, RETURN, [0.1, 0.1, 0.1], 30)
    rest = brock_hommes_path(3.4, TREND, 0.0, COST, RETURN, whole.deviation[7:10], 20)
    assert (rest.deviation == whole.deviation[10:]).all()


def test_one_trend_rule_grows_or_fades_by_g_over_r():
    path = brock_hommes_path(5.0, 0.55, 0.0, 0.3, RETURN, [1.0, 1.0, 8.0], 4)
    assert path.deviation == pytest.approx([4.0, 2.0, 1.0, 0.5])
    assert brock_hommes_eigenvalue_modulus(0.0, 5.0, 0.55, 0.0, 0.3, RETURN) == pytest.approx(0.5)


def test_a_biased_rule_pulls_the_price_to_its_own_steady_state():
    # R x = b: x = 0.22 / 1.1.
    path = brock_hommes_path(5.0, 0.0, 0.22, 0.0, RETURN, [0.0, 0.0, 0.0], 3)
    assert path.deviation == pytest.approx([0.2, 0.2, 0.2])
    assert brock_hommes_eigenvalue_modulus(0.2, 5.0, 0.0, 0.22, 0.0, RETURN) == pytest.approx(0.0, abs=1e-12)


@given(PLACES, RETURNS, COSTS)
def test_at_the_pitchfork_the_fundamental_value_loses_stability(place, gross_return, cost):
    trend = rules(place, gross_return)
    threshold = trend_follower_pitchfork_intensity(trend, gross_return, cost)
    below, at, above = (
        brock_hommes_eigenvalue_modulus(0.0, threshold * step, [0.0, trend], 0.0, [cost, 0.0], gross_return)
        for step in (0.9, 1.0, 1.1)
    )
    assert below < at < above
    assert at == pytest.approx(1.0, abs=1e-9)
    assert trend_follower_steady_state(threshold, trend, gross_return, cost) == pytest.approx(0.0, abs=1e-6)


@given(PLACES, RETURNS, COSTS, RISKS, st.floats(1.01, 5.0))
def test_the_state_off_the_fundamental_is_steady_with_the_share_of_trend_followers_r_over_g(
    place, gross_return, cost, risk, beyond
):
    trend = rules(place, gross_return)
    intensity = beyond * trend_follower_pitchfork_intensity(trend, gross_return, cost)
    x = trend_follower_steady_state(intensity, trend, gross_return, cost, risk)
    for state in (x, -x):
        path = brock_hommes_path(intensity, [0.0, trend], 0.0, [cost, 0.0], gross_return, [state] * 3, 2, risk)
        assert path.deviation == pytest.approx(np.full(2, state), rel=1e-9)
        assert path.share[:, 1] == pytest.approx(np.full(2, gross_return / trend), rel=1e-9)


@given(PLACES, RETURNS, COSTS, RISKS)
def test_at_the_neimark_sacker_intensity_the_largest_eigenvalue_has_modulus_one(place, gross_return, cost, risk):
    trend = rules(place, gross_return)
    pitchfork = trend_follower_pitchfork_intensity(trend, gross_return, cost)
    threshold = trend_follower_neimark_sacker_intensity(trend, gross_return, cost)
    modulus = []
    for intensity in (pitchfork + 0.99 * (threshold - pitchfork), threshold, pitchfork * -0.01 + 1.01 * threshold):
        x = trend_follower_steady_state(intensity, trend, gross_return, cost, risk)
        modulus.append(
            brock_hommes_eigenvalue_modulus(x, intensity, [0.0, trend], 0.0, [cost, 0.0], gross_return, risk)
        )
    assert modulus[0] < 1.0 < modulus[2]
    assert modulus[1] == pytest.approx(1.0, abs=1e-7)


def numerical_modulus(x, intensity, trend, bias, cost, gross_return, risk, step=1e-5):
    jacobian = np.diag([1.0, 1.0], -1)
    for lag in range(3):
        ends = []
        for sign in (1.0, -1.0):
            start = np.full(3, x)
            start[2 - lag] += sign * step
            ends.append(brock_hommes_path(intensity, trend, bias, cost, gross_return, start, 1, risk).deviation[0])
        jacobian[0, lag] = (ends[0] - ends[1]) / (2.0 * step)
    return np.abs(np.linalg.eigvals(jacobian)).max()


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.floats(-1.5, 1.0), st.floats(-0.5, 0.5), st.floats(0.0, 1.0)), min_size=1, max_size=4),
    st.floats(0.0, 3.0),
    RISKS,
)
def test_eigenvalues_of_any_rules_are_those_of_the_numerical_jacobian(each_rule, intensity, risk):
    trend, bias, cost = (np.array(column) for column in zip(*each_rule, strict=True))
    # Make 0 steady: mirror every rule's bias, so that biases cancel at x = 0.
    trend, bias, cost = np.tile(trend, 2), np.concatenate((bias, -bias)), np.tile(cost, 2)
    exact = brock_hommes_eigenvalue_modulus(0.0, intensity, trend, bias, cost, RETURN, risk)
    assert exact == pytest.approx(numerical_modulus(0.0, intensity, trend, bias, cost, RETURN, risk), abs=1e-4)


def test_eigenvalues_off_the_fundamental_are_those_of_the_numerical_jacobian():
    for risk in (0.5, 1.0, 4.0):
        x = trend_follower_steady_state(3.1, 1.2, RETURN, 1.0, risk)
        exact = brock_hommes_eigenvalue_modulus(x, 3.1, TREND, 0.0, COST, RETURN, risk)
        assert exact == pytest.approx(numerical_modulus(x, 3.1, TREND, 0.0, COST, RETURN, risk), abs=1e-7)


def test_prices_converge_at_the_rate_of_the_largest_eigenvalue():
    modulus = brock_hommes_eigenvalue_modulus(0.0, 2.0, TREND, 0.0, COST, RETURN)
    path = brock_hommes_path(2.0, TREND, 0.0, COST, RETURN, [1e-4, 1e-4, 1e-4], 300).deviation
    assert path[-1] / path[-2] == pytest.approx(modulus, rel=1e-6)


def test_beyond_the_neimark_sacker_intensity_prices_cycle():
    settled = trend_follower_steady_state(3.4, 1.2, RETURN, 1.0)
    path = brock_hommes_path(3.4, TREND, 0.0, COST, RETURN, [settled + 0.01] * 3, 4_000).deviation[-500:]
    assert np.ptp(path) > 0.1
    assert path.min() > 0.0


def test_contrarians_flip_the_price_when_choice_is_intense():
    # Section 4.1.2: g = -1.5, so that with contrarians alone the price overshoots by 1.5 / 1.1 every period.
    low = brock_hommes_eigenvalue_modulus(0.0, 0.1, [0.0, -1.5], 0.0, COST, RETURN)
    high = brock_hommes_eigenvalue_modulus(0.0, 5.0, [0.0, -1.5], 0.0, COST, RETURN)
    assert low < 1.0 < high
    # Period doubling where the share of contrarians is R / 1.5.
    doubling = np.log(RETURN / (1.5 - RETURN))
    at = brock_hommes_eigenvalue_modulus(0.0, doubling, [0.0, -1.5], 0.0, COST, RETURN)
    assert at == pytest.approx(1.0, abs=1e-12)
    cycle = brock_hommes_path(doubling + 0.2, [0.0, -1.5], 0.0, COST, RETURN, [0.1, -0.1, 0.1], 3_000).deviation
    assert cycle[-1] == pytest.approx(-cycle[-2], rel=1e-6)
    assert cycle[-1] == pytest.approx(cycle[-3], rel=1e-6)
    assert abs(cycle[-1]) > 0.01


PATH = {
    "intensity": 1.0,
    "trend": TREND,
    "bias": 0.0,
    "information_cost": COST,
    "gross_return": RETURN,
    "start": [0.1, 0.1, 0.1],
    "periods": 5,
}


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"intensity": -1.0}, "intensity"),
        ({"intensity": np.nan}, "intensity"),
        ({"trend": [0.0, np.inf]}, "trend"),
        ({"trend": [], "information_cost": 0.0}, "trend"),
        ({"trend": [[0.0, 1.2]]}, "trend"),
        ({"bias": [0.0, 0.1, 0.2]}, "bias"),
        ({"information_cost": "free"}, "information_cost"),
        ({"gross_return": 1.0}, "gross_return"),
        ({"gross_return": [1.1, 1.2]}, "gross_return"),
        ({"start": [0.1, 0.1]}, "start"),
        ({"start": 0.1}, "start"),
        ({"start": [0.1, np.nan, 0.1]}, "start"),
        ({"start": [0.1, 1e200, 0.1]}, "start"),
        ({"intensity": [1.0, 2.0], "start": np.zeros((3, 3))}, "intensity"),
        ({"periods": 0}, "periods"),
        ({"periods": 2.5}, "periods"),
        ({"risk": 0.0}, "risk"),
        ({"trend": 2.0, "information_cost": 0.0, "periods": 1_000}, "periods"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_paths_refuse(changes, parameter):
    with pytest.raises(EconomicsError) as caught:
        brock_hommes_path(**PATH | changes)
    assert caught.value.parameter == parameter


@pytest.mark.parametrize(
    ("function", "arguments", "parameter"),
    [
        (brock_hommes_eigenvalue_modulus, (0.5, 2.0, TREND, 0.0, COST, RETURN), "steady_state"),
        (brock_hommes_eigenvalue_modulus, (np.nan, 2.0, TREND, 0.0, COST, RETURN), "steady_state"),
        (brock_hommes_eigenvalue_modulus, (0.0, -2.0, TREND, 0.0, COST, RETURN), "intensity"),
        (trend_follower_pitchfork_intensity, (1.1, 1.1, 1.0), "trend"),
        (trend_follower_pitchfork_intensity, (2.2, 1.1, 1.0), "trend"),
        (trend_follower_pitchfork_intensity, (1.2, 1.1, 0.0), "information_cost"),
        (trend_follower_pitchfork_intensity, (1.2, 1.0, 1.0), "gross_return"),
        (trend_follower_neimark_sacker_intensity, (2.2, 1.1, 1.0), "trend"),
        (trend_follower_steady_state, (2.3, 1.2, 1.1, 1.0), "intensity"),
        (trend_follower_steady_state, (0.0, 3.0, 1.1, 1.0), "intensity"),
        (trend_follower_steady_state, (3.0, 1.0, 1.1, 1.0), "trend"),
        (trend_follower_steady_state, (3.0, 1.2, 1.1, 1.0, -1.0), "risk"),
    ],
)
def test_closed_forms_and_eigenvalues_refuse(function, arguments, parameter):
    with pytest.raises(EconomicsError) as caught:
        function(*arguments)
    assert caught.value.parameter == parameter
