"""Training of the pricing algorithms that ``q_learning`` plays: Calvano et al. (2020), the authors' baseline.

Sessions 0 to 19 of one seed that was fixed beforehand, all of them kept: none was picked for what it learnt.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from aimarket.economics.q_learning import QLearningMarket, run_sessions

__all__ = ["POLICIES", "SEED", "SESSIONS", "Policies", "load_policies", "train_policies", "write_policies"]

SESSIONS = 20
SEED = 1
POLICIES = Path(__file__).with_name("q_learning_policies.npz")


@dataclass(frozen=True, eq=False)
class Policies:
    """What the firms of N sessions learnt, for a marginal cost of 1.

    ``prices`` (m,) can be chosen; ``policy`` (N, 2, m, m) is the index of the price that firm i chooses after
    firm 0's last price and firm 1's, by index; ``profit_gain`` (N,) is how far the learners' profits ended
    above competition, 1 being joint monopoly.
    """

    prices: npt.NDArray[np.float64]
    policy: npt.NDArray[np.uint8]
    profit_gain: npt.NDArray[np.float64]


def train_policies(sessions: int = SESSIONS, workers: int = 1) -> Policies:
    """Let two equal firms learn from scratch in the first ``sessions`` of the seed; about 0.2 s a session."""
    market = QLearningMarket()
    found = run_sessions(market, sessions, SEED, workers=workers)
    points = market.price_points
    return Policies(
        prices=market.prices[0],
        policy=found.policy.reshape(sessions, 2, points, points).astype(np.uint8),
        profit_gain=found.profit_gain,
    )


def write_policies(path: Path = POLICIES, workers: int = 2) -> None:
    """Train all sessions and write the file that ships, the same bytes for the same policies."""
    learnt = train_policies(workers=workers)
    np.savez_compressed(path, prices=learnt.prices, policy=learnt.policy, profit_gain=learnt.profit_gain)


@lru_cache(maxsize=1)
def load_policies() -> Policies:
    """The policies that ship."""
    with np.load(POLICIES, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in ("prices", "policy", "profit_gain")}
    for array in arrays.values():
        array.flags.writeable = False
    return Policies(**arrays)
