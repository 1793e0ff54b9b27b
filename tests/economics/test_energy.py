import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aimarket.economics import EconomicsError, merit_order_fuel_cost, merit_order_price

LOST = 3_000.0

stacks = st.lists(st.tuples(st.floats(0.0, 500.0), st.floats(-20.0, 400.0)), min_size=1, max_size=8).filter(
    lambda blocks: sum(capacity for capacity, _ in blocks) > 1.0
)


def columns(blocks):
    return np.array([b[0] for b in blocks]), np.array([b[1] for b in blocks])


def test_price_by_hand():
    # 20 rising to 40 over the first 100 MW, 40 over the second, scarcity from 190 to 200 MW.
    load = [0.0, 50.0, 100.0, 150.0, 190.0, 195.0, 200.0, 300.0]
    price = merit_order_price(load, [100.0, 100.0], [20.0, 40.0], LOST)
    assert price == pytest.approx([20.0, 30.0, 40.0, 40.0, 40.0, 1_520.0, 3_000.0, 3_000.0])


def test_scarcity_starts_inside_an_earlier_block_if_the_last_is_small():
    # Reserve is 10 of 100 MW, the dearest block 2 MW: at 90 MW the price is 10 + 90 * 90 / 98.
    at_start = 10.0 + 90.0 * 90.0 / 98.0
    price = merit_order_price([90.0, 95.0, 100.0], [98.0, 2.0], [10.0, 100.0], 200.0, 0.1)
    assert price == pytest.approx([at_start, (at_start + 200.0) / 2.0, 200.0])


def test_price_never_falls_below_marginal_cost_under_scarcity():
    # The scarcity line passes 95 MW at 51 and the last block costs 100 there.
    price = merit_order_price(95.0, [80.0, 10.0, 10.0], [1.0, 2.0, 100.0], 101.0, 0.2)
    assert price == pytest.approx(100.0)


def test_fuel_cost_by_hand():
    cost = merit_order_fuel_cost([0.0, 50.0, 100.0, 150.0, 200.0, 900.0], [100.0, 100.0], [20.0, 40.0])
    assert cost == pytest.approx([0.0, 1_250.0, 3_000.0, 5_000.0, 7_000.0, 7_000.0])


@given(stacks, st.lists(st.floats(0.0, 1.2), min_size=2, max_size=10))
@example([(2.0, 1.0), (2.2250738585e-313, 0.0)], [0.0, 5e-324, 1.0])  # too narrow for any slope
def test_price_never_falls_in_load_and_stays_between_its_bounds(blocks, fractions):
    capacity, cost = columns(blocks)
    price = merit_order_price(np.sort(fractions) * capacity.sum(), capacity, cost, LOST)
    assert (np.diff(price) >= -1e-9).all()
    assert price.min() >= cost[capacity > 0.0].min() - 1e-9
    assert price.max() <= LOST
    full = merit_order_price([capacity.sum(), 2 * capacity.sum()], capacity, cost, LOST)
    assert full == pytest.approx([LOST, LOST])


@given(stacks, st.floats(0.0, 1.1))
def test_price_is_continuous_wherever_no_block_is_tiny(blocks, fraction):
    capacity, cost = columns([(capacity + 1.0, cost) for capacity, cost in blocks])
    total = capacity.sum()
    step = 1e-7 * total
    low, high = merit_order_price([fraction * total, fraction * total + step], capacity, cost, LOST)
    # The steepest piece is a block of 1 MW, or the reserve.
    steepest = max((cost.max() - cost.min()) / capacity.min(), (LOST + 20.0) / (0.05 * total))
    assert high - low <= 1.01 * steepest * step + 1e-6


@given(stacks, st.floats(0.01, 0.94))
def test_price_is_the_slope_of_fuel_cost_below_scarcity(blocks, fraction):
    capacity, cost = columns([(capacity + 1.0, cost) for capacity, cost in blocks])
    load, step = fraction * capacity.sum(), 1e-4
    low, high = merit_order_fuel_cost([load - step, load + step], capacity, cost)
    price = merit_order_price(load, capacity, cost, LOST)
    assert (high - low) / (2 * step) == pytest.approx(price, abs=0.05 + 1e-3 * abs(price))


@given(stacks, st.floats(0.0, 1.5), st.randoms(use_true_random=False))
def test_neither_the_order_of_blocks_nor_cutting_one_in_two_matters(blocks, fraction, random):
    shuffled = [(capacity / 2.0, cost) for capacity, cost in blocks for _ in range(2)]
    random.shuffle(shuffled)
    load = fraction * columns(blocks)[0].sum()
    assert merit_order_fuel_cost(load, *columns(shuffled)) == pytest.approx(
        merit_order_fuel_cost(load, *columns(blocks)), rel=1e-9, abs=1e-6
    )


def test_blocks_without_capacity_change_nothing():
    load = np.linspace(0.0, 250.0, 26)
    with_empty = merit_order_price(load, [100.0, 0.0, 100.0], [20.0, 30.0, 40.0], LOST)
    assert with_empty == pytest.approx(merit_order_price(load, [100.0, 100.0], [20.0, 40.0], LOST))


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"load_mw": -1.0}, "load_mw"),
        ({"load_mw": np.nan}, "load_mw"),
        ({"block_capacity_mw": [100.0, -1.0]}, "block_capacity_mw"),
        ({"block_capacity_mw": [0.0, 0.0]}, "block_capacity_mw"),
        ({"block_cost_usd_per_mwh": [20.0]}, "block_cost_usd_per_mwh"),
        ({"value_of_lost_load_usd_per_mwh": 39.0}, "value_of_lost_load_usd_per_mwh"),
        ({"reserve_share": 0.0}, "reserve_share"),
    ],
)
def test_wrong_input_names_the_parameter(changes, parameter):
    arguments = {
        "load_mw": 10.0,
        "block_capacity_mw": [100.0, 100.0],
        "block_cost_usd_per_mwh": [20.0, 40.0],
        "value_of_lost_load_usd_per_mwh": LOST,
    } | changes
    with pytest.raises(EconomicsError) as caught:
        merit_order_price(**arguments)
    assert caught.value.parameter == parameter
