"""One contract for every registered strategy."""

import inspect
import math
import pickle
from dataclasses import FrozenInstanceError, fields, is_dataclass

import numpy as np
import pytest
from annotated_types import Ge, Gt, Le, Lt
from pydantic import ValidationError
from views import VIEWS

from aimarket.config.registry import make_strategy, strategies
from aimarket.config.schema.base import Plug
from aimarket.randomness import RandomSource
from aimarket.strategies.base import Decision, Strategy, checked

CLASSES = [cls for by_name in strategies().values() for cls in by_name.values()]
CASES = [
    pytest.param(cls, label, id=f"{cls.decision}-{cls.name}-{label.replace(' ', '_')}")
    for cls in CLASSES
    for label in VIEWS.get(cls.decision, {"no example views": None})
]


def every_strategy(test):
    return pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: f"{cls.decision}-{cls.name}")(test)


def made(cls):
    return make_strategy(cls.decision, Plug(name=cls.name), "test")


def draws(seed=1):
    return RandomSource(seed).draws("someone", "decide something", 5)


def decided(cls, label, strategy=None):
    return (strategy or made(cls)).decide(VIEWS[cls.decision][label], draws())


def same(a, b):
    assert type(a) is type(b)
    for field in fields(a):
        np.testing.assert_array_equal(getattr(a, field.name), getattr(b, field.name), err_msg=field.name)


def picture(view):
    return {
        field.name: value.copy() if isinstance(value := getattr(view, field.name), np.ndarray) else value
        for field in fields(view)
    }


def test_every_decision_has_example_views():
    assert set(VIEWS) == set(strategies())


@every_strategy
def test_it_says_what_it_is(cls):
    assert issubclass(cls, Strategy)
    assert strategies()[cls.decision][cls.name] is cls
    assert cls.name.isidentifier()
    assert cls.name == cls.name.lower()
    assert len(cls.source) > 10
    assert inspect.cleandoc(cls.__doc__ or "") != inspect.cleandoc(Strategy.__doc__)
    assert len(cls.__doc__ or "") > 20


@every_strategy
def test_its_parameters_are_described_and_bounded(cls):
    assert cls.Parameters.model_config["extra"] == "forbid"
    for name, field in cls.Parameters.model_fields.items():
        assert not field.is_required(), f"{name} has no default"
        assert field.description, f"{name} has no description"
        if field.annotation in (int, float):
            kinds = [type(item) for item in field.metadata]
            assert any(kind in (Ge, Gt) for kind in kinds), f"{name} has no lower bound"
            assert any(kind in (Le, Lt) for kind in kinds), f"{name} has no upper bound"


@every_strategy
def test_unknown_and_impossible_parameters_are_refused(cls):
    with pytest.raises(ValidationError):
        cls.Parameters(no_such_parameter=1.0)
    for name, field in cls.Parameters.model_fields.items():
        if field.annotation in (int, float):
            for value in (math.nan, math.inf, -1e30, 1e30, "1"):
                with pytest.raises(ValidationError):
                    cls.Parameters(**{name: value})


@every_strategy
def test_its_parameters_cannot_be_changed(cls):
    strategy = made(cls)
    for name in cls.Parameters.model_fields:
        with pytest.raises(ValidationError):
            setattr(strategy.parameters, name, getattr(strategy.parameters, name))


def extremes(cls):
    """Parameter sets with one bound reached each."""
    for name, field in cls.Parameters.model_fields.items():
        if field.annotation not in (int, float):
            continue
        for item in field.metadata:
            for kind, key in ((Ge, "ge"), (Le, "le")):
                if isinstance(item, kind):
                    yield {name: field.annotation(getattr(item, key))}


@every_strategy
def test_every_legal_parameter_gives_a_legal_decision(cls):
    for parameters in extremes(cls):
        strategy = cls(cls.Parameters(**parameters))
        checked(strategy.decide(next(iter(VIEWS[cls.decision].values())), draws()), "someone", strategy)


@pytest.mark.parametrize(("cls", "label"), CASES)
def test_its_decision_is_finite_and_within_bounds(cls, label):
    strategy = made(cls)
    with np.errstate(all="raise", under="ignore"):
        decision = decided(cls, label, strategy)
    assert isinstance(decision, Decision)
    assert set(decision.bounds) == {field.name for field in fields(decision)} - {"reason"}
    assert decision.headline in decision.bounds
    checked(decision, "someone", strategy)
    assert math.isfinite(decision.headline_value)
    for field in decision.bounds:
        value = getattr(decision, field)
        if isinstance(value, tuple | np.ndarray):
            view = VIEWS[cls.decision][label]
            assert len(value) in (len(getattr(view, "products", getattr(view, "customers", ()))), 0)


@pytest.mark.parametrize(("cls", "label"), CASES)
def test_its_reason_is_one_line_with_numbers(cls, label):
    reason = decided(cls, label).reason
    assert reason
    assert "\n" not in reason
    assert any(character.isdigit() for character in reason) or "unlimited" in reason
    assert "nan" not in reason.lower().split()


@pytest.mark.parametrize(("cls", "label"), CASES)
def test_the_same_view_and_draws_give_the_same_decision(cls, label):
    one = made(cls)
    first = decided(cls, label, one)
    for other in VIEWS[cls.decision]:
        decided(cls, other, one)  # whatever it saw in between
    same(decided(cls, label, one), first)
    same(decided(cls, label), first)


@pytest.mark.parametrize(("cls", "label"), CASES)
def test_the_view_is_left_as_it_was(cls, label):
    view = VIEWS[cls.decision][label]
    before = picture(view)
    decided(cls, label)
    for name, value in before.items():
        np.testing.assert_array_equal(getattr(view, name), value, err_msg=name)


@every_strategy
def test_it_survives_pickling(cls):
    copy = pickle.loads(pickle.dumps(made(cls)))
    assert copy.parameters == made(cls).parameters
    for label in VIEWS[cls.decision]:
        same(decided(cls, label, copy), decided(cls, label))


@every_strategy
def test_its_decision_is_frozen(cls):
    decision = decided(cls, next(iter(VIEWS[cls.decision])))
    with pytest.raises(FrozenInstanceError):
        decision.reason = "because"


@pytest.mark.parametrize("decision", sorted(VIEWS))
def test_views_are_read_only(decision):
    for label, view in VIEWS[decision].items():
        assert is_dataclass(view), label
        with pytest.raises(FrozenInstanceError):
            setattr(view, fields(view)[0].name, "someone else")
        for field in fields(view):
            value = getattr(view, field.name)
            if isinstance(value, np.ndarray):
                assert not value.flags.writeable, f"{label}: {field.name}"
