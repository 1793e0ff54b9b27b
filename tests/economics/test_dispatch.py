"""Step merit order and two zones: by hand, against linear programs and their duals, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from aimarket.economics.dispatch import merit_order_dispatch, two_zone_dispatch
from aimarket.economics.errors import EconomicsError

LOST_LOAD = 1_000.0

# Whole numbers, so that ties and demand at the edge of a block are common.
CAPACITIES = st.integers(1, 6).flatmap(lambda n: st.lists(st.integers(1, 9), min_size=n, max_size=n))
STACK = CAPACITIES.flatmap(
    lambda c: st.tuples(st.just(c), st.lists(st.integers(-2, 6), min_size=len(c), max_size=len(c)))
)
DEMAND = st.integers(0, 60)


def test_the_last_unit_served_sets_the_price():
    cleared = merit_order_dispatch([100.0, 200.0], [10.0, 40.0], 150.0, LOST_LOAD)
    assert cleared.price == 40.0
    assert cleared.dispatch.tolist() == [100.0, 50.0]
    assert cleared.inframarginal_rent.tolist() == [3_000.0, 0.0]


def test_price_at_the_edges_of_blocks():
    demand = [0.0, 100.0, 100.001, 300.0, 300.001]
    cleared = merit_order_dispatch([100.0, 200.0], [10.0, 40.0], demand, LOST_LOAD)
    assert cleared.price.tolist() == [10.0, 10.0, 40.0, 40.0, LOST_LOAD]
    assert cleared.unserved == pytest.approx([0.0, 0.0, 0.0, 0.0, 0.001])
    assert cleared.dispatch[1].tolist() == [100.0, 0.0]


def test_rounding_does_not_take_demand_over_the_edge():
    capacity = [0.3, 0.2, 0.1]
    all_of_it = 0.1 + 0.2 + 0.3  # 0.6000000000000001, while 0.3 + 0.2 + 0.1 is 0.6
    assert all_of_it > np.cumsum(capacity)[-1]
    cleared = merit_order_dispatch(capacity, [1.0, 2.0, 3.0], all_of_it, LOST_LOAD)
    assert (cleared.price, cleared.unserved, cleared.dispatch.tolist()) == (3.0, 0.0, capacity)


def test_blocks_of_equal_cost_share_in_proportion_to_capacity():
    cleared = merit_order_dispatch([30.0, 10.0, 60.0], [5.0, 1.0, 5.0], 40.0, LOST_LOAD)
    assert cleared.dispatch == pytest.approx([10.0, 10.0, 20.0])
    assert cleared.price == 5.0


def test_negative_costs_are_costs():
    cleared = merit_order_dispatch([10.0, 10.0], [-20.0, 5.0], [5.0, 15.0], LOST_LOAD)
    assert cleared.price.tolist() == [-20.0, 5.0]
    assert cleared.inframarginal_rent.tolist() == [[0.0, 0.0], [250.0, 0.0]]


def test_demand_of_any_shape_clears_each_demand_alone():
    demand = np.arange(24.0).reshape(2, 3, 4)
    together = merit_order_dispatch([7.0, 5.0, 8.0], [3.0, 1.0, 2.0], demand, LOST_LOAD)
    assert together.price.shape == together.unserved.shape == (2, 3, 4)
    assert together.dispatch.shape == together.inframarginal_rent.shape == (2, 3, 4, 3)
    for place in np.ndindex(demand.shape):
        alone = merit_order_dispatch([7.0, 5.0, 8.0], [3.0, 1.0, 2.0], demand[place], LOST_LOAD)
        for one, all_of_them in zip(alone, together, strict=True):
            assert (one == all_of_them[place]).all()


@given(STACK, DEMAND)
def test_a_cleared_market_is_in_equilibrium(stack, demand):
    capacity, cost = (np.array(column, dtype=float) for column in stack)
    cleared = merit_order_dispatch(capacity, cost, demand, LOST_LOAD)
    assert cleared.dispatch.sum() + cleared.unserved == pytest.approx(demand)
    # Nobody runs below cost, nobody idles above it, nobody goes unserved below the value of lost load.
    assert (cleared.dispatch >= 0.0).all()
    assert (cleared.dispatch <= capacity).all()
    assert (cleared.dispatch[cost > cleared.price] == 0.0).all()
    assert (cleared.dispatch[cost < cleared.price] == capacity[cost < cleared.price]).all()
    assert (cleared.price == LOST_LOAD) == (cleared.unserved > 0.0)
    # What consumers pay is cost plus rents.
    paid = cleared.price * cleared.dispatch.sum()
    assert cleared.inframarginal_rent.sum() == pytest.approx(paid - (cost * cleared.dispatch).sum())
    assert (cleared.inframarginal_rent >= 0.0).all()


@given(STACK, DEMAND, st.randoms(use_true_random=False))
def test_order_and_cut_of_the_blocks_do_not_matter(stack, demand, random):
    capacity, cost = (np.array(column, dtype=float) for column in stack)
    cleared = merit_order_dispatch(capacity, cost, demand, LOST_LOAD)
    order = list(range(len(capacity)))
    random.shuffle(order)
    shuffled = merit_order_dispatch(capacity[order], cost[order], demand, LOST_LOAD)
    assert shuffled.price == cleared.price
    assert shuffled.dispatch == pytest.approx(cleared.dispatch[order])
    halves = merit_order_dispatch(np.tile(capacity / 2.0, 2), np.tile(cost, 2), demand, LOST_LOAD)
    assert halves.price == cleared.price
    assert halves.dispatch.reshape(2, -1).sum(axis=0) == pytest.approx(cleared.dispatch)


@given(STACK, DEMAND, st.sampled_from([0.1, 0.3, 7.0, 1e6]), st.integers(-5, 5))
def test_units_and_a_cost_common_to_all_only_move_the_price(stack, demand, scale, shift):
    capacity, cost = (np.array(column, dtype=float) for column in stack)
    cleared = merit_order_dispatch(capacity, cost, demand, LOST_LOAD)
    scaled = merit_order_dispatch(capacity * scale, cost, demand * scale, LOST_LOAD)
    assert scaled.price == cleared.price
    assert scaled.dispatch == pytest.approx(cleared.dispatch * scale)
    dearer = merit_order_dispatch(capacity, cost + shift, demand, LOST_LOAD + shift)
    assert dearer.price == cleared.price + shift
    assert dearer.inframarginal_rent == pytest.approx(cleared.inframarginal_rent)


@given(STACK)
def test_price_never_falls_in_demand(stack):
    prices = merit_order_dispatch(*stack, np.arange(61.0), LOST_LOAD).price
    assert (np.diff(prices) >= 0.0).all()


def random_zone(rng):
    blocks = int(rng.integers(1, 6))
    return rng.uniform(1.0, 50.0, blocks), rng.uniform(0.0, 100.0, blocks)


def test_dispatch_and_price_are_those_of_the_linear_program():
    rng = np.random.default_rng(11)
    for _ in range(100):
        capacity, cost = random_zone(rng)
        demand = rng.uniform(0.0, 1.2) * capacity.sum()
        cleared = merit_order_dispatch(capacity, cost, demand, LOST_LOAD)
        bounds = [(0.0, k) for k in capacity] + [(0.0, None)]
        program = linprog([*cost, LOST_LOAD], A_eq=np.ones((1, len(cost) + 1)), b_eq=[demand], bounds=bounds)
        assert cleared.dispatch == pytest.approx(program.x[:-1], abs=1e-6)
        assert cleared.unserved == pytest.approx(program.x[-1], abs=1e-6)
        assert cleared.price == pytest.approx(program.eqlin.marginals[0], abs=1e-6)


def two_zone_program(zone_a, demand_a, zone_b, demand_b, limit):
    """The least-cost program; returns its cost, both zones' duals and the flow."""
    blocks = len(zone_a[0]), len(zone_b[0])
    cost = [*zone_a[1], *zone_b[1], LOST_LOAD, LOST_LOAD, 0.0]
    in_a = [*np.ones(blocks[0]), *np.zeros(blocks[1]), 1.0, 0.0, -1.0]
    in_b = [*np.zeros(blocks[0]), *np.ones(blocks[1]), 0.0, 1.0, 1.0]
    bounds = [(0.0, k) for k in (*zone_a[0], *zone_b[0])] + [(0.0, demand_a), (0.0, demand_b), (-limit, limit)]
    program = linprog(cost, A_eq=[in_a, in_b], b_eq=[demand_a, demand_b], bounds=bounds)
    return program.fun, *program.eqlin.marginals, program.x[-1]


def total_cost(joint, zone_a, zone_b):
    return (
        (joint.a.dispatch * zone_a[1]).sum()
        + (joint.b.dispatch * zone_b[1]).sum()
        + LOST_LOAD * (joint.a.unserved + joint.b.unserved)
    )


def test_two_zones_are_those_of_the_linear_program_and_its_duals():
    rng = np.random.default_rng(12)
    congested = joined = short = 0
    for _ in range(300):
        zone_a, zone_b = random_zone(rng), random_zone(rng)
        demand_a, demand_b = (rng.uniform(0.0, 1.3) * zone[0].sum() for zone in (zone_a, zone_b))
        limit = rng.uniform(0.0, 60.0)
        joint = two_zone_dispatch(*zone_a, demand_a, *zone_b, demand_b, limit, LOST_LOAD)
        cost, price_a, price_b, flow = two_zone_program(zone_a, demand_a, zone_b, demand_b, limit)
        assert total_cost(joint, zone_a, zone_b) == pytest.approx(cost, rel=1e-9, abs=1e-6)
        assert (joint.a.price, joint.b.price) == pytest.approx((price_a, price_b), abs=1e-6)
        if joint.a.unserved + joint.b.unserved == 0.0:
            assert joint.flow == pytest.approx(flow, abs=1e-6)
        congested += joint.congestion_rent > 0.0
        joined += joint.a.price == joint.b.price < LOST_LOAD
        short += joint.a.unserved + joint.b.unserved > 0.0
    assert min(congested, joined, short) > 30


@settings(max_examples=200)
@given(STACK, DEMAND, STACK, DEMAND, st.integers(0, 20))
def test_two_zones_with_ties_and_demand_at_edges_are_feasible_and_cheapest(stack_a, demand_a, stack_b, demand_b, limit):
    zone_a, zone_b = ([np.array(column, dtype=float) for column in stack] for stack in (stack_a, stack_b))
    joint = two_zone_dispatch(*zone_a, demand_a, *zone_b, demand_b, limit, LOST_LOAD)
    for zone, cleared, load in ((zone_a, joint.a, demand_a + joint.flow), (zone_b, joint.b, demand_b - joint.flow)):
        assert cleared.dispatch.sum() + cleared.unserved == pytest.approx(load, abs=1e-9)
        assert (cleared.dispatch >= 0.0).all()
        assert (cleared.dispatch <= zone[0] + 1e-12).all()
        # Each zone's price supports its own output.
        assert (cleared.dispatch[zone[1] > cleared.price] <= 1e-9).all()
        assert (cleared.dispatch >= zone[0] - 1e-9)[zone[1] < cleared.price].all()
    assert -1e-9 <= joint.a.unserved <= demand_a + 1e-9
    assert -1e-9 <= joint.b.unserved <= demand_b + 1e-9
    assert abs(joint.flow) <= limit
    # The line carries power to the dearer zone, and only a full line separates prices.
    assert joint.congestion_rent == pytest.approx(joint.flow * (joint.b.price - joint.a.price))
    assert joint.congestion_rent >= 0.0
    assert joint.a.price == joint.b.price or abs(joint.flow) == limit
    # Payments for what is served cover costs, block rents and the line's rent.
    paid = joint.a.price * (demand_a - joint.a.unserved) + joint.b.price * (demand_b - joint.b.unserved)
    costs = (joint.a.dispatch * zone_a[1]).sum() + (joint.b.dispatch * zone_b[1]).sum()
    rents = joint.a.inframarginal_rent.sum() + joint.b.inframarginal_rent.sum() + joint.congestion_rent
    assert paid == pytest.approx(costs + rents, abs=1e-6)
    # Mirror the zones and the flow turns.
    mirror = two_zone_dispatch(*zone_b, demand_b, *zone_a, demand_a, limit, LOST_LOAD)
    assert mirror.flow == pytest.approx(-joint.flow, abs=1e-9)
    assert (mirror.a.price, mirror.b.price) == (joint.b.price, joint.a.price)
    assert mirror.a.dispatch == pytest.approx(joint.b.dispatch, abs=1e-9)


@given(STACK, DEMAND, STACK, DEMAND)
def test_a_line_that_does_not_bind_makes_one_zone(stack_a, demand_a, stack_b, demand_b):
    joint = two_zone_dispatch(*stack_a, demand_a, *stack_b, demand_b, np.inf, LOST_LOAD)
    one = merit_order_dispatch(stack_a[0] + stack_b[0], stack_a[1] + stack_b[1], demand_a + demand_b, LOST_LOAD)
    assert joint.a.price == joint.b.price == one.price
    assert np.concatenate((joint.a.dispatch, joint.b.dispatch)) == pytest.approx(one.dispatch)
    assert joint.a.unserved + joint.b.unserved == pytest.approx(float(one.unserved))
    assert joint.congestion_rent == 0.0
    # Nor does a line just as wide as the flow.
    exact = two_zone_dispatch(*stack_a, demand_a, *stack_b, demand_b, np.abs(joint.flow), LOST_LOAD)
    assert joint.flow == 0.0 or exact.a.price == exact.b.price == one.price


@given(STACK, DEMAND, STACK, DEMAND)
def test_without_a_line_each_zone_is_alone(stack_a, demand_a, stack_b, demand_b):
    joint = two_zone_dispatch(*stack_a, demand_a, *stack_b, demand_b, 0.0, LOST_LOAD)
    for zone, stack, demand in ((joint.a, stack_a, demand_a), (joint.b, stack_b, demand_b)):
        for together, alone in zip(zone, merit_order_dispatch(*stack, demand, LOST_LOAD), strict=True):
            assert (together == alone).all()
    assert joint.flow == joint.congestion_rent == 0.0


@given(STACK, DEMAND, STACK, DEMAND)
def test_a_wider_line_never_costs_more_and_brings_prices_together(stack_a, demand_a, stack_b, demand_b):
    limits = np.arange(0.0, 40.0)
    joint = two_zone_dispatch(*stack_a, demand_a, *stack_b, demand_b, limits, LOST_LOAD)
    costs = joint.a.dispatch @ np.array(stack_a[1]) + joint.b.dispatch @ np.array(stack_b[1])
    costs = costs + LOST_LOAD * (joint.a.unserved + joint.b.unserved)
    assert (np.diff(costs) <= 1e-9).all()
    # Each further megawatt of line saves less than the one before.
    assert (np.diff(costs, 2) >= -1e-6).all()
    assert (np.diff(np.abs(joint.a.price - joint.b.price)) <= 1e-9).all()


def test_two_zones_by_hand():
    # Cheap a, dear b: 40 flow, and each megawatt more would save 50.
    joint = two_zone_dispatch([200.0], [10.0], 100.0, [200.0], [60.0], 100.0, [40.0, 150.0], LOST_LOAD)
    assert joint.flow.tolist() == [40.0, 100.0]
    assert joint.a.price.tolist() == [10.0, 10.0]
    assert joint.b.price.tolist() == [60.0, 10.0]
    assert joint.congestion_rent.tolist() == [2_000.0, 0.0]
    assert (joint.a.dispatch.tolist(), joint.b.dispatch.tolist()) == ([[140.0], [200.0]], [[60.0], [0.0]])


def test_zones_short_of_capacity_share_what_is_unserved_as_far_as_the_line_allows():
    # 300 wanted, 200 there: a third of each zone's demand goes unserved.
    joint = two_zone_dispatch([150.0], [10.0], 90.0, [50.0], [20.0], 210.0, [np.inf, 80.0], LOST_LOAD)
    assert joint.a.unserved == pytest.approx([30.0, 20.0])
    assert joint.b.unserved == pytest.approx([70.0, 80.0])
    assert joint.flow == pytest.approx([90.0, 80.0])
    assert (joint.b.price == LOST_LOAD).all()


GOOD = ([10.0, 20.0], [1.0, 2.0], 5.0)


@pytest.mark.parametrize(
    ("arguments", "parameter"),
    [
        (([10.0, 0.0], [1.0, 2.0], 5.0, 9.0), "capacity"),
        (([10.0, np.inf], [1.0, 2.0], 5.0, 9.0), "capacity"),
        (([], [], 5.0, 9.0), "capacity"),
        ((10.0, 1.0, 5.0, 9.0), "capacity"),
        (([10.0, 20.0], [1.0], 5.0, 9.0), "marginal_cost"),
        (([10.0, 20.0], [1.0, np.nan], 5.0, 9.0), "marginal_cost"),
        ((*GOOD[:2], -1.0, 9.0), "demand"),
        ((*GOOD[:2], [1.0, np.nan], 9.0), "demand"),
        ((*GOOD, 1.9), "value_of_lost_load"),
        ((*GOOD, np.inf), "value_of_lost_load"),
        ((*GOOD, [9.0, 9.0]), "value_of_lost_load"),
    ],
)
def test_merit_order_refuses(arguments, parameter):
    with pytest.raises(EconomicsError) as caught:
        merit_order_dispatch(*arguments)
    assert caught.value.parameter == parameter


@pytest.mark.parametrize(
    ("arguments", "parameter"),
    [
        (([0.0], [1.0], 5.0, *GOOD, 1.0, 9.0), "capacity_a"),
        (([1.0], [np.nan], 5.0, *GOOD, 1.0, 9.0), "marginal_cost_a"),
        ((*GOOD, [1.0, 2.0], [1.0], 5.0, 1.0, 9.0), "marginal_cost_b"),
        ((*GOOD, [-1.0], [1.0], 5.0, 1.0, 9.0), "capacity_b"),
        (([1.0], [1.0], -5.0, *GOOD, 1.0, 9.0), "demand_a"),
        ((*GOOD, [1.0], [1.0], np.inf, 1.0, 9.0), "demand_b"),
        ((*GOOD, *GOOD, -1.0, 9.0), "line_limit"),
        ((*GOOD, *GOOD, np.nan, 9.0), "line_limit"),
        ((*GOOD, [1.0], [1.0], [1.0, 2.0], [1.0, 2.0, 3.0], 9.0), "line_limit"),
        ((*GOOD, [1.0], [8.0], 5.0, 1.0, 7.0), "value_of_lost_load"),
    ],
)
def test_two_zones_refuse(arguments, parameter):
    with pytest.raises(EconomicsError) as caught:
        two_zone_dispatch(*arguments)
    assert caught.value.parameter == parameter
