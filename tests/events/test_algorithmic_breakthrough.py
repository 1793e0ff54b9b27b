"""A breakthrough raises quality: of one lab while its lead lasts, then of all."""

from __future__ import annotations

import math

import pytest

from aimarket.config import load_config
from aimarket.errors import ConfigError
from aimarket.model import AIMarket
from model_fixtures import events_config

STRIKES = 3


def found(**changes):
    return {"kind": "algorithmic_breakthrough", "date": "2024-03", "gain": 1.0} | changes


def market(**events):
    config = events_config(**events)
    config["agents"]["late"]["founded"] = "2023-06"
    config["time"]["periods"] = 12
    # Research that was cheap until now, so that a month's work shows.
    config["technology"]["frontier_research_gpu_hours"] = 1e6
    return AIMarket(load_config(config), 1)


@pytest.fixture(scope="module")
def quality():
    """Last trained quality by firm, without an event and with one at one lab, one that leaks, one for everybody."""
    runs = {
        "none": market(),
        "secret": market(it=found(target="lab")),
        "leaked": market(it=found(target="lab", duration_months=4)),
        "public": market(it=found()),
    }
    for model in runs.values():
        model.run()
    return {key: {name: model.firms[name].trained_quality for name in ("lab", "late")} for key, model in runs.items()}


def test_it_raises_the_quality_of_whoever_finds_it(quality):
    assert quality["secret"]["lab"] > quality["none"]["lab"] + 0.3


def test_a_secret_helps_nobody_else(quality):
    assert quality["secret"]["late"] < quality["none"]["late"] + 0.1


def test_everybody_gains_once_the_lead_is_over_and_less_than_from_the_start(quality):
    assert quality["none"]["late"] + 0.1 < quality["leaked"]["late"] < quality["public"]["late"]
    assert quality["public"]["late"] > quality["none"]["late"] + 0.3


def test_efficiency_by_firm_while_the_lead_lasts_and_after():
    model, plain = market(it=found(target="lab", duration_months=4, serving_gain=0.5)), market()
    gains = []
    for _ in range(8):
        model.step()
        plain.step()
        gains.append(
            [math.log(model.training_efficiency(name) / plain.training_efficiency(name)) for name in ("lab", "late")]
            + [math.log(model.serving_efficiency / plain.serving_efficiency)]
        )
    assert gains[STRIKES - 2] == pytest.approx([0.0, 0.0, 0.0])
    assert gains[STRIKES - 1] == pytest.approx([1.0, 0.0, 0.0])
    assert gains[STRIKES + 3] == pytest.approx([1.0, 1.0, 0.5])


def test_two_breakthroughs_add_up():
    model, plain = market(a=found(), b=found(target="lab", gain=0.5)), market()
    for _ in range(STRIKES):
        model.step()
        plain.step()
    gain = [math.log(model.training_efficiency(name) / plain.training_efficiency(name)) for name in ("lab", "late")]
    assert gain == pytest.approx([1.5, 1.0])


def test_cheaper_serving_lowers_cost_at_once_where_everybody_has_it():
    model, plain = market(it=found(gain=0.0, serving_gain=0.7)), market()
    for _ in range(STRIKES):
        model.step()
        plain.step()
    ratio = model.catalogue.gpu_hours / plain.catalogue.gpu_hours
    assert ratio == pytest.approx(math.exp(-0.7), rel=0.05)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"duration_months": 3}, "duration_months"),
        ({"target": "lab", "serving_gain": 0.2}, "serving_gain"),
        ({"gain": -0.1}, "gain"),
        ({"target": "cloud"}, "target"),
    ],
)
def test_what_makes_no_sense_is_refused(changes, path):
    with pytest.raises(ConfigError) as caught:
        load_config(events_config(it=found(**changes)))
    assert caught.value.path == f"events.it.{path}"
