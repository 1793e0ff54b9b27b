"""One contract for every registered kind of event."""

import pytest

from aimarket.config import load_config
from aimarket.config.registry import event_kinds
from aimarket.errors import ConfigError
from aimarket.events.base import Event
from aimarket.model import AIMarket
from model_fixtures import check_numbers, small_config

STRIKES, PERIODS = 3, 9

# Parameters of an example of each kind in the small config, and the dotted names that refer to something.
EXAMPLES = {
    "chip_supply_shock": {"target": "chipco", "factor": 0.5},
    "energy_price_shock": {"factor": 3.0},
    "funding_freeze": {"supply_share": 0.0},
    "grid_delay": {"target": "grid", "factor": 0.2},
    "merger": {"target": "openlab", "acquirer": "lab"},
    "open_weight_release": {"target": "openlab", "quality_gap": 0.0},
    "revise_commitments": {"target": "lab", "total_musd": 100.0, "through": "2025-12"},
    "sentiment_shock": {"shift": -1.0},
    "strategy_change": {"target": "lab", "decision": "pricing", "strategy": {"name": "cost_plus", "markup": 0.5}},
}
TARGETED = sorted(kind for kind, cls in event_kinds().items() if "target" in cls.Parameters.model_fields)
ENDING = sorted(kind for kind, cls in event_kinds().items() if cls.end is not Event.end)

every_kind = pytest.mark.parametrize("kind", sorted(event_kinds()))


def config(kind, **changes):
    """The small config with a contract and an event of ``kind`` in its third month."""
    result = small_config()
    result["time"]["periods"] = PERIODS
    lab = result["agents"]["lab"]
    lab["contracts"] = {
        "big": {"seller": "cloud", "signed": "2024-01", "starts": "2024-02", "months": 20, "total_musd": 400.0}
    }
    lab["cancellation_fee_share"] = 0.05
    result["events"] = {"it": {"kind": kind, "date": "2024-03"} | EXAMPLES.get(kind, {}) | changes}
    return result


def run(kind, **changes):
    return AIMarket(load_config(config(kind, **changes)), 1).run().tables


def test_every_kind_has_an_example():
    assert set(EXAMPLES) == set(event_kinds())


@every_kind
def test_it_says_what_it_is(kind):
    cls = event_kinds()[kind]
    assert issubclass(cls, Event)
    assert cls.kind == kind
    assert len(cls.__doc__ or "") > 20
    for name, field in cls.Parameters.model_fields.items():
        assert field.description, f"{name} has no description"


@every_kind
def test_it_strikes_once_is_recorded_and_the_accounts_close(kind):
    tables = run(kind)  # every period closes, or this raises
    events = tables["events"]
    events = events[events["kind"] == kind]
    assert events["step"].tolist() == [STRIKES]
    row = events.iloc[0]
    assert row["target"] == EXAMPLES[kind].get("target", "")
    assert len(row["effect"]) > 15
    assert "nan" not in row["effect"]
    assert len(tables["market"]) == PERIODS
    check_numbers(tables)


@pytest.mark.parametrize("kind", ENDING)
def test_it_ends_when_its_time_is_up(kind):
    events = run(kind, duration_months=4)["events"]
    events = events[events["kind"] == kind]  # a firm may fail meanwhile
    assert events["step"].tolist() == [STRIKES, STRIKES + 4]
    assert (events["effect"].str.len() > 15).all()


@pytest.mark.parametrize("kind", ENDING)
def test_its_end_restores_what_it_changed(kind):
    factors = []
    for duration in (None, 1):
        changes = {} if duration is None else {"duration_months": duration}
        model = AIMarket(load_config(config(kind, **changes)), 1)
        before = world_state(model)
        for _ in range(STRIKES + 2):
            model.step()
        factors.append({key: world_state(model)[key] / before[key] for key in before})
    struck, ended = factors
    assert any(value != pytest.approx(1.0) for value in struck.values())
    assert all(value == pytest.approx(1.0) for value in ended.values())


def world_state(model):
    """What shocks that end multiply."""
    state = {"supply": model.investors.supply_factor}
    for firm in model.firms.values():
        for name in ("cost_factor", "build_factor", "output_factor"):
            if hasattr(firm, name):
                state[f"{firm.name} {name}"] = getattr(firm, name)
    return state


@pytest.mark.parametrize("kind", sorted(set(event_kinds()) - set(ENDING)))
def test_a_duration_of_what_has_no_end_is_refused_before_the_run(kind):
    with pytest.raises(ConfigError) as caught:
        load_config(config(kind, duration_months=2))
    assert caught.value.path == "events.it.duration_months"


@pytest.mark.parametrize("kind", TARGETED)
@pytest.mark.parametrize("target", ["nobody", "buyers", "money"])
def test_an_unknown_target_is_refused_with_its_path(kind, target):
    with pytest.raises(ConfigError) as caught:
        load_config(config(kind, target=target))
    assert caught.value.path == "events.it.target"
    assert caught.value.value == target
    assert caught.value.remedy


@every_kind
def test_an_unknown_parameter_is_refused_with_its_path(kind):
    with pytest.raises(ConfigError) as caught:
        load_config(config(kind, no_such_thing=1.0))
    assert caught.value.path == "events.it.no_such_thing"


def test_an_unknown_kind_is_refused_with_the_nearest_known():
    with pytest.raises(ConfigError) as caught:
        load_config(config("grid_delays"))
    assert caught.value.path == "events.it.kind"
    assert "grid_delay" in (caught.value.remedy or "")


def test_a_strategy_change_names_what_is_wrong():
    for changes, path in (
        ({"decision": "capacity"}, "events.it.decision"),
        ({"strategy": "no_such_rule"}, "events.it.strategy"),
        ({"strategy": {"name": "cost_plus", "markup": -1.0}}, "events.it.strategy.markup"),
    ):
        with pytest.raises(ConfigError) as caught:
            load_config(config("strategy_change", **changes))
        assert caught.value.path == path


def test_a_strategy_change_changes_who_decides():
    decisions = run("strategy_change")["decisions"]
    mine = decisions[(decisions["agent"] == "lab") & (decisions["decision"] == "pricing")].set_index("step")["strategy"]
    assert mine.loc[: STRIKES - 1].eq("target_margin").all()
    assert mine.loc[STRIKES:].eq("cost_plus").all()


def test_an_event_changes_nothing_before_it_strikes():
    quiet = small_config() | {"events": {}}
    quiet["time"]["periods"] = PERIODS
    with_event = config("energy_price_shock")
    with_event["agents"]["lab"] = quiet["agents"]["lab"]
    a, b = (AIMarket(load_config(c), 1).run().tables["market"] for c in (quiet, with_event))
    assert a.iloc[: STRIKES - 1].equals(b.iloc[: STRIKES - 1])
    assert not a.iloc[STRIKES - 1 :].equals(b.iloc[STRIKES - 1 :])


def test_events_strike_inside_a_quarter():
    c = config("energy_price_shock", duration_months=7)
    c["time"] |= {"period": "quarter", "periods": 5}
    events = AIMarket(load_config(c), 1).run().tables["events"]
    assert events["kind"].eq("energy_price_shock").all()
    assert events["step"].tolist() == [1, 4]  # March 2024 and October 2024
