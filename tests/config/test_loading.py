"""From sources to configs: names, paths, ``extends``, overrides, fingerprints, YAML out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import aimarket.config as config_package
from aimarket.config import (
    config_schema,
    fingerprint,
    load_config,
    parse_assignment,
    shipped_configs,
    to_yaml,
)
from aimarket.config.canonical import to_plain
from aimarket.config.merging import MAX_EXTENDS, merge
from aimarket.config.nodes import from_python, plain
from aimarket.config.places import place_of
from aimarket.config.schema import MarketConfig
from aimarket.config.sources import describe
from aimarket.errors import ConfigError

Write = Callable[..., Path]

TARGET_MARGIN = {"name": "target_margin", "margin": 0.5}


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes a YAML file into an empty working directory."""
    monkeypatch.chdir(tmp_path)

    def _write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return _write


def price_rule(config: Any, firm: str = "openai") -> dict[str, Any]:
    plug = config.agents[firm].strategies.pricing
    return {"name": plug.name, **plug.parameters}


def pricing(rule: str) -> str:
    return f"agents: {{openai: {{strategies: {{pricing: {rule}}}}}}}"


class TestSources:
    def test_shipped_configs_load_by_name(self) -> None:
        names = shipped_configs()
        assert "baseline" in names
        assert load_config("baseline") == load_config(names["baseline"]) == load_config(str(names["baseline"]))

    def test_the_last_part_of_a_name_is_enough(self) -> None:
        assert "scenarios/dream_continues" in shipped_configs()
        assert load_config("dream_continues") == load_config("scenarios/dream_continues")

    def test_every_shipped_config_loads_and_says_what_it_is_for(self) -> None:
        for name, path in shipped_configs().items():
            assert load_config(name).agents, name
            assert describe(path), name
            assert "\n" not in describe(path)

    def test_a_config_is_named_after_its_file(self, write: Write) -> None:
        assert load_config(write("mine.yaml", "extends: baseline")).name == "mine"
        assert load_config(write("mine.yaml", "extends: baseline\nname: dear")).name == "dear"

    def test_name_and_description_are_not_inherited(self, write: Write) -> None:
        write("parent.yaml", "extends: baseline\nname: parent\ndescription: of the parent")
        child = load_config(write("child.yaml", "extends: parent.yaml"))
        assert (child.name, child.description) == ("child", "")

    def test_a_mapping_is_a_config(self) -> None:
        whole = to_plain(load_config("baseline"))
        assert load_config(whole) == load_config("baseline")
        assert load_config({"extends": "baseline", "time": {"periods": 5}}).time.periods == 5

    def test_an_ambiguous_name_lists_its_meanings(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        found = {"a/same": tmp_path / "a", "b/same": tmp_path / "b"}
        monkeypatch.setattr("aimarket.config.sources.shipped_configs", lambda: found)
        with pytest.raises(ConfigError, match="say a/same or b/same"):
            load_config("same")

    def test_an_unknown_name_suggests_the_nearest(self) -> None:
        with pytest.raises(ConfigError, match="did you mean 'baseline'"):
            load_config("basline")
        with pytest.raises(ConfigError, match="neither a shipped config nor a file"):
            load_config("no/such/file.yaml")

    def test_what_is_no_source_is_refused(self) -> None:
        with pytest.raises(ConfigError, match="is no config"):
            load_config(7)  # type: ignore[arg-type]

    def test_configs_are_found_inside_an_installed_package(self, tmp_path: Path) -> None:
        """A wheel carries ``configs/`` inside the package and has no checkout around it."""
        installed = tmp_path / "site" / "aimarket"
        source = Path(config_package.__file__).resolve().parent.parent
        shutil.copytree(source, installed, ignore=shutil.ignore_patterns("__pycache__"))
        (installed / "configs" / "scenarios").mkdir(parents=True, exist_ok=True)
        (installed / "configs" / "scenarios" / "inside.yaml").write_text("description: shipped in the wheel\n")
        code = "from aimarket.config import shipped_configs; print(*shipped_configs())"
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={"PYTHONPATH": str(tmp_path / "site"), "PATH": "/usr/bin:/bin"},
        )
        assert "scenarios/inside" in done.stdout.split(), done.stderr

    def test_importing_is_cheap(self) -> None:
        code = "import sys, aimarket.config; print(*sys.modules)"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert not {"pydantic", "yaml", "pandas", "mesa", "numpy"} & set(done.stdout.split())


class TestExtends:
    def test_mappings_merge_and_lists_replace(self, write: Write) -> None:
        segment = next(n for n, a in load_config("baseline").agents.items() if a.kind == "buyer_segment")
        path = write("mine.yaml", f"extends: baseline\ntime: {{periods: 7}}\nagents: {{{segment}: {{buys: [api]}}}}")
        mine, base = load_config(path), load_config("baseline")
        assert (mine.time.periods, mine.time.start) == (7, base.time.start)
        assert mine.agents[segment].buys == ["api"]
        assert mine.agents["openai"] == base.agents["openai"]

    def test_chains_apply_nearest_last(self, write: Write) -> None:
        write("configs/a.yaml", "extends: baseline\ntime: {periods: 5}\nagents: {openai: {cash_musd: 1}}")
        write("b.yaml", "extends: configs/a.yaml\nagents: {openai: {cash_musd: 2}}")
        config = load_config(write("sub/c.yaml", "extends: ../b.yaml\nagents: {openai: {debt_musd: 3}}"))
        openai = config.agents["openai"]
        assert (config.time.periods, openai.cash_musd, openai.debt_musd) == (5, 2, 3)

    def test_null_removes_an_entry(self, write: Write) -> None:
        base = load_config("baseline")
        good, seller, buyer = next(
            (g, s, b)
            for g in ("services", "compute")
            for s, row in getattr(base.supply_graph, g).items()
            for b in row
            if len(row) > 1 and not any(b in str(a) for a in getattr(base.agents[b], "contracts", {}))
        )
        path = write("mine.yaml", f"extends: baseline\nsupply_graph: {{{good}: {{{seller}: {{{buyer}: null}}}}}}")
        assert buyer not in getattr(load_config(path).supply_graph, good)[seller]

    def test_null_for_what_the_parent_lacks_is_an_error(self, write: Write) -> None:
        path = write("mine.yaml", "extends: baseline\nagents:\n  opneai: null\n")
        with pytest.raises(ConfigError) as caught:
            load_config(path)
        assert caught.value.file == "mine.yaml"
        assert caught.value.path == "agents.opneai"
        assert "line 3" in str(caught.value)
        assert "did you mean 'openai'?" in str(caught.value)

    def test_another_strategy_drops_the_old_parameters(self, write: Write) -> None:
        write(
            "a.yaml",
            "extends: baseline\n" + pricing("{name: target_margin, margin: 0.5}"),
        )
        other = write(
            "b.yaml",
            "extends: a.yaml\n" + pricing("{name: cost_plus, markup: 0.2}"),
        )
        assert price_rule(load_config(other)) == {"name": "cost_plus", "markup": 0.2}

    def test_parameters_merge_into_the_same_strategy(self, write: Write) -> None:
        write(
            "a.yaml",
            "extends: baseline\n" + pricing("{name: target_margin, margin: 0.5}"),
        )
        same = write("b.yaml", "extends: a.yaml\n" + pricing("{adjustment: 0.1}"))
        assert price_rule(load_config(same)) == {**TARGET_MARGIN, "adjustment": 0.1}

    def test_parameters_merge_into_a_bare_name(self, write: Write) -> None:
        write("a.yaml", "extends: baseline\n" + pricing("target_margin"))
        same = write("b.yaml", "extends: a.yaml\n" + pricing("{margin: 0.5}"))
        assert price_rule(load_config(same)) == TARGET_MARGIN

    def test_another_kind_of_agent_replaces_the_entry(self) -> None:
        base = from_python({"agents": {"x": {"kind": "frontier_lab", "quality": 1}}})
        overlay = from_python({"agents": {"x": {"kind": "rest_of_world"}}})
        assert plain(merge(base, overlay, place_of(MarketConfig))) == {"agents": {"x": {"kind": "rest_of_world"}}}

    def test_merging_changes_neither_side(self) -> None:
        base, overlay = from_python({"a": {"b": 1, "c": 2}}), from_python({"a": {"b": None, "d": 3}})
        assert plain(merge(base, overlay, None)) == {"a": {"c": 2, "d": 3}}
        assert plain(base) == {"a": {"b": 1, "c": 2}}
        assert plain(overlay) == {"a": {"b": None, "d": 3}}

    def test_a_cycle_names_its_chain(self, write: Write) -> None:
        write("a.yaml", "extends: b.yaml")
        write("b.yaml", "extends: c.yaml")
        write("c.yaml", "extends: a.yaml")
        with pytest.raises(ConfigError, match=r"closes a cycle: a.yaml -> b.yaml -> c.yaml -> a.yaml") as caught:
            load_config("a.yaml")
        assert (caught.value.file, caught.value.path) == ("c.yaml", "extends")

    def test_a_config_that_extends_itself_is_a_cycle(self, write: Write) -> None:
        with pytest.raises(ConfigError, match="closes a cycle"):
            load_config(write("a.yaml", "extends: ./a.yaml"))

    def test_a_missing_parent_names_its_chain(self, write: Write) -> None:
        write("a.yaml", "extends: b.yaml")
        write("b.yaml", "extends: basline")
        with pytest.raises(ConfigError) as caught:
            load_config("a.yaml")
        assert "chain a.yaml -> b.yaml -> basline" in str(caught.value)
        assert "did you mean 'baseline'?" in str(caught.value)

    def test_a_long_chain_is_refused(self, write: Write) -> None:
        for i in range(MAX_EXTENDS + 3):
            write(f"c{i}.yaml", f"extends: c{i + 1}.yaml")
        with pytest.raises(ConfigError, match=f"more than {MAX_EXTENDS} configs"):
            load_config("c0.yaml")

    @pytest.mark.parametrize("link", ["[a, b]", "5", "null", "''"])
    def test_extends_is_one_name(self, write: Write, link: str) -> None:
        with pytest.raises(ConfigError, match="must be the name or path of one config"):
            load_config(write("a.yaml", f"extends: {link}"))

    def test_errors_name_the_file_that_set_the_value(self, write: Write) -> None:
        write("a.yaml", "extends: baseline\nagents:\n  openai:\n    cash_musd: -5\n")
        write("b.yaml", "extends: a.yaml\ntime: {periods: 3}")
        with pytest.raises(ConfigError) as caught:
            load_config("b.yaml")
        assert (caught.value.file, caught.value.path) == ("a.yaml", "agents.openai.cash_musd")
        assert "line 4" in str(caught.value)

    def test_registry_errors_name_the_file_too(self, write: Write) -> None:
        write("a.yaml", "extends: baseline\n" + pricing("no_such"))
        with pytest.raises(ConfigError) as caught:
            load_config(write("b.yaml", "extends: a.yaml"))
        assert (caught.value.file, caught.value.value) == ("a.yaml", "no_such")
        assert caught.value.path == "agents.openai.strategies.pricing"


class TestOverrides:
    def test_a_path_sets_a_value(self) -> None:
        config = load_config("baseline", {"time.periods": 4, "agents.openai.cash_musd": 77})
        assert (config.time.periods, config.agents["openai"].cash_musd) == (4, 77)

    def test_a_mapping_replaces_a_mapping(self) -> None:
        config = load_config("baseline", {"agents.openai.strategies.pricing": TARGET_MARGIN})
        assert price_rule(config) == TARGET_MARGIN
        config = load_config("baseline", {"agents.openai.strategies.pricing": "cost_plus"})
        assert price_rule(config) == {"name": "cost_plus"}

    def test_a_path_below_a_bare_name_sets_a_parameter(self) -> None:
        paths = {
            "agents.openai.strategies.pricing": "target_margin",
            "agents.openai.strategies.pricing.margin": 0.5,
        }
        assert price_rule(load_config("baseline", paths)) == TARGET_MARGIN

    def test_none_removes(self) -> None:
        base = load_config("baseline")
        good, seller, buyer = next(
            ("services", s, b) for s, row in base.supply_graph.services.items() for b in row if len(row) > 1
        )
        config = load_config("baseline", {f"supply_graph.{good}.{seller}.{buyer}": None})
        assert buyer not in config.supply_graph.services[seller]

    def test_new_entries_can_be_added(self) -> None:
        lab = to_plain(load_config("baseline").agents["anthropic"])
        lab["contracts"] = {}
        config = load_config("baseline", {"agents.newcomer": lab})
        assert config.agents["newcomer"].kind == "frontier_lab"

    def test_items_of_lists_can_be_set(self) -> None:
        base = load_config("baseline")
        name = next(n for n, a in base.agents.items() if a.kind == "energy_supplier")
        config = load_config("baseline", {f"agents.{name}.blocks.0.capacity_mw": 123})
        assert config.agents[name].blocks[0].capacity_mw == 123
        assert config.agents[name].blocks[1:] == base.agents[name].blocks[1:]

    @pytest.mark.parametrize(
        ("path", "at", "hint"),
        [
            ("agents.opneai.cash_musd", "agents.opneai", "did you mean 'openai'?"),
            ("agents.openai.chas_musd", "agents.openai.chas_musd", "did you mean 'cash_musd'?"),
            ("agents.openai.strategies.prcing", "agents.openai.strategies.prcing", "did you mean 'pricing'?"),
            ("tme.periods", "tme", "did you mean 'time'?"),
            ("zzz", "zzz", "known: name, description, time"),
        ],
    )
    def test_a_wrong_path_suggests_the_nearest_key(self, path: str, at: str, hint: str) -> None:
        with pytest.raises(ConfigError) as caught:
            load_config("baseline", {path: 1})
        assert caught.value.path == at
        assert hint in str(caught.value)
        assert caught.value.file is None

    @pytest.mark.parametrize(
        ("overrides", "said"),
        [
            ({"agents.nobody": None}, "is not a known key"),
            (
                {"time": {"strt": "2023-01", "periods": 5}},
                "time.strt: is not a known key; did you mean 'start'? (and 1 more)",
            ),
            ({"time.periods.deeper": 1}, "time.periods: has nothing below it"),
            ({"": 1}, "is no dotted path"),
            ({"time..periods": 1}, "is no dotted path"),
            ({5: 1}, "is no dotted path"),
            ({"time.periods": object()}, "which no config can hold"),
            ({"time": {1: 2}}, "has a key that is not text"),
            ({"agents.openai.cash_musd": float("nan")}, "must be a finite number"),
            (
                {"agents.openai.cash_musd": [float("inf")]},
                "agents.openai.cash_musd.0: must be a finite number",
            ),
            ({"agents.openai.strategies.pricing.nonsense": 1}, "nonsense: is not a known parameter"),
        ],
    )
    def test_wrong_overrides(self, overrides: dict[Any, Any], said: str) -> None:
        with pytest.raises(ConfigError) as caught:
            load_config("baseline", overrides)
        assert said in str(caught.value)

    def test_a_mapping_that_contains_itself_is_refused(self) -> None:
        loop: dict[str, Any] = {}
        loop["again"] = loop
        with pytest.raises(ConfigError, match="nested deeper"):
            load_config("baseline", {"time": loop})

    def test_numpy_numbers_are_numbers(self) -> None:
        import numpy as np

        config = load_config("baseline", {"time.periods": np.int64(4), "agents.openai.cash_musd": np.float32(2)})
        assert (config.time.periods, config.agents["openai"].cash_musd) == (4, 2)

    @pytest.mark.parametrize(
        ("text", "parsed"),
        [
            ("a.b=5", ("a.b", 5)),
            ("a.b = 0.05", ("a.b", 0.05)),
            ("a=undercut", ("a", "undercut")),
            ("a=2026-03", ("a", "2026-03")),
            ("a=null", ("a", None)),
            ("a={name: x, gap: 1e-2}", ("a", {"name": "x", "gap": 0.01})),
            ("a=[api, open]", ("a", ["api", "open"])),
            ("a='b=c'", ("a", "b=c")),
        ],
    )
    def test_assignments(self, text: str, parsed: tuple[str, object]) -> None:
        assert parse_assignment(text) == parsed

    @pytest.mark.parametrize("text", ["a", "=5", "", "a=", "a=[1", "a=*x", "a=.nan", "a=!!str x", "a={b: 1, b: 2}"])
    def test_wrong_assignments(self, text: str) -> None:
        with pytest.raises(ConfigError) as caught:
            parse_assignment(text)
        assert "\n" not in str(caught.value)


class TestFingerprint:
    def test_it_ignores_order_comments_extends_and_names(self, write: Write) -> None:
        base = load_config("baseline")
        assert fingerprint(base) == fingerprint(load_config(write("x.yaml", "extends: baseline # the same")))
        backwards = dict(reversed(to_plain(base).items()))
        backwards["agents"] = dict(reversed(backwards["agents"].items()))
        assert fingerprint(load_config(backwards)) == fingerprint(base)
        assert fingerprint(load_config("baseline", {"description": "other words"})) == fingerprint(base)

    def test_whole_numbers_are_the_same_however_written(self) -> None:
        one = load_config("baseline", {"agents.openai.strategies.pricing": {"name": "target_margin", "margin": 0}})
        two = load_config("baseline", {"agents.openai.strategies.pricing": {"name": "target_margin", "margin": 0.0}})
        assert fingerprint(one) == fingerprint(two)

    @pytest.mark.parametrize(
        "overrides",
        [
            {"time.periods": 17},
            {"agents.openai.cash_musd": 123.456},
            {"agents.openai.strategies.pricing": {"name": "target_margin", "margin": 0.123}},
        ],
    )
    def test_it_sees_every_change(self, overrides: dict[str, Any]) -> None:
        changed = fingerprint(load_config("baseline", overrides))
        assert changed != fingerprint(load_config("baseline"))
        assert len(changed) == 16
        assert int(changed, 16) >= 0

    def test_it_is_the_same_in_another_process(self) -> None:
        code = "import aimarket.config as c; print(c.fingerprint(c.load_config('baseline')))"
        runs = [
            subprocess.run(
                [sys.executable, "-c", code],
                capture_output=True,
                text=True,
                check=True,
                env={**os.environ, "PYTHONHASHSEED": seed},
            ).stdout.strip()
            for seed in ("1", "2")
        ]
        assert runs == [fingerprint(load_config("baseline"))] * 2


class TestOut:
    @pytest.mark.parametrize("name", ["baseline", "dream_continues"])
    def test_yaml_loads_back_to_an_equal_config(self, write: Write, name: str) -> None:
        config = load_config(name)
        again = load_config(write("again.yaml", to_yaml(config)))
        assert again == config
        assert to_yaml(again) == to_yaml(config)

    def test_yaml_keeps_awkward_text(self, write: Write) -> None:
        text = "yes: 1e6 # not a comment\n'quoted' ünïcode ~"
        config = load_config("baseline", {"description": text, "name": "1e6"})
        again = load_config(write("again.yaml", to_yaml(config)))
        assert (again.description, again.name) == (text, "1e6")

    def test_the_schema_describes_every_field(self) -> None:
        schema = config_schema()
        assert {"time", "agents", "supply_graph"} <= set(schema["properties"])
        assert schema["additionalProperties"] is False
