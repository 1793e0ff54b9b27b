import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimarket.economics import EconomicsError, herfindahl, lerner, sales_weighted_lerner, value_added_shares
from aimarket.economics.concentration import (
    cost_weighted_lerner,
    cost_weighted_markup,
    effective_number_of_firms,
    herfindahl_change,
)


def test_herfindahl_by_hand():
    assert herfindahl([0.5, 0.3, 0.2]) == pytest.approx(0.38)
    assert herfindahl([50.0, 30.0, 20.0]) == pytest.approx(0.38)
    assert herfindahl([7.0]) == 1.0
    assert herfindahl(np.ones((3, 4))) == pytest.approx(np.full(3, 0.25))


def test_herfindahl_of_a_market_without_sales_is_undefined():
    assert np.isnan(herfindahl([0.0, 0.0]))
    assert np.isnan(herfindahl([]))
    assert np.isnan(effective_number_of_firms([]))
    assert herfindahl([[0.0, 0.0], [1.0, 0.0]])[1] == 1.0


@given(st.lists(st.floats(1e-6, 1e9), min_size=1, max_size=20))
def test_herfindahl_lies_between_equal_shares_and_monopoly_and_a_merger_raises_it(sales):
    index = herfindahl(sales)
    assert 1.0 / len(sales) - 1e-12 <= index <= 1.0 + 1e-12
    if len(sales) > 1:
        assert herfindahl([sales[0] + sales[1], *sales[2:]]) >= index - 1e-12


def test_herfindahl_refuses_negative_sales():
    with pytest.raises(EconomicsError) as caught:
        herfindahl([1.0, -2.0])
    assert (caught.value.parameter, caught.value.value) == ("shares_or_sales", -2.0)
    assert caught.value.bound == "at least 0"


def test_lerner_by_hand():
    assert lerner([10.0, 2.0, 4.0], [4.0, 2.0, 5.0]) == pytest.approx([0.6, 0.0, -0.25])


@pytest.mark.parametrize("price", [0.0, -1.0, np.nan])
def test_lerner_refuses_prices_that_are_none(price):
    with pytest.raises(EconomicsError, match="price must be above 0"):
        lerner([1.0, price], 0.5)


def test_sales_weighted_lerner_is_margin_over_revenue():
    # Revenue 20 + 30, margin 12 + 3.
    assert sales_weighted_lerner([10.0, 3.0], [4.0, 2.7], [2.0, 10.0]) == pytest.approx(0.3)
    weights = np.array([0.4, 0.6])
    assert weights @ lerner([10.0, 3.0], [4.0, 2.7]) == pytest.approx(0.3)


def test_sales_weighted_lerner_ignores_what_was_not_sold():
    assert sales_weighted_lerner([10.0, np.inf], [4.0, np.nan], [2.0, 0.0]) == pytest.approx(0.6)
    assert np.isnan(sales_weighted_lerner([10.0], [4.0], [0.0]))
    with pytest.raises(EconomicsError, match="quantity must be at least 0"):
        sales_weighted_lerner([10.0], [4.0], [-1.0])


def test_value_added_of_a_chain_sums_to_what_the_buyer_pays():
    # Energy sells 5 to the cloud, chips 25 to the cloud, the cloud 60 to the lab, the lab 100.
    shares = value_added_shares([5.0, 25.0, 60.0, 100.0], [0.0, 0.0, 30.0, 60.0])
    assert shares == pytest.approx([0.05, 0.25, 0.3, 0.4])


def test_a_tier_that_pays_more_than_it_earns_has_a_negative_share():
    shares = value_added_shares([90.0, 60.0], [0.0, 90.0])
    assert shares == pytest.approx([1.5, -0.5])
    assert np.isnan(value_added_shares([0.0, 0.0], [0.0, 0.0])).all()


@pytest.mark.parametrize(
    ("sales", "bound"), [([1.0, np.inf], "finite"), ([1.0, np.nan], "at least 0"), (3.0, "of shape")]
)
def test_herfindahl_refuses_what_is_no_market(sales, bound):
    for function in (herfindahl, effective_number_of_firms):
        with pytest.raises(EconomicsError, match=bound):
            function(sales)


def test_herfindahl_does_not_depend_on_the_unit_of_sales_however_large():
    assert herfindahl([1.5e308, 1.5e308]) == pytest.approx(0.5)
    assert herfindahl([5e-324, 5e-324]) == pytest.approx(0.5)


def test_effective_number_of_firms_counts_equals():
    assert effective_number_of_firms([2.0, 2.0, 2.0, 2.0]) == pytest.approx(4.0)
    assert effective_number_of_firms([[1.0, 0.0], [3.0, 1.0]]) == pytest.approx([1.0, 1.6])
    assert np.isnan(effective_number_of_firms([0.0, 0.0]))


@given(st.lists(st.floats(0.01, 1e6), min_size=3, max_size=8))
def test_change_of_herfindahl_is_the_index_of_the_merged_market_less_the_one_before(sales):
    merged = herfindahl([sales[0] + sales[2], sales[1], *sales[3:]])
    assert herfindahl_change(sales, [0, 2]) == pytest.approx(merged - herfindahl(sales), abs=1e-12)
    share = np.array(sales) / sum(sales)
    assert herfindahl_change(sales, [2, 0]) == pytest.approx(2.0 * share[0] * share[2], rel=1e-12)
    three = herfindahl([sum(sales[:3]), *sales[3:]])
    assert herfindahl_change(sales, [0, 1, 2]) == pytest.approx(three - herfindahl(sales), abs=1e-12)


def test_change_of_herfindahl_of_several_markets_and_of_no_merger():
    assert herfindahl_change([[0.5, 0.3, 0.2], [1.0, 1.0, 2.0]], [0, 1]) == pytest.approx([0.3, 0.125])
    assert herfindahl_change([0.5, 0.5], [1]) == 0.0


@pytest.mark.parametrize("merging", [[0, 0], [0, 3], [-1, 0], [0.5, 1.0], 1, [], ["a", "b"], [[0], [1, 2]], [None, 1]])
def test_change_of_herfindahl_refuses_firms_that_are_not_there(merging):
    with pytest.raises(EconomicsError) as caught:
        herfindahl_change([0.5, 0.3, 0.2], merging)
    assert caught.value.parameter == "merging"


def test_cost_weighted_markup_by_hand():
    # Revenue 20 + 30 over cost 8 + 27.
    price, cost, quantity = np.array([10.0, 3.0]), np.array([4.0, 2.7]), np.array([2.0, 10.0])
    markup = cost_weighted_markup(price, cost, quantity)
    assert markup == pytest.approx(50.0 / 35.0)
    assert markup == pytest.approx(np.average(price / cost, weights=cost * quantity))
    assert markup == pytest.approx(1.0 / np.average(cost / price, weights=price * quantity))
    assert 1.0 - 1.0 / markup == pytest.approx(sales_weighted_lerner(price, cost, quantity))


def test_cost_weighted_markup_ignores_what_was_not_sold_and_broadcasts():
    assert cost_weighted_markup([10.0, np.inf], [4.0, 0.0], [2.0, 0.0]) == pytest.approx(2.5)
    assert np.isnan(cost_weighted_markup([10.0], [4.0], [0.0]))
    assert cost_weighted_markup(6.0, 3.0, np.ones((4, 2))) == pytest.approx(np.full(4, 2.0))


@pytest.mark.parametrize(
    ("arguments", "parameter"),
    [
        (([10.0], [0.0], [1.0]), "marginal_cost"),
        (([10.0], [np.nan], [1.0]), "marginal_cost"),
        (([-1.0], [4.0], [1.0]), "price"),
        (([10.0], [4.0], [-1.0]), "quantity"),
        (([10.0, 9.0], [4.0, 4.0], [1.0, 1.0, 1.0]), "quantity"),
    ],
)
def test_cost_weighted_markup_names_bad_input(arguments, parameter):
    with pytest.raises(EconomicsError) as caught:
        cost_weighted_markup(*arguments)
    assert caught.value.parameter == parameter


def test_cost_weighted_lerner_by_hand():
    # Indices 0.6 and 0.1, costs 8 and 27.
    price, cost, quantity = np.array([10.0, 3.0]), np.array([4.0, 2.7]), np.array([2.0, 10.0])
    index = cost_weighted_lerner(price, cost, quantity)
    assert index == pytest.approx((0.6 * 8.0 + 0.1 * 27.0) / 35.0)
    assert index < sales_weighted_lerner(price, cost, quantity)
    assert cost_weighted_lerner(price, cost, quantity[0]) == pytest.approx((0.6 * 4.0 + 0.1 * 2.7) / 6.7)


def test_cost_weighted_lerner_of_what_was_not_sold_or_given_away():
    assert cost_weighted_lerner([10.0, np.inf], [4.0, 0.0], [2.0, 0.0]) == pytest.approx(0.6)
    assert np.isnan(cost_weighted_lerner([10.0], [4.0], [0.0]))
    with pytest.raises(EconomicsError) as caught:
        cost_weighted_lerner([0.0], [4.0], [1.0])
    assert (caught.value.parameter, caught.value.bound) == ("price", "above 0 where sold")


@given(st.lists(st.tuples(st.floats(0.1, 9.0), st.floats(0.1, 9.0), st.floats(0.1, 9.0)), min_size=1, max_size=6))
def test_cost_weights_never_give_a_higher_index_than_sales_weights(products):
    price, cost, quantity = np.array(products).T
    assert cost_weighted_lerner(price, cost, quantity) <= sales_weighted_lerner(price, cost, quantity) + 1e-12
