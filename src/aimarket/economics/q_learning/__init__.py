"""Do pricing algorithms learn to collude?  The experiment of Calvano et al. (2020), compiled."""

from aimarket.economics.q_learning.market import QLearningMarket, initial_q, price_grid, profit_gain
from aimarket.economics.q_learning.responses import (
    BestResponses,
    ImpulseResponse,
    best_responses,
    impulse_response,
)
from aimarket.economics.q_learning.sessions import QLearningSessions, run_sessions

__all__ = [
    "BestResponses",
    "ImpulseResponse",
    "QLearningMarket",
    "QLearningSessions",
    "best_responses",
    "impulse_response",
    "initial_q",
    "price_grid",
    "profit_gain",
    "run_sessions",
]
