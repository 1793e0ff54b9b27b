"""What every strategy is: a name, a source, bounded parameters and one decision.

A strategy sees a read-only view of what its agent could know and its own random numbers, and returns a
frozen decision with the reason for it.  It keeps no state: what it needs to remember is in the view.
The caller (``decide``) bounds, records and commits.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from pydantic import BaseModel, ConfigDict

from aimarket.errors import StrategyError
from aimarket.randomness import Draws

__all__ = ["Decision", "Strategy", "StrategyParameters", "checked", "frozen", "per_period"]


class StrategyParameters(BaseModel):
    """Parameters of a strategy: typed, bounded, described, with defaults."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a strategy returns; subclasses add the numbers decided.

    ``bounds`` maps each number to its smallest and largest legal value, ``headline`` names the one
    shown in the decisions table.
    """

    reason: str
    bounds: ClassVar[dict[str, tuple[float, float]]] = {}
    headline: ClassVar[str]

    @property
    def headline_value(self) -> float:
        value = getattr(self, self.headline)
        return float(value[0]) if isinstance(value, np.ndarray | tuple) else float(value)


class Strategy(ABC):
    """Base of all strategies.

    Class attributes: ``decision`` (what it decides), ``name`` (registered name), ``source`` (where the
    rule comes from) and ``Parameters``.
    """

    decision: ClassVar[str]
    name: ClassVar[str]
    source: ClassVar[str]
    Parameters: ClassVar[type[StrategyParameters]] = StrategyParameters

    def __init__(self, parameters: Any) -> None:
        self.parameters = parameters

    @abstractmethod
    def decide(self, view: Any, draws: Draws) -> Decision:
        """The decision for what ``view`` shows, a pure function of its arguments."""


def per_period(share_per_month: float, months: float) -> float:
    """Share of a gap closed in a period of ``months`` by a rule that closes ``share_per_month`` of it a month."""
    return share_per_month if months == 1.0 else 1.0 - (1.0 - share_per_month) ** months


def frozen(values: Any) -> np.ndarray:
    """A read-only float copy of ``values``, for views."""
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array


def checked(decision: Decision, agent: str, strategy: Strategy) -> Decision:
    """``decision`` if each of its numbers is finite and within bounds.

    Raises
    ------
    StrategyError
        Names the agent, the strategy, the number and its bounds.
    """
    for field, (low, high) in decision.bounds.items():
        value = getattr(decision, field)
        for number in value if isinstance(value, np.ndarray | tuple) else (value,):
            if not (math.isfinite(number) and low <= number <= high):
                problem = f"returned {field} = {number!r}, allowed is {low:g} to {high:g}"
                raise StrategyError(agent, strategy.decision, strategy.name, problem)
    return decision
