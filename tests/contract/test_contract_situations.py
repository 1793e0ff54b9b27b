"""The situations that strategies are tried in: example views, and small markets that go to extremes."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields

import numpy as np
import pytest

from aimarket.config import load_config
from aimarket.config.registry import strategies
from aimarket.contract import VIEWS, Candidate, ContractError, contract_of
from aimarket.contract.market import EXTREMES, small_market, year
from aimarket.model import AIMarket


class TestViews:
    @pytest.mark.parametrize("decision", sorted(VIEWS))
    def test_they_are_read_only_and_complete(self, decision):
        contract = contract_of(decision)
        for label, view in contract.views.items():
            assert type(view) is contract.view, label
            with pytest.raises(FrozenInstanceError):
                setattr(view, fields(view)[0].name, "someone else")
            for field in fields(view):
                value = getattr(view, field.name)
                if isinstance(value, np.ndarray):
                    assert not value.flags.writeable, f"{label}: {field.name}"

    @pytest.mark.parametrize("decision", sorted(VIEWS))
    def test_arrays_are_as_long_as_what_they_describe(self, decision):
        names = {"pricing": ("products", "rival_products"), "choice": ("products",), "procurement": ("sellers",)}
        for label, view in VIEWS[decision].items():
            lengths = {len(getattr(view, name)) for name in names.get(decision, ())}
            for field in fields(view):
                value = getattr(view, field.name)
                if isinstance(value, np.ndarray | tuple) and names.get(decision):
                    assert len(value) in lengths, f"{label}: {field.name}"

    @pytest.mark.parametrize("decision", sorted(VIEWS))
    def test_the_extreme_states_are_there_for_every_decision_they_mean_something_to(self, decision):
        wanted = {"usual", "a quarter"}
        if decision not in ("beliefs", "release"):
            wanted.add("zero demand")
        if decision in ("pricing", "compute_pricing", "choice", "procurement", "training", "release"):
            wanted.add("monopoly")
        if decision in ("pricing", "compute_pricing", "choice", "procurement", "capacity", "chip_pricing"):
            wanted.add("no capacity")
        if decision not in ("beliefs", "adoption", "choice"):
            wanted.add("insolvency next period")
        assert wanted <= set(VIEWS[decision])

    def test_a_decision_that_nobody_makes_is_refused_with_the_nearest(self):
        with pytest.raises(ContractError, match=r"'prizing' is no decision; did you mean 'pricing'\?"):
            contract_of("prizing")
        with pytest.raises(ContractError, match="must be one of: adoption, beliefs"):
            contract_of("zzz")


class TestMarket:
    def run(self, label):
        return AIMarket(load_config(small_market(), EXTREMES[label]), 1).run().tables

    def test_every_decision_is_somebodys(self):
        agents = load_config(small_market()).agents.values()
        made = {decision for entry in agents for decision, plug in getattr(entry, "strategies", ()) if plug is not None}
        assert made == set(VIEWS)

    def test_zero_demand_sells_nothing(self):
        market = self.run("zero demand")["market"]
        assert market["mtok"].eq(0.0).all()
        assert len(market) == 12

    def test_monopoly_leaves_one_seller(self):
        tables = self.run("monopoly")
        assert tables["market"]["hhi_revenue"].dropna().tolist() == pytest.approx([1.0] * 12)

    def test_no_capacity_serves_nobody_though_they_would_buy(self):
        market = self.run("no capacity")["market"]
        assert market["mtok"].max() == 0.0
        assert market["unserved_share"].iloc[0] == 1.0

    def test_insolvency_comes_next_period(self):
        tables = self.run("insolvency next period")
        firms = tables["firms"].query("firm == 'lab'")
        assert not firms["alive"].iloc[-1]
        assert firms["alive"].iloc[0]

    def test_the_strategy_sits_in_every_seat(self):
        heard = year(Candidate(strategies()["pricing"]["cost_plus"], "pricing"), "a year", {})
        assert {one.agent for one in heard} == {"cloud", "lab", "openlab"}
        assert {one.period for one in heard} == set(range(1, 13))
