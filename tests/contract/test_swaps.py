"""Any strategy for any other: every one-at-a-time swap of the baseline runs to its end with closed accounts.

Each swap runs with one seed, a different one from swap to swap, every second one in quarters; `make swaps` runs
each with ten seeds and in months.
"""

from __future__ import annotations

import numpy as np
import pytest

from aimarket.config import load_config
from aimarket.config.registry import strategies
from aimarket.model import AIMarket
from model_fixtures import check_numbers

DECISIONS = ("pricing", "capacity", "finance", "adoption", "choice", "beliefs")
FEWER_SEATS = ("compute_pricing", "procurement", "training", "release", "product_mix")
SEEDS = 10
QUARTERS = {"time.period": "quarter", "time.periods": 32}


def _swaps():
    """(agent, decision, strategy): all seats of most decisions, one seat of the others."""
    config = load_config("baseline")
    seen = set()
    for agent, entry in config.agents.items():
        chosen = getattr(entry, "strategies", None)
        for decision in type(chosen).model_fields if chosen is not None else ():
            present = getattr(chosen, decision)
            if present is None or decision not in DECISIONS + FEWER_SEATS:
                continue
            idle = (decision == "pricing" and not _sells(config, agent)) or (decision == "finance" and entry.parent)
            if idle:
                continue
            for name in strategies()[decision]:
                if name != present.name and (decision in DECISIONS or (decision, name) not in seen):
                    seen.add((decision, name))
                    yield agent, decision, name


def _sells(config, firm):
    """Whether ``firm`` has a product to price: its own, or weights that it hosts."""
    entry, hosts = config.agents[firm], config.supply_graph.weights.values()
    return hasattr(entry, "products") or getattr(entry, "self_hosted", False) or any(firm in row for row in hosts)


SWAPS = list(_swaps())


def pytest_generate_tests(metafunc):
    if "swap" in metafunc.fixturenames:
        every = metafunc.config.getoption("--every-swap-seed")
        cases = [
            pytest.param(swap, seed, {} if every or place % 2 else QUARTERS, id=f"{'-'.join(swap)}-{seed}")
            for place, swap in enumerate(SWAPS)
            for seed in (range(1, SEEDS + 1) if every else [1 + place % SEEDS])
        ]
        metafunc.parametrize(("swap", "seed", "time"), cases)


@pytest.mark.slow
def test_a_swap_runs_to_its_end_with_closed_accounts(swap, seed, time):
    agent, decision, name = swap
    model = AIMarket("baseline", seed, overrides={f"agents.{agent}.strategies.{decision}": name} | time)
    tables = model.run().tables  # every period closes, or this raises
    assert len(tables["market"]) == model.config.time.periods
    check_numbers(tables)
    taken = tables["decisions"]
    taken = taken[(taken.agent == agent) & (taken.decision == decision)]
    assert set(taken.strategy) == {name}


def test_there_are_swaps_of_every_kind_of_strategy():
    assert {decision for _, decision, _ in SWAPS} == set(DECISIONS + FEWER_SEATS) - {"adoption"}
    pricing = {name for _, decision, name in SWAPS if decision == "pricing"}
    assert pricing == set(strategies()["pricing"])


def _draws_of_a_run(monkeypatch, **overrides):
    """Every draw of a short run: (owner, purpose, period) -> its first numbers."""
    model = AIMarket("baseline", 3, overrides={"time.periods": 12} | overrides)
    drawn, draws = {}, model.source.draws

    def recorded(owner, purpose, period=0):
        found = draws(owner, purpose, period)
        drawn[owner, purpose, period] = tuple(found.uniform(3))
        return found

    monkeypatch.setattr(model.source, "draws", recorded)
    model.run()
    return model, drawn


def test_a_swap_changes_no_draw_of_anybody_else(monkeypatch):
    one, before = _draws_of_a_run(monkeypatch)
    two, after = _draws_of_a_run(monkeypatch, **{"agents.openai.strategies.pricing": "undercut"})
    assert before == after
    assert len(before) > 1000
    for a, b in zip(one.segments, two.segments, strict=True):
        for column in ("price_sensitivity", "open_taste", "home_cloud", "usage", "adopted"):
            np.testing.assert_array_equal(getattr(a.population, column), getattr(b.population, column))


@pytest.mark.slow
def test_paired_runs_tell_a_small_change_from_luck():
    seeds = range(1, 7)
    swap = {"agents.openai.strategies.pricing.adjustment": 0.25, "time.periods": 48}
    base, changed = (
        np.array([AIMarket("baseline", s, overrides=o).run().tables["market"].lerner.iloc[-1] for s in seeds])
        for o in ({"time.periods": 48}, swap)
    )
    paired = np.std(changed - base, ddof=1)
    unpaired = np.hypot(np.std(base, ddof=1), np.std(changed, ddof=1))
    assert paired < 0.5 * unpaired
