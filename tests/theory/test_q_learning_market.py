"""Trained algorithms keep prices above competition in the simulated duopoly as well, not only where they learnt."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from aimarket.economics.q_learning import QLearningMarket, profit_gain
from aimarket.model import AIMarket
from aimarket.strategies.pricing.q_learning_training import SESSIONS, load_policies

NASH_PRICE = 1.47293  # Calvano et al. (2020)
PRODUCTS = ["firm_1_api", "firm_2_api"]
# Every cycle that was learnt, of 1, 2, 3 or 6 months, fits in a whole number of times.
SETTLED, PERIODS = 60, 120
# Prices that cycle move demand by more than the preset's spare capacity; the market they learnt in has no limit.
MARKET = {"time.periods": PERIODS, "compute.inference_buffer": 5.0}


@lru_cache(maxsize=2)
def duopoly(*sessions: int) -> tuple[np.ndarray, np.ndarray]:
    """Prices and profits per buyer, (months, 2) of the settled market; ``sessions`` of players 0 and 1."""
    plugs = [{"name": "q_learning", "session": session, "player": i} for i, session in enumerate(sessions)]
    changes = {f"agents.firm_{i + 1}.strategies.pricing": plug for i, plug in enumerate(plugs)}
    products = AIMarket("theory/duopoly", 1, overrides=changes | MARKET).run().tables["products"]
    late = products[products["step"] > SETTLED]
    price, cost, sold = (
        late.pivot(index="step", columns="product", values=name)[PRODUCTS].to_numpy()
        for name in ("price_usd_per_mtok", "marginal_cost_usd_per_mtok", "mtok")
    )
    return price, (price - cost) * sold / 1e6


def gain(profit: np.ndarray) -> float:
    market = QLearningMarket()
    return float(profit_gain(profit.mean(axis=0), market.nash_profit, market.monopoly_profit))


@pytest.mark.slow
def test_every_trained_pair_stays_above_the_nash_price_and_earns_what_it_had_learnt_to():
    learnt = load_policies()
    prices, gains = [], []
    for session in range(SESSIONS):
        price, profit = duopoly(session, session)
        prices.append(price.mean())
        gains.append(gain(profit))
    assert np.mean(prices) > NASH_PRICE
    assert sum(price > NASH_PRICE for price in prices) == SESSIONS
    assert gains == pytest.approx(learnt.profit_gain, abs=1e-3)


def test_a_trained_pair_repeats_its_cycle_for_ever_at_prices_it_could_choose():
    price, profit = duopoly(3, 3)
    assert np.abs(price[..., None] - load_policies().prices).min(axis=-1).max() < 1e-9
    assert price[:30] == pytest.approx(price[30:])
    assert gain(profit) == pytest.approx(load_policies().profit_gain[3], abs=1e-6)


def test_a_best_response_breaks_what_a_trained_pair_keeps_up():
    """The price above Nash is the policies' doing: against a best response it is not there."""
    best = {"name": "myopic_best_response", "adjustment": 0.5, "largest_change": 1, "largest_markup": 100}
    changes = {
        "agents.firm_1.strategies.pricing": {"name": "q_learning", "session": 3, "player": 0},
        "agents.firm_2.strategies.pricing": best,
    }
    products = AIMarket("theory/duopoly", 1, overrides=changes | MARKET).run().tables["products"]
    alone = products[products["step"] > SETTLED].groupby("product")["price_usd_per_mtok"].mean()
    together, _ = duopoly(3, 3)
    assert alone["firm_2_api"] < together.mean() - 0.1
