import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from aimarket.economics import EconomicsError
from aimarket.economics.oligopoly import allaz_vila, cournot, spengler

COSTS = st.lists(st.floats(0.0, 9.0), min_size=1, max_size=6)
SLOPE = st.floats(0.05, 20.0)


def test_asymmetric_cournot_by_hand():
    # P = (20 + 2 + 5) / 3 = 9, quantities (9 - c) / 0.5.
    result = cournot([2.0, 5.0], 20.0, 0.5)
    assert result.price == pytest.approx(9.0)
    assert result.quantity == pytest.approx([14.0, 8.0])
    assert result.profit == pytest.approx([98.0, 32.0])
    assert result.lerner == pytest.approx([7 / 9, 4 / 9])
    assert result.elasticity == pytest.approx(-9.0 / 11.0)
    assert result.hhi == pytest.approx((14**2 + 8**2) / 22**2)


@pytest.mark.parametrize("firms", [1, 2, 5, 100, 10_000])
def test_more_equal_firms_bring_the_price_from_monopoly_to_cost(firms):
    result = cournot(np.full(firms, 2.0), 10.0, 1.0)
    assert result.price == pytest.approx(2.0 + 8.0 / (firms + 1), rel=1e-13)
    assert result.hhi == pytest.approx(1.0 / firms)


def test_firms_priced_out_produce_exactly_nothing_and_change_nothing():
    result, without = cournot([2.0, 5.0, 9.5, 40.0], 20.0, 0.5), cournot([2.0, 5.0], 20.0, 0.5)
    assert result.price == pytest.approx(without.price, rel=1e-14)
    assert (result.quantity[2:] == 0.0).all()
    assert (result.profit[2:] == 0.0).all()
    assert result.hhi == pytest.approx(without.hhi)


def test_a_firm_on_the_margin_of_entry_is_idle():
    assert cournot([2.0, 5.0, 9.0], 20.0, 0.5).quantity[2] == pytest.approx(0.0, abs=1e-13)


def test_capacity_by_hand():
    # Unlimited both sell 14 and 8; firm 0 is held to 10, firm 1 answers (15 - 5) / (2 * 0.5) = 10.
    result = cournot([2.0, 5.0], 20.0, 0.5, capacity=[10.0, np.inf])
    assert result.quantity == pytest.approx([10.0, 10.0])
    assert result.price == pytest.approx(10.0)
    assert cournot([2.0, 5.0], 20.0, 0.5, capacity=50.0).price == pytest.approx(9.0)
    both = cournot([2.0, 5.0], 20.0, 0.5, capacity=3.0)
    assert both.quantity.tolist() == [3.0, 3.0]
    assert both.price == pytest.approx(17.0)


@given(COSTS, st.floats(9.5, 40.0), SLOPE, st.lists(st.floats(0.01, 30.0), min_size=6, max_size=6))
def test_no_firm_gains_by_another_quantity(cost, intercept, slope, capacity):
    cost, capacity = np.array(cost), np.array(capacity[: len(cost)])
    result = cournot(cost, intercept, slope, capacity)
    total = result.quantity.sum()
    assert result.price == pytest.approx(intercept - slope * total, abs=1e-10 * intercept)
    others = total - result.quantity
    best = np.clip((intercept - slope * others - cost) / (2.0 * slope), 0.0, capacity)
    assert result.quantity == pytest.approx(best, abs=1e-9 * intercept / slope)


@given(COSTS, st.floats(9.5, 40.0), SLOPE)
def test_share_weighted_lerner_index_is_concentration_over_elasticity(cost, intercept, slope):
    result = cournot(cost, intercept, slope)
    share = result.quantity / result.quantity.sum()
    assert share @ result.lerner == pytest.approx(result.hhi / -result.elasticity, rel=1e-9)


@given(COSTS, st.floats(9.5, 40.0), SLOPE, st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_units_of_money_and_of_goods_change_only_the_units(cost, intercept, slope, money, goods):
    before = cournot(cost, intercept, slope)
    after = cournot(money * np.array(cost), money * intercept, slope * money / goods)
    assert after.price == pytest.approx(money * before.price, rel=1e-9)
    assert after.quantity == pytest.approx(goods * before.quantity, rel=1e-9, abs=1e-9 * goods * intercept / slope)
    assert after.hhi == pytest.approx(before.hhi, rel=1e-9)


def best_forward_sale(cost, intercept, slope, sold, i):
    """What firm i would sell ahead if the others sold ``sold``, by search over its own profit."""

    def loss(forward):
        position = np.where(np.arange(len(cost)) == i, forward, sold)
        price = (intercept + cost.sum() - slope * position.sum()) / (len(cost) + 1)
        return -(price - cost[i]) * (position[i] + (price - cost[i]) / slope)

    return minimize_scalar(loss, (sold[i], sold[i] + 0.5)).x


@pytest.mark.parametrize("cost", [[2.0, 2.0], [2.0, 2.3], [1.0, 1.0, 1.0], [2.0, 2.1, 2.2, 2.05]])
def test_forward_sales_are_best_answers_to_each_other(cost):
    cost = np.array(cost)
    result = allaz_vila(cost, 10.0, 0.7)
    assert result.price == pytest.approx(10.0 - 0.7 * result.quantity.sum(), rel=1e-13)
    # Spot: a unit sold ahead no longer suffers from a lower price.
    assert result.price - cost == pytest.approx(0.7 * (result.quantity - result.forward_quantity), rel=1e-12)
    for i in range(len(cost)):
        best = best_forward_sale(cost, 10.0, 0.7, result.forward_quantity, i)
        assert result.forward_quantity[i] == pytest.approx(best, abs=1e-6)


def test_a_duopoly_with_more_rounds_of_forward_trade_tends_to_the_competitive_price():
    for rounds in (0, 1, 2, 10, 1_000_000):
        result = allaz_vila([2.0, 2.0], 10.0, 1.0, rounds)
        assert result.price == pytest.approx(2.0 + 8.0 / (3 + 2 * rounds), rel=1e-12)
        assert result.quantity.sum() == pytest.approx(10.0 - result.price, rel=1e-12)


def test_two_rounds_of_three_firms_by_hand():
    # beta: 1, 3, 7; P - c = 8 / (1 + 3 * 7).
    result = allaz_vila([2.0, 2.0, 2.0], 10.0, 1.0, 2)
    assert result.price == pytest.approx(2.0 + 8.0 / 22.0)
    assert result.quantity == pytest.approx(np.full(3, 7 * 8.0 / 22.0))
    assert result.forward_quantity == pytest.approx(np.full(3, 6 * 8.0 / 22.0))


def test_rounds_beyond_counting_end_at_cost():
    result = allaz_vila([0.1, 0.1, 0.1], 10.0, 1.0, 10**6)
    assert result.price == pytest.approx(0.1, rel=1e-15)
    assert result.quantity == pytest.approx(np.full(3, 3.3))


def test_a_monopolist_sells_nothing_ahead_and_no_round_is_cournot():
    alone = allaz_vila([2.0], 10.0, 1.0, 5)
    assert (alone.price, alone.forward_quantity[0]) == (6.0, 0.0)
    several = allaz_vila([2.0, 3.0, 2.5], 10.0, 1.0, 0)
    plain = cournot([2.0, 3.0, 2.5], 10.0, 1.0)
    assert several.quantity == pytest.approx(plain.quantity)
    assert several.forward_quantity == pytest.approx(np.zeros(3), abs=1e-14)


def test_a_firm_that_forward_sales_drive_out_is_refused():
    assert cournot([2.0, 5.0], 10.0, 1.0).quantity[1] > 0.0
    with pytest.raises(EconomicsError, match="cost must be below the price") as caught:
        allaz_vila([2.0, 5.0], 10.0, 1.0)
    assert (caught.value.parameter, caught.value.value) == ("cost", 5.0)


@given(st.floats(0.0, 3.0), st.floats(0.0, 3.0), st.floats(6.5, 40.0), SLOPE)
def test_successive_monopolies_follow_their_first_order_conditions(upstream, downstream, intercept, slope):
    result = spengler(upstream, intercept, slope, downstream)
    assert result.price == pytest.approx(intercept - slope * result.quantity, rel=1e-12)
    # The retailer's marginal revenue is its cost, the supplier's is that of the retailer's answer.
    assert intercept - 2.0 * slope * result.quantity == pytest.approx(result.wholesale_price + downstream, rel=1e-12)
    assert intercept - 4.0 * slope * result.quantity == pytest.approx(upstream + downstream, abs=1e-12 * intercept)
    assert result.integrated_profit == pytest.approx(
        cournot([upstream + downstream], intercept, slope).profit[0], rel=1e-10
    )
    joint = result.upstream_profit + result.downstream_profit
    assert result.integrated_profit == pytest.approx(4.0 / 3.0 * joint, rel=1e-12)
    assert result.integrated_price < result.price


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"cost": []}, "cost"),
        ({"cost": 2.0}, "cost"),
        ({"cost": [-1.0, 2.0]}, "cost"),
        ({"cost": [np.nan, 2.0]}, "cost"),
        ({"cost": ["dear"]}, "cost"),
        ({"intercept": 2.0}, "intercept"),
        ({"intercept": np.inf}, "intercept"),
        ({"intercept": 1e200}, "intercept"),
        ({"intercept": [10.0, 10.0]}, "intercept"),
        ({"slope": 0.0}, "slope"),
        ({"slope": -1.0}, "slope"),
        ({"capacity": 0.0}, "capacity"),
        ({"capacity": [1.0, -2.0]}, "capacity"),
        ({"capacity": [1.0, np.nan]}, "capacity"),
        ({"capacity": [1.0, 2.0, 3.0]}, "capacity"),
    ],
)
def test_cournot_names_bad_input(changes, parameter):
    with pytest.raises(EconomicsError) as caught:
        cournot(**({"cost": [2.0, 2.0], "intercept": 10.0, "slope": 1.0} | changes))
    assert caught.value.parameter == parameter


@pytest.mark.parametrize("rounds", [-1, 1.5, True, "two", 10**400])
def test_rounds_are_counted(rounds):
    with pytest.raises(EconomicsError, match="rounds must be a whole number"):
        allaz_vila([2.0, 2.0], 10.0, 1.0, rounds)


def test_free_production_with_endless_rounds_has_no_price():
    with pytest.raises(EconomicsError, match="rounds must be few enough"):
        allaz_vila([0.0, 0.0, 0.0], 10.0, 1.0, 10**6)


@pytest.mark.parametrize(
    ("arguments", "parameter"),
    [
        ((-1.0, 10.0, 1.0), "upstream_cost"),
        (([2.0, 2.0], 10.0, 1.0), "upstream_cost"),
        ((2.0, 10.0, 1.0, np.nan), "downstream_cost"),
        ((2.0, 10.0, 1.0, -0.5), "downstream_cost"),
        ((2.0, 4.0, 1.0, 2.0), "intercept"),
        ((2.0, 10.0, 0.0), "slope"),
    ],
)
def test_spengler_names_bad_input(arguments, parameter):
    with pytest.raises(EconomicsError) as caught:
        spengler(*arguments)
    assert caught.value.parameter == parameter
