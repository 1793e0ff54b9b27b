"""Anybody who decides may change its mind: firms, buyers, investors."""

from __future__ import annotations

import pytest

from aimarket.config import load_config
from aimarket.errors import ConfigError
from aimarket.model import AIMarket
from model_fixtures import events_config

STRIKES = 3
MINDS = {
    "lab": ("pricing", {"name": "cost_plus", "markup": 0.5}),
    "chipco": ("chip_pricing", {"name": "scarcity_markup", "margin": 0.2}),
    "grid": ("finance", {"name": "runway_target"}),
    "buyers": ("adoption", {"name": "bass", "imitation_per_year": 2.5}),
    "money": ("beliefs", "trading_profit"),
}


def market(target, decision, strategy):
    event = {"kind": "strategy_change", "date": "2024-03", "target": target, "decision": decision, "strategy": strategy}
    return AIMarket(load_config(events_config(it=event)), 1)


@pytest.mark.parametrize("target", sorted(MINDS))
def test_the_new_strategy_decides_from_its_month_on(target):
    decision, strategy = MINDS[target]
    name = strategy if isinstance(strategy, str) else strategy["name"]
    model = market(target, decision, strategy)
    tables = model.run().tables
    decided = tables["decisions"]
    mine = decided[(decided["agent"] == target) & (decided["decision"] == decision)].set_index("step")["strategy"]
    assert len(mine) == 9
    before = mine.iloc[0]
    assert mine.loc[: STRIKES - 1].eq(before).all()
    assert mine.loc[STRIKES:].eq(name).all()
    assert tables["events"]["effect"].iloc[0] == f"{target} decides {decision} by {name} instead of {before}"


def test_a_segments_new_way_to_adopt_moves_adoption_and_nothing_before():
    quiet = AIMarket(load_config(events_config()), 1).run().tables["market"]["adoption"]
    faster = market("buyers", *MINDS["buyers"]).run().tables["market"]["adoption"]
    assert faster[: STRIKES - 1].equals(quiet[: STRIKES - 1])
    assert faster.iloc[-1] > quiet.iloc[-1]


def test_a_segment_with_no_share_of_the_buyers_has_no_mind_to_change():
    config = events_config(
        it={"kind": "strategy_change", "date": "2024-03", "target": "none", "decision": "adoption", "strategy": "bass"}
    )
    config["agents"]["none"] = config["agents"]["buyers"] | {"share_of_firms": 0.0}
    events = AIMarket(load_config(config), 1).run().tables["events"]
    assert events["effect"].tolist() == ["none holds no share of the buyers: nothing changes"]


@pytest.mark.parametrize(
    ("target", "changes", "path"),
    [
        ("lab", {"decision": "capacity"}, "decision"),
        ("buyers", {"decision": "pricing"}, "decision"),
        ("money", {"decision": "finance"}, "decision"),
        ("lab", {"strategy": "no_such_rule"}, "strategy"),
        ("buyers", {"strategy": "switching"}, "strategy"),
        ("lab", {"strategy": {"name": "cost_plus", "markup": -1.0}}, "strategy.markup"),
    ],
)
def test_what_is_wrong_is_named(target, changes, path):
    decision, strategy = MINDS[target]
    with pytest.raises(ConfigError) as caught:
        market(target, **({"decision": decision, "strategy": strategy} | changes))
    assert caught.value.path == f"events.it.{path}"
