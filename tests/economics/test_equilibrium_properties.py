"""Relations between equilibria that hold whatever the numbers are."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aimarket.economics.equilibrium import bertrand_nash
from aimarket.economics.products import ownership_matrix


@st.composite
def markets(draw, most=6):
    count = draw(st.integers(2, most))

    def numbers(low, high):
        return np.array(draw(st.lists(st.floats(low, high), min_size=count, max_size=count)))

    market = {
        "quality": numbers(-2.0, 4.0),
        "cost": numbers(0.1, 3.0),
        "price_coefficient": draw(st.floats(0.2, 5.0)),
        "owner": np.array(draw(st.lists(st.integers(0, 3), min_size=count, max_size=count))),
        "nest": np.array(draw(st.lists(st.integers(0, 2), min_size=count, max_size=count))),
        "nesting": draw(st.floats(0.0, 0.8)),
        "outside_utility": draw(st.one_of(st.none(), st.floats(-2.0, 2.0))),
    }
    if market["outside_utility"] is None:
        assume(len(set(market["owner"])) > 1)
    return market


@given(markets(), st.floats(-0.05, 20.0))
def test_a_cost_that_buyers_are_paid_for_is_passed_on_in_full(market, rise):
    before = bertrand_nash(**market)
    paid = market["price_coefficient"] * rise
    after = bertrand_nash(**market | {"cost": market["cost"] + rise, "quality": market["quality"] + paid})
    assert after.price == pytest.approx(before.price + rise, rel=1e-9)
    assert after.share == pytest.approx(before.share, rel=1e-8, abs=1e-12)


@given(markets(), st.floats(1e-9, 1e9))
def test_prices_are_in_the_unit_of_money(market, unit):
    before = bertrand_nash(**market)
    coefficient = market["price_coefficient"] / unit
    after = bertrand_nash(**market | {"cost": market["cost"] * unit, "price_coefficient": coefficient})
    assert after.price == pytest.approx(before.price * unit, rel=1e-9)
    assert after.consumer_surplus == pytest.approx(before.consumer_surplus * unit, rel=1e-7, abs=1e-8 * unit)


@given(markets(), st.floats(1e-6, 1e6))
def test_log_prices_follow_costs_where_nobody_goes_without(market, unit):
    market |= {"price_coefficient": 4.0 + market["price_coefficient"], "price_term": "log", "outside_utility": None}
    market["owner"] = np.arange(len(market["cost"]))
    before = bertrand_nash(**market)
    after = bertrand_nash(**market | {"cost": market["cost"] * unit})
    assert after.price == pytest.approx(before.price * unit, rel=1e-8)


@given(markets(), st.randoms(use_true_random=False))
def test_the_order_of_products_and_the_names_of_firms_and_nests_do_not_matter(market, random):
    order = list(range(len(market["cost"])))
    random.shuffle(order)
    before = bertrand_nash(**market)
    shuffled = {key: market[key][order] for key in ("quality", "cost", "owner", "nest")}
    shuffled["owner"] = [f"firm {9 - label}" for label in shuffled["owner"]]
    shuffled["nest"] = -shuffled["nest"]
    after = bertrand_nash(**market | shuffled)
    assert after.price == pytest.approx(before.price[order], rel=1e-10)
    assert after.shadow_price == pytest.approx(before.shadow_price[order])


@given(markets())
def test_equal_products_have_equal_prices(market):
    twins = {key: np.append(market[key], market[key][-1]) for key in ("quality", "cost", "owner", "nest")}
    found = bertrand_nash(**market | twins)
    assert found.price[-1] == pytest.approx(found.price[-2], rel=1e-12)


@given(markets())
def test_a_matrix_of_ownership_is_the_labels(market):
    weights = ownership_matrix(market["owner"], len(market["cost"]))
    before, after = bertrand_nash(**market), bertrand_nash(**market | {"owner": weights})
    assert after.price.tolist() == before.price.tolist()


@given(markets())
def test_nests_of_one_are_plain_logit(market):
    alone = bertrand_nash(**market | {"nest": np.arange(len(market["cost"]))})
    plain = bertrand_nash(**market | {"nest": None, "nesting": 0.0})
    assert alone.price == pytest.approx(plain.price, rel=1e-12)


@given(markets(), st.integers(0, 3), st.integers(0, 3))
def test_a_merger_raises_the_prices_of_the_partners_and_costs_buyers(market, first, second):
    merged = np.where(market["owner"] == second, first, market["owner"])
    if market["outside_utility"] is None:
        assume(len(set(merged)) > 1)
    before, after = bertrand_nash(**market), bertrand_nash(**market | {"owner": merged})
    partners = merged == first
    assert (after.price[partners] >= before.price[partners] * (1.0 - 1e-10)).all()
    scale = abs(before.consumer_surplus) + before.price.max()
    assert after.consumer_surplus <= before.consumer_surplus + 1e-10 * scale


@given(markets())
def test_one_more_firm_never_raises_a_logit_price(market):
    market |= {"owner": None, "nest": None, "nesting": 0.0}
    fewer = {key: market[key][:-1] for key in ("quality", "cost")}
    assume(market["outside_utility"] is not None or len(fewer["cost"]) > 1)
    before, after = bertrand_nash(**market | fewer), bertrand_nash(**market)
    assert (after.price[:-1] <= before.price * (1.0 + 1e-10)).all()


@given(markets())
def test_a_capacity_of_what_is_sold_anyway_has_no_shadow_price(market):
    free = bertrand_nash(**market)
    capacity = free.quantity * (1.0 + 1e-9)
    found = bertrand_nash(**market, capacity=capacity)
    assert (found.shadow_price == 0.0).all()
    assert found.price == pytest.approx(free.price, rel=1e-9)


@settings(max_examples=60)
@given(markets(), st.floats(0.05, 0.95), st.floats(0.2, 0.95))
def test_a_tighter_capacity_never_lowers_the_product_s_price(market, part, tightening):
    free = bertrand_nash(**market)
    unlimited = np.full(len(free.price), np.inf)
    unlimited[0] = part * free.quantity[0]
    before = bertrand_nash(**market, capacity=unlimited)
    unlimited[0] *= tightening
    after = bertrand_nash(**market, capacity=unlimited)
    assert free.price[0] * (1.0 - 1e-10) <= before.price[0] <= after.price[0] * (1.0 + 1e-10)
    assert before.quantity[0] == pytest.approx(part * free.quantity[0], rel=1e-9)
    assert after.shadow_price[0] >= before.shadow_price[0] > 0.0
