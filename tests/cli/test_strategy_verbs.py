"""``strategies`` and ``events``: what there is, and what one of them does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from plugin_fixtures import AN_EVENT, Capture, out, refused

from aimarket.config import load_config
from aimarket.config.registry import event_kinds, strategies
from aimarket.contract import VIEWS
from aimarket.contract.scaffold import write_strategy
from aimarket.contract.seats import example_seat, flow, kinds_with
from aimarket.events.base import Event

NAMED = [(decision, name) for decision, by_name in strategies().items() for name in by_name]


class TestStrategies:
    def test_all_are_listed_by_decision_with_source(self, capsys: Capture) -> None:
        listed = json.loads(out(capsys, "strategies", "--json"))
        assert [(row["decision"], row["name"]) for row in listed] == NAMED
        assert all(len(row["summary"]) > 20 and len(row["source"]) > 10 for row in listed)
        lines = out(capsys, "strategies").splitlines()
        assert len(lines) == len(NAMED) + 2
        assert lines[-1].startswith(f"{len(NAMED)} strategies")
        (undercut,) = [line for line in lines if line.split()[0] == "undercut"]
        assert "Maskin & Tirole" in undercut

    def test_one_decision_can_be_asked_for(self, capsys: Capture) -> None:
        listed = json.loads(out(capsys, "strategies", "--decision", "finance", "--json"))
        assert {row["decision"] for row in listed} == {"finance", "any"}

    @pytest.mark.parametrize("name", sorted({name for _, name in NAMED}))
    def test_each_is_explained_by_a_config_that_loads(self, name: str, capsys: Capture, tmp_path: Path) -> None:
        explained = json.loads(out(capsys, "strategies", name, "--json"))
        assert [(told["decision"], told["name"]) for told in explained] == [pair for pair in NAMED if pair[1] == name]
        text = out(capsys, "strategies", name)
        for told in explained:
            file = tmp_path / "scenario.yaml"
            file.write_text(told["snippet"], encoding="utf-8")
            agents = load_config(file).agents.values()
            chosen = [getattr(entry, "strategies", None) for entry in agents]
            assert any(getattr(plug, "name", None) == name for mind in chosen if mind for _, plug in mind)
            model = strategies()[told["decision"]][name].Parameters
            assert [row["name"] for row in told["parameters"]] == list(model.model_fields)
            for row in told["parameters"]:
                assert row["allowed"]
                assert row["meaning"] in text
            assert told["snippet"].rstrip() in "\n".join(line.rstrip() for line in text.splitlines())

    def test_a_name_of_several_decisions_is_explained_for_each(self, capsys: Capture) -> None:
        text = out(capsys, "strategies", "cost_plus")
        assert "cost_plus, a strategy for compute_pricing\n" in text
        assert "cost_plus, a strategy for pricing\n" in text
        only = out(capsys, "strategies", "cost_plus", "--decision", "pricing")
        assert "compute_pricing" not in only

    def test_bounds_and_defaults_are_those_of_the_class(self, capsys: Capture) -> None:
        (told,) = json.loads(out(capsys, "strategies", "target_margin", "--json"))
        rows = {row["name"]: row for row in told["parameters"]}
        assert rows["margin"]["default"] == 0.5
        assert rows["margin"]["allowed"] == "0 to below 1"
        assert rows["adjustment"]["allowed"] == "above 0, to 1"

    def test_what_is_unknown_is_one_line_with_the_nearest(self, capsys: Capture) -> None:
        assert refused(capsys, "strategies", "undercutt") == (
            "NAME: is no strategy (got 'undercutt'); did you mean 'undercut'?"
        )
        assert "is no finance strategy" in refused(capsys, "strategies", "undercut", "--decision", "finance")
        assert "did you mean 'pricing'?" in refused(capsys, "strategies", "--decision", "prizing")

    def test_plugins_are_listed_too(self, capsys: Capture, tmp_path: Path) -> None:
        file, _ = write_strategy("release", "my_release", tmp_path)
        (told,) = json.loads(out(capsys, "strategies", "my_release", "--plugin", str(file), "--json"))
        assert told["does"].startswith("Releases as soon as")

    def test_the_last_league_is_told_where_there_was_one(
        self, capsys: Capture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from aimarket.experiments import shipped

        monkeypatch.setattr(shipped, "last_league", lambda decision, name: [f"{name} came first in {decision}"])
        assert "undercut came first in pricing\n" in out(capsys, "strategies", "undercut")


class TestEvents:
    def test_all_are_listed(self, capsys: Capture) -> None:
        listed = json.loads(out(capsys, "events", "--json"))
        assert [row["kind"] for row in listed] == list(event_kinds())
        assert {row["kind"]: row["ends"] for row in listed} == {
            kind: cls.end is not Event.end for kind, cls in event_kinds().items()
        }
        assert len(out(capsys, "events").splitlines()) == len(listed) + 2

    @pytest.mark.parametrize("kind", sorted(event_kinds()))
    def test_each_is_explained_by_a_config_that_loads(self, kind: str, capsys: Capture, tmp_path: Path) -> None:
        told = json.loads(out(capsys, "events", kind, "--json"))
        file = tmp_path / "scenario.yaml"
        file.write_text(told["snippet"], encoding="utf-8")
        assert load_config(file).events["my_event"].kind == kind
        named = {row["name"] for row in told["parameters"]}
        assert ("duration_months" in named) == told["ends"]
        text = out(capsys, "events", kind)
        assert ("has no end" in text) != told["ends"]
        assert all(row["meaning"] in text for row in told["parameters"])

    def test_an_unknown_kind_is_one_line_with_the_nearest(self, capsys: Capture) -> None:
        assert refused(capsys, "events", "taxes") == "KIND: is no kind of event (got 'taxes'); did you mean 'tax'?"

    def test_an_event_of_a_plugin_shows_what_its_author_must_fill_in(self, capsys: Capture, tmp_path: Path) -> None:
        file = tmp_path / "quake.py"
        file.write_text(AN_EVENT)
        told = json.loads(out(capsys, "events", "quake", "--plugin", str(file), "--json"))
        assert 'strength: "STRENGTH"' in told["snippet"]


def test_every_decision_has_agents_that_make_it() -> None:
    agents = load_config("baseline").agents
    for decision in VIEWS:
        kinds = kinds_with(decision)
        assert kinds
        assert agents[example_seat(decision)].kind in kinds


def test_yaml_on_one_line_reads_back(tmp_path: Path) -> None:
    import yaml

    value = {"a": [1, 2.5, 1e-06, True, None], "date": "2026-03", "on": "no", "word": "some_word", "text": "a: b, {c}"}
    assert yaml.safe_load(flow(value)) == value
    assert flow({"name": "undercut", "gap": 0.1}) == "{name: undercut, gap: 0.1}"


def test_no_model_is_needed_to_list_strategies() -> None:
    listed = "from aimarket.cli.main import main; main(['strategies', '--json'])"
    code = f"import sys; {listed}; print('aimarket.model' in sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "False"
