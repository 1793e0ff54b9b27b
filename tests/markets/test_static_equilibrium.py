"""The live theory line: what static competition alone would charge."""

from __future__ import annotations

import numpy as np
import pytest

from aimarket.markets import static_equilibrium as module
from aimarket.model import AIMarket
from model_fixtures import check_numbers


@pytest.fixture(scope="module")
def recorded():
    return AIMarket("baseline", 1, overrides={"record.theory": True, "time.periods": 48}).run().tables


def test_a_textbook_shows_its_nash_price_from_the_first_period_on():
    tables = AIMarket("theory/duopoly", 1, overrides={"record.theory": True, "time.periods": 60}).run().tables
    products = tables["products"]
    assert products["nash_price_usd_per_mtok"].to_numpy() == pytest.approx(np.full(120, 1.4729266600306), abs=1e-8)
    start, end = (products[products["step"] == step]["price_usd_per_mtok"].to_numpy() for step in (1, 60))
    assert abs(start - 1.4729).min() > 0.01
    assert end == pytest.approx(np.full(2, 1.4729266600306), abs=1e-8)
    market = tables["market"]
    assert market["lerner_nash"].to_numpy() == pytest.approx(np.full(60, 0.3210795709), abs=1e-8)


def test_owners_price_together():
    overrides = {"record.theory": True, "events.takeover.date": "2024-02", "time.periods": 3}
    products = AIMarket("theory/merger", 1, overrides=overrides).run().tables["products"]
    line = products.pivot(index="step", columns="firm", values="nash_price_usd_per_mtok")
    assert line.loc[1].tolist() == pytest.approx([1.4823632583, 1.7095773968, 1.6731016064], abs=1e-8)
    assert line.loc[2].tolist() == pytest.approx([1.7930808205, 2.0530808205, 1.7054249076], abs=1e-8)


def test_the_baseline_has_an_equilibrium_in_every_month(recorded):
    check_numbers(recorded)
    assert recorded["market"]["lerner_nash"].notna().all()
    sold = recorded["products"][recorded["products"]["mtok"] > 0.0]
    assert sold["nash_price_usd_per_mtok"].notna().all()
    assert (sold["nash_price_usd_per_mtok"] > sold["marginal_cost_usd_per_mtok"]).all()


def test_habit_lets_closed_labs_charge_more_than_static_competition_would(recorded):
    market = recorded["market"].set_index("date")
    late = market.loc["2024-01-01":]
    assert (late["lerner"] > late["lerner_nash"]).all()


def test_recording_theory_changes_nothing_else(recorded):
    plain = AIMarket("baseline", 1, overrides={"time.periods": 48}).run().tables
    for name, column in (("market", "lerner_nash"), ("products", "nash_price_usd_per_mtok")):
        assert plain[name][column].isna().all()
        assert plain[name].drop(columns=column).equals(recorded[name].drop(columns=column))
    assert plain["flows"].equals(recorded["flows"])


def test_where_there_is_none_the_line_is_missing_and_says_why():
    """Log prices and a price sensitivity below one: whatever a monopolist asks, more is better."""
    overrides = {
        "record.theory": True,
        "services.price_term": "log",
        "agents.buyers.tastes.price_sensitivity_mean": 0.5,
        "time.periods": 1,
    }
    model = AIMarket("theory/monopoly", 1, overrides=overrides)
    tables = model.run().tables
    assert tables["market"]["lerner_nash"].isna().all()
    assert tables["products"]["nash_price_usd_per_mtok"].isna().all()
    assert model.static_equilibrium.problem
    assert model.results.manifest["theory"]["periods_without_equilibrium"] == 1


def test_it_starts_from_the_last_solution(monkeypatch):
    starts = []
    original = module.solve_prices

    def noted(respond, cost, owner, start, **options):
        starts.append(np.array(start))
        return original(respond, cost, owner, start, **options)

    monkeypatch.setattr(module, "solve_prices", noted)
    AIMarket("theory/duopoly", 1, overrides={"record.theory": True, "time.periods": 2}).run()
    assert starts[1] == pytest.approx(np.full(2, 1.4729266600306), abs=1e-8)
