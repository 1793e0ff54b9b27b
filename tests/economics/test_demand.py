import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimarket.economics import EconomicsError, inclusive_value, nested_logit_shares, share_derivatives
from aimarket.economics.demand import (
    consumer_surplus,
    diversion_ratios,
    mean_utilities,
    price_derivatives,
    price_elasticities,
    systematic_utility,
)

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


QUALITY = np.array([1.0, 0.2, 2.5, 2.0])
PRICE = np.array([0.7, 1.1, 1.6, 0.9])
MARKETS = [
    {},
    {"nest": NEST, "nesting": 0.6},
    {"nest": NEST, "nesting": [0.3, 0.3, 0.8, 0.8]},
    {"outside_utility": None},
    {"nest": NEST, "nesting": 0.5, "outside_utility": None},
    {"price_term": "log"},
    {"nest": NEST, "nesting": 0.4, "outside_utility": None, "price_term": "log"},
]


def shares_at(price, quality=QUALITY, *, nest=None, nesting=0.0, outside_utility=0.0, price_term="linear"):
    utility = systematic_utility(quality, price, 1.4, price_term)
    return nested_logit_shares(utility, nest, nesting, outside_utility)


def test_without_an_outside_option_the_shares_sum_to_one():
    inside, outside = nested_logit_shares(UTILITY, NEST, 0.4, None)
    assert inside.sum() == pytest.approx(1.0, rel=1e-14)
    assert outside == 0.0
    far, _ = nested_logit_shares(UTILITY, NEST, 0.4, -800.0)
    assert inside == pytest.approx(far, rel=1e-13)


def test_nobody_can_choose_nothing():
    with pytest.raises(EconomicsError) as caught:
        nested_logit_shares([-np.inf, -np.inf], None, 0.0, None)
    assert caught.value.parameter == "utility"


def test_a_sigma_for_each_nest_by_hand():
    # Nest 0: sigma 0.5, exp(V / 0.5) = 4, 12, weight 4; nest 1: sigma 0, weights 2, 3; outside 1.
    utility = np.concatenate([0.5 * np.log([4.0, 12.0]), np.log([2.0, 3.0])])
    inside, outside = nested_logit_shares(utility, NEST, [0.5, 0.5, 0.0, 0.0])
    assert inside == pytest.approx([0.1, 0.3, 0.2, 0.3])
    assert outside == pytest.approx(0.1)


@pytest.mark.parametrize("market", MARKETS)
def test_price_derivatives_and_elasticities_meet_finite_differences(market):
    slopes = price_derivatives(QUALITY, PRICE, 1.4, **market)
    elasticities = price_elasticities(QUALITY, PRICE, 1.4, **market)
    shares, _ = shares_at(PRICE, **market)
    step = 1e-6
    for k in range(4):
        nudge = step * np.eye(4)[k]
        slope = (shares_at(PRICE + nudge, **market)[0] - shares_at(PRICE - nudge, **market)[0]) / (2 * step)
        assert slopes[:, k] == pytest.approx(slope, abs=1e-8)
        assert elasticities[:, k] == pytest.approx(slope * PRICE[k] / shares, abs=1e-7)


def test_plain_logit_elasticities_by_formula():
    shares, _ = shares_at(PRICE)
    found = price_elasticities(QUALITY, PRICE, 1.4)
    assert np.diagonal(found) == pytest.approx(-1.4 * PRICE * (1.0 - shares))
    assert found[0, 1] == found[3, 1] == pytest.approx(1.4 * PRICE[1] * shares[1])


@pytest.mark.parametrize("market", MARKETS)
def test_diversion_to_a_price_rise_is_the_ratio_of_derivatives(market):
    slopes = price_derivatives(QUALITY, PRICE, 1.4, **market)
    expected = -slopes.T / np.diagonal(slopes)[:, None] * (1.0 - np.eye(4))
    found = diversion_ratios(QUALITY, PRICE, 1.4, **market)
    assert found == pytest.approx(expected, abs=1e-13)
    assert (np.diagonal(found) == 0.0).all()
    if market.get("outside_utility", 0.0) is None:
        assert found.sum(axis=1) == pytest.approx(np.ones(4), rel=1e-13)


@pytest.mark.parametrize("market", MARKETS)
def test_diversion_to_a_withdrawal_is_what_the_rest_gains(market):
    shares, _ = shares_at(PRICE, **market)
    found = diversion_ratios(QUALITY, PRICE, 1.4, notion="second_choice", **market)
    for j in range(4):
        without, _ = shares_at(PRICE, np.where(np.arange(4) == j, -np.inf, QUALITY), **market)
        expected = np.where(np.arange(4) == j, 0.0, (without - shares) / shares[j])
        assert found[j] == pytest.approx(expected, abs=1e-13)


def test_the_two_diversions_agree_in_plain_logit_and_for_small_products_only():
    one = diversion_ratios(QUALITY, PRICE, 1.4)
    assert diversion_ratios(QUALITY, PRICE, 1.4, notion="second_choice") == pytest.approx(one, rel=1e-13)
    nests = {"nest": NEST, "nesting": 0.6}
    apart = diversion_ratios(QUALITY, PRICE, 1.4, notion="second_choice", **nests)
    assert abs(apart - diversion_ratios(QUALITY, PRICE, 1.4, **nests)).max() > 0.01
    tiny = np.append(QUALITY[:3], -60.0)
    rows = [diversion_ratios(tiny, PRICE, 1.4, notion=notion, **nests)[3] for notion in ("price", "second_choice")]
    assert rows[0] == pytest.approx(rows[1], rel=1e-9)


@pytest.mark.parametrize("notion", ["price", "second_choice"])
def test_diversion_of_products_nobody_buys(notion):
    found = diversion_ratios([90.0, 0.0, -900.0], np.ones(3), 1.0, nest=[0, 0, 1], nesting=0.7, notion=notion)
    assert np.isfinite(found).all()
    assert found[1] == pytest.approx([1.0, 0.0, 0.0])
    assert found[2] == pytest.approx([1.0, 0.0, 0.0])


@pytest.mark.parametrize("notion", ["price", "second_choice"])
def test_without_an_alternative_there_is_no_diversion(notion):
    with pytest.raises(EconomicsError, match="alternative"):
        diversion_ratios([1.0], [1.0], 1.0, outside_utility=None, notion=notion)


@pytest.mark.parametrize("market", MARKETS[:5])
def test_a_small_price_rise_costs_buyers_what_they_buy(market):
    step = 1e-6
    for k in range(4):
        nudge = step * np.eye(4)[k]
        up, down = (consumer_surplus(QUALITY, PRICE + sign * nudge, 1.4, **market) for sign in (1, -1))
        assert (up - down) / (2 * step) == pytest.approx(-shares_at(PRICE, **market)[0][k], abs=1e-8)


def test_with_log_prices_surplus_counts_log_points_of_all_prices():
    market = {"outside_utility": None, "price_term": "log"}
    before, after = (consumer_surplus(QUALITY, scale * PRICE, 1.4, **market) for scale in (1.0, np.exp(-0.3)))
    assert after - before == pytest.approx(0.3, rel=1e-13)


@pytest.mark.parametrize("market", MARKETS)
def test_mean_utilities_undo_the_shares(market):
    shares, _ = shares_at(PRICE, **market)
    level = QUALITY[0] if market.get("outside_utility", 0.0) is None else 0.0
    assert mean_utilities(shares, PRICE, 1.4, **market) == pytest.approx(QUALITY - level, abs=1e-12)


def test_consumers_with_their_own_coefficient_at_once():
    coefficient = np.array([0.5, 1.4, 3.0])
    several = price_elasticities(QUALITY, PRICE, coefficient, nest=NEST, nesting=0.3)
    assert several.shape == (3, 4, 4)
    assert several[1] == pytest.approx(price_elasticities(QUALITY, PRICE, 1.4, nest=NEST, nesting=0.3))
    assert consumer_surplus(QUALITY, PRICE, coefficient).shape == (3,)
    assert price_derivatives(QUALITY, PRICE, coefficient).shape == (3, 4, 4)


@pytest.mark.parametrize(
    ("function", "changes", "parameter"),
    [
        (price_elasticities, {"price": [1.0, 1.0, 1.0]}, "price"),
        (price_elasticities, {"price": [1.0, 1.0, 1.0, np.inf]}, "price"),
        (price_elasticities, {"price": [1.0, 1.0, 1.0, 0.0], "price_term": "log"}, "price"),
        (price_elasticities, {"price_coefficient": 0.0}, "price_coefficient"),
        (price_elasticities, {"price_coefficient": [1.0, -1.0]}, "price_coefficient"),
        (price_elasticities, {"price_term": "cubic"}, "price_term"),
        (price_elasticities, {"quality": "good"}, "quality"),
        (price_elasticities, {"nesting": 0.5}, "nesting"),
        (price_elasticities, {"nest": NEST, "nesting": [0.1, 0.2, 0.3, 0.3]}, "nesting"),
        (price_elasticities, {"nest": NEST, "nesting": [0.1, 0.2]}, "nesting"),
        (price_elasticities, {"nest": [0, None, 1, 1], "nesting": 0.1}, "nest"),
        (price_elasticities, {"outside_utility": [0.0, 0.0]}, "outside_utility"),
        (diversion_ratios, {"notion": "third"}, "notion"),
        (consumer_surplus, {"quality": [0.0, np.nan, 0.0, 0.0]}, "quality"),
    ],
)
def test_wrong_market_input_names_the_parameter(function, changes, parameter):
    arguments = {"quality": QUALITY, "price": PRICE, "price_coefficient": 1.4} | changes
    with pytest.raises(EconomicsError) as caught:
        function(**arguments)
    assert caught.value.parameter == parameter


@pytest.mark.parametrize(
    ("share", "options", "parameter"),
    [
        ([0.5, 0.5], {}, "share"),
        ([0.5, 0.0], {}, "share"),
        ([0.5, 0.4], {"outside_utility": None}, "share"),
        ([0.2, 0.3, 0.1], {}, "price"),
        ([0.2, 0.3], {"nest": [0]}, "nest"),
        ([0.2, 0.3], {"outside_utility": np.inf}, "outside_utility"),
    ],
)
def test_shares_that_cannot_be_are_refused(share, options, parameter):
    with pytest.raises(EconomicsError) as caught:
        mean_utilities(share, [1.0, 1.0], 1.0, **options)
    assert caught.value.parameter == parameter
