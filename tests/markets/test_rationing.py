"""Filling from the cheapest seller: never more than there is, and nobody is first."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimarket.markets.rationing import fill_cheapest_first

AMOUNT = st.one_of(st.just(0.0), st.floats(1e-3, 1e9))


@st.composite
def markets(draw, distinct_prices=False):
    buyers, sellers = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    price = st.sampled_from([0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    prices = draw(st.lists(price, min_size=sellers, max_size=sellers, unique=distinct_prices))
    demand = draw(st.lists(AMOUNT, min_size=buyers, max_size=buyers))
    capacity = draw(st.lists(AMOUNT, min_size=sellers, max_size=sellers))
    reach = draw(
        st.lists(st.lists(st.booleans(), min_size=sellers, max_size=sellers), min_size=buyers, max_size=buyers)
    )
    return np.array(demand), np.array(prices), np.array(capacity), np.array(reach)


def test_the_cheapest_seller_is_asked_first():
    given_ = fill_cheapest_first(np.array([12.0]), np.array([2.0, 1.0]), np.array([10.0, 8.0]), np.ones((1, 2), bool))
    assert given_.tolist() == [[4.0, 8.0]]


def test_a_short_seller_serves_in_proportion_to_what_is_asked():
    given_ = fill_cheapest_first(np.array([30.0, 10.0]), np.array([1.0]), np.array([20.0]), np.ones((2, 1), bool))
    np.testing.assert_allclose(given_, [[15.0], [5.0]])


def test_equal_prices_share_by_capacity():
    given_ = fill_cheapest_first(np.array([10.0]), np.array([1.0, 1.0]), np.array([30.0, 10.0]), np.ones((1, 2), bool))
    np.testing.assert_allclose(given_, [[7.5, 2.5]])


def test_what_cannot_be_reached_is_not_bought():
    reach = np.array([[False, True], [True, False]])
    given_ = fill_cheapest_first(np.array([5.0, 5.0]), np.array([1.0, 2.0]), np.array([9.0, 3.0]), reach)
    assert given_.tolist() == [[0.0, 3.0], [5.0, 0.0]]


def test_nobody_and_nothing():
    assert fill_cheapest_first(np.zeros(2), np.array([1.0]), np.array([5.0]), np.ones((2, 1), bool)).sum() == 0.0
    assert fill_cheapest_first(np.ones(2), np.array([1.0]), np.array([0.0]), np.ones((2, 1), bool)).sum() == 0.0
    assert fill_cheapest_first(np.ones(2), np.empty(0), np.empty(0), np.empty((2, 0), bool)).shape == (2, 0)


def test_the_arguments_are_left_alone():
    arguments = np.array([5.0]), np.array([1.0]), np.array([3.0]), np.ones((1, 1), bool)
    before = [a.copy() for a in arguments]
    fill_cheapest_first(*arguments)
    for a, b in zip(arguments, before, strict=True):
        np.testing.assert_array_equal(a, b)


@settings(max_examples=300, deadline=None)
@given(markets())
def test_never_more_than_demand_capacity_or_reach(market):
    demand, _, capacity, reach = market
    given_ = fill_cheapest_first(*market)
    assert given_.shape == reach.shape
    assert np.isfinite(given_).all()
    assert (given_ >= 0.0).all()
    assert (given_.sum(axis=0) <= capacity * (1 + 1e-12)).all()
    assert (given_.sum(axis=1) <= demand * (1 + 1e-12)).all()
    assert (given_[~reach] == 0.0).all()


@settings(max_examples=200, deadline=None)
@given(markets(), st.randoms(use_true_random=False))
def test_the_order_of_buyers_and_sellers_does_not_matter(market, random):
    demand, price, capacity, reach = market
    rows, columns = list(range(demand.size)), list(range(price.size))
    random.shuffle(rows)
    random.shuffle(columns)
    there = fill_cheapest_first(demand, price, capacity, reach)[np.ix_(rows, columns)]
    here = fill_cheapest_first(demand[rows], price[columns], capacity[columns], reach[np.ix_(rows, columns)])
    np.testing.assert_allclose(here, there, rtol=1e-9, atol=1e-9 * max(demand.max(), 1.0))


@settings(max_examples=300, deadline=None)
@given(markets(distinct_prices=True))
def test_nobody_pays_more_or_goes_without_while_a_cheaper_seller_has_something_left(market):
    demand, price, capacity, reach = market
    given_ = fill_cheapest_first(*market)
    scale = max(demand.max(), capacity.max(), 1.0)
    left = capacity - given_.sum(axis=0)
    for b in range(demand.size):
        unserved = demand[b] - given_[b].sum() > 1e-9 * scale
        dearest = np.inf if unserved else price[given_[b] > 1e-9 * scale].max(initial=-np.inf)
        assert (left[reach[b] & (price < dearest)] <= 1e-9 * scale).all()


@settings(max_examples=200, deadline=None)
@given(markets())
def test_buyers_with_the_same_reach_get_the_same_share(market):
    demand, price, capacity, _ = market
    given_ = fill_cheapest_first(demand, price, capacity, np.ones((demand.size, price.size), bool))
    served = given_.sum(axis=1)[demand > 0.0] / demand[demand > 0.0]
    if served.size:
        assert served == pytest.approx(np.full(served.size, min(1.0, capacity.sum() / demand.sum())), rel=1e-6)


def test_a_price_may_differ_between_buyers():
    # The first buyer has negotiated a price below the second seller's, the other pays what is posted.
    price = np.array([[1.0, 2.0], [3.0, 2.0]])
    given = fill_cheapest_first(np.array([5.0, 5.0]), price, np.array([4.0, 10.0]), np.ones((2, 2), dtype=bool))
    assert given.tolist() == [[4.0, 1.0], [0.0, 5.0]]


def test_one_price_for_all_buyers_is_the_same_in_either_form():
    rng = np.random.default_rng(5)
    demand, price, capacity = rng.random(6), rng.integers(1, 3, 4).astype(float), rng.random(4)
    reachable = rng.random((6, 4)) < 0.7
    one = fill_cheapest_first(demand, price, capacity, reachable)
    assert np.array_equal(one, fill_cheapest_first(demand, np.tile(price, (6, 1)), capacity, reachable))
