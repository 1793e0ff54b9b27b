"""What learnt strategies are worth: how close to best responses they are, and what follows a deviation.

All as in Calvano, Calzolari, Denicolo & Pastorello (2020), American Economic Review 110(10), 3267-3297.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aimarket.economics.errors import EconomicsError
from aimarket.economics.q_learning.market import QLearningMarket, whole
from aimarket.economics.q_learning.sessions import QLearningSessions, cycle_points, play, transition

__all__ = ["BestResponses", "ImpulseResponse", "best_responses", "impulse_response"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

# Values closer than this, relative to the larger, are equal: they differ by rounding alone.
TIE = 1e-10


@dataclass(frozen=True, eq=False)
class BestResponses:
    """What each firm (n) gives up in each session (N) by its strategy, as a share of the best it could have.

    ``loss_on_path`` and ``loss_all_states`` (N, n) are the Q losses of Calvano et al. (2020, Table 1): the
    value lost by the strategy's price against the best single price, if the strategy is followed from the
    next period on; averages over the states of the cycle and over all states.  ``loss_to_best_response``
    (N, n) compares the strategy with the best strategy there is against those of the rivals, on the
    cycle; it is at least as large, since a plan may pass through states where the rivals learnt little.
    """

    loss_on_path: FloatArray
    loss_all_states: FloatArray
    loss_to_best_response: FloatArray

    @property
    def equilibrium_on_path(self) -> BoolArray:
        """Sessions (N,) where no firm gains by one deviation from the cycle: Calvano et al.'s Nash equilibria."""
        return np.asarray((self.loss_on_path <= TIE).all(axis=1))

    @property
    def nash(self) -> BoolArray:
        """Sessions (N,) where every strategy is a best response to the others on the cycle."""
        return np.asarray((self.loss_to_best_response <= TIE).all(axis=1))


@dataclass(frozen=True, eq=False)
class ImpulseResponse:
    """Prices and profits (N, periods + 2, n) around one firm's deviation in N sessions.

    Along the second axis: the cycle before, the period of the deviation, and the periods after it, in
    which all follow their strategies again; averages over the points of the cycle at which to deviate.
    ``value_deviating`` and ``value_staying`` (N,) are the deviating firm's discounted profits from the
    deviation on, for ever, if it does and if it does not.
    """

    price: FloatArray
    profit: FloatArray
    value_deviating: FloatArray
    value_staying: FloatArray

    @property
    def unprofitable(self) -> BoolArray:
        """Sessions (N,) where deviating brought no gain."""
        return np.asarray(self.value_deviating <= self.value_staying + TIE * np.abs(self.value_staying))


def best_responses(found: QLearningSessions) -> BestResponses:
    """Compare every strategy with the best responses to the rivals' strategies, exactly.

    The values are those of the strategies themselves, not the Q values the firms arrived at; the best
    strategy is found by policy iteration (Howard 1960).
    """
    from aimarket.economics.q_learning.kernel import discounted_values

    sessions, firms, states = found.policy.shape
    on_path = np.zeros((sessions, states), dtype=np.bool_)
    on_path[cycle_points(found)] = True
    result = BestResponses(*(np.zeros((sessions, firms)) for _ in range(3)))
    discount, everywhere = found.market.discount_factor, np.arange(states)
    for session, path in enumerate(on_path):
        for firm in range(firms):
            payoff, following = _choices(found.market, found.policy[session], firm)
            strategy = found.policy[session, firm].astype(np.int64)
            plan = strategy
            while True:
                value = discounted_values(following[everywhere, plan], payoff[everywhere, plan], discount)
                choice = payoff + discount * value[following]
                if plan is strategy:
                    own = value
                    lost = _loss(choice[everywhere, plan], choice.max(axis=1))
                better = choice.argmax(axis=1)
                gain = choice[everywhere, better] - choice[everywhere, plan]
                improved = gain > TIE * np.abs(choice[everywhere, better])
                if not improved.any():
                    break
                plan = np.where(improved, better, plan)
            result.loss_on_path[session, firm] = lost[path].mean()
            result.loss_all_states[session, firm] = lost.mean()
            result.loss_to_best_response[session, firm] = _loss(own, value)[path].mean()
    return result


def impulse_response(
    found: QLearningSessions, firm: int = 0, price_index: int | None = None, periods: int = 25
) -> ImpulseResponse:
    """What happens in the ``periods`` after ``firm`` once charges another price than its strategy says.

    The price is the static best response, on the grid, to what the rivals charge in that period, or the
    one of ``price_index``.  Nobody explores or learns.  Calvano et al. (2020, section IV).  Raises
    ``EconomicsError`` for a firm or a price that is not there or fewer than 1 period.
    """
    from aimarket.economics.q_learning.kernel import discounted_values

    market = found.market
    firms = len(market.quality)
    if whole("firm", firm, 0) >= firms:
        raise EconomicsError("firm", firm, f"below {firms}")
    whole("periods", periods, 1)
    if price_index is not None and whole("price_index", price_index, 0) >= market.price_points:
        raise EconomicsError("price_index", price_index, f"below {market.price_points}")
    session, start = cycle_points(found)
    sessions = len(found.cycle_length)
    staying, deviating = np.zeros(len(start)), np.zeros(len(start))
    deviation = np.zeros(len(start), dtype=np.int64)
    for one in range(sessions):
        here = session == one
        payoff, following = _choices(market, found.policy[one], firm)
        own = np.arange(market.states), found.policy[one, firm]
        value = discounted_values(following[own], payoff[own], market.discount_factor)
        points = start[here]
        deviation[here] = payoff[points].argmax(axis=1) if price_index is None else price_index
        chosen = points, deviation[here]
        staying[here] = value[points]
        deviating[here] = payoff[chosen] + market.discount_factor * value[following[chosen]]
    weight = 1.0 / found.cycle_length[session]
    price, profit = (np.zeros((sessions, periods + 2, firms)) for _ in range(2))
    price[:, 0], profit[:, 0] = found.price, found.profit
    state = start
    for period in range(1, periods + 2):
        charged, earned, state = play(found, session, state, (firm, deviation) if period == 1 else None)
        np.add.at(price[:, period], session, charged * weight[:, None])
        np.add.at(profit[:, period], session, earned * weight[:, None])
    value_deviating, value_staying = np.zeros(sessions), np.zeros(sessions)
    np.add.at(value_deviating, session, deviating * weight)
    np.add.at(value_staying, session, staying * weight)
    return ImpulseResponse(price, profit, value_deviating, value_staying)


def _choices(market: QLearningMarket, policy: npt.NDArray[np.int16], firm: int) -> tuple[FloatArray, IntArray]:
    """Payoff of each price of the firm in each state and the state it leads to, (S, m), if the rivals keep theirs."""
    actions = np.repeat(policy[:, :, None].astype(np.int64), market.price_points, axis=2)
    actions[firm] = np.arange(market.price_points)
    combination, following = transition(market, np.arange(market.states)[:, None], actions)
    return market.profits[firm].reshape(-1)[combination], following


def _loss(value: FloatArray, best: FloatArray) -> FloatArray:
    """What ``value`` lacks of ``best``, as a share of it."""
    gap = best - value
    return np.divide(gap, np.abs(best), out=np.zeros_like(gap), where=gap > 0.0)
