"""Prices of algorithms that have learnt, among their like, to keep them high."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.pricing.adjustment import postable
from aimarket.strategies.pricing.alternatives import alternatives
from aimarket.strategies.pricing.interface import PricingDecision, PricingView
from aimarket.strategies.pricing.q_learning_training import SESSIONS, load_policies

__all__ = ["QLearning"]


class QLearning(Strategy):
    """Plays what a Q-learning firm had learnt after some two million periods against another one.

    The algorithm saw two equal firms at a marginal cost of 1 and remembers one period.  Own last price and
    the mean of rivals' last prices, of the same kind first, else of any, are read as multiples of the own
    marginal cost c and taken to the nearest of its 15 prices g; the answer is p = g_a(own, rivals) c.
    Against the other player of its session it charges more than Bertrand-Nash and punishes who goes below.
    Without rivals it plays as if one charged the same.  It never met a shortage, and does not answer to one.
    """

    decision = "pricing"
    name = "q_learning"
    source = "Calvano, Calzolari, Denicolo & Pastorello (2020), American Economic Review 110(10), 3267-3297"

    class Parameters(StrategyParameters):
        session: int = Field(0, ge=0, le=SESSIONS - 1, description="training session whose policy is played")
        player: int = Field(0, ge=0, le=1, description="which of the session's two firms; 0 and 1 know each other")

    def decide(self, view: PricingView, _draws: Draws) -> PricingDecision:
        p, learnt = self.parameters, load_policies()
        policy, unit = learnt.policy[p.session, p.player], postable(view.marginal_cost_usd_per_mtok)
        own = view.price_usd_per_mtok / unit
        theirs = own.copy()
        for k in range(own.size):
            rivals = alternatives(view, k)
            if rivals.size:
                theirs[k] = view.rival_price_usd_per_mtok[rivals].mean() / unit[k]
        mine, other = _nearest_index(learnt.prices, own), _nearest_index(learnt.prices, theirs)
        answer = learnt.prices[policy[mine, other] if p.player == 0 else policy[other, mine]]
        return PricingDecision(
            price_usd_per_mtok=tuple(postable(answer * unit)),
            reason=f"learnt to charge {answer[0]:.3g} times cost {unit[0]:.3g} USD/Mtok after {own[0]:.3g} times "
            f"and rivals' {theirs[0]:.3g}: session {p.session}, player {p.player}",
            inputs={
                "cost_usd_per_mtok": float(unit[0]),
                "own_last_price_per_cost": float(own[0]),
                "rivals_last_price_per_cost": float(theirs[0]),
            },
        )


def _nearest_index(prices: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Index in ``prices`` (m,) of the one nearest to each of ``found`` (K,)."""
    return np.asarray(np.abs(found[:, None] - prices).argmin(axis=1))
