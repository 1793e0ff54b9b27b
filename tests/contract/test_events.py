"""One contract for every registered kind of event."""

import pytest

from aimarket.config import load_config
from aimarket.config.registry import event_kinds
from aimarket.errors import ConfigError
from aimarket.events.base import Event
from aimarket.markets.insolvency import wind_up
from aimarket.model import AIMarket
from model_fixtures import check_numbers, events_config

STRIKES, PERIODS = 3, 9

# Parameters of an example of each kind in ``events_config``.
EXAMPLES = {
    "algorithmic_breakthrough": {"target": "lab", "gain": 0.7},
    "chip_supply_shock": {"target": "chipco", "factor": 0.5},
    "energy_price_shock": {"factor": 3.0},
    "entry": {"target": "late", "cash_musd": 200.0},
    "exit": {"target": "lab"},
    "export_ban": {"good": "compute", "seller": "cloud", "buyer": "lab"},
    "funding_freeze": {"supply_share": 0.0},
    "grid_delay": {"target": "grid", "factor": 0.2},
    "merger": {"target": "openlab", "acquirer": "lab"},
    "open_weight_release": {"target": "openlab", "quality_gap": 0.0},
    "price_cap": {"usd_per_mtok": 3.0, "kinds": ["api", "service"]},
    "revise_commitments": {"target": "lab", "total_musd": 100.0, "through": "2025-12"},
    "sentiment_shock": {"shift": -1.0},
    "strategy_change": {"target": "lab", "decision": "pricing", "strategy": {"name": "cost_plus", "markup": 0.5}},
    "tax": {"base": "services", "rate": 0.2},
}
# Whom the events table names, where that is not the parameter ``target``.
STRUCK = {"export_ban": "lab"}
TARGETED = sorted(kind for kind, cls in event_kinds().items() if "target" in cls.Parameters.model_fields)
ENDING = sorted(kind for kind, cls in event_kinds().items() if cls.end is not Event.end)
# What these leave behind when they end is not what was there before: a secret is out.
SPREADING = {"algorithmic_breakthrough"}
RESTORING = sorted(set(ENDING) - SPREADING)

every_kind = pytest.mark.parametrize("kind", sorted(event_kinds()))


def config(kind, **changes):
    """The config with an event of ``kind`` in its third month."""
    return events_config(it={"kind": kind, "date": "2024-03"} | EXAMPLES.get(kind, {}) | changes)


def run(kind, **changes):
    return AIMarket(load_config(config(kind, **changes)), 1).run().tables


def struck(kind):
    return STRUCK.get(kind, EXAMPLES[kind].get("target", ""))


def rows(tables, kind):
    """The rows of the event itself: a firm may fail meanwhile."""
    events = tables["events"]
    return events[(events["kind"] == kind) & (events["target"] == struck(kind))]


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
    events = rows(tables, kind)
    assert events["step"].tolist() == [STRIKES]
    effect = events["effect"].iloc[0]
    assert len(effect) > 15
    assert "nan" not in effect
    assert "\n" not in effect
    assert "nothing changes" not in effect
    assert len(tables["market"]) == PERIODS
    check_numbers(tables)


@every_kind
def test_it_works_in_quarters_and_without_recorded_decisions(kind):
    c = config(kind, **({"duration_months": 4} if kind in ENDING else {}))
    c["time"] |= {"period": "quarter", "periods": 5}
    c["record"] = {"decisions": False}
    tables = AIMarket(load_config(c), 1).run().tables
    assert tables["decisions"].empty
    assert rows(tables, kind)["step"].tolist() == ([1, 3] if kind in ENDING else [1])
    assert len(tables["market"]) == 5
    check_numbers(tables)


@pytest.mark.parametrize("kind", ENDING)
def test_it_ends_when_its_time_is_up(kind):
    events = rows(run(kind, duration_months=4), kind)
    assert events["step"].tolist() == [STRIKES, STRIKES + 4]
    assert (events["effect"].str.len() > 15).all()
    assert not events["effect"].str.contains("nan").any()


@pytest.mark.parametrize("kind", RESTORING)
def test_its_end_restores_what_it_changed(kind):
    states = []
    for duration in (None, 1):
        changes = {} if duration is None else {"duration_months": duration}
        model = AIMarket(load_config(config(kind, **changes)), 1)
        before = world_state(model)
        for _ in range(STRIKES + 2):
            model.step()
        states.append(world_state(model))
    lasting, ended = states
    assert lasting != pytest.approx(before)
    assert ended == pytest.approx(before)


@pytest.mark.parametrize("kind", RESTORING)
def test_two_that_overlap_hold_one_by_one_and_leave_nothing_behind(kind):
    first = {"kind": kind, "date": "2024-03", "duration_months": 3} | EXAMPLES[kind]
    second = first | {"date": "2024-05", "duration_months": 2}
    for events in ({"early": first, "late": second}, {"late": second, "early": first}):
        model = AIMarket(load_config(events_config(**events)), 1)
        before, states = world_state(model), []
        for _ in range(8):
            model.step()
            states.append(world_state(model))
        assert states[3] != pytest.approx(before)  # the first alone
        assert states[5] != pytest.approx(before)  # the second alone
        assert states[6] == pytest.approx(before)


def world_state(model):
    """What events that end change while they last."""
    state = {"supply": model.investors.supply_factor, "serving": model.serving_breakthrough}
    for base in ("services", "compute", "energy"):
        state[f"tax on {base}"] = model.tax_rates.get(base, 0.0)
    for name, cap in zip(model.catalogue.names, model.catalogue.price_cap, strict=True):
        state[f"cap on {name}"] = float(cap)
    for seller, buyer, data in model.graph.graph.edges(data=True):
        gone = any(name in model.firms and not model.firms[name].alive for name in (seller, buyer))
        state[f"{seller} to {buyer}"] = float(gone or buyer in model.graph.buyers(data["good"], seller))
    for name, firm in model.firms.items():
        state[f"{name} training"] = model.breakthroughs.get("", 0.0) + model.breakthroughs.get(name, 0.0)
        for factor in ("cost_factor", "build_factor", "output_factor"):
            if hasattr(firm, factor):
                state[f"{name} {factor}"] = getattr(firm, factor)
    return state


def everything(model):
    """All that events may change, as plain values."""
    firms = {
        name: (firm.founded, firm.parent, firm.valuation_musd, firm.debt_musd, getattr(firm, "released_quality", None))
        for name, firm in model.firms.items()
    }
    strategies = {name: {key: s.name for key, s in f.strategies.items()} for name, f in model.firms.items()}
    contracts = [(contract.name, contract.gpus.tolist()) for contract in model.contracts]
    market = (model.catalogue.launch.tolist(), model.ledger.cash.tolist(), model.investors.sentiment)
    return world_state(model), firms, strategies, contracts, market


@pytest.mark.parametrize("kind", [kind for kind in EXAMPLES if struck(kind)])
def test_where_its_target_has_failed_it_says_so_and_changes_nothing(kind):
    changes = {"duration_months": 1} if kind in ENDING else {}
    model = AIMarket(load_config(config(kind, **changes)), 1)
    for _ in range(STRIKES - 1):
        model.step()
    wind_up(model, [model.firms[struck(kind)]], model.clock.month + 1)
    before = everything(model)
    for _ in range(1 + len(changes)):
        model.clock.advance()
        model.apply_events()
        assert "failed" in model.recorder.latest("events")["effect"]
    assert everything(model) == before


@pytest.mark.parametrize("kind", sorted(set(event_kinds()) - set(ENDING)))
def test_a_duration_of_what_has_no_end_is_refused_before_the_run(kind):
    with pytest.raises(ConfigError) as caught:
        load_config(config(kind, duration_months=2))
    assert caught.value.path == "events.it.duration_months"


@pytest.mark.parametrize("kind", TARGETED)
@pytest.mark.parametrize("target", ["nobody", "everybody"])
def test_an_unknown_target_is_refused_with_its_path(kind, target):
    with pytest.raises(ConfigError) as caught:
        load_config(config(kind, target=target))
    assert caught.value.path == "events.it.target"
    assert caught.value.value == target
    assert caught.value.remedy


@pytest.mark.parametrize("kind", sorted(set(TARGETED) - {"strategy_change"}))
@pytest.mark.parametrize("target", ["buyers", "money"])
def test_who_is_no_firm_is_no_target_of_what_strikes_firms(kind, target):
    with pytest.raises(ConfigError) as caught:
        load_config(config(kind, target=target))
    assert (caught.value.path, caught.value.value) == ("events.it.target", target)


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


def test_an_event_changes_nothing_before_it_strikes():
    quiet, with_event = events_config(), config("energy_price_shock")
    a, b = (AIMarket(load_config(c), 1).run().tables["market"] for c in (quiet, with_event))
    assert a.iloc[: STRIKES - 1].equals(b.iloc[: STRIKES - 1])
    assert not a.iloc[STRIKES - 1 :].equals(b.iloc[STRIKES - 1 :])


def test_events_strike_inside_a_quarter():
    c = config("energy_price_shock", duration_months=7)
    c["time"] |= {"period": "quarter", "periods": 5}
    events = AIMarket(load_config(c), 1).run().tables["events"]
    assert events["kind"].eq("energy_price_shock").all()
    assert events["step"].tolist() == [1, 4]  # March 2024 and October 2024
