"""One contract for every registered strategy: each check, for each decision that it can make."""

import pytest

from aimarket.config.registry import ANY, strategies
from aimarket.contract import CHECKS, VIEWS, candidates

CANDIDATES = [one for by_name in strategies().values() for cls in by_name.values() for one in candidates(cls)]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("candidate", CANDIDATES, ids=lambda one: f"{one.decision}-{one.cls.name}")
def test_it_keeps_the_contract(candidate, check):
    check(candidate)  # raises ContractError with what came and what was expected


def test_every_decision_has_a_strategy_and_example_views():
    assert set(strategies()) - {ANY} == set(VIEWS)


@pytest.mark.parametrize(("decision", "name"), [(d, n) for d, by_name in strategies().items() for n in by_name])
def test_it_is_registered_under_its_own_name(decision, name):
    cls = strategies()[decision][name]
    assert (cls.decision, cls.name) == (decision, name)
    assert cls.__module__.startswith("aimarket.strategies.")
    assert cls.__module__.rsplit(".", 1)[-1] == name
