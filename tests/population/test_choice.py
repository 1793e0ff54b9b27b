from dataclasses import replace

import numpy as np
import pytest

from aimarket.economics import inclusive_value, nested_logit_shares, share_derivatives
from aimarket.errors import ConfigError
from aimarket.population import ChoiceSet, Tastes, choose_products
from aimarket.population import choice as choice_module
from aimarket.population import kernel as kernel_module

J, CLOUDS = 7, 3
# Product 5 is not to be had; nests are mixed in the order of products on purpose.
OFFER = ChoiceSet(
    common_utility=np.array([1.0, 0.4, 2.0, 0.1, 1.2, 9.0, -0.3]),
    price_term=np.array([3.0, 0.5, 5.0, 0.2, 2.0, 0.1, 1.0]),
    is_open=np.array([False, True, False, True, False, True, False]),
    available=np.array([True, True, True, True, True, False, True]),
    listed=np.array([[True] * 7, [True, True, False, False, True, True, False], [False] * 7]),
)
TASTES = Tastes(switching_cost=0.8, integration_cost=0.5, nesting=0.35, outside_utility=0.6)


def buyers(n, seed=3):
    rng = np.random.default_rng(seed)
    return {
        "price_sensitivity": rng.lognormal(-1.0, 0.5, n),
        "open_taste": rng.normal(0.2, 0.6, n),
        "home_cloud": rng.integers(-1, CLOUDS, n),
        "previous": rng.integers(-1, J, n),
        "usage": rng.lognormal(0.0, 1.0, n),
        "uniform": rng.random(n),
    }


def burdened(n, seed=4):
    """What weighs on n workloads besides, (J, n), and the same as the kernel asks for it."""
    lost = np.random.default_rng(seed).exponential(0.8, (J, n))
    return lost, lambda products, rows: lost[products, rows]


def utilities(offer, tastes, who, i):
    """V_ij and V_i0 of one workload, term by term as the model page has them."""
    value = np.empty(len(offer.common_utility))
    previous, home = who["previous"][i], who["home_cloud"][i]
    for j in range(len(value)):
        value[j] = offer.common_utility[j] - who["price_sensitivity"][i] * offer.price_term[j]
        value[j] += who["open_taste"][i] * offer.is_open[j]
        value[j] -= tastes.switching_cost * (previous >= 0 and previous != j)
        value[j] -= tastes.integration_cost * (home >= 0 and not offer.listed[home, j])
    value[~offer.available] = -np.inf
    return value, tastes.outside_utility - tastes.switching_cost * (previous >= 0)


@pytest.mark.parametrize("nesting", [0.0, 0.35, 0.9])
@pytest.mark.parametrize(("n", "is_burdened"), [(1, False), (40, False), (40, True), (2_100, False)])
def test_the_kernel_meets_the_demand_system_workload_by_workload(nesting, n, is_burdened):
    tastes, who = replace(TASTES, nesting=nesting), buyers(n)
    lost, burden = burdened(n) if is_burdened else (np.zeros((J, n)), None)
    outcome = choose_products(OFFER, tastes, **who, burden=burden)
    expected, slope, surplus = np.zeros(J), np.zeros((J, J)), 0.0
    for i in range(n):
        value, outside = utilities(OFFER, tastes, who, i)
        value -= lost[:, i]
        inside, outside_share = nested_logit_shares(value, OFFER.is_open, nesting, outside)
        derivative = share_derivatives(value, OFFER.is_open, nesting, outside)
        weight, alpha = who["usage"][i], who["price_sensitivity"][i]
        expected += weight * inside
        slope -= weight * alpha * derivative
        surplus += weight * (inclusive_value(value, OFFER.is_open, nesting, outside) - outside) / alpha
        edges = np.cumsum(np.append(outside_share, inside))
        assert outcome.chosen[i] == np.searchsorted(edges, who["uniform"][i], side="right") - 1
    assert outcome.expected_usage == pytest.approx(expected, rel=1e-11)
    assert outcome.price_derivatives == pytest.approx(slope, rel=1e-9, abs=1e-12)
    assert outcome.surplus == pytest.approx(surplus, rel=1e-11)


def test_two_products_by_hand():
    # exp(V) is 2 and 1, outside 1; the uniforms fall into outside, first, first, second.
    offer = ChoiceSet(
        common_utility=np.log([2.0, 1.0]) + 0.5,
        price_term=np.array([1.0, 1.0]),
        is_open=np.array([False, True]),
        available=np.array([True, True]),
        listed=np.ones((1, 2), dtype=bool),
    )
    outcome = choose_products(
        offer,
        Tastes(0.0, 0.0, 0.0, 0.0),
        price_sensitivity=np.full(4, 0.5),
        open_taste=np.zeros(4),
        home_cloud=np.full(4, -1),
        previous=np.array([-1, -1, 1, 1]),
        usage=np.array([1.0, 2.0, 3.0, 4.0]),
        uniform=np.array([0.24, 0.26, 0.74, 0.76]),
    )
    assert outcome.chosen.tolist() == [-1, 0, 0, 1]
    assert outcome.previous.tolist() == [-1, -1, 1, 1]
    assert outcome.expected_usage == pytest.approx([5.0, 2.5])
    assert outcome.surplus == pytest.approx(10.0 * np.log(4.0) / 0.5)
    assert (outcome.usage_reconsidered, outcome.usage_switched) == pytest.approx((10.0, 3.0))
    # -alpha s_j (1[j = k] - s_k), times usage 10.
    assert outcome.price_derivatives == pytest.approx(np.array([[-1.25, 0.625], [0.625, -0.9375]]))


@pytest.mark.parametrize("nesting", [0.0, 0.6])
def test_price_derivatives_meet_finite_differences(nesting):
    tastes, who, step = replace(TASTES, nesting=nesting), buyers(300), 1e-5
    exact = choose_products(OFFER, tastes, **who).price_derivatives
    assert np.array_equal(exact, exact.T)
    for k in range(J):
        nudge = step * np.eye(J)[k]
        up = choose_products(replace(OFFER, price_term=OFFER.price_term + nudge), tastes, **who)
        down = choose_products(replace(OFFER, price_term=OFFER.price_term - nudge), tastes, **who)
        slope = (up.expected_usage - down.expected_usage) / (2 * step)
        assert exact[:, k] == pytest.approx(slope, abs=1e-6)


def test_surplus_falls_by_what_is_bought_when_a_price_rises():
    # Roy's identity: the derivative of the surplus in a price is minus the expected quantity.
    who, step = buyers(300), 1e-5
    base = choose_products(OFFER, TASTES, **who)
    dearer = replace(OFFER, price_term=OFFER.price_term + step * np.eye(J)[2])
    change = (choose_products(dearer, TASTES, **who).surplus - base.surplus) / step
    assert change == pytest.approx(-base.expected_usage[2], rel=1e-4)


def same_choices(one, two):
    assert np.array_equal(one.chosen, two.chosen)
    assert one.expected_usage == pytest.approx(two.expected_usage, rel=1e-10)
    assert one.surplus == pytest.approx(two.surplus, rel=1e-10)


def test_a_constant_on_all_utilities_changes_nothing():
    who = buyers(500)
    shifted = choose_products(
        replace(OFFER, common_utility=OFFER.common_utility + 5.0),
        replace(TASTES, outside_utility=TASTES.outside_utility + 5.0),
        **who,
    )
    same_choices(shifted, choose_products(OFFER, TASTES, **who))


def test_relabelling_products_permutes_what_is_expected():
    who, order = buyers(500), np.array([4, 0, 6, 5, 1, 3, 2])
    renamed = ChoiceSet(
        OFFER.common_utility[order],
        OFFER.price_term[order],
        OFFER.is_open[order],
        OFFER.available[order],
        OFFER.listed[:, order],
    )
    new_name = np.append(np.argsort(order), -1)
    base = choose_products(OFFER, TASTES, **who)
    moved = choose_products(renamed, TASTES, **who | {"previous": new_name[who["previous"]]})
    assert moved.expected_usage == pytest.approx(base.expected_usage[order], rel=1e-12)
    assert moved.price_derivatives == pytest.approx(base.price_derivatives[np.ix_(order, order)], rel=1e-9)
    assert moved.surplus == pytest.approx(base.surplus, rel=1e-12)


def test_without_nesting_it_does_not_matter_what_is_open_but_for_the_taste():
    who, plain = buyers(500) | {"open_taste": np.zeros(500)}, replace(TASTES, nesting=0.0)
    base = choose_products(OFFER, plain, **who)
    for is_open in (np.zeros(J, dtype=bool), np.ones(J, dtype=bool)):
        other = choose_products(replace(OFFER, is_open=is_open), plain, **who)
        same_choices(other, base)
        assert other.price_derivatives == pytest.approx(base.price_derivatives, rel=1e-9)


@pytest.mark.parametrize("nesting", [0.0, 0.5])
def test_sampled_shares_meet_expected_ones_within_four_standard_errors(nesting):
    n = 40_000
    who = buyers(n) | {"usage": np.ones(n)}
    outcome = choose_products(OFFER, replace(TASTES, nesting=nesting), **who)
    sampled = np.bincount(outcome.chosen + 1, minlength=J + 1)[1:] / n
    expected = outcome.expected_usage / n
    # Buyers differ, so the binomial standard error is an upper bound.
    assert (np.abs(sampled - expected) <= 4.0 * np.sqrt(expected * (1.0 - expected) / n)).all()
    assert expected[[0, 1, 2, 3, 4, 6]].min() > 0.01


def test_an_unavailable_product_gets_exactly_nothing():
    outcome = choose_products(OFFER, TASTES, **buyers(5_000))
    assert outcome.expected_usage[5] == 0.0
    assert not outcome.price_derivatives[5].any()
    assert not outcome.price_derivatives[:, 5].any()
    assert 5 not in outcome.chosen
    assert set(range(-1, J)) - {5} == set(outcome.chosen.tolist())


def test_values_of_an_unavailable_product_are_never_read():
    who, nothing = buyers(200), OFFER.common_utility.copy()
    nothing[5] = np.nan
    same_choices(
        choose_products(replace(OFFER, common_utility=nothing), TASTES, **who),
        choose_products(OFFER, TASTES, **who),
    )


def test_where_nothing_is_available_everybody_takes_the_outside_option():
    who = buyers(50)
    outcome = choose_products(replace(OFFER, available=np.zeros(J, dtype=bool)), TASTES, **who)
    assert (outcome.chosen == -1).all()
    assert not outcome.expected_usage.any()
    assert outcome.surplus == 0.0
    assert outcome.usage_reconsidered == pytest.approx(who["usage"].sum())
    assert outcome.usage_switched == pytest.approx(who["usage"][who["previous"] >= 0].sum())


def test_nobody_choosing_is_no_special_case():
    outcome = choose_products(OFFER, TASTES, **buyers(0))
    assert outcome.chosen.shape == (0,)
    assert outcome.expected_usage.tolist() == [0.0] * J
    assert outcome.price_derivatives.shape == (J, J)
    assert (outcome.surplus, outcome.usage_reconsidered, outcome.usage_switched) == (0.0, 0.0, 0.0)


def test_extreme_utilities_neither_overflow_nor_pick_the_impossible():
    # The best product beats the others by 1,000 utils, then the outside option does.
    with np.errstate(all="raise", under="ignore"):
        best = choose_products(
            replace(OFFER, common_utility=np.where(np.arange(J) == 2, 1e4, 9e3)), TASTES, **buyers(200)
        )
        none = choose_products(OFFER, replace(TASTES, outside_utility=1e5), **buyers(200))
    assert (best.chosen == 2).all()
    assert (none.chosen == -1).all()
    assert np.isfinite(best.price_derivatives).all()
    assert best.expected_usage[2] == pytest.approx(best.usage_reconsidered)


@pytest.mark.parametrize("uniform", [1.0, 1.0 - 2.0**-53])
def test_a_uniform_at_its_upper_end_never_picks_an_impossible_product(uniform):
    # Product 6, the last, is so bad that its probability underflows to 0.
    worst = np.where(np.arange(J) == 6, -1e4, OFFER.common_utility)
    who = buyers(300) | {"uniform": np.full(300, uniform), "previous": np.full(300, -1)}
    outcome = choose_products(replace(OFFER, common_utility=worst), TASTES, **who)
    assert (outcome.chosen == 4).all()


def test_switching_costs_keep_incumbents_and_those_without_one_pay_none():
    who = buyers(400) | {"previous": np.tile([2, -1], 200)}
    stuck = choose_products(OFFER, replace(TASTES, switching_cost=60.0), **who)
    free = choose_products(OFFER, replace(TASTES, switching_cost=0.0), **who)
    assert (stuck.chosen[::2] == 2).all()
    assert np.array_equal(stuck.chosen[1::2], free.chosen[1::2])
    assert stuck.usage_switched == 0.0
    assert free.usage_switched > 0.0


def test_only_firms_with_a_home_cloud_pay_for_integration():
    who = buyers(400) | {"home_cloud": np.tile([2, -1], 200)}  # nothing is listed on cloud 2
    dear = choose_products(OFFER, replace(TASTES, integration_cost=900.0, switching_cost=0.0), **who)
    free = choose_products(OFFER, replace(TASTES, integration_cost=0.0, switching_cost=0.0), **who)
    assert (dear.chosen[::2] == -1).all()
    assert np.array_equal(dear.chosen[1::2], free.chosen[1::2])


def test_the_width_of_chunks_moves_nothing_but_rounding(monkeypatch):
    who, (_, burden) = buyers(3_000), burdened(3_000)
    wide = choose_products(OFFER, TASTES, **who, burden=burden)
    monkeypatch.setattr(choice_module, "CHUNK_ROWS", 77)
    monkeypatch.setattr(kernel_module, "CHUNK_ROWS", 77)
    narrow = choose_products(OFFER, TASTES, **who, burden=burden)
    same_choices(narrow, wide)
    assert narrow.price_derivatives == pytest.approx(wide.price_derivatives, rel=1e-9)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("nesting", 1.0),
        ("nesting", -0.1),
        ("nesting", np.nan),
        ("switching_cost", -1.0),
        ("integration_cost", np.inf),
        ("outside_utility", np.nan),
    ],
)
def test_tastes_out_of_bounds_are_refused(field, value):
    with pytest.raises(ConfigError) as caught:
        replace(TASTES, **{field: value})
    assert caught.value.path == field


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("price_term", np.zeros(J - 1)),
        ("is_open", np.zeros(J + 1, dtype=bool)),
        ("listed", np.ones((2, J - 1), dtype=bool)),
        ("listed", np.ones(J, dtype=bool)),
        ("price_term", np.full(J, np.nan)),
        ("common_utility", np.full(J, np.inf)),
    ],
)
def test_choice_sets_that_do_not_fit_are_refused(field, value):
    with pytest.raises(ConfigError) as caught:
        replace(OFFER, **{field: value})
    assert caught.value.path == field
