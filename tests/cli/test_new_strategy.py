"""``new-strategy``, ``check-strategy``, and plug-ins in the verbs that run configs."""

from __future__ import annotations

import ast
import dataclasses
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from plugin_fixtures import AN_EVENT, Capture, out, refused

from aimarket.cli.main import main
from aimarket.config import load_config
from aimarket.config.registry import load_plugin
from aimarket.contract import VIEWS, contract_of
from aimarket.contract.scaffold import write_strategy
from aimarket.contract.seats import example_seat
from aimarket.model import AIMarket
from aimarket.recording.results import Results

SHORT = {"time.periods": 2, "population.firms": 50}
BROKEN = '''
from pydantic import Field

from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.chip_pricing.interface import ChipPricingDecision


class Broken(Strategy):
    """Posts no number."""

    decision = "chip_pricing"
    name = "broken"
    source = "nobody (2026), An example"

    def decide(self, view, draws):
        return ChipPricingDecision(price_usd=float("nan"), reason="1", inputs={"one": 1.0})
'''


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a new strategy, as it is written, for every decision."""
    directory = tmp_path_factory.mktemp("mine")
    for decision in VIEWS:
        write_strategy(decision, f"my_{decision}", directory)
    return directory


class TestNewStrategy:
    def test_its_own_tests_pass_for_every_decision(self, written: Path) -> None:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "."]
        done = subprocess.run(command, cwd=written, capture_output=True, text=True)
        assert f"{2 * len(VIEWS)} passed" in done.stdout, done.stdout
        assert done.returncode == 0

    @pytest.mark.parametrize("decision", sorted(VIEWS))
    def test_it_runs_in_the_baseline_for_every_decision(self, decision: str, written: Path) -> None:
        name, seat = f"my_{decision}", example_seat(decision)
        load_plugin(written / f"{name}.py")
        changes = {**SHORT, f"agents.{seat}.strategies.{decision}": name}
        decisions = AIMarket(load_config("baseline", changes), 1).run().tables["decisions"]
        mine = decisions[(decisions["agent"] == seat) & (decisions["decision"] == decision)]
        assert mine["step"].tolist() == [1, 2]
        assert mine["strategy"].eq(name).all()

    def test_the_commands_it_names_work(self, written: Path, tmp_path: Path) -> None:
        chosen = ["--plugin", str(written / "my_pricing.py"), "--set", "agents.openai.strategies.pricing=my_pricing"]
        short = [word for path, value in SHORT.items() for word in ("--set", f"{path}={value}")]
        assert main(["run", "baseline", *chosen, *short, "--out", str(tmp_path / "run")]) == 0
        decisions = Results.load(tmp_path / "run").tables["decisions"]
        assert decisions["strategy"].eq("my_pricing").sum() == 2

    @pytest.mark.parametrize("decision", sorted(VIEWS))
    def test_it_names_every_field_that_there_is(self, decision: str, written: Path) -> None:
        text = (written / f"my_{decision}.py").read_text()
        contract = contract_of(decision)
        named = [field.name for cls in (contract.view, contract.kind) for field in dataclasses.fields(cls)]
        assert all(f"#     {name}: " in text for name in named)

    @pytest.mark.parametrize("arguments", [["check", "--select", "E,F,W,I,B,UP,SIM,RUF"], ["format", "--check"]])
    def test_what_is_written_is_clean(self, arguments: list[str], written: Path) -> None:
        ruff = [sys.executable, "-m", "ruff", *arguments, "--isolated", "--no-cache", "--line-length", "120", "."]
        done = subprocess.run(ruff, cwd=written, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout

    def test_it_says_what_to_do_next(self, capsys: Capture, tmp_path: Path) -> None:
        text = out(capsys, "new-strategy", "pricing", "my_rule", "--directory", str(tmp_path / "new"))
        file = tmp_path / "new" / "my_rule.py"
        assert text.splitlines()[1:] == [
            f"  aimarket check-strategy {file}",
            f"  aimarket run baseline --plugin {file} --set agents.openai.strategies.pricing=my_rule",
            f"  python -m pytest {tmp_path / 'new' / 'test_my_rule.py'}",
        ]
        tree = ast.parse(file.read_text())
        assert [node.name for node in tree.body if isinstance(node, ast.ClassDef)] == ["MyRule"]

    def test_the_answer_can_be_json(self, capsys: Capture, tmp_path: Path) -> None:
        answer = json.loads(out(capsys, "new-strategy", "choice", "mine", "--directory", str(tmp_path), "--json"))
        assert [Path(file).name for file in answer["files"]] == ["mine.py", "test_mine.py"]
        assert len(answer["next"]) == 3

    @pytest.mark.parametrize("precious", ["mine.py", "test_mine.py"])
    def test_nothing_is_overwritten(self, precious: str, capsys: Capture, tmp_path: Path) -> None:
        (tmp_path / precious).write_text("precious")
        assert f"{precious} exists" in refused(capsys, "new-strategy", "pricing", "mine", "--directory", str(tmp_path))
        assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [(precious, "precious")]

    @pytest.mark.parametrize(
        ("decision", "name", "words"),
        [
            ("prizing", "mine", "DECISION: is no decision (got 'prizing'); did you mean 'pricing'?"),
            ("any", "mine", "must be one of: adoption"),
            ("pricing", "My Rule", "NAME: must be lower-case letters"),
            ("pricing", "class", "NAME: must be lower-case letters"),
            ("pricing", "undercut", "NAME: is a pricing strategy already"),
            ("finance", "regime_switch", "NAME: is a finance strategy already"),
            ("pricing", "random", "NAME: is the name of a Python module"),
            ("pricing", "numpy", "NAME: is the name of a Python module"),
            ("pricing", "../mine", "NAME: must be lower-case letters"),
        ],
    )
    def test_a_name_that_cannot_be_used_is_refused(
        self, decision: str, name: str, words: str, capsys: Capture, tmp_path: Path
    ) -> None:
        assert words in refused(capsys, "new-strategy", decision, name, "--directory", str(tmp_path))
        assert list(tmp_path.iterdir()) == []

    def test_a_directory_that_cannot_be_written_is_one_line(self, capsys: Capture, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        line = refused(capsys, "new-strategy", "pricing", "mine", "--directory", str(tmp_path / "file"))
        assert line.startswith("--directory: ")


class TestCheckStrategy:
    def test_a_new_strategy_keeps_the_contract(self, written: Path, capsys: Capture) -> None:
        text = out(capsys, "check-strategy", str(written / "my_pricing.py"))
        lines = text.splitlines()
        assert lines[0] == "my_pricing, a strategy for pricing"
        assert all(line.startswith("  kept    ") for line in lines[1:-1])
        assert lines[-1] == f"{len(lines) - 2} checks, none broken"

    def test_a_broken_one_gives_status_1_and_says_why(self, capsys: Capture, tmp_path: Path) -> None:
        file = tmp_path / "broken.py"
        file.write_text(BROKEN)
        assert main(["check-strategy", str(file)]) == 1
        printed = capsys.readouterr()
        assert "  BROKEN  decides within bounds on every example view\n" in printed.out
        assert "returned price_usd = nan, allowed is 0.001 to 1e+07" in printed.out
        assert re.search(r"^\d+ checks, 1 broken, \d+ not run until that is mended$", printed.out, flags=re.MULTILINE)
        assert printed.err == ""

    def test_json_holds_every_check(self, capsys: Capture, tmp_path: Path) -> None:
        file = tmp_path / "broken.py"
        file.write_text(BROKEN)
        assert main(["check-strategy", str(file), "--json"]) == 1
        answer = json.loads(capsys.readouterr().out)
        assert {row["strategy"] for row in answer} == {"broken"}
        assert [row["check"] for row in answer if row["checked"] and not row["met"]] == ["decides_within_bounds"]

    def test_what_is_no_file_of_strategies_is_status_2(self, capsys: Capture, tmp_path: Path) -> None:
        assert "no such Python file" in refused(capsys, "check-strategy", str(tmp_path / "absent.py"))
        (tmp_path / "quake.py").write_text(AN_EVENT)
        assert "defines no strategy" in refused(capsys, "check-strategy", str(tmp_path / "quake.py"))
        (tmp_path / "torn.py").write_text("def")
        assert "fails while it is imported: SyntaxError" in refused(capsys, "check-strategy", str(tmp_path / "torn.py"))


class TestPlugins:
    """--plugin where configs are read: the strategy is unknown without it, and known with it."""

    @pytest.mark.parametrize("verb", [["validate", "baseline"], ["compare", "baseline", "baseline", "--seeds", "1"]])
    def test_a_config_may_name_a_plugin_in(self, verb: list[str], written: Path, capsys: Capture) -> None:
        short = ["--set", "time.periods=2", "--set", "population.firms=50"]
        named = [*verb, *short, "--set", "agents.openai.strategies.finance=my_finance"]
        assert main(named) == 2
        assert "my_finance" in capsys.readouterr().err
        assert main([*named, "--plugin", str(written / "my_finance.py")]) == 0

    def test_validate_tells_programs_of_a_bad_plugin(self, capsys: Capture, tmp_path: Path) -> None:
        assert main(["validate", "baseline", "--plugin", str(tmp_path / "absent.py"), "--json"]) == 2
        answer = json.loads(capsys.readouterr().out)
        assert answer["ok"] is False
        assert answer["error"]["problem"] == "no such Python file"

    def test_viz_knows_plugins(self, capsys: Capture, tmp_path: Path) -> None:
        assert "no such Python file" in refused(capsys, "viz", "--plugin", str(tmp_path / "absent.py"))
