"""A merger changes who minds whose profit, and nothing else by itself."""

from __future__ import annotations

import pytest

from aimarket.config import load_config
from aimarket.errors import ConfigError
from aimarket.model import AIMarket

EVENT = "events.takeover"


def run(**changes):
    model = AIMarket("theory/merger", 1, overrides={"time.periods": 40, f"{EVENT}.date": "2025-01"} | changes)
    return model, model.run().tables


def test_the_merging_firms_raise_their_prices_most_and_no_price_falls():
    _, apart = run(**{f"{EVENT}.date": "2039-01"})
    model, together = run()
    before, after = (
        tables["products"][tables["products"]["step"] == 40].set_index("firm")["price_usd_per_mtok"]
        for tables in (apart, together)
    )
    change = after - before
    assert change["firm_1"] > change["firm_3"] > 0.0
    assert change["firm_2"] > change["firm_3"]
    assert model.firms["firm_2"].owner == "firm_1"


def test_shareholders_are_paid_in_shares():
    model, tables = run()
    value = tables["firms"].pivot(index="step", columns="firm", values="valuation_musd")
    assert value.loc[12, "firm_2"] > 0.0
    assert value.loc[13, "firm_2"] == 0.0
    assert tables["events"]["effect"].iloc[0].startswith("firm_1 takes over firm_2 for shares worth")
    assert model.firms["firm_2"].alive


def test_a_failed_firm_is_not_taken_over():
    model = AIMarket("theory/merger", 1, overrides={"time.periods": 13, f"{EVENT}.date": "2025-01"})
    for _ in range(12):
        model.step()
    model.firms["firm_2"].alive = False
    model.clock.advance()
    model.apply_events()
    assert model.firms["firm_2"].parent is None
    assert "firm_2 has failed" in model.recorder.latest("events")["effect"]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({f"{EVENT}.acquirer": "firm_2"}, f"{EVENT}.acquirer"),
        ({f"{EVENT}.acquirer": "grid"}, f"{EVENT}.acquirer"),
        ({f"{EVENT}.acquirer": "nobody"}, f"{EVENT}.acquirer"),
        ({"agents.firm_3.parent": "firm_2"}, f"{EVENT}.target"),
        ({"agents.firm_1.parent": "cloud"}, f"{EVENT}.acquirer"),
        (
            {"events.second": {"kind": "merger", "date": "2030-01", "target": "firm_1", "acquirer": "firm_3"}},
            "events.second.target",
        ),
    ],
)
def test_who_cannot_merge_is_refused_before_the_run(changes, path):
    with pytest.raises(ConfigError) as caught:
        load_config("theory/merger", changes)
    assert caught.value.path == path
