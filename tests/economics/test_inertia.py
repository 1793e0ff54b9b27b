import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimarket.economics import EconomicsError
from aimarket.economics.inertia import expected_churn, stationary_shares, switching_transition
from aimarket.population.choice import ChoiceSet, Tastes, choose_products

UTILITY = np.array([0.0, 1.0, 0.8, 0.5])
UTILITIES = st.lists(st.floats(-5.0, 5.0), min_size=2, max_size=6)


def test_two_vendors_by_hand():
    # Weights e^v = 1, 3; entering costs ln 2 and halves the weight.
    chain = switching_transition(np.log([1.0, 3.0]), np.log(2.0), outside=None)
    assert chain == pytest.approx(np.array([[1.0 / 2.5, 1.5 / 2.5], [0.5 / 3.5, 3.0 / 3.5]]))
    # In the long run flows balance: pi_0 0.6 = pi_1 / 7.
    assert stationary_shares(chain) == pytest.approx([10 / 52, 42 / 52])
    assert expected_churn(chain) == pytest.approx(2 * 0.6 * 10 / 52)


def test_leaving_to_the_outside_option_is_free_and_coming_back_is_not():
    chain = switching_transition(np.zeros(3), 1.0)
    low = np.exp(-1.0)
    assert chain[0] == pytest.approx(np.array([1.0, low, low]) / (1 + 2 * low))
    assert chain[1] == pytest.approx(np.array([1.0, 1.0, low]) / (2 + low))
    assert switching_transition(np.zeros(3), 1.0, outside=2)[::-1, ::-1] == pytest.approx(chain)


def test_without_switching_costs_the_past_does_not_matter():
    chain = switching_transition(UTILITY, 0.0)
    logit = np.exp(UTILITY) / np.exp(UTILITY).sum()
    assert chain == pytest.approx(np.tile(logit, (4, 1)), rel=1e-14)
    assert stationary_shares(chain) == pytest.approx(logit, rel=1e-14)
    assert expected_churn(chain) == pytest.approx(1.0 - (logit**2).sum(), rel=1e-14)


@given(UTILITIES, st.floats(0.0, 30.0), st.booleans(), st.floats(-50.0, 50.0))
def test_long_run_shares_reproduce_themselves_and_only_differences_of_utility_matter(utility, cost, inside, constant):
    outside = None if inside else 0
    chain = switching_transition(utility, cost, outside=outside)
    assert chain.sum(axis=1) == pytest.approx(np.ones(len(utility)), rel=1e-14)
    shares = stationary_shares(chain)
    assert shares.sum() == pytest.approx(1.0, rel=1e-14)
    assert (shares > 0.0).all()
    assert shares @ chain == pytest.approx(shares, rel=1e-11)
    shifted = switching_transition(np.add(utility, constant), cost, outside=outside)
    assert shifted == pytest.approx(chain, rel=1e-10)


@given(UTILITIES, st.floats(0.0, 5.0), st.floats(0.1, 5.0))
def test_dearer_switching_means_higher_retention_and_less_churn(utility, cost, more):
    cheap = switching_transition(utility, cost, outside=None)
    dear = switching_transition(utility, cost + more, outside=None)
    assert (np.diagonal(dear) > np.diagonal(cheap)).all()
    assert expected_churn(dear) < expected_churn(cheap)


@given(st.permutations(range(4)), st.floats(0.0, 8.0))
def test_the_order_of_options_does_not_matter(order, cost):
    chain = switching_transition(UTILITY, cost)
    order = list(order)
    renamed = switching_transition(UTILITY[order], cost, outside=order.index(0))
    assert renamed == pytest.approx(chain[np.ix_(order, order)], rel=1e-13)
    assert stationary_shares(renamed) == pytest.approx(stationary_shares(chain)[order], rel=1e-12)


def test_equal_vendors_share_the_market_equally_however_dear_switching_is():
    for cost in (0.0, 3.0, 30.0, 300.0):
        shares = stationary_shares(switching_transition(np.full(5, 2.0), cost, outside=None))
        assert shares == pytest.approx(np.full(5, 0.2), rel=1e-12)


def test_buyers_drawn_one_by_one_converge_to_the_long_run_shares():
    rng = np.random.default_rng(20240917)
    buyers = 40_000
    for cost in (0.0, 1.0, 2.0, 4.0):
        chain = switching_transition(UTILITY, cost)
        state, left = np.zeros(buyers, dtype=np.int64), 0
        for _ in range(80):
            following = (rng.random(buyers)[:, None] >= np.cumsum(chain, axis=1)[state, :-1]).sum(axis=1)
            left = np.count_nonzero(following != state)
            state = following
        # Within five standard deviations of independent draws; the start is forgotten to within 1e-6.
        for drawn, expected in (
            (np.bincount(state, minlength=4), stationary_shares(chain)),
            (left, expected_churn(chain)),
        ):
            error = drawn / buyers - expected
            assert (np.abs(error) < 5.0 * np.sqrt(expected * (1.0 - expected) / buyers)).all()


def test_matches_the_population_where_every_departure_costs_and_newcomers_pay_nothing():
    # A workload pays for leaving its product, to another or to none; without one it pays nothing.
    kappa, vendors = 1.7, UTILITY[1:]
    paid = np.full((4, 4), kappa)
    paid[0] = 0.0
    chain = switching_transition(UTILITY, paid, outside=None)
    choice_set = ChoiceSet(vendors, np.zeros(3), np.zeros(3, bool), np.ones(3, bool), np.ones((1, 3), bool))
    tastes = Tastes(switching_cost=kappa, integration_cost=0.0, nesting=0.0, outside_utility=0.0)
    for previous in (-1, 0, 1, 2):
        outcome = choose_products(
            choice_set,
            tastes,
            price_sensitivity=np.ones(1),
            open_taste=np.zeros(1),
            home_cloud=np.zeros(1, dtype=np.int64),
            previous=np.array([previous]),
            usage=np.ones(1),
            uniform=np.array([0.5]),
        )
        assert outcome.expected_usage == pytest.approx(chain[previous + 1, 1:], rel=1e-12)


def test_an_option_that_is_gone_is_left_for_ever():
    chain = switching_transition([0.0, 1.0, -np.inf], 2.0)
    assert (chain[:, 2] == 0.0).all()
    shares = stationary_shares(chain)
    assert shares[2] == 0.0
    assert shares[:2] == pytest.approx(stationary_shares(chain[:2, :2]), rel=1e-14)


def test_tiny_shares_keep_their_digits():
    shares = stationary_shares([[1.0 - 1e-15, 1e-15], [0.5, 0.5]])
    assert shares[1] == pytest.approx(2e-15 / (1.0 + 2e-15), rel=1e-12)


def test_a_single_option_holds_everything():
    assert stationary_shares([[1.0]]).tolist() == [1.0]
    assert expected_churn(switching_transition([3.0], 1.0)) == 0.0


def test_churn_of_buyers_who_are_not_in_the_long_run_yet():
    chain = switching_transition(UTILITY, 2.0)
    assert expected_churn(chain, [0.0, 1.0, 0.0, 0.0]) == pytest.approx(1.0 - chain[1, 1])


def test_cycles_have_long_run_shares_too():
    assert stationary_shares([[0.0, 1.0], [1.0, 0.0]]) == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize("chain", [np.eye(2), [[1.0, 0.0, 0.0], [0.2, 0.5, 0.3], [0.0, 0.0, 1.0]], np.diag(np.ones(3))])
def test_a_long_run_that_depends_on_the_start_is_refused(chain):
    with pytest.raises(EconomicsError, match="one long run, whatever the start") as caught:
        stationary_shares(chain)
    assert caught.value.parameter == "transition"


@pytest.mark.parametrize(
    ("chain", "bound"),
    [
        ([[0.5, 0.5]], "of shape"),
        ([], "of shape"),
        ([[0.5, 0.6], [0.5, 0.5]], "sum 1"),
        ([[1.5, -0.5], [0.5, 0.5]], "between 0 and 1"),
        ([[np.nan, 1.0], [0.5, 0.5]], "finite"),
        ("chain", "numbers"),
    ],
)
def test_what_is_no_transition_is_refused(chain, bound):
    for function in (stationary_shares, expected_churn):
        with pytest.raises(EconomicsError, match=bound) as caught:
            function(chain)
        assert caught.value.parameter == "transition"


@pytest.mark.parametrize("shares", [[0.5, 0.5], [0.5, 0.5, 0.5, 0.5], [-0.5, 0.5, 0.5, 0.5], [np.nan, 0.0, 0.0, 1.0]])
def test_what_is_no_distribution_of_buyers_is_refused(shares):
    with pytest.raises(EconomicsError) as caught:
        expected_churn(switching_transition(UTILITY, 1.0), shares)
    assert caught.value.parameter == "shares"


@pytest.mark.parametrize(
    ("utility", "cost", "outside", "parameter"),
    [
        ([0.0, np.nan], 1.0, 0, "utility"),
        ([0.0, np.inf], 1.0, 0, "utility"),
        ([-np.inf, -np.inf], 1.0, 0, "utility"),
        ([], 1.0, None, "utility"),
        (1.0, 1.0, None, "utility"),
        ([0.0, 1.0], -0.1, 0, "switching_cost"),
        ([0.0, 1.0], np.inf, 0, "switching_cost"),
        ([0.0, 1.0], [1.0, 1.0], 0, "switching_cost"),
        ([0.0, 1.0], 1.0, 2, "outside"),
        ([0.0, 1.0], 1.0, -1, "outside"),
        ([0.0, 1.0], 1.0, True, "outside"),
        ([0.0, 1.0], 1.0, 0.5, "outside"),
    ],
)
def test_bad_input_is_named(utility, cost, outside, parameter):
    with pytest.raises(EconomicsError) as caught:
        switching_transition(utility, cost, outside=outside)
    assert caught.value.parameter == parameter
