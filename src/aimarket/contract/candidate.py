"""A strategy that is held to its contract: how it is made, what it is shown, and what it decides."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from aimarket.config.registry import ANY, make_strategy, strategies
from aimarket.config.schema.base import Plug
from aimarket.contract.errors import ContractError
from aimarket.contract.parameters import example_parameters
from aimarket.contract.views import VIEWS, Contract, contract_of
from aimarket.errors import StrategyError
from aimarket.randomness import RandomSource
from aimarket.strategies.base import Decision, Strategy, View, checked_decision, no_numbers

__all__ = ["Candidate", "candidates", "difference", "registered"]

_AGENT, _PERIOD = "someone", 5
_TOLD_TO_NEGOTIATORS = ("willingness_to_pay_usd_per_gpu_hour", "opportunity_cost_usd_per_gpu_hour")


@dataclass(frozen=True)
class Candidate:
    """A strategy class and the decision for which it is checked."""

    cls: type[Strategy]
    decision: str

    @property
    def contract(self) -> Contract:
        return contract_of(self.decision)

    @property
    def plug(self) -> Plug:
        """How a config names it, with example parameters."""
        return Plug(name=self.cls.name, **example_parameters(self.cls, self.decision))

    def make(self, **parameters: Any) -> Strategy:
        """An instance with its example parameters and these changes.

        Raises
        ------
        ValidationError
            A parameter is refused.
        """
        if self.cls.decision != ANY:
            chosen = {**example_parameters(self.cls, self.decision), **parameters}
            return self.cls(self.cls.Parameters(**chosen))
        with registered(self.cls):
            return make_strategy(self.decision, self.plug.model_copy(update=parameters), self.cls.name)

    def views(self) -> dict[str, View]:
        """Copies of the example views, as the market would show them to this strategy."""
        shown = {label: replace(view) for label, view in self.contract.views.items()}
        if self.decision != "compute_pricing" or getattr(self.make(), "negotiates", False):
            return shown
        hidden: dict[str, Any] = {name: no_numbers() for name in _TOLD_TO_NEGOTIATORS}
        return {label: replace(view, **hidden) for label, view in shown.items()}

    def decide(self, strategy: Strategy, label: str, view: View) -> Decision:
        """What ``strategy`` decides on ``view``, if it is legal.

        Raises
        ------
        ContractError
            It fails, or decides something illegal; names the view.
        """
        numbers = RandomSource(1).draws(_AGENT, f"decide {self.decision}", _PERIOD)
        try:
            decision: Decision = checked_decision(strategy, view, numbers, self.contract.kind, _AGENT, _PERIOD)
        except StrategyError as error:
            raise ContractError(f"on the view '{label}' it {error.problem}") from error
        return decision

    def decide_all(self, strategy: Strategy | None = None) -> dict[str, Decision]:
        """What it decides on each example view; by a new instance each time unless one is given."""
        return {label: self.decide(strategy or self.make(), label, view) for label, view in self.views().items()}


def candidates(cls: type[Strategy]) -> list[Candidate]:
    """``cls`` for the decision it is made for, or for every decision if it fits any."""
    return [Candidate(cls, decision) for decision in (VIEWS if cls.decision == ANY else (cls.decision,))]


@contextmanager
def registered(cls: type[Strategy]) -> Iterator[None]:
    """Lets configs name ``cls`` while the block runs, whatever had its name before."""
    by_name = strategies().setdefault(cls.decision, {})
    before = by_name.get(cls.name)
    by_name[cls.name] = cls
    try:
        yield
    finally:
        if before is None:
            del by_name[cls.name]
        else:
            by_name[cls.name] = before


def difference(one: Decision, other: Decision) -> str | None:
    """Name and values of the first field in which two decisions differ; ``None`` where they are the same."""
    if type(one) is not type(other):
        return f"a {type(one).__name__} and a {type(other).__name__}"
    for field in fields(one):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if not _same(a, b):
            return f"{field.name} {_short(a)} and {_short(b)}"
    return None


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(_same(a[key], b[key]) for key in a)
    if isinstance(a, float) and isinstance(b, float) and math.isnan(a) and math.isnan(b):
        return True
    return bool(np.array_equal(a, b))


def _short(value: object) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:57] + "..."
