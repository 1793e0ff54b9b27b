import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimarket.economics import EconomicsError, inclusive_value, nested_logit_shares, share_derivatives

UTILITY = np.array([1.0, 0.2, -0.5, 2.0])
NEST = np.array([0, 0, 1, 1])


def test_plain_logit_by_hand():
    inside, outside = nested_logit_shares(np.log([2.0, 1.0]), [0, 1], 0.0, np.log(1.0))
    assert inside == pytest.approx([0.5, 0.25])
    assert outside == pytest.approx(0.25)


def test_nested_logit_by_hand():
    # sigma 0.5, one nest with exp(V / 0.5) = 4 and 12: I = 0.5 ln 16 = ln 4; outside weight 1.
    inside, outside = nested_logit_shares(0.5 * np.log([4.0, 12.0]), [0, 0], 0.5)
    assert inside == pytest.approx([0.8 / 4, 0.8 * 3 / 4])
    assert outside == pytest.approx(0.2)
    assert inclusive_value(0.5 * np.log([4.0, 12.0]), [0, 0], 0.5) == pytest.approx(np.log(5.0))


def test_without_nesting_the_nests_do_not_matter():
    inside, outside = nested_logit_shares(UTILITY, NEST, 0.0, 0.3)
    weights = np.exp(np.append(UTILITY, 0.3))
    assert np.append(inside, outside) == pytest.approx(weights / weights.sum(), rel=1e-13)


def test_nests_of_one_are_plain_logit_at_any_nesting():
    nested, _ = nested_logit_shares(UTILITY, [0, 1, 2, 3], 0.7)
    plain, _ = nested_logit_shares(UTILITY, NEST, 0.0)
    assert nested == pytest.approx(plain, rel=1e-13)


@given(
    st.lists(st.floats(-700.0, 700.0), min_size=1, max_size=6),
    st.floats(0.0, 0.95),
    st.floats(-700.0, 700.0),
    st.floats(-500.0, 500.0),
)
def test_shares_sum_to_one_and_a_common_constant_changes_nothing(utility, nesting, outside_utility, constant):
    nest = np.arange(len(utility)) % 2
    inside, outside = nested_logit_shares(utility, nest, nesting, outside_utility)
    assert inside.sum() + outside == pytest.approx(1.0, abs=1e-12)
    assert (inside >= 0.0).all()
    shifted, _ = nested_logit_shares(np.add(utility, constant), nest, nesting, outside_utility + constant)
    # At sigma near 1 the scaled utilities are near 1e4 and lose that many digits.
    assert shifted == pytest.approx(inside, abs=1e-9)


def test_a_product_that_is_not_to_be_had_gets_exactly_nothing():
    inside, outside = nested_logit_shares([1.0, -np.inf, -np.inf], [0, 0, 1], 0.4)
    assert inside[1] == inside[2] == 0.0
    alone, outside_alone = nested_logit_shares([1.0], [0], 0.4)
    assert (inside[0], outside) == pytest.approx((alone[0], outside_alone))
    assert nested_logit_shares([-np.inf], [0], 0.4)[1] == 1.0


def test_a_substitute_takes_most_from_its_own_nest():
    before, _ = nested_logit_shares(UTILITY, NEST, 0.5)
    after, _ = nested_logit_shares(UTILITY + 0.5 * np.eye(4)[0], NEST, 0.5)
    loss = 1.0 - after / before
    assert loss[1] > loss[2] == pytest.approx(loss[3])


@pytest.mark.parametrize("nesting", [0.0, 0.4, 0.8])
def test_derivatives_meet_finite_differences(nesting):
    exact = share_derivatives(UTILITY, NEST, nesting, 0.1)
    step = 1e-6
    for k in range(4):
        nudge = step * np.eye(4)[k]
        up, _ = nested_logit_shares(UTILITY + nudge, NEST, nesting, 0.1)
        down, _ = nested_logit_shares(UTILITY - nudge, NEST, nesting, 0.1)
        assert exact[:, k] == pytest.approx((up - down) / (2 * step), abs=1e-8)
    assert exact == pytest.approx(exact.T, abs=1e-15)


def test_shares_are_the_slope_of_the_inclusive_value():
    shares, _ = nested_logit_shares(UTILITY, NEST, 0.6)
    step = 1e-6
    slope = [
        (inclusive_value(UTILITY + d, NEST, 0.6) - inclusive_value(UTILITY - d, NEST, 0.6)) / (2 * step)
        for d in step * np.eye(4)
    ]
    assert slope == pytest.approx(shares, abs=1e-8)


def test_many_consumers_at_once():
    several = UTILITY + np.array([[0.0], [1.0], [-2.0]]) * [1.0, 0.0, 0.0, 1.0]
    inside, outside = nested_logit_shares(several, NEST, 0.3, [0.0, 0.5, 1.0])
    assert inside.shape == (3, 4)
    assert outside.shape == (3,)
    assert share_derivatives(several, NEST, 0.3, [0.0, 0.5, 1.0]).shape == (3, 4, 4)
    one, _ = nested_logit_shares(several[1], NEST, 0.3, 0.5)
    assert inside[1] == pytest.approx(one, rel=1e-14)


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"nesting": 1.0}, "nesting"),
        ({"nesting": -0.1}, "nesting"),
        ({"nesting": np.nan}, "nesting"),
        ({"nest": [0, 0, 1]}, "nest"),
        ({"utility": [0.0, np.nan, 0.0, 0.0]}, "utility"),
        ({"utility": [0.0, np.inf, 0.0, 0.0]}, "utility"),
        ({"outside_utility": -np.inf}, "outside_utility"),
    ],
)
def test_wrong_input_names_the_parameter(changes, parameter):
    arguments = {"utility": UTILITY, "nest": NEST, "nesting": 0.2, "outside_utility": 0.0} | changes
    with pytest.raises(EconomicsError) as caught:
        nested_logit_shares(**arguments)
    assert caught.value.parameter == parameter
