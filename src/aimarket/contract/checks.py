"""What a strategy must keep to, one function a check: it returns, or raises ``ContractError``."""

from __future__ import annotations

import inspect
import math
import pickle
import random
import re
import time
import warnings
from dataclasses import FrozenInstanceError, fields, is_dataclass
from typing import Any

import numpy as np
from pydantic import ValidationError

from aimarket.config.registry import ANY
from aimarket.config.schema.base import Plug
from aimarket.contract.candidate import Candidate, difference
from aimarket.contract.errors import ContractError
from aimarket.contract.parameters import bounds, extremes, numeric_type
from aimarket.contract.views import contract_of
from aimarket.errors import ConfigError
from aimarket.strategies.base import Strategy, StrategyParameters, View

__all__ = [
    "computes_without_warnings",
    "decides_in_time",
    "decides_within_bounds",
    "decides_within_bounds_at_extreme_parameters",
    "describes_and_bounds_its_parameters",
    "explains_itself",
    "gives_a_reason_with_numbers",
    "is_deterministic",
    "is_free_of_order",
    "leaves_its_view_untouched",
    "leaves_shared_randomness_alone",
    "names_the_inputs_that_mattered",
    "refuses_nonsense",
    "returns_a_frozen_decision",
    "says_what_it_is",
    "survives_pickling",
    "uses_only_its_view",
]

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_SHORTEST_TEXT = 10
_NONSENSE = (math.nan, math.inf, -1e30, 1e30, "1")
_SECONDS_PER_DECISION = 0.05
_TRIES = 5


def says_what_it_is(candidate: Candidate) -> None:
    """says what it is: a strategy with a decision, a name and parameters"""
    cls = candidate.cls
    if not issubclass(cls, Strategy) or inspect.isabstract(cls):
        raise ContractError("must be a subclass of aimarket.strategies.base.Strategy with a method decide")
    if cls.decision != ANY:
        contract_of(cls.decision)
    if not _NAME.fullmatch(cls.name):
        raise ContractError(f"name must be lower-case letters, digits and _, is '{cls.name}'")
    if not issubclass(cls.Parameters, StrategyParameters):
        raise ContractError(f"Parameters must be a subclass of StrategyParameters, is {cls.Parameters.__name__}")


def explains_itself(candidate: Candidate) -> None:
    """explains itself: a docstring that says what it does, and a source"""
    cls, least = candidate.cls, f"more than {_SHORTEST_TEXT} characters"
    if len(" ".join(str(getattr(cls, "source", "")).split())) <= _SHORTEST_TEXT:
        told = getattr(cls, "source", None)
        raise ContractError(f"source must say where the rule comes from (author, year, title), {least}, is {told!r}")
    if len((cls.__doc__ or "").strip()) <= _SHORTEST_TEXT:
        raise ContractError(f"the class must have a docstring that says what it does, {least}, is {cls.__doc__!r}")


def describes_and_bounds_its_parameters(candidate: Candidate) -> None:
    """each parameter has a description, a default and bounds"""
    model = candidate.cls.Parameters
    for name, field in model.model_fields.items():
        if not field.description:
            raise ContractError(f"parameter {name} has no description")
        if field.is_required() and not field.examples and field.annotation is not Plug:
            raise ContractError(f"parameter {name} has no default, and no examples=[...] either")
        if numeric_type(field) is not None and None in bounds(field):
            raise ContractError(f"parameter {name} needs a lower and an upper bound, e.g. Field(0.5, ge=0, le=1)")
        if not field.is_required() and field.default is not None:
            try:
                candidate.make(**{name: field.default})
            except (ValidationError, ConfigError) as error:
                raise ContractError(f"parameter {name} refuses its own default {field.default!r}") from error


def refuses_nonsense(candidate: Candidate) -> None:
    """parameters that are unknown, not finite or out of bounds are refused, and none can be changed"""
    model = candidate.cls.Parameters
    trials: list[dict[str, Any]] = [{"no_such_parameter": 1.0}]
    trials += [{name: v} for name, field in model.model_fields.items() if numeric_type(field) for v in _NONSENSE]
    fixed = {name: getattr(candidate.make().parameters, name) for name in model.model_fields}
    for trial in trials:
        (name, value), *_ = trial.items()
        try:
            model(**{**fixed, **trial})
        except ValidationError:
            continue
        raise ContractError(f"parameters must refuse {name} = {value!r}: keep model_config of StrategyParameters")
    strategy = candidate.make()
    for name, value in fixed.items():
        try:
            setattr(strategy.parameters, name, value)
        except ValidationError:
            continue
        raise ContractError(f"parameter {name} can be changed: keep model_config of StrategyParameters")


def decides_within_bounds(candidate: Candidate) -> None:
    """decides within bounds on every example view"""
    with np.errstate(all="ignore"):
        candidate.decide_all()


def decides_within_bounds_at_extreme_parameters(candidate: Candidate) -> None:
    """decides within bounds wherever a parameter is at one of its bounds"""
    for changes in extremes(candidate.cls.Parameters):
        try:
            strategy = candidate.make(**changes)
        except (ValidationError, ConfigError):
            continue  # parameters that exclude each other
        (name, value), *_ = changes.items()
        try:
            with np.errstate(all="ignore"):
                candidate.decide_all(strategy)
        except ContractError as error:
            raise ContractError(f"with {name} = {value:g}, {error}") from error


def computes_without_warnings(candidate: Candidate) -> None:
    """computes without warnings: no division by zero, overflow or NaN on the way"""
    with np.errstate(all="raise", under="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        warnings.simplefilter("error", UserWarning)
        candidate.decide_all()


def gives_a_reason_with_numbers(candidate: Candidate) -> None:
    """gives a reason: one line with numbers"""
    for label, decision in candidate.decide_all().items():
        reason = decision.reason
        words = {word.strip(".,;:()+-%").lower() for word in reason.split()}
        if not reason.strip() or "\n" in reason:
            raise ContractError(f"on the view '{label}' the reason must be one line, is {reason!r}")
        if not any(character.isdigit() for character in reason):
            raise ContractError(f"on the view '{label}' the reason has no number: {reason!r}")
        if words & {"nan", "inf"}:
            raise ContractError(f"on the view '{label}' the reason has a number that is not finite: {reason!r}")


def names_the_inputs_that_mattered(candidate: Candidate) -> None:
    """names the inputs that mattered, with finite numbers"""
    for label, decision in candidate.decide_all().items():
        if not decision.inputs:
            raise ContractError(f"on the view '{label}' it names no inputs: inputs={{'price_usd_per_mtok': 10.0}}")
        wrong = next((name for name in decision.inputs if not _NAME.fullmatch(str(name))), None)
        if wrong is not None:
            raise ContractError(f"on the view '{label}' the input '{wrong}' must be lower-case words joined by _")


def returns_a_frozen_decision(candidate: Candidate) -> None:
    """returns a decision that nobody can change"""
    for label, decision in candidate.decide_all().items():
        for field in fields(decision):
            value = getattr(decision, field.name)
            if isinstance(value, list) or (isinstance(value, np.ndarray) and value.flags.writeable):
                raise ContractError(f"on the view '{label}' {field.name} must be a tuple, is a {type(value).__name__}")
        try:
            decision.reason = "because"  # type: ignore[misc]
        except FrozenInstanceError:
            continue
        raise ContractError(f"{type(decision).__name__} can be changed: it must be a frozen dataclass")


def is_deterministic(candidate: Candidate) -> None:
    """decides the same on the same view and draws"""
    for label, view in candidate.views().items():
        strategy = candidate.make()
        first = candidate.decide(strategy, label, view)
        for again in (strategy, candidate.make()):
            found = difference(first, candidate.decide(again, label, view))
            if found is not None:
                raise ContractError(f"on the view '{label}' it decided twice and differently: {found}")


def is_free_of_order(candidate: Candidate) -> None:
    """remembers nothing: what it saw before, or in which order, does not matter"""
    alone = candidate.decide_all()
    strategy, views = candidate.make(), candidate.views()
    for labels in (list(views), list(views)[::-1]):
        for label in labels:
            found = difference(alone[label], candidate.decide(strategy, label, views[label]))
            if found is not None:
                raise ContractError(f"on the view '{label}' it decides differently after other views: {found}")


def survives_pickling(candidate: Candidate) -> None:
    """can be sent to another process and decides the same there"""
    strategy = candidate.make()
    try:
        copy = pickle.loads(pickle.dumps(strategy))
    except Exception as error:
        raise ContractError(f"cannot be pickled: {type(error).__name__}: {error}") from error
    there = candidate.decide_all(copy)
    for label, decision in candidate.decide_all(strategy).items():
        found = difference(decision, there[label])
        if found is not None:
            raise ContractError(f"on the view '{label}' a pickled copy decides differently: {found}")


def leaves_its_view_untouched(candidate: Candidate) -> None:
    """leaves its view as it was"""
    strategy = candidate.make()
    for label, view in candidate.views().items():
        before = pickle.dumps(view)
        candidate.decide(strategy, label, view)
        if pickle.dumps(view) != before:
            raise ContractError(f"it changed the view '{label}'")


def uses_only_its_view(candidate: Candidate) -> None:
    """asks its view for nothing but its fields, and decides the same on a bare copy of it"""
    strategy = candidate.make()
    for label, view in candidate.views().items():
        decision = candidate.decide(strategy, label, view)
        copy, asked = _watched(pickle.loads(pickle.dumps(view)))
        found = difference(decision, candidate.decide(strategy, label, copy))
        if asked:
            raise ContractError(f"on the view '{label}' it asks for '{asked[0]}', which no {type(view).__name__} has")
        if found is not None:
            raise ContractError(f"on a copy of the view '{label}' it decides differently: {found}")


def leaves_shared_randomness_alone(candidate: Candidate) -> None:
    """draws from nothing but its own numbers: shared generators are left alone"""
    before = random.getstate(), pickle.dumps(np.random.get_state())  # noqa: NPY002 - the shared state is the point
    candidate.decide_all()
    after = random.getstate(), pickle.dumps(np.random.get_state())  # noqa: NPY002
    for name, one, other in zip(("random", "numpy.random"), before, after, strict=True):
        if one != other:
            raise ContractError(f"it draws from the shared generator of {name}: use its argument draws")


def decides_in_time(candidate: Candidate) -> None:
    """decides in less than 50 ms"""
    strategy = candidate.make()
    for label, view in candidate.views().items():
        best = math.inf
        for _ in range(_TRIES):
            started = time.perf_counter()
            candidate.decide(strategy, label, view)
            best = min(best, time.perf_counter() - started)
            if best < _SECONDS_PER_DECISION:
                break
        else:
            raise ContractError(f"on the view '{label}' it takes {best * 1e3:.0f} ms, must take less than 50")


def _watched(view: View) -> tuple[View, list[str]]:
    """A copy of ``view`` that notes which names it is asked for that are none of its fields."""
    asked: list[str] = []

    def note(_: View, name: str) -> Any:
        if not (name.startswith("__") and name.endswith("__")):
            asked.append(name)
        raise AttributeError(f"{type(view).__name__} has no field '{name}'")

    assert is_dataclass(view)
    kind = type(type(view).__name__, (type(view),), {"__getattr__": note})
    return kind(**{field.name: getattr(view, field.name) for field in fields(view)}), asked
