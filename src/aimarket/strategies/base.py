"""What every strategy is: a name, a source, bounded parameters and one decision.

A strategy sees a read-only view of what its agent could know and its own random numbers, and returns a
frozen decision with the reason for it.  It keeps no state: what it needs to remember is in the view.
The caller (``decide``) bounds, records and commits.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import FrozenInstanceError, dataclass
from typing import Any, ClassVar

import numpy as np
from pydantic import BaseModel, ConfigDict

from aimarket.errors import AimarketError, StrategyError
from aimarket.randomness import Draws

__all__ = [
    "Decision",
    "Strategy",
    "StrategyParameters",
    "View",
    "checked_decision",
    "frozen",
    "no_numbers",
    "per_period",
]


class StrategyParameters(BaseModel):
    """Parameters of a strategy: typed, bounded, described, with defaults."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


@dataclass(frozen=True, kw_only=True)
class View:
    """What every agent knows when it decides; subclasses add what concerns their decision.

    ``month`` is the first month of the period (YYYY-MM), ``period_months`` its length, ``runway_months``
    the agent's own cash over its own burn (1e6 where it burns none), ``sentiment`` the public mood of
    investors, a log shift of valuations.
    """

    month: str = "2026-01"
    period_months: float = 1.0
    runway_months: float = 1e6
    sentiment: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a strategy returns; subclasses add the numbers decided.

    ``reason`` says in one sentence why, ``inputs`` holds the numbers that mattered, by name with unit.
    ``bounds`` maps each number decided to its smallest and largest legal value, ``lengths`` each tuple to
    the field of the view that it must be as long as (or empty, where ``may_be_empty`` lists it), and
    ``headline`` names the number shown in the decisions table.
    """

    reason: str
    inputs: Mapping[str, float]
    bounds: ClassVar[dict[str, tuple[float, float]]] = {}
    lengths: ClassVar[dict[str, str]] = {}
    may_be_empty: ClassVar[tuple[str, ...]] = ()
    headline: ClassVar[str]

    @property
    def headline_value(self) -> float:
        """The number shown in the decisions table: the first one of several."""
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
    """A float copy of ``values`` for views, which nobody can make writeable again."""
    array = np.array(values, dtype=np.float64)
    return np.frombuffer(array.tobytes(), dtype=np.float64).reshape(array.shape)


def no_numbers() -> np.ndarray:
    """An empty read-only array, where a view has nothing to show."""
    return frozen([])


def checked_decision(
    strategy: Strategy, view: View, draws: Draws, kind: type[Decision], agent: str, period: int
) -> Any:
    """What ``strategy`` decides on ``view``, if it is a legal ``kind`` of decision.

    Raises
    ------
    StrategyError
        The strategy raises, tries to change its view, returns something else, or a number that is not
        finite, out of bounds or missing; names agent, period, decision and strategy.
    """

    def refuse(problem: str) -> StrategyError:
        return StrategyError(agent, strategy.decision, strategy.name, problem, period)

    try:
        decision = strategy.decide(view, draws)
    except FrozenInstanceError as error:
        raise refuse(f"tried to change its view: {error}") from error
    except (Exception, SystemExit) as error:
        if isinstance(error, ValueError) and "read-only" in str(error):
            raise refuse(f"tried to change its view: {error}") from error
        told = str(error) if isinstance(error, AimarketError) else f"{type(error).__name__}: {error}"
        raise refuse(f"failed: {told}") from error
    if not isinstance(decision, kind):
        raise refuse(f"returned a {type(decision).__name__}, must be a {kind.__name__}")
    for field, (low, high) in decision.bounds.items():
        value = getattr(decision, field)
        several = isinstance(value, np.ndarray | tuple)
        if several != (field in decision.lengths):
            raise refuse(f"returned {field} = {value!r}, must be {'a tuple' if not several else 'one number'}")
        for number in _illegal(value, low, high) if several else (value,):
            if not (_is_number(number) and math.isfinite(number) and low <= number <= high):
                raise refuse(f"returned {field} = {number!r}, allowed is {low:g} to {high:g}")
    for field, of_view in decision.lengths.items():
        found, wanted = len(getattr(decision, field)), len(getattr(view, of_view))
        if found != wanted and not (found == 0 and field in decision.may_be_empty):
            raise refuse(f"returned {found} numbers as {field}, must be {wanted}, one for each of {of_view}")
    if not isinstance(decision.reason, str) or not isinstance(decision.inputs, Mapping):
        raise refuse("returned no reason in words or no mapping of inputs")
    for name, number in decision.inputs.items():
        if not (_is_number(number) and math.isfinite(number)):
            raise refuse(f"returned the input {name} = {number!r}, must be a finite number")
    return decision


def _illegal(values: Sequence[Any] | np.ndarray, low: float, high: float) -> Sequence[Any] | np.ndarray:
    """Those of ``values`` that may be illegal: none where all are seen at once to be numbers within bounds."""
    array = np.asarray(values)
    if array.dtype.kind in "fiu" and array.ndim == 1 and bool(((array >= low) & (array <= high)).all()):
        return ()
    return values


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.integer | np.floating | np.bool_)
