import itertools
import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimarket.economics.errors import EconomicsError
from aimarket.economics.q_learning import (
    QLearningMarket,
    best_responses,
    impulse_response,
    initial_q,
    price_grid,
    profit_gain,
    run_sessions,
)
from aimarket.economics.q_learning.kernel import cycle_of, discounted_values, learn

SMALL = QLearningMarket(price_points=3, exploration_decay=2e-3)
THREE_FIRMS = QLearningMarket(
    quality=(2.0, 2.1, 1.9), cost=(1.0, 1.0, 0.9), price_points=3, exploration_decay=2e-3, discount_factor=0.8
)
MEMORYLESS = QLearningMarket(memory=0, discount_factor=0.0, price_points=4, learning_rate=0.25, exploration_decay=5e-3)
TWO_PERIODS = QLearningMarket(memory=2, price_points=2, exploration_decay=2e-3, learning_rate=1.0)
MARKETS = {"small": SMALL, "three": THREE_FIRMS, "memoryless": MEMORYLESS, "two periods": TWO_PERIODS}


@pytest.fixture(scope="module")
def found():
    return run_sessions(SMALL, 12, 5, stability_periods=3_000)


def splitmix(key: int) -> float:
    word = (1 << 64) - 1
    key = ((key ^ (key >> 30)) * 0xBF58476D1CE4E5B9) & word
    key = ((key ^ (key >> 27)) * 0x94D049BB133111EB) & word
    return ((key ^ (key >> 31)) >> 11) * 2.0**-53


def learn_in_plain_python(market, seed, session, stability, cap):
    """The algorithm as the article tells it: dictionaries, no shortcuts, every best price searched anew."""
    firms, points = range(len(market.quality)), range(market.price_points)
    draws = [
        int(d) for d in np.random.SeedSequence(seed, spawn_key=(session,)).generate_state(2 * len(firms) + 1, "u8")
    ]
    combinations = list(itertools.product(points, repeat=len(firms)))
    histories = list(itertools.product(combinations, repeat=market.memory))
    start = initial_q(market.profits, market.discount_factor)
    q = {(i, h, a): float(start[i, a]) for i in firms for h in histories for a in points}

    def best(i, h):
        return max(points, key=lambda a: (q[i, h, a], -a))

    policy = {(i, h): best(i, h) for i in firms for h in histories}
    history, last_change, t = histories[draws[0] % len(histories)], 0, 0
    while t < cap and t - last_change < stability:
        explore = math.exp(-market.exploration_decay * t)
        step = t * 0x9E3779B97F4A7C15
        actions = tuple(
            int(splitmix((draws[1 + len(firms) + i] + step) % 2**64) * len(points))
            if splitmix((draws[1 + i] + step) % 2**64) < explore
            else policy[i, history]
            for i in firms
        )
        t += 1
        following = (*history, actions)[1:] if market.memory else ()
        top = [q[i, following, policy[i, following]] for i in firms]
        for i in firms:
            target = float(market.profits[(i, *actions)]) + market.discount_factor * top[i]
            old = q[i, history, actions[i]]
            q[i, history, actions[i]] = (1.0 - market.learning_rate) * old + market.learning_rate * target
            if policy[i, history] != best(i, history):
                policy[i, history] = best(i, history)
                last_change = t
        history = following
    visited = [history]
    while True:
        actions = tuple(policy[i, visited[-1]] for i in firms)
        following = (*visited[-1], actions)[1:] if market.memory else ()
        if following in visited:
            cycle = visited[visited.index(following) :]
            break
        visited.append(following)
    paid = [[market.profits[(i, *(policy[j, h] for j in firms))] for i in firms] for h in cycle]
    return [[policy[i, h] for h in histories] for i in firms], t, last_change, len(cycle), np.mean(paid, axis=0)


@pytest.mark.parametrize("name", MARKETS)
def test_sessions_equal_those_of_a_plain_python_implementation_bit_by_bit(name):
    market = MARKETS[name]
    found = run_sessions(market, 3, 11, stability_periods=1_500, max_periods=6_000)
    for session in range(3):
        policy, periods, last_change, length, profit = learn_in_plain_python(market, 11, session, 1_500, 6_000)
        assert found.policy[session].tolist() == policy
        assert found.periods_to_convergence[session] == last_change
        assert found.converged[session] == (periods - last_change >= 1_500)
        assert found.cycle_length[session] == length
        assert found.profit[session] == pytest.approx(profit, rel=1e-14)


@given(st.lists(st.sampled_from([0.0, 1.0]), min_size=32, max_size=32), st.integers(0, 2**64 - 1), st.integers(1, 60))
def test_of_equal_values_the_lowest_price_is_best_at_any_time(profits, key, periods):
    # With profits of 0 and 1, learnt completely, most values are equal.
    values, greedy = np.zeros((2, 16, 4)), np.zeros((2, 16), dtype=np.int64)
    keys = np.array([[key, key ^ 1], [key ^ 2, key ^ 3]], dtype=np.uint64)
    profit = np.reshape(profits, (2, 16))
    assert learn(values, greedy, profit, keys, 5, 1.0, 1e-3, 0.0, 10**6, periods)[0] == periods
    assert set(np.unique(values)) <= {0.0, 1.0}
    assert (greedy == values.argmax(axis=2)).all()


def test_workers_and_the_number_of_sessions_change_nothing(found):
    again = run_sessions(SMALL, 30, 5, workers=3, stability_periods=3_000)
    for name in ("converged", "periods_to_convergence", "policy", "cycle_state", "cycle_length", "price", "profit"):
        assert (getattr(again, name)[:12] == getattr(found, name)).all(), name
    other = run_sessions(SMALL, 12, 6, stability_periods=3_000)
    assert (other.policy != found.policy).any()
    assert len(np.unique(again.periods_to_convergence)) > 20


def test_the_cap_gives_unconverged_sessions_and_no_error():
    capped = run_sessions(SMALL, 4, 5, stability_periods=3_000, max_periods=1_000)
    assert not capped.converged.any()
    assert (capped.periods_to_convergence <= 1_000).all()
    assert np.isfinite(capped.profit_gain).all()


def test_the_cap_does_not_spoil_a_session_that_needs_just_as_long(found):
    longest = int(found.periods_to_convergence.max()) + 3_000
    assert run_sessions(SMALL, 12, 5, stability_periods=3_000, max_periods=longest).converged.all()
    assert not run_sessions(SMALL, 12, 5, stability_periods=3_000, max_periods=longest - 1).converged.all()


def test_cycles_are_greedy_play_that_comes_back(found):
    for session in range(12):
        prices, profits = found.cycle(session)
        assert len(prices) == found.cycle_length[session]
        assert prices.mean(axis=0) == pytest.approx(found.price[session])
        assert profits.mean(axis=0) == pytest.approx(found.profit[session])
        for now, following in zip(prices, np.roll(prices, -1, axis=0), strict=True):
            first, second = (np.flatnonzero(SMALL.prices[firm] == now[firm])[0] for firm in (0, 1))
            # With one period of memory the prices of a period are the state of the next one.
            answer = found.policy[session, :, 3 * first + second]
            assert (SMALL.prices[[0, 1], answer] == following).all()
    assert sum(found.cycle_frequency().values()) == pytest.approx(1.0)


def test_a_memoryless_firm_always_charges_the_same_price():
    result = run_sessions(MEMORYLESS, 20, 1, stability_periods=2_000)
    assert result.cycle_frequency() == {1: 1.0}
    assert result.policy.shape == (20, 2, 1)
    assert (result.price[:, 0] == MEMORYLESS.prices[0][result.policy[:, 0, 0]]).all()


def test_exploring_firms_that_learn_completely_end_in_the_static_equilibrium():
    # Without a future and with the last profit as the Q value, every price change of the rival is learnt.
    market = QLearningMarket(memory=0, discount_factor=0.0, price_points=2, learning_rate=1.0, exploration_decay=1e-2)
    result = run_sessions(market, 30, 2, stability_periods=1_000)
    dominant = market.profits[0].argmax(axis=0)
    assert dominant.tolist() == [0, 0]
    assert (result.policy == 0).mean() > 0.9


def test_profits_prices_and_first_values_follow_a_change_of_units_and_a_shift():
    base = QLearningMarket(quality=(2.0, 2.3), cost=(1.0, 1.1), price_points=4, exploration_decay=2e-3)
    scaled = QLearningMarket((20.0, 23.0), (10.0, 11.0), 0.0, 2.5, 4, exploration_decay=2e-3)
    assert scaled.prices == pytest.approx(10.0 * base.prices, rel=1e-9)
    assert scaled.profits == pytest.approx(10.0 * base.profits, rel=1e-8)
    shifted = QLearningMarket((5.0, 5.3), (4.0, 4.1), 0.0, 0.25, 4, exploration_decay=2e-3)
    assert shifted.prices == pytest.approx(base.prices + 3.0, rel=1e-9)
    assert shifted.profits == pytest.approx(base.profits, rel=1e-8)
    kept = run_sessions(base, 3, 4, stability_periods=1_000)
    moved = run_sessions(scaled, 3, 4, stability_periods=1_000)
    assert moved.profit_gain == pytest.approx(kept.profit_gain, abs=1e-6)


def test_profits_are_those_of_the_logit_market():
    price = THREE_FIRMS.prices[[0, 1, 2], [2, 0, 1]]
    weight = np.exp((np.array(THREE_FIRMS.quality) - price) / 0.25)
    expected = (price - np.array(THREE_FIRMS.cost)) * weight / (weight.sum() + 1.0)
    assert THREE_FIRMS.profits[:, 2, 0, 1] == pytest.approx(expected, rel=1e-13)


def test_the_grid_includes_both_ends_and_keeps_a_row_for_each_firm():
    grid = price_grid([1.0, 2.0], [2.0, 4.0], 5, 0.25)
    assert grid[0] == pytest.approx([0.75, 1.125, 1.5, 1.875, 2.25])
    assert grid[1] == pytest.approx(2.0 * grid[0])
    assert price_grid(1.0, 2.0, 3, 0.0) == pytest.approx([1.0, 1.5, 2.0])


def test_first_values_by_hand():
    profit = np.array([[[1.0, 3.0], [2.0, 6.0]], [[0.0, 1.0], [4.0, 5.0]]])
    assert initial_q(profit, 0.5) == pytest.approx(np.array([[4.0, 8.0], [4.0, 6.0]]))
    assert initial_q(profit, 0.0) == pytest.approx(0.5 * initial_q(profit, 0.5))


def test_profit_gain_pools_the_firms_before_dividing():
    # Firm 1 earns less under joint monopoly than under competition.
    assert profit_gain([1.5, 3.0], [2.0, 1.0], [1.0, 4.0]) == pytest.approx((2.25 - 1.5) / (2.5 - 1.5))


@given(st.lists(st.floats(-5.0, 5.0), min_size=2, max_size=4), st.floats(-1.0, 2.0), st.floats(0.1, 10.0))
def test_profit_gain_is_the_place_between_competition_and_monopoly(nash, place, width):
    competition = np.array(nash)
    monopoly = competition + width
    profit = np.stack([competition, monopoly, competition + place * width])
    assert profit_gain(profit, competition, monopoly) == pytest.approx([0.0, 1.0, place], abs=1e-9)
    assert profit_gain(3.0 * profit, 3.0 * competition, 3.0 * monopoly) == pytest.approx([0.0, 1.0, place], abs=1e-9)


@given(st.lists(st.integers(0, 6), min_size=7, max_size=7), st.integers(0, 6), st.floats(0.0, 0.95))
def test_cycles_and_discounted_values_of_any_transition_map(following, start, discount):
    leads_to = np.array(following)
    payoff = np.linspace(-1.0, 2.0, 7)
    state, length = cycle_of(leads_to, start)
    reached = [start]
    for _ in range(20):
        reached.append(following[reached[-1]])
    assert set(reached[8:]) == set(itertools.islice(_orbit(following, int(state)), length))
    assert len(set(reached[8:])) == length
    matrix = np.eye(7) - discount * np.eye(7)[leads_to]
    assert discounted_values(leads_to, payoff, discount) == pytest.approx(np.linalg.solve(matrix, payoff), abs=1e-9)


def _orbit(following, state):
    while True:
        yield state
        state = following[state]


def value_of(market, policies, firm, plan, state, periods=400):
    """Discounted profit of a firm that follows ``plan`` {state: price index}, simulated."""
    total, weight = 0.0, 1.0
    for _ in range(periods):
        actions = [int(policy[state]) for policy in policies]
        actions[firm] = int(plan[state])
        total += weight * market.profits[(firm, *actions)]
        weight *= market.discount_factor
        state = int(np.ravel_multi_index(actions, market.profits.shape[1:]))
    return total


def test_losses_and_best_responses_equal_those_found_by_trying_every_plan():
    market = QLearningMarket(price_points=2, exploration_decay=2e-3, discount_factor=0.8)
    found = run_sessions(market, 15, 3, stability_periods=500)
    answer = best_responses(found)
    plans = list(itertools.product(range(2), repeat=4))
    for session, policies in enumerate(found.policy):
        path = [int(found.cycle_state[session])]
        for _ in range(found.cycle_length[session] - 1):
            path.append(2 * int(policies[0][path[-1]]) + int(policies[1][path[-1]]))
        for firm in (0, 1):
            own = [value_of(market, policies, firm, policies[firm], state) for state in range(4)]
            best = [max(value_of(market, policies, firm, plan, state) for plan in plans) for state in range(4)]
            once = []
            for state in range(4):
                values = []
                for price in (0, 1):
                    actions = [int(policy[state]) for policy in policies]
                    actions[firm] = price
                    following = 2 * actions[0] + actions[1]
                    values.append(market.profits[(firm, *actions)] + 0.8 * own[following])
                once.append((max(values) - own[state]) / max(values))
            full = [(best[state] - own[state]) / best[state] for state in path]
            assert answer.loss_on_path[session, firm] == pytest.approx(np.mean([once[s] for s in path]), abs=1e-9)
            assert answer.loss_all_states[session, firm] == pytest.approx(np.mean(once), abs=1e-9)
            assert answer.loss_to_best_response[session, firm] == pytest.approx(np.mean(full), abs=1e-9)
    assert (answer.nash <= answer.equilibrium_on_path).all()
    assert answer.equilibrium_on_path.any()


def test_without_a_future_losses_are_those_of_the_stage_game():
    found = run_sessions(MEMORYLESS, 40, 1, stability_periods=1_000)
    answer = best_responses(found)
    profits = MEMORYLESS.profits
    for session in range(40):
        a, b = found.policy[session, :, 0]
        expected = [1.0 - profits[0, a, b] / profits[0, :, b].max(), 1.0 - profits[1, a, b] / profits[1, a].max()]
        assert answer.loss_on_path[session] == pytest.approx(expected, abs=1e-12)
    assert (answer.loss_on_path == answer.loss_all_states).all()
    assert answer.loss_to_best_response == pytest.approx(answer.loss_on_path, abs=1e-12)
    assert 0.0 < answer.nash.mean() < 1.0


def test_a_deviation_is_played_once_and_then_all_follow_their_strategies(found):
    for firm, price_index in ((0, 0), (1, 2)):
        response = impulse_response(found, firm, price_index, periods=6)
        assert response.price.shape == response.profit.shape == (12, 8, 2)
        assert (response.price[:, 0] == found.price).all()
        assert (response.profit[:, 0] == found.profit).all()
        assert response.price[:, 1, firm] == pytest.approx(SMALL.prices[firm, price_index])
        assert response.price[:, 1, 1 - firm] == pytest.approx(found.price[:, 1 - firm])
        for session in np.flatnonzero(found.cycle_length == 1):
            rival = SMALL.prices[1 - firm].tolist().index(found.price[session, 1 - firm])
            state = 3 * price_index + rival if firm == 0 else 3 * rival + price_index
            for period in range(2, 8):
                now = found.policy[session, :, state]
                assert response.price[session, period] == pytest.approx(SMALL.prices[[0, 1], now])
                assert response.profit[session, period] == pytest.approx(SMALL.profits[:, now[0], now[1]])
                state = 3 * now[0] + now[1]


def test_values_of_a_deviation_are_discounted_profits(found):
    response = impulse_response(found, 0, periods=600)
    weights = 0.95 ** np.arange(601)
    assert response.value_deviating == pytest.approx(response.profit[:, 1:, 0] @ weights, rel=1e-9)
    assert response.value_staying == pytest.approx(found.profit[:, 0] / 0.05, rel=1e-9)
    assert (response.unprofitable == (response.value_deviating <= response.value_staying + 1e-9)).all()


def test_the_default_deviation_is_the_static_best_response(found):
    best = impulse_response(found, 0, periods=1).profit[:, 1, 0]
    for price_index in range(3):
        assert (best >= impulse_response(found, 0, price_index, periods=1).profit[:, 1, 0] - 1e-12).all()


def test_playing_on_is_no_deviation(found):
    for session in np.flatnonzero(found.cycle_length == 1):
        own = SMALL.prices[0].tolist().index(found.price[session, 0])
        response = impulse_response(found, 0, own, periods=4)
        assert response.price[session] == pytest.approx(np.tile(found.price[session], (6, 1)))
        assert response.unprofitable[session]


def test_markets_and_results_survive_pickling(found):
    again = pickle.loads(pickle.dumps(found))
    assert again.market == SMALL
    assert (again.profit_gain == found.profit_gain).all()


@pytest.mark.parametrize(
    ("change", "parameter"),
    [
        ({"quality": (2.0,), "cost": (1.0,)}, "quality"),
        ({"quality": ((2.0, 2.0),), "cost": ((1.0, 1.0),)}, "quality"),
        ({"quality": (2.0, math.nan)}, "quality"),
        ({"quality": ("good", "bad")}, "quality"),
        ({"cost": (1.0, 1.0, 1.0)}, "cost"),
        ({"cost": (1.0, math.inf)}, "cost"),
        ({"outside_quality": -math.inf}, "outside_quality"),
        ({"differentiation": 0.0}, "differentiation"),
        ({"differentiation": (0.25, 0.25)}, "differentiation"),
        ({"price_points": 1}, "price_points"),
        ({"price_points": 15.5}, "price_points"),
        ({"price_points": 10**9}, "price_points"),
        ({"memory": -1}, "memory"),
        ({"memory": 50}, "price_points"),
        ({"grid_margin": -0.1}, "grid_margin"),
        ({"discount_factor": 1.0}, "discount_factor"),
        ({"discount_factor": math.nan}, "discount_factor"),
        ({"learning_rate": 0.0}, "learning_rate"),
        ({"learning_rate": 1.5}, "learning_rate"),
        ({"exploration_decay": 0.0}, "exploration_decay"),
        ({"exploration_decay": math.inf}, "exploration_decay"),
    ],
)
def test_a_market_out_of_bounds_is_refused(change, parameter):
    with pytest.raises(EconomicsError) as refused:
        QLearningMarket(**change)
    assert refused.value.parameter == parameter


@pytest.mark.parametrize(
    ("change", "parameter"),
    [
        ({"sessions": 0}, "sessions"),
        ({"sessions": 2.5}, "sessions"),
        ({"seed": -1}, "seed"),
        ({"seed": None}, "seed"),
        ({"workers": 0}, "workers"),
        ({"stability_periods": 0}, "stability_periods"),
        ({"max_periods": 0}, "max_periods"),
    ],
)
def test_a_run_out_of_bounds_is_refused(change, parameter):
    with pytest.raises(EconomicsError) as refused:
        run_sessions(**{"market": SMALL, "sessions": 1, "seed": 1} | change)
    assert refused.value.parameter == parameter


def test_firms_that_do_not_compete_have_no_grid():
    with pytest.raises(EconomicsError) as refused:
        run_sessions(QLearningMarket(quality=(2.0, -300.0)), 1, 1)
    assert refused.value.parameter == "monopoly_price"


def test_bad_arguments_of_the_measures_are_refused(found):
    calls = [
        ("monopoly_price", lambda: price_grid(2.0, 2.0, 5, 0.1)),
        ("monopoly_price", lambda: price_grid([1.0, 1.0], [2.0, 0.5], 5, 0.1)),
        ("monopoly_price", lambda: price_grid([1.0, 1.0], [2.0, 2.0, 2.0], 5, 0.1)),
        ("nash_price", lambda: price_grid(math.nan, 2.0, 5, 0.1)),
        ("points", lambda: price_grid(1.0, 2.0, 1, 0.1)),
        ("margin", lambda: price_grid(1.0, 2.0, 5, -0.1)),
        ("margin", lambda: price_grid(1.0, 2.0, 5, math.inf)),
        ("profit", lambda: initial_q(np.ones((2, 3)), 0.9)),
        ("profit", lambda: initial_q(np.ones((2, 3, 4)), 0.9)),
        ("profit", lambda: initial_q(np.full((2, 3, 3), math.nan), 0.9)),
        ("discount_factor", lambda: initial_q(np.ones((2, 3, 3)), 1.0)),
        ("profit", lambda: profit_gain([1.0, 1.0, 1.0], [0.0, 0.0], [1.0, 1.0])),
        ("profit", lambda: profit_gain(1.0, [0.0, 0.0], [1.0, 1.0])),
        ("nash_profit", lambda: profit_gain(1.0, 0.0, 1.0)),
        ("monopoly_profit", lambda: profit_gain([1.0, 1.0], [1.0, 0.0], [0.0, 1.0])),
        ("session", lambda: found.cycle(12)),
        ("firm", lambda: impulse_response(found, 2)),
        ("firm", lambda: impulse_response(found, -1)),
        ("price_index", lambda: impulse_response(found, 0, 3)),
        ("periods", lambda: impulse_response(found, 0, periods=0)),
    ]
    for parameter, call in calls:
        with pytest.raises(EconomicsError) as refused:
            call()
        assert refused.value.parameter == parameter
