"""Prices of trained algorithms: the shipped policies are those of the training, and play as they learnt."""

from __future__ import annotations

import numpy as np
import pytest
from pricing_views import decided, price_of, pricing_view

from aimarket.economics.q_learning import QLearningMarket, profit_gain
from aimarket.strategies.pricing.q_learning_training import (
    SESSIONS,
    load_policies,
    train_policies,
    write_policies,
)


def test_the_shipped_file_holds_every_session():
    shipped = load_policies()
    market = QLearningMarket()
    assert shipped.policy.shape == (SESSIONS, 2, market.price_points, market.price_points)
    assert shipped.policy.max() < market.price_points
    assert shipped.prices == pytest.approx(market.prices[0], rel=1e-9)
    assert shipped.profit_gain.mean() == pytest.approx(0.85, abs=0.06)  # Calvano et al. (2020)


def test_the_first_sessions_are_the_same_however_many_are_trained():
    learnt, shipped = train_policies(sessions=2), load_policies()
    np.testing.assert_array_equal(learnt.policy, shipped.policy[:2])


@pytest.mark.slow
def test_training_again_writes_the_shipped_policies(tmp_path):
    write_policies(tmp_path / "again.npz")
    shipped = load_policies()
    with np.load(tmp_path / "again.npz") as again:
        assert set(again.files) == {"prices", "policy", "profit_gain"}
        np.testing.assert_array_equal(again["policy"], shipped.policy)
        assert again["prices"] == pytest.approx(shipped.prices, rel=1e-12)
        assert again["profit_gain"] == pytest.approx(shipped.profit_gain, rel=1e-9)


def pair(session, prices, cost=(1.0, 1.0)):
    """Next prices of the session's two players after ``prices``, each with its own cost."""
    return [
        price_of(
            "q_learning",
            pricing_view(
                price_usd_per_mtok=prices[i],
                marginal_cost_usd_per_mtok=cost[i],
                rivals=[("api", prices[1 - i], 0.0, 0.5)],
            ),
            session=session,
            player=i,
        )
        for i in (0, 1)
    ]


@pytest.mark.parametrize("session", [0, 7, 19])
def test_both_players_answer_every_pair_of_prices_as_they_learnt(session):
    learnt = load_policies()
    for first in (0, 6, 14):
        for second in (2, 14):
            found = pair(session, (learnt.prices[first], learnt.prices[second]))
            assert found == [learnt.prices[learnt.policy[session, i, first, second]] for i in (0, 1)]


@pytest.mark.parametrize("first", [1.2, 1.7, 1.92])
def test_two_players_of_a_session_earn_what_they_had_learnt_to_from_any_first_prices(first):
    market, learnt, kept = QLearningMarket(), load_policies(), 0
    for session in range(SESSIONS):
        prices, earned = [first, first], []
        for period in range(120):
            prices = pair(session, prices)
            if period >= 60:
                i, j = np.abs(learnt.prices[:, None] - prices).argmin(axis=0)
                earned.append(market.profits[:, i, j])
        gain = profit_gain(np.mean(earned, axis=0), market.nash_profit, market.monopoly_profit)
        kept += abs(gain - learnt.profit_gain[session]) < 1e-6
    assert kept == SESSIONS


def test_prices_scale_with_cost():
    prices = load_policies().prices
    single, triple = pair(4, (prices[9], prices[3])), pair(4, (3 * prices[9], 3 * prices[3]), (3.0, 3.0))
    assert triple == pytest.approx([3.0 * price for price in single])


def test_a_learner_alone_plays_as_if_a_rival_charged_the_same():
    prices = load_policies().prices
    alone = price_of("q_learning", pricing_view(price_usd_per_mtok=2.0 * prices[5]), session=2)
    twin = pricing_view(price_usd_per_mtok=2.0 * prices[5], rivals=[("api", 2.0 * prices[5], 0.0, 0.5)])
    assert alone == price_of("q_learning", twin, session=2)
    assert "session 2, player 0" in decided("q_learning", twin, session=2).reason
