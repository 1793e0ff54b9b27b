"""``aimarket run``: what is printed where, what is written when, and which exit status says so."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import aimarket
from aimarket.cli.main import main
from aimarket.config import load_config
from aimarket.errors import AccountingError, SimulationError
from aimarket.recording.results import Results

Calls = list[tuple[Any, int]]


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch, results: Results) -> Calls:
    """The model and the reports replaced by quick ones that remember how they were called."""
    calls: Calls = []

    def run(config: Any, seed: int, progress: Callable[[int, int], None]) -> Results:
        calls.append((config, seed))
        for done in range(1, config.time.periods + 1):
            progress(done, config.time.periods)
        return results

    summary, report = ModuleType("summary"), ModuleType("report")
    summary.summarise = lambda _: {"hhi": float("nan"), "firms": [{"firm": "openai", "share": 0.5}]}  # type: ignore[attr-defined]
    summary.print_summary = lambda _, console: console.print("openai holds half")  # type: ignore[attr-defined]
    report.write_report = lambda _, path: Path(path).write_text("<html></html>")  # type: ignore[attr-defined]
    monkeypatch.setattr(aimarket, "run", run, raising=False)
    monkeypatch.setitem(sys.modules, "aimarket.reporting.summary", summary)
    monkeypatch.setitem(sys.modules, "aimarket.reporting.report", report)
    return calls


def test_it_runs_the_config_with_the_seed(simulated: Calls, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "baseline", "--seed", "7", "--periods", "20", "--set", "agents.openai.cash_musd=5"]) == 0
    assert simulated == [(load_config("baseline", {"time.periods": 20, "agents.openai.cash_musd": 5}), 7)]
    assert capsys.readouterr().out == "openai holds half\n"


def test_progress_is_ten_plain_lines_without_a_terminal(simulated: Calls, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "baseline", "--periods", "50"]) == 0
    assert len(simulated) == 1
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(" periods")[0] for line in lines] == [f"baseline: {done}/50" for done in range(5, 55, 5)]
    assert all("/s, " in line and line.endswith(" s left") for line in lines)


def test_progress_is_a_bar_on_a_terminal(
    simulated: Calls, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    assert main(["run", "baseline", "--periods", "50"]) == 0
    assert len(simulated) == 1
    shown = capsys.readouterr().err
    assert "50/50" in shown
    assert "periods/s" in shown
    assert " left\n" not in shown


def test_json_is_all_there_is_on_standard_output(simulated: Calls, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "baseline", "--json"]) == 0
    assert len(simulated) == 1
    answer = {"hhi": None, "firms": [{"firm": "openai", "share": 0.5}]}
    assert json.loads(capsys.readouterr().out) == answer


def test_out_holds_tables_manifest_graph_and_report(simulated: Calls, results: Results, tmp_path: Path) -> None:
    assert main(["run", "baseline", "--out", str(tmp_path / "runs" / "a")]) == 0
    assert len(simulated) == 1
    written = {p.name for p in (tmp_path / "runs" / "a").iterdir()}
    tables = {f"{name}.parquet" for name in results.tables}
    assert written == tables | {"manifest.json", "graph.graphml", "report.html"}


def test_a_directory_that_exists_is_seen_before_simulating(simulated: Calls, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("")
    assert main(["run", "baseline", "--out", str(tmp_path)]) == 2
    assert simulated == []


def test_a_plugin_is_loaded_before_the_config(
    simulated: Calls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    monkeypatch.setattr("aimarket.config.registry.load_plugin", lambda path: order.append(str(path)))
    assert main(["run", "baseline", "--plugin", "a.py", "--plugin", str(tmp_path / "b.py")]) == 0
    assert order == ["a.py", str(tmp_path / "b.py")]
    assert len(simulated) == 1


@pytest.mark.parametrize(
    ("raised", "status", "said"),
    [
        (SimulationError("a negative price in period 3"), 1, "aimarket: a negative price in period 3\n"),
        (
            AccountingError("openai", "cash", 3, 1.5),
            1,
            "aimarket: accounts of openai do not close in period 3",
        ),
        (ValueError("two\nlines"), 1, "aimarket: unexpected ValueError: two lines; AIMARKET_TRACEBACK=1"),
        (KeyboardInterrupt(), 130, "aimarket: interrupted\n"),
        (SystemExit(0), 1, "aimarket: a plug-in ended the program\n"),
        (MemoryError(), 1, "aimarket: unexpected MemoryError"),
    ],
)
def test_a_run_that_fails_says_so_in_one_line(
    raised: BaseException,
    status: int,
    said: str,
    simulated: Calls,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    def fail(*_: Any, **__: Any) -> Results:
        raise raised

    monkeypatch.setattr(aimarket, "run", fail)
    monkeypatch.delenv("AIMARKET_TRACEBACK", raising=False)
    assert main(["run", "baseline", "--out", str(tmp_path / "run")]) == status
    assert simulated == []
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(said)
    assert printed.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_the_traceback_can_be_asked_for(
    simulated: Calls, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(aimarket, "run", lambda *_, **__: 1 / 0)
    monkeypatch.setenv("AIMARKET_TRACEBACK", "1")
    assert main(["run", "baseline"]) == 1
    assert simulated == []
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_a_disk_that_fills_up_is_a_failed_run(
    simulated: Calls, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("aimarket.recording.parquet.write_table", full)
    assert main(["run", "baseline", "--out", str(tmp_path / "run")]) == 1
    assert len(simulated) == 1
    assert "cannot be written: No space left on device" in capsys.readouterr().err.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []
