import itertools

import numpy as np
import pytest
from scipy.optimize import root
from scipy.special import lambertw

from aimarket.economics.demand import (
    consumer_surplus,
    nested_logit_shares,
    price_derivatives,
    systematic_utility,
)
from aimarket.economics.equilibrium import bertrand_nash, monopoly, pass_through_matrix
from aimarket.economics.errors import EconomicsError
from aimarket.economics.price_system import solve_prices
from aimarket.economics.products import ownership_matrix

QUALITY = np.array([2.0, 1.5, 3.0, 2.5, 1.0])
COST = np.array([1.0, 0.8, 1.4, 1.1, 0.5])
NESTS = {"nest": ["a", "a", "b", "b", "c"], "nesting": 0.6}
PARTIAL = np.array([[1, 0.3, 0, 0.1, 0], [0, 1, 0, 0, 0], [0.5, 0, 1, 0, 0.2], [0, 0, 0.9, 1, 0], [0, 0, 0, 0.4, 1.0]])


@pytest.mark.parametrize("outside_utility", [0.0, -1.5, 2.0])
@pytest.mark.parametrize("coefficient", [0.3, 1.0, 8.0])
def test_one_product_has_the_lambert_markup(coefficient, outside_utility):
    found = monopoly([2.0], [0.7], coefficient, outside_utility=outside_utility)
    markup = (1.0 + lambertw(np.exp(2.0 - outside_utility - 0.7 * coefficient - 1.0)).real) / coefficient
    assert found.markup[0] == pytest.approx(markup, rel=1e-13)
    assert found.outside_share == pytest.approx(1.0 / (coefficient * markup), rel=1e-13)


@pytest.mark.parametrize("firms", [2, 3, 10])
def test_without_an_outside_good_equal_firms_have_the_markup_of_anderson_de_palma_and_thisse(firms):
    found = bertrand_nash(np.ones(firms), np.full(firms, 0.2), 4.0, outside_utility=None)
    assert found.markup == pytest.approx(np.full(firms, 0.25 * firms / (firms - 1)), rel=1e-13)
    assert found.outside_share == 0.0


def test_equal_firms_with_log_prices_and_no_outside_good_have_the_closed_form_lerner_index():
    found = bertrand_nash(np.ones(5), np.full(5, 2.0), 3.0, outside_utility=None, price_term="log")
    assert found.lerner == pytest.approx(np.full(5, 1.0 / (3.0 * 0.8)), rel=1e-12)


def test_a_multiproduct_logit_firm_charges_one_markup():
    found = bertrand_nash(QUALITY, COST, 1.3, owner=[0, 0, 1, 1, 1])
    for firm in (slice(0, 2), slice(2, 5)):
        markup = 1.0 / (1.3 * (1.0 - found.share[firm].sum()))
        assert found.markup[firm] == pytest.approx(np.full(firm.stop - firm.start, markup), rel=1e-13)


@pytest.mark.parametrize("owner", [None, [0, 0, 1, 1, 2], ["x", "y", "x", "y", "x"], PARTIAL])
@pytest.mark.parametrize("nests", [{}, NESTS, {"nest": [0, 0, 1, 1, 1], "nesting": [0.3, 0.3, 0.8, 0.8, 0.8]}])
@pytest.mark.parametrize("outside_utility", [0.5, None])
@pytest.mark.parametrize("price_term", ["linear", "log"])
def test_first_order_conditions_hold_by_the_derivatives_of_demand(owner, nests, outside_utility, price_term):
    options = {"outside_utility": outside_utility, "price_term": price_term, **nests}
    found = bertrand_nash(QUALITY, COST, 3.0, owner=owner, **options)
    slopes = price_derivatives(QUALITY, found.price, 3.0, **options)
    conditions = found.share + (ownership_matrix(owner, 5) * slopes.T) @ found.markup
    assert conditions == pytest.approx(np.zeros(5), abs=1e-13)
    assert found.residual <= 1e-12 * found.price.max()
    assert found.consumer_surplus == pytest.approx(float(consumer_surplus(QUALITY, found.price, 3.0, **options)))
    shares, outside = nested_logit_shares(
        systematic_utility(QUALITY, found.price, 3.0, price_term),
        nests.get("nest"),
        nests.get("nesting", 0.0),
        outside_utility,
    )
    assert found.share == pytest.approx(shares, rel=1e-13)
    assert found.outside_share == pytest.approx(float(outside), rel=1e-13)


def test_quantities_and_profits_are_those_of_the_market_size():
    small, large = bertrand_nash(QUALITY, COST, 1.3), bertrand_nash(QUALITY, COST, 1.3, market_size=500.0)
    assert large.price == pytest.approx(small.price)
    assert large.quantity == pytest.approx(500.0 * small.share)
    assert large.profit == pytest.approx((large.price - COST) * large.quantity)
    assert large.consumer_surplus == pytest.approx(small.consumer_surplus)


def test_no_price_change_of_a_firm_raises_its_profit():
    owner = np.array([0, 0, 1, 1, 2])
    found = bertrand_nash(QUALITY, COST, 1.3, owner=owner, **NESTS)
    generator = np.random.default_rng(3)
    for firm in range(3):
        own = owner == firm
        for _ in range(50):
            price = found.price + own * generator.normal(0.0, 0.5, 5)
            share, _ = nested_logit_shares(systematic_utility(QUALITY, price, 1.3), *NESTS.values())
            assert ((price - COST) * share)[own].sum() < found.profit[own].sum()


def brute_force(quality, cost, coefficient, owner, capacity, options):
    """All complementarity solutions, by solving every set of binding capacities."""
    count, weights, found = len(quality), ownership_matrix(owner, len(quality)), []

    def look(unknown, binding):
        price, shadow = unknown[:count], np.zeros(count)
        shadow[binding] = unknown[count:]
        share, _ = nested_logit_shares(systematic_utility(quality, price, coefficient), **options)
        return price, shadow, share

    def conditions(unknown, binding):
        price, shadow, share = look(np.clip(unknown, -100.0, 100.0), binding)
        slopes = price_derivatives(quality, price, coefficient, **options)
        first_order = (share + (weights * slopes.T) @ (price - cost - shadow)) / share
        return np.concatenate([first_order, np.log(share[binding] / capacity[binding])])

    for size in range(count + 1):
        for members in itertools.combinations(range(count), size):
            binding = list(members)
            for worth in (0.1, 1.0):
                begin = np.concatenate([cost + 1.5 / coefficient, np.full(size, worth)])
                solution = root(conditions, begin, args=(binding,), method="lm", tol=1e-13)
                price, shadow, share = look(solution.x, binding)
                solved = abs(solution.fun).max() < 1e-10 and abs(solution.x).max() < 100.0
                if solved and (shadow >= -1e-9).all() and (share <= capacity + 1e-9).all():
                    found.append((price, shadow))
    return found


@pytest.mark.parametrize("seed", range(8))
def test_capacities_agree_with_enumeration_of_the_binding_sets(seed):
    generator = np.random.default_rng(seed)
    count = 4
    quality, cost = generator.normal(1.0, 1.0, count), generator.uniform(0.2, 1.0, count)
    capacity = generator.uniform(0.05, 0.4, count)
    options = {"nest": [0, 0, 1, 1] if seed % 2 else np.arange(count), "nesting": 0.4 if seed % 2 else 0.0}
    options["outside_utility"] = None if seed % 3 == 0 else 0.0
    if options["outside_utility"] is None:
        capacity *= max(1.0, 1.2 / capacity.sum())
    owner = [0, 0, 1, 2] if seed % 4 < 2 else [0, 1, 0, 1]
    expected = brute_force(quality, cost, 1.5, owner, capacity, options)
    found = bertrand_nash(quality, cost, 1.5, owner=owner, capacity=capacity, **options)
    assert len(expected) >= 1
    for price, shadow in expected:
        assert found.price == pytest.approx(price, abs=1e-8)
        assert found.shadow_price == pytest.approx(shadow, abs=1e-8)


def test_a_binding_capacity_is_sold_out_and_has_a_shadow_price():
    free = bertrand_nash(QUALITY, COST, 1.3, market_size=100.0)
    capacity = np.where(np.arange(5) < 2, 0.5 * free.quantity, np.inf)
    found = bertrand_nash(QUALITY, COST, 1.3, capacity=capacity, market_size=100.0)
    assert found.quantity[:2] == pytest.approx(capacity[:2], rel=1e-11)
    assert (found.shadow_price[:2] > 0.0).all()
    assert (found.shadow_price[2:] == 0.0).all()
    assert (found.price > free.price).all()


@pytest.mark.parametrize("options", [{}, NESTS, {"owner": [0, 0, 1, 1, 1]}, {"price_term": "log", **NESTS}])
@pytest.mark.parametrize("capacity", [None, [0.05, np.inf, 0.1, np.inf, np.inf]])
def test_pass_through_is_the_slope_of_equilibrium_prices(options, capacity):
    options = {"capacity": capacity, **options}
    found = pass_through_matrix(QUALITY, COST, 2.5, **options)
    step = 1e-5
    for k in range(5):
        nudge = step * np.eye(5)[k]
        up = bertrand_nash(QUALITY, COST + nudge, 2.5, **options).price
        down = bertrand_nash(QUALITY, COST - nudge, 2.5, **options).price
        assert found[:, k] == pytest.approx((up - down) / (2 * step), abs=1e-8)


def test_a_product_at_capacity_does_not_pass_its_own_cost_on():
    found = pass_through_matrix(QUALITY, COST, 1.3, capacity=[0.02, *[np.inf] * 4])
    assert found[:, 0] == pytest.approx(np.zeros(5), abs=1e-12)


def test_prices_of_far_better_products_are_found_from_costs():
    found = monopoly([900.0], [1.0], 1.0)
    assert found.markup[0] == pytest.approx(1.0 / found.outside_share, rel=1e-9)
    duel = bertrand_nash([60.0, 0.0, 0.0], [1.0, 1.0, 1.0], 1.0, outside_utility=None, nest=[0, 0, 1], nesting=0.9)
    assert duel.residual < 1e-9


def test_a_product_nobody_wants_keeps_a_price():
    found = bertrand_nash([2.0, -2000.0], [1.0, 1.0], 1.0)
    assert found.share[1] == 0.0
    assert found.markup[1] == pytest.approx(1.0)


def test_a_start_at_the_solution_is_kept():
    found = bertrand_nash(QUALITY, COST, 1.3, **NESTS)
    again = bertrand_nash(QUALITY, COST, 1.3, start=found.price, **NESTS)
    assert again.iterations == 1
    assert again.price == pytest.approx(found.price, rel=1e-13)


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"quality": [1.0, np.nan]}, "quality"),
        ({"quality": [1.0, -np.inf]}, "quality"),
        ({"quality": []}, "quality"),
        ({"quality": [[1.0, 2.0]]}, "quality"),
        ({"quality": [1.0, "good"]}, "quality"),
        ({"cost": [1.0, 2.0, 3.0]}, "cost"),
        ({"cost": [1.0, np.inf]}, "cost"),
        ({"price_coefficient": 0.0}, "price_coefficient"),
        ({"price_coefficient": -1.0}, "price_coefficient"),
        ({"price_coefficient": [1.0, 1.0]}, "price_coefficient"),
        ({"owner": [0, 0, 1]}, "owner"),
        ({"owner": [0.0, np.nan]}, "owner"),
        ({"owner": [[1.0, 1.2], [0.0, 1.0]]}, "owner"),
        ({"owner": [[0.5, 0.0], [0.0, 1.0]]}, "owner"),
        ({"owner": [0, 0], "outside_utility": None}, "owner"),
        ({"nest": [0]}, "nest"),
        ({"nest": [0, 0], "nesting": 1.0}, "nesting"),
        ({"nest": [0, 0], "nesting": -0.1}, "nesting"),
        ({"nest": [0, 0], "nesting": [0.1, 0.2]}, "nesting"),
        ({"nesting": 0.5}, "nesting"),
        ({"outside_utility": np.nan}, "outside_utility"),
        ({"capacity": [0.0, 1.0]}, "capacity"),
        ({"capacity": [np.nan, 1.0]}, "capacity"),
        ({"capacity": [1.0]}, "capacity"),
        ({"capacity": ["much", 1.0]}, "capacity"),
        ({"capacity": [0.5, 0.5], "outside_utility": None}, "capacity"),
        ({"market_size": 0.0}, "market_size"),
        ({"price_term": "square"}, "price_term"),
        ({"price_term": "log", "cost": [0.0, 1.0]}, "cost"),
        ({"price_term": "log", "start": [0.0, 1.0]}, "start"),
        ({"start": [1.0]}, "start"),
        ({"tolerance": 0.0}, "tolerance"),
        ({"max_iterations": 0}, "max_iterations"),
        ({"max_iterations": 2.5}, "max_iterations"),
    ],
)
def test_wrong_input_names_the_parameter(changes, parameter):
    arguments = {"quality": [1.0, 2.0], "cost": [1.0, 1.0], "price_coefficient": 1.0} | changes
    with pytest.raises(EconomicsError) as caught:
        bertrand_nash(**arguments)
    assert caught.value.parameter == parameter


@pytest.mark.parametrize("coefficient", [0.5, 1.0])
def test_inelastic_demand_has_no_price(coefficient):
    with pytest.raises(EconomicsError, match="finite prices"):
        monopoly([1.0], [1.0], coefficient, price_term="log")


def test_too_few_iterations_say_how_far_they_came():
    with pytest.raises(EconomicsError, match=r"residual .* after 3 iterations") as caught:
        bertrand_nash(QUALITY, COST, 1.3, max_iterations=3)
    assert caught.value.parameter == "max_iterations"


def mixed_logit(quality, coefficient, weight):
    def respond(price):
        share, _ = nested_logit_shares(quality - coefficient[:, None] * price)
        sold = (weight * coefficient)[:, None] * share
        return weight @ share, -sold.sum(axis=0), -sold.T @ share

    return respond


@pytest.mark.parametrize("owner", [None, [0, 0, 1, 1, 2], [0] * 5, PARTIAL])
@pytest.mark.parametrize("level", [0.0, 20.0])
def test_the_general_solver_agrees_with_the_logit_solver(owner, level):
    respond = mixed_logit(QUALITY[None, :] + level, np.array([1.3]), np.array([100.0]))
    found = solve_prices(respond, COST, owner, COST, tolerance=1e-12)
    expected = bertrand_nash(QUALITY + level, COST, 1.3, owner=owner, market_size=100.0)
    assert found.price == pytest.approx(expected.price, rel=1e-9)
    assert found.quantity == pytest.approx(expected.quantity, rel=1e-8)


def test_the_general_solver_meets_the_conditions_of_mixed_demand_and_starts_warm():
    generator = np.random.default_rng(5)
    coefficient, weight = generator.uniform(0.5, 4.0, 30), generator.dirichlet(np.ones(30))
    respond = mixed_logit(QUALITY + generator.normal(0.0, 1.0, (30, 5)), coefficient, weight)
    owner = [0, 0, 1, 1, 2]
    found = solve_prices(respond, COST, owner, 2.0 * COST)
    quantity, own, cross = respond(found.price)
    slopes = np.diag(own) - cross
    conditions = quantity + (ownership_matrix(owner, 5) * slopes.T) @ found.markup
    assert conditions == pytest.approx(np.zeros(5), abs=1e-9)
    assert solve_prices(respond, COST, owner, found.price).iterations == 1


def isoelastic(elasticity):
    return lambda price: (price**-elasticity, -elasticity * price ** (-elasticity - 1.0), np.zeros((1, 1)))


def test_the_general_solver_finds_the_lerner_markup():
    assert solve_prices(isoelastic(3.0), [2.0], None, [2.0]).price == pytest.approx([3.0])


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")  # the demand's own, at a negative price
@pytest.mark.parametrize("elasticity", [0.3, 0.5, 0.9, 1.0])
def test_the_general_solver_refuses_inelastic_demand(elasticity):
    with pytest.raises(EconomicsError):
        solve_prices(isoelastic(elasticity), [1.0], None, [1.0])


@pytest.mark.parametrize(
    ("answer", "parameter"),
    [
        ((np.array([0.0, 1.0]), -np.ones(2), np.zeros((2, 2))), "quantity"),
        ((np.array([np.nan, 1.0]), -np.ones(2), np.zeros((2, 2))), "quantity"),
        ((np.ones(2), np.array([-1.0, 0.0]), np.zeros((2, 2))), "own"),
        ((np.ones(2), -np.ones(2), np.full((2, 2), np.inf)), "cross"),
        ((np.ones(3), -np.ones(2), np.zeros((2, 2))), "respond"),
        ((np.ones(2), -np.ones(2), np.diag([-2.0, -0.1])), "respond"),
    ],
)
def test_a_demand_that_is_none_is_named(answer, parameter):
    with pytest.raises(EconomicsError) as caught:
        solve_prices(lambda _: answer, [1.0, 1.0], None, [2.0, 2.0])
    assert caught.value.parameter == parameter
