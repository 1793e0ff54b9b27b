"""Plug-ins: files that add names, names that are taken, and strategies made of others."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import pytest

from aimarket.config import registry
from aimarket.config.registry import event_kinds, load_plugin, make_event, make_strategy, strategies
from aimarket.config.schema.base import Plug
from aimarket.contract.views import VIEWS
from aimarket.errors import ConfigError
from aimarket.randomness import RandomSource

STRATEGY = '''
from __future__ import annotations

from pydantic import Field

from aimarket.config.schema.base import Month
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.beliefs.interface import BeliefsDecision


class Mine(Strategy):
    """Holds a share of its own."""

    decision = "DECISION"
    name = "NAME"
    source = "made up for a test of plug-ins"

    class Parameters(StrategyParameters):
        share: float = Field(0.5, ge=0, le=1, description="share held")
        since: Month | None = Field(None, description="month from which on it is held")

    def decide(self, view, _draws):
        share = self.parameters.share
        return BeliefsDecision(narrative_share=share, reason=f"holds {share}", inputs={"share": share})
'''
EVENT = '''
from aimarket.events.base import Event


class Nothing(Event):
    """Nothing happens."""

    kind = "KIND"

    def strike(self, model):
        return "nothing happens"
'''


@pytest.fixture(autouse=True)
def registered():
    """The registry, put back as it was."""
    before = {decision: dict(by_name) for decision, by_name in strategies().items()}
    kinds, modules = dict(event_kinds()), set(sys.modules)
    yield
    strategies().clear()
    strategies().update(before)
    event_kinds().clear()
    event_kinds().update(kinds)
    for name in set(sys.modules) - modules:
        if name.startswith("aimarket_plugin_"):
            del sys.modules[name]


def written(
    folder: Path, name: str = "mine", decision: str = "beliefs", file: str = "plugin.py", more: str = ""
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file
    path.write_text(STRATEGY.replace("DECISION", decision).replace("NAME", name) + more)
    return path


def names() -> list[tuple[str, str]]:
    return [(decision, name) for decision, by_name in strategies().items() for name in by_name]


def test_a_plugin_adds_strategies_and_events(tmp_path):
    file = written(tmp_path, more=EVENT.replace("KIND", "nothing"))
    assert load_plugin(file) == ["mine", "nothing"]
    assert make_strategy("beliefs", Plug(name="mine", share=0.25), "here").parameters.share == 0.25
    assert make_event("nothing", {}, "events.x").strike(None) == "nothing happens"


def test_what_a_plugin_defines_can_be_pickled(tmp_path):
    load_plugin(written(tmp_path / "one", "first"))
    load_plugin(written(tmp_path / "two", "second"))  # a file of the same name elsewhere
    for name in ("first", "second"):
        copy = pickle.loads(pickle.dumps(make_strategy("beliefs", Plug(name=name, since="2026-01"), "here")))
        assert (copy.name, copy.parameters.since) == (name, "2026-01")
        assert copy.decide(None, None).narrative_share == 0.5


def test_loading_a_file_again_replaces_what_it_defined(tmp_path):
    file = written(tmp_path)
    load_plugin(file)
    file.write_text(file.read_text().replace("Field(0.5", "Field(0.125"))
    load_plugin(file)
    assert make_strategy("beliefs", Plug(name="mine"), "here").parameters.share == 0.125
    assert names().count(("beliefs", "mine")) == 1


def test_a_name_that_is_taken_is_refused_naming_both_files(tmp_path):
    file, before = written(tmp_path, "switching"), names()
    with pytest.raises(ConfigError) as caught:
        load_plugin(file)
    assert caught.value.file == str(file)
    assert "beliefs strategy 'switching' is registered already" in caught.value.problem
    assert str(Path("beliefs") / "switching.py") in caught.value.problem
    assert names() == before


def test_two_plugins_may_not_share_a_name(tmp_path):
    one, two = written(tmp_path, file="one.py"), written(tmp_path, file="two.py")
    load_plugin(one)
    with pytest.raises(ConfigError, match=r"two\.py.*registered already, in .*one\.py"):
        load_plugin(two)
    assert sys.modules[strategies()["beliefs"]["mine"].__module__].__file__ == str(one)


def test_two_classes_of_one_file_may_not_share_a_name(tmp_path):
    file = written(tmp_path)
    file.write_text(file.read_text() + file.read_text().replace("class Mine", "class Other").partition("Decision\n")[2])
    with pytest.raises(ConfigError, match="is registered already"):
        load_plugin(file)
    assert ("beliefs", "mine") not in names()


@pytest.mark.parametrize(("decision", "name"), [("any", "runway_target"), ("finance", "regime_switch")])
def test_a_strategy_for_any_decision_shares_its_name_with_none(tmp_path, decision, name):
    with pytest.raises(ConfigError, match="is registered already"):
        load_plugin(written(tmp_path, name, decision))


def test_the_same_name_may_serve_two_decisions(tmp_path):
    assert load_plugin(written(tmp_path, "switching", "training")) == ["switching"]
    assert {("beliefs", "switching"), ("training", "switching")} <= set(names())


def test_an_event_that_is_taken_is_refused_with_all_else_in_the_file(tmp_path):
    file = written(tmp_path, more=EVENT.replace("KIND", "sentiment_shock"))
    with pytest.raises(ConfigError, match="event 'sentiment_shock' is registered already"):
        load_plugin(file)
    assert ("beliefs", "mine") not in names()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x = 1", "defines no strategy and no event"),
        ("1 / 0", "fails while it is imported: ZeroDivisionError"),
        ("raise SystemExit(3)", "fails while it is imported: SystemExit"),
        ("class :", "fails while it is imported: SyntaxError"),
        (None, "no such Python file"),
    ],
)
def test_a_file_that_is_no_plugin_is_refused_and_leaves_nothing_behind(tmp_path, text, problem):
    file, before = tmp_path / "wrong.py", names()
    if text is not None:
        file.write_text(text)
    with pytest.raises(ConfigError, match=problem) as caught:
        load_plugin(file)
    assert caught.value.file == str(file)
    assert names() == before
    if problem.startswith("fails"):
        assert not [name for name in sys.modules if name.startswith("aimarket_plugin_wrong")]


class _Point:
    """An installed package's entry point."""

    group, name, value = "aimarket.strategies", "mine", "mine:Mine"

    def __init__(self, load):
        self.load = load


def test_an_entry_point_may_name_a_module_or_a_class(tmp_path, monkeypatch):
    load_plugin(written(tmp_path))
    cls = strategies()["beliefs"]["mine"]
    for load in (lambda: cls, lambda: sys.modules[cls.__module__]):
        assert registry._module_of(_Point(load)) is sys.modules[cls.__module__]


def test_an_entry_point_that_fails_is_named():
    with pytest.raises(ConfigError, match=r"entry point 'mine' of aimarket.strategies fails: ModuleNotFoundError"):
        registry._module_of(_Point(lambda: __import__("no_such_module_at_all")))


def test_an_unknown_name_lists_what_fits_the_decision_and_what_fits_any():
    with pytest.raises(ConfigError) as caught:
        make_strategy("chip_pricing", Plug(name="zzz"), "here")
    assert caught.value.remedy == "known: regime_switch, scarcity_markup"


def test_a_strategy_for_any_decision_can_be_a_plugin(tmp_path):
    text = (
        "from aimarket.config.schema.base import Strategy as Plugged\n"
        "from aimarket.strategies.base import Strategy, StrategyParameters\n"
        "class Coin(Strategy):\n"
        "    decision, name, source = 'any', 'coin', 'a coin'\n"
        "    class Parameters(StrategyParameters):\n"
        "        heads: Plugged\n"
        "        tails: Plugged\n"
        "    def decide(self, view, draws):\n"
        "        return self.parts['heads' if draws.uniform(1)[0] < 0.5 else 'tails'].decide(view, draws)\n"
    )
    file = tmp_path / "coin.py"
    file.write_text(text)
    assert load_plugin(file) == ["coin"]
    rule = make_strategy("beliefs", Plug(name="coin", heads="narrative", tails="fundamentals"), "here")
    view = next(iter(VIEWS["beliefs"].values()))
    shares = {rule.decide(view, RandomSource(seed).draws("a", "b")).narrative_share for seed in range(20)}
    assert len(shares) == 2


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ('decision = "pricing"', "has no name"),
        ('name = "nobody"', "has no decision"),
        ('decision = "prcing"; name = "nobody"', "is for no decision"),
    ],
)
def test_a_plug_in_class_that_does_not_say_what_it_is_is_refused_with_its_file(tmp_path, written, problem):
    file = tmp_path / "unfinished.py"
    file.write_text(
        "from aimarket.strategies.base import Strategy\n\n\n"
        f"class Mine(Strategy):\n    {written}\n\n    def decide(self, view, draws):\n        return None\n"
    )
    with pytest.raises(ConfigError) as caught:
        load_plugin(file)
    assert problem in str(caught.value)
    assert "unfinished.py" in str(caught.value)
    assert "Mine" in str(caught.value)
