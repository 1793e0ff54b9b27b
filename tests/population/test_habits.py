"""Habits of choosing: what weighs on single workloads, and what it makes buyers do."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimarket.errors import ConfigError
from aimarket.population import ChoiceSet, ExpectedPopulation, Habits, Population, Tastes
from aimarket.population.habits import sellers_of_products, sellers_of_shares
from aimarket.randomness import RandomSource

SOURCE = RandomSource(5)
J = 5
PRICE = np.array([10.0, 6.0, 2.0, 1.0, 4.0])
# Product 3 is run by buyers; sellers 0 and 1 have two products each.
SELLER = np.array([0, 1, 1, 2, 0])
HOSTED = np.arange(J) == 3
OFFER = ChoiceSet(
    common_utility=np.array([2.0, 1.6, 0.5, 0.5, 1.0]),
    price_term=np.log(PRICE),
    is_open=np.array([False, False, True, True, False]),
    available=np.ones(J, dtype=bool),
    listed=np.ones((0, J), dtype=bool),
)
TASTES = Tastes(switching_cost=0.0, integration_cost=0.0, nesting=0.0, outside_utility=0.0)
EQUAL = {
    "name": "buyers",
    "firms": 300,
    "workloads_per_firm": 3,
    "price_sensitivity_mean": 0.8,
    "price_sensitivity_log_sd": 0.0,
    "open_taste_mean": 0.0,
    "open_taste_sd": 0.0,
    "usage_log_sd": 1.0,
    "cloud_shares": [],
    "adopted_share": 1.0,
    "source": SOURCE,
}
KINDS = pytest.mark.parametrize("kind", [Population, ExpectedPopulation])


def chosen(kind, habits=None, offer=OFFER, tastes=TASTES, periods=1, probability=1.0, **changes):
    """A population after some periods, and what the last one measured."""
    buyers = kind(**EQUAL | changes)
    for step in range(1, periods + 1):
        who, which = SOURCE.draws("buyers", "reconsider", step), SOURCE.draws("buyers", "choice", step)
        measures = buyers.reconsider(probability, offer, tastes, who, which, *([] if habits is None else [habits]))
    return buyers, measures


def inside_shares(buyers):
    return buyers.shares[:, 1:].sum(axis=0) / buyers.shares[:, 1:].sum()


def state(buyers):
    return buyers.shares if isinstance(buyers, ExpectedPopulation) else buyers.product


@KINDS
@pytest.mark.parametrize(
    "habits",
    [
        Habits(),
        Habits(seller=SELLER, hosting_cost=np.zeros(J), price=PRICE),
        Habits(seller=SELLER, hosting_cost=np.zeros(J), price=PRICE, log_price=False),
    ],
)
def test_neutral_habits_change_not_a_bit(kind, habits):
    with_habits, measured = chosen(kind, habits, periods=3, probability=0.4)
    without, plain = chosen(kind, periods=3, probability=0.4)
    assert np.array_equal(state(with_habits), state(without))
    for name, value in vars(plain).items():
        assert np.array_equal(getattr(measured, name), value), name
    (fresh, steepness), (plain, plain_steepness) = (
        with_habits.expect_afresh(OFFER, TASTES, habits),
        without.expect_afresh(OFFER, TASTES),
    )
    assert np.array_equal(steepness, plain_steepness)
    for name, value in vars(plain).items():
        assert np.array_equal(getattr(fresh, name), value), name


@KINDS
def test_a_buyer_of_one_workload_has_nothing_to_spread(kind):
    averse = Habits(concentration_aversion=50.0, seller=SELLER)
    one, _ = chosen(kind, averse, periods=3, workloads_per_firm=1)
    other, _ = chosen(kind, periods=3, workloads_per_firm=1)
    assert np.array_equal(state(one), state(other))


@pytest.mark.parametrize(("log_price", "loss"), [(True, 2.0 * np.log(1.75 / 1.0)), (False, 2.0 * 0.75)])
def test_hosting_cost_by_hand(log_price, loss):
    """H / m = 3 USD/Mtok, usage 4, price 1: 0.75 USD/Mtok on top of 1, at alpha = 2."""
    habits = Habits(hosting_cost=np.array([0.0, 3.0]), price=np.array([5.0, 1.0]), log_price=log_price)
    burden = habits.burden(2, np.array([2.0]), np.array([4.0]), None)
    assert burden(np.array([0, 1]), slice(0, 1)) == pytest.approx(np.array([[0.0], [loss]]))
    assert burden(np.array([1]), slice(0, 1)) == pytest.approx(np.array([[loss]]))


def test_aversion_by_hand():
    """Of a firm's four workloads, those of the first three: sellers 0, 0 and none; the fourth chooses."""
    habits = Habits(concentration_aversion=3.0, seller=SELLER)
    others = sellers_of_products(np.array([[0, 4, -1]]), SELLER)
    burden = habits.burden(J, np.array([1.0]), np.array([1.0]), others)
    assert burden(np.arange(J), slice(0, 1))[:, 0] == pytest.approx([2.0, 0.0, 0.0, 0.0, 2.0])


def test_shares_and_products_tell_the_same_whereabouts():
    product = np.array([[0, 2, 3], [-1, 4, 0]])
    shares = np.eye(J + 1)[product + 1]
    by_product = sellers_of_products(product[:, 1:], SELLER)
    by_share = sellers_of_shares(shares, 0, SELLER)
    sellers = np.array([0, 1, 2])
    expected = np.array([[0.0, 1.0], [0.5, 0.0], [0.5, 0.0]])
    assert by_product(sellers, slice(0, 2)) == pytest.approx(expected)
    assert by_share(sellers, slice(0, 2)) == pytest.approx(expected)


def test_the_second_workload_knows_what_the_first_one_chose():
    """Two equal products of two sellers and a large aversion: every firm ends up with one workload at each."""
    offer = ChoiceSet(np.full(2, 5.0), np.zeros(2), np.zeros(2, bool), np.ones(2, bool), np.ones((0, 2), bool))
    habits = Habits(concentration_aversion=60.0, seller=np.arange(2))
    buyers, _ = chosen(
        Population, habits, offer, replace(TASTES, outside_utility=-60.0), periods=2, workloads_per_firm=2
    )
    assert (np.sort(buyers.product.reshape(-1, 2), axis=1) == [0, 1]).all()


def test_only_workloads_of_the_turn_are_written():
    averse = Habits(concentration_aversion=1.0, seller=SELLER)
    buyers, _ = chosen(Population, averse)
    before = buyers.product.copy()
    rows = np.array([1, 2, 5, 9, 400])
    outcome = buyers.choose(rows, OFFER, TASTES, SOURCE.draws("buyers", "choice", 2), averse)
    assert np.array_equal(outcome.previous, before[rows])
    assert np.array_equal(outcome.chosen, buyers.product[rows])
    untouched = np.setdiff1d(np.arange(buyers.workloads), rows)
    assert np.array_equal(buyers.product[untouched], before[untouched])
    assert outcome.usage_reconsidered == pytest.approx(buyers.usage[rows].sum())


def test_more_aversion_means_more_providers():
    nobody_abstains = replace(TASTES, outside_utility=-200.0)
    counts = []
    for aversion in (0.0, 0.5, 1.0, 2.0, 4.0, 100.0):
        habits = Habits(concentration_aversion=aversion, seller=SELLER)
        buyers, _ = chosen(Population, habits, tastes=nobody_abstains, periods=6, probability=0.5, firms=3_000)
        counts.append(buyers.providers_per_firm(SELLER))
    assert all(after > before + 0.02 for before, after in pairwise(counts))
    assert counts[-1] == 3.0


def test_more_aversion_means_less_concentrated_buyers_in_the_mean_too():
    nobody_abstains = replace(TASTES, outside_utility=-200.0)
    one_leads = replace(OFFER, common_utility=OFFER.common_utility + np.array([2.0, 0.0, 0.0, 0.0, 0.0]))
    concentration = []
    for aversion in (0.0, 1.0, 4.0):
        habits = Habits(concentration_aversion=aversion, seller=SELLER)
        buyers, _ = chosen(ExpectedPopulation, habits, one_leads, nobody_abstains, periods=4)
        by_firm = buyers.shares.reshape(-1, 3, J + 1)[:, :, 1:].mean(axis=1)
        at_seller = by_firm @ (SELLER[:, None] == np.arange(3))
        concentration.append(float((at_seller**2).sum(axis=1).mean()))
    assert all(before > after + 0.02 for before, after in pairwise(concentration))


@given(cost=st.floats(0.1, 50.0), log_price=st.booleans())
@settings(max_examples=25)
def test_larger_workloads_host_more(cost, log_price):
    offer = OFFER if log_price else replace(OFFER, price_term=PRICE)
    habits = Habits(hosting_cost=cost * HOSTED, price=PRICE, log_price=log_price)
    buyers, _ = chosen(ExpectedPopulation, habits, offer)
    hosted = buyers.shares[np.argsort(buyers.usage), 1 + 3]
    assert (np.diff(hosted) >= -1e-12).all()
    assert hosted[-1] > hosted[0]


@given(factors=st.lists(st.floats(0.05, 20.0), min_size=2, max_size=2, unique=True).map(sorted))
@settings(max_examples=25)
def test_price_sensitive_buyers_fill_a_cheaper_basket(factors):
    cheaper, dearer = (
        float(inside_shares(chosen(ExpectedPopulation, Habits(price_sensitivity_factor=factor))[0]) @ OFFER.price_term)
        for factor in reversed(factors)
    )
    assert cheaper <= dearer + 1e-12


@given(
    factor=st.floats(0.01, 100.0),
    aversion=st.floats(0.0, 100.0),
    cost=st.floats(0.0, 1e9),
    nesting=st.floats(0.0, 0.95),
    log_price=st.booleans(),
)
@settings(max_examples=40)
def test_whatever_the_habits_shares_are_shares(factor, aversion, cost, nesting, log_price):
    habits = Habits(factor, aversion, SELLER, cost * HOSTED, PRICE, log_price)
    with np.errstate(all="raise", under="ignore"):
        buyers, measures = chosen(
            ExpectedPopulation, habits, tastes=replace(TASTES, nesting=nesting), periods=2, firms=20, usage_log_sd=3.0
        )
        fresh, steepness = buyers.expect_afresh(OFFER, TASTES, habits)
    assert (buyers.shares >= 0.0).all()
    assert buyers.shares.sum(axis=1) == pytest.approx(np.ones(buyers.workloads), abs=1e-12)
    assert np.isfinite([measures.surplus, fresh.surplus]).all()
    assert np.isfinite(measures.price_derivatives).all()
    assert (steepness >= 0.0).all()


def test_the_surplus_is_that_of_the_sensitivity_chosen_with():
    factor = Habits(price_sensitivity_factor=3.0)
    _, scaled = chosen(ExpectedPopulation, factor)
    _, born_so = chosen(ExpectedPopulation, price_sensitivity_mean=2.4)
    assert scaled.surplus == pytest.approx(born_so.surplus)
    assert scaled.price_derivatives == pytest.approx(born_so.price_derivatives)


def test_a_hosting_cost_takes_surplus():
    _, free = chosen(ExpectedPopulation)
    _, dear = chosen(ExpectedPopulation, Habits(hosting_cost=3.0 * HOSTED, price=PRICE))
    _, without = chosen(ExpectedPopulation, offer=replace(OFFER, available=~HOSTED))
    assert without.surplus < dear.surplus < free.surplus


@KINDS
def test_where_nothing_is_available_habits_play_no_part(kind):
    habits = Habits(2.0, 1.0, SELLER, 3.0 * HOSTED, PRICE)
    buyers, measures = chosen(kind, habits, replace(OFFER, available=np.zeros(J, dtype=bool)))
    assert not buyers.usage_by_product(J).any()
    assert measures.surplus == 0.0


def test_a_workload_of_no_usage_can_still_choose():
    habits = Habits(hosting_cost=3.0 * HOSTED, price=PRICE)
    buyers = ExpectedPopulation(**EQUAL)
    buyers.usage[0] = 0.0
    with np.errstate(all="raise", under="ignore"):
        buyers.reconsider(1.0, OFFER, TASTES, SOURCE.draws("a", "b", 1), SOURCE.draws("a", "c", 1), habits)
    assert buyers.shares[0].sum() == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"price_sensitivity_factor": 0.0}, "price_sensitivity_factor"),
        ({"price_sensitivity_factor": np.inf}, "price_sensitivity_factor"),
        ({"concentration_aversion": -0.1}, "concentration_aversion"),
        ({"concentration_aversion": np.nan}, "concentration_aversion"),
        ({"hosting_cost": np.array([1.0, -1.0])}, "hosting_cost"),
        ({"hosting_cost": np.array([np.nan])}, "hosting_cost"),
        ({"hosting_cost": np.array([1.0])}, "price"),
        ({"hosting_cost": np.array([1.0]), "price": np.array([0.0])}, "price"),
    ],
)
def test_habits_out_of_bounds_are_refused(changes, path):
    with pytest.raises(ConfigError) as caught:
        Habits(**changes)
    assert caught.value.path == path


@KINDS
@pytest.mark.parametrize(
    ("habits", "path"),
    [
        (Habits(concentration_aversion=1.0, seller=SELLER[:-1]), "seller"),
        (Habits(hosting_cost=np.ones(2), price=np.ones(2)), "hosting_cost"),
    ],
)
def test_habits_about_other_products_are_refused(kind, habits, path):
    with pytest.raises(ConfigError) as caught:
        chosen(kind, habits)
    assert caught.value.path == path
