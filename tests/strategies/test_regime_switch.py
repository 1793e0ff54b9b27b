"""Two strategies and a trigger: who decides when, and what a config may say about it."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest

from aimarket.config import load_config
from aimarket.config.registry import make_strategy, strategies
from aimarket.config.schema.base import Plug
from aimarket.contract.views import VIEWS
from aimarket.errors import ConfigError
from aimarket.randomness import RandomSource
from aimarket.strategies.regime_switch import RegimeSwitch

DRAWS = RandomSource(1).draws("lab", "decide", 1)
USUAL = {decision: next(iter(views.values())) for decision, views in VIEWS.items()}


def made(decision="finance", path="test", **parameters):
    chosen = {"before": "grow_at_all_costs", "after": "profit_first"} | parameters
    return make_strategy(decision, Plug(name="regime_switch", **chosen), path)


def decided(name, view, decision="finance"):
    return make_strategy(decision, Plug(name=name), "test").decide(view, DRAWS)


@pytest.mark.parametrize(
    ("month", "name"), [("2025-12", "grow_at_all_costs"), ("2026-01", "profit_first"), ("2031-07", "profit_first")]
)
def test_the_date_ends_one_regime_and_begins_the_other_for_good(month, name):
    view = replace(USUAL["finance"], month=month)
    decision, alone = made(date="2026-01").decide(view, DRAWS), decided(name, view)
    assert decision.ask_equity_musd == alone.ask_equity_musd
    assert decision.training_scale == alone.training_scale
    assert decision.reason.endswith(alone.reason)
    assert name in decision.reason.split(":")[0]


@pytest.mark.parametrize(
    ("trigger", "field"), [("runway_below_months", "runway_months"), ("sentiment_below", "sentiment")]
)
def test_a_trigger_lets_go_when_what_it_watches_recovers(trigger, field):
    rule = made(**{trigger: 5.0})
    shown = [rule.decide(replace(USUAL["finance"], **{field: value}), DRAWS) for value in (8.0, 3.0, 8.0)]
    assert shown[0].training_scale == shown[2].training_scale > shown[1].training_scale
    assert shown[1].inputs[field] == 3.0
    assert shown[1].inputs[f"trigger_{field}"] == 5.0


def test_any_of_several_triggers_is_enough():
    rule = made(date="2030-01", runway_below_months=6.0, sentiment_below=-0.5)
    calm = replace(USUAL["finance"], month="2026-01", runway_months=20.0, sentiment=0.0)
    after = [
        "profit_first" in rule.decide(replace(calm, **change), DRAWS).reason
        for change in ({}, {"month": "2030-01"}, {"runway_months": 5.0}, {"sentiment": -0.6})
    ]
    assert after == [False, True, True, True]


def test_its_inputs_are_those_of_the_trigger_and_of_the_strategy():
    decision = made(date="2026-01").decide(replace(USUAL["finance"], month="2026-04"), DRAWS)
    assert decision.inputs["months_since_date"] == 3.0
    assert decision.inputs.items() >= decided("profit_first", USUAL["finance"]).inputs.items()


@pytest.mark.parametrize("decision", sorted(VIEWS))
def test_every_decision_can_switch(decision):
    names = [name for name, cls in strategies()[decision].items()]
    for name in names:
        rule = make_strategy(
            decision, Plug(name="regime_switch", before=names[0], after=name, date=USUAL[decision].month), "test"
        )
        assert rule.decision == decision
        one, other = rule.decide(USUAL[decision], DRAWS), decided(name, USUAL[decision], decision)
        for field in other.bounds:
            np.testing.assert_array_equal(getattr(one, field), getattr(other, field), err_msg=name)


def test_the_class_itself_stays_open_to_any_decision():
    made("finance", date="2026-01")
    assert RegimeSwitch.decision == "any"
    assert not RegimeSwitch.parts


def test_regimes_can_follow_each_other():
    inner = {"name": "regime_switch", "before": "runway_target", "after": "profit_first", "date": "2028-01"}
    rule = made(after=inner, date="2026-01")
    told = [rule.decide(replace(USUAL["finance"], month=m), DRAWS).reason for m in ("2025-01", "2026-06", "2028-01")]
    assert [
        name in text for name, text in zip(("grow_at_all", "runway_target:", "profit_first:"), told, strict=True)
    ] == [True] * 3


def test_it_survives_pickling():
    rule = made(date="2026-01", after={"name": "profit_first", "target_months": 12})
    copy = pickle.loads(pickle.dumps(rule))
    assert copy.decision == "finance"
    assert copy.parts["after"].parameters.target_months == 12
    view = replace(USUAL["finance"], month="2027-01")
    assert copy.decide(view, DRAWS) == rule.decide(view, DRAWS)


@pytest.mark.parametrize(
    ("before", "after", "negotiates"),
    [
        ("cost_plus", "posted", False),
        ("nash_bargaining", "posted", True),
        ("posted", "nash_bargaining", True),
    ],
)
def test_it_negotiates_if_either_strategy_does(before, after, negotiates):
    rule = made("compute_pricing", before=before, after=after, date="2026-01")
    assert rule.negotiates is negotiates
    assert rule.buyer_hosting is False


def test_it_decides_nothing_until_it_knows_what():
    parameters = RegimeSwitch.Parameters(before="runway_target", after="profit_first", date="2026-01")
    with pytest.raises(ConfigError, match="make it with make_strategy"):
        RegimeSwitch(parameters).decide(USUAL["finance"], DRAWS)


@pytest.mark.parametrize(
    ("parameters", "path", "problem", "remedy"),
    [
        ({}, "here", "needs a trigger: date, runway_below_months or sentiment_below", None),
        ({"date": "2026-01", "before": "profit_frist"}, "here.before", "is no finance strategy", "'profit_first'"),
        ({"date": "2026-01", "after": "cost_plus"}, "here.after", "is no finance strategy", None),
        (
            {"date": "2026-01", "after": {"name": "profit_first", "target_month": 1}},
            "here.after.target_month",
            "is not a known parameter",
            "'target_months'",
        ),
        ({"date": "2026-01", "after": {"target_months": 12}}, "here.after.name", "field required", None),
        ({"date": "2026-01", "before": 5}, "here.before", "must be a name, or a mapping of a name", None),
        ({"date": "2026-1"}, "here.date", "must be a month written as YYYY-MM, e.g. 2026-03", None),
        ({"runway_below_months": -1.0}, "here.runway_below_months", "input should be greater than 0", None),
        ({"date": "2026-01", "dat": 1}, "here.dat", "is not a known parameter", "'date'"),
    ],
)
def test_wrong_input_is_refused_where_it_is(parameters, path, problem, remedy):
    with pytest.raises(ConfigError) as caught:
        made(path="here", **parameters)
    assert caught.value.path == path
    assert caught.value.problem.startswith(problem)
    assert "alue error" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert remedy is None or remedy in caught.value.remedy


def test_dream_driven_to_finance_driven_is_three_lines_of_yaml(tmp_path):
    file = tmp_path / "turn.yaml"
    lines = "{capacity: {name: regime_switch, before: scale_race, after: finance_driven, date: '2026-01'}}"
    file.write_text(f"extends: baseline\nagents:\n  microsoft: {{strategies: {lines}}}\n")
    chosen = load_config(file).agents["microsoft"].strategies.capacity
    assert chosen.parameters == {"before": "scale_race", "after": "finance_driven", "date": "2026-01"}
    file.write_text(file.read_text().replace("finance_driven", "finance_drivn"))
    with pytest.raises(ConfigError, match=r"microsoft.strategies.capacity.after.*did you mean 'finance_driven'"):
        load_config(file)


def test_a_parameter_of_an_inner_strategy_can_be_overridden():
    path = "agents.microsoft.strategies.capacity"
    rule = {"name": "regime_switch", "before": "scale_race", "after": {"name": "finance_driven"}, "date": "2026-01"}
    config = load_config("baseline", {path: rule, f"{path}.after.hurdle_premium": 0.2})
    chosen = make_strategy("capacity", config.agents["microsoft"].strategies.capacity, path)
    assert chosen.parts["after"].parameters.hurdle_premium == 0.2
