"""Do pricing algorithms learn to collude?  The experiment of Calvano, Calzolari, Denicolo & Pastorello (2020).

n firms set prices in a logit market, each with a Q-learning algorithm that knows nothing about the
market and remembers the prices of the last k periods (American Economic Review 110(10), 3267-3297):

    Q_i(s, a_i) <- (1 - alpha) Q_i(s, a_i) + alpha (profit_i(a) + delta max_b Q_i(s', b))

with probability exp(-beta t) of a random price in period t = 0, 1, ..., drawn for each firm by itself,
and otherwise the price with the highest Q value, the lowest of equals.  A session is over when no
firm's best price in any state has changed for many periods.  The same seed gives the same sessions for
any number of workers, and session i is the same however many there are.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aimarket.economics.errors import require
from aimarket.economics.q_learning.market import QLearningMarket, initial_q, profit_gain, whole

__all__ = ["QLearningSessions", "run_sessions"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class QLearningSessions:
    """What N sessions learned; every array has the session as its first axis.

    ``converged`` (N,), False where the cap on periods came first (the rest then describes the greedy play
    at the cap); ``periods_to_convergence`` (N,), the last period in which a best price changed, so the
    periods of stability that follow are not counted; ``policy`` (N, n, S), the index in ``market.prices``
    of the best price of each firm in each state.  Greedy play from the last state on ends in a cycle:
    ``cycle_state`` (N,) is one of its states, ``cycle_length`` (N,) its periods, ``price`` and ``profit``
    (N, n) the averages over it.
    """

    market: QLearningMarket
    converged: BoolArray
    periods_to_convergence: IntArray
    policy: npt.NDArray[np.int16]
    cycle_state: IntArray
    cycle_length: IntArray
    price: FloatArray
    profit: FloatArray

    @property
    def profit_gain(self) -> FloatArray:
        """Delta of each session, (N,), as in the function ``profit_gain``."""
        return profit_gain(self.profit, self.market.nash_profit, self.market.monopoly_profit)

    def cycle_frequency(self) -> dict[int, float]:
        """Share of the sessions with each length of the cycle, by length."""
        lengths, counts = np.unique(self.cycle_length, return_counts=True)
        return {int(length): float(count / counts.sum()) for length, count in zip(lengths, counts, strict=True)}

    def cycle(self, session: int) -> tuple[FloatArray, FloatArray]:
        """Prices and profits of one session's cycle, each (cycle length, n)."""
        count = len(self.cycle_length)
        require(whole("session", session, 0) < count, "session", session, f"below {count}")
        state = self.cycle_state[[session]]
        periods = []
        for _ in range(self.cycle_length[session]):
            price, profit, state = play(self, np.array([session]), state)
            periods.append((price[0], profit[0]))
        prices, profits = zip(*periods, strict=True)
        return np.stack(prices), np.stack(profits)


def run_sessions(
    market: QLearningMarket,
    sessions: int,
    seed: int,
    *,
    workers: int = 1,
    stability_periods: int = 100_000,
    max_periods: int = 1_000_000_000,
) -> QLearningSessions:
    """Let the firms learn from scratch in each of ``sessions`` independent sessions.

    A session converges when no firm's best price in any state changed for ``stability_periods``; it stops
    unconverged, which is a result, after ``max_periods``.  It starts in a random state.  ``workers`` threads
    share the sessions.  Raises ``EconomicsError`` for a count below 1 or a negative seed.
    """
    from aimarket.economics.q_learning.kernel import cycle_of, learn

    whole("sessions", sessions, 1)
    whole("seed", seed, 0)
    whole("workers", workers, 1)
    whole("stability_periods", stability_periods, 1)
    whole("max_periods", max_periods, 1)
    firms, states = len(market.quality), market.states
    profit = market.profits.reshape(firms, -1)
    start = initial_q(market.profits, market.discount_factor)

    def one(session: int) -> tuple[int, int, npt.NDArray[np.int16], int, int]:
        draws = np.random.SeedSequence(seed, spawn_key=(session,)).generate_state(2 * firms + 1, np.uint64)
        keys = draws[1:].reshape(2, firms).astype(np.uint64)
        values = np.repeat(start[:, None, :], states, axis=1)
        policy = values.argmax(axis=2)
        played, last_change, state = learn(
            values,
            policy,
            profit,
            keys,
            int(draws[0] % np.uint64(states)),
            market.learning_rate,
            market.exploration_decay,
            market.discount_factor,
            stability_periods,
            max_periods,
        )
        entry, length = cycle_of(transition(market, np.arange(states), policy)[1], state)
        return played, last_change, policy.astype(np.int16), entry, length

    if workers == 1:
        results = [one(session) for session in range(sessions)]
    else:
        with ThreadPoolExecutor(workers) as pool:
            results = list(pool.map(one, range(sessions)))
    played, last_change, policies, cycle_state, cycle_length = zip(*results, strict=True)
    found = QLearningSessions(
        market=market,
        converged=np.subtract(played, last_change) >= stability_periods,
        periods_to_convergence=np.array(last_change, dtype=np.int64),
        policy=np.stack(policies),
        cycle_state=np.array(cycle_state, dtype=np.int64),
        cycle_length=np.array(cycle_length, dtype=np.int64),
        price=np.zeros((sessions, firms)),
        profit=np.zeros((sessions, firms)),
    )
    which, on_cycle = cycle_points(found)
    price, earned, _ = play(found, which, on_cycle)
    for total, values in ((found.price, price), (found.profit, earned)):
        np.add.at(total, which, values / found.cycle_length[which, None])
    return found


def play(
    found: QLearningSessions, session: IntArray, state: IntArray, deviation: tuple[int, IntArray] | None = None
) -> tuple[FloatArray, FloatArray, IntArray]:
    """One period of greedy play from P pairs of a session and a state: prices and profits (P, n), next states (P,).

    ``deviation`` names a firm and the price indices (P,) it plays instead.
    """
    market = found.market
    actions = found.policy[session, :, state].T.astype(np.int64)
    if deviation is not None:
        actions[deviation[0]] = deviation[1]
    combination, following = transition(market, state, actions)
    price = np.take_along_axis(market.prices, actions, axis=1)
    return price.T, market.profits.reshape(len(actions), -1)[:, combination].T, following


def cycle_points(found: QLearningSessions) -> tuple[IntArray, IntArray]:
    """Every state of every session's cycle: sessions (P,) and states (P,), P the sum of the lengths."""
    session, state = np.arange(len(found.cycle_length)), found.cycle_state
    sessions, states = [session], [state]
    for period in range(1, int(found.cycle_length.max())):
        longer = found.cycle_length[session] > period
        session = session[longer]
        state = play(found, session, state[longer])[2]
        sessions.append(session)
        states.append(state)
    return np.concatenate(sessions), np.concatenate(states)


def transition(market: QLearningMarket, state: IntArray, actions: IntArray) -> tuple[IntArray, IntArray]:
    """Index of the combination of price indices (n, ...) and the state it leads to from ``state``, both (...)."""
    combination = np.ravel_multi_index(tuple(actions), market.profits.shape[1:])
    return combination, (state * market.profits[0].size + combination) % market.states
