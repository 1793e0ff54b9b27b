"""The small verbs, the help, and how quickly they answer."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from aimarket.cli.main import main
from aimarket.config import config_schema, fingerprint, load_config, shipped_configs
from aimarket.recording.results import Results
from aimarket.recording.tables import TABLES

COMMAND = [sys.executable, "-m", "aimarket.cli.main"]
VERBS = ("run", "configs", "validate", "schema", "query", "report", "dictionary")


def out(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(arguments) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    return printed.out


def test_help_lists_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    text = out(capsys, "--help")
    assert text == out(capsys)
    assert all(f"\n  {verb} " in text for verb in VERBS)
    assert not set(text) & set("╭─│"), "no boxes"
    for verb in VERBS:
        assert "Usage: aimarket " + verb in out(capsys, verb, "--help")


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; from aimarket.cli.main import main; main(['--help']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {
        "mesa",
        "numpy",
        "pandas",
        "pydantic",
        "pyarrow",
        "duckdb",
        "yaml",
        "rich",
        "networkx",
        "scipy",
        "numba",
    }
    assert not heavy & set(done.stdout.splitlines()[-1].split())


def test_help_answers_within_its_budget() -> None:
    took = []
    for _ in range(3):
        started = time.perf_counter()
        subprocess.run([*COMMAND, "--help"], capture_output=True, check=True)
        took.append(time.perf_counter() - started)
    assert min(took) < 0.4


def test_configs_lists_names_and_descriptions(capsys: pytest.CaptureFixture[str]) -> None:
    listed = json.loads(out(capsys, "configs", "--json"))
    assert [entry["name"] for entry in listed] == list(shipped_configs())
    assert all(entry["description"] for entry in listed)
    lines = out(capsys, "configs").splitlines()
    assert [line.split()[0] for line in lines] == list(shipped_configs())


def test_validate_says_ok(capsys: pytest.CaptureFixture[str]) -> None:
    config = load_config("baseline", {"time.periods": 5})
    graph = config.supply_graph.model_dump()
    edges = sum(len(row) for good in graph.values() for row in good.values())
    expected = {"ok": True, "fingerprint": fingerprint(config), "agents": len(config.agents), "edges": edges}
    assert json.loads(out(capsys, "validate", "baseline", "--set", "time.periods=5", "--json")) == expected
    text = out(capsys, "validate", "baseline", "--set", "time.periods=5")
    assert text == f"ok  fingerprint {fingerprint(config)}  {len(config.agents)} agents  {edges} edges\n"


def test_validate_says_what_is_wrong_to_programs_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "baseline", "--set", "time.periods=0", "--json"]) == 2
    printed = capsys.readouterr()
    answer = json.loads(printed.out)
    assert answer["ok"] is False
    assert answer["error"]["path"] == "time.periods"
    assert answer["error"]["value"] == "0"
    assert printed.err.startswith("aimarket: time.periods: must be from 1")


def test_schema_is_json_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(out(capsys, "schema")) == config_schema()


def test_dictionary_is_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    text = out(capsys, "dictionary")
    assert all(f"## `{name}`" in text for name in TABLES)


class TestReport:
    @pytest.fixture
    def run(self, results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        module = ModuleType("report")
        module.write_report = lambda r, path: Path(path).write_text(r.fingerprint)  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "aimarket.reporting.report", module)
        return results.save(tmp_path / "run")

    def test_it_rewrites_the_report_of_the_run(self, run: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (run / "report.html").write_text("old")
        assert out(capsys, "report", str(run)) == f"{run / 'report.html'}\n"
        assert (run / "report.html").read_text() == "0123456789abcdef"

    def test_it_overwrites_no_other_file(self, run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        new, precious = tmp_path / "new.html", tmp_path / "precious.html"
        precious.write_text("precious")
        assert out(capsys, "report", str(run), "--out", str(new)) == f"{new}\n"
        assert new.read_text() == "0123456789abcdef"
        assert main(["report", str(run), "--out", str(precious)]) == 2
        assert precious.read_text() == "precious"
        assert main(["report", str(run), "--out", str(precious / "below.html")]) == 2
        assert main(["report", str(run), "--out", str(tmp_path / "absent" / "x.html")]) == 2
        assert all(line.startswith("aimarket: --out: ") for line in capsys.readouterr().err.splitlines())


def test_a_reader_that_leaves_early_is_no_error() -> None:
    shell = f"{sys.executable} -m aimarket.cli.main schema | head -1"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {shell}"], capture_output=True, text=True)
    assert done.stdout == "{\n"
    assert done.stderr == ""
    assert done.returncode == 0
