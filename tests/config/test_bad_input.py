"""Every wrong input a user can give: exit status 2, one line that says where and what, nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from aimarket.cli.main import main
from aimarket.config import load_config
from aimarket.config.schema import MarketConfig
from aimarket.errors import ConfigError


def first(kind: str) -> str:
    return next(name for name, agent in load_config("baseline").agents.items() if agent.kind == kind)


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line on standard error with which the command refuses ``arguments``."""
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1, printed.err
    assert "Traceback" not in printed.err
    return printed.err.rstrip("\n")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


# text below `extends: baseline`, the path that the line names, and what it says
WRONG_VALUES = {
    "unknown key": (
        "agents: {openai: {chas_musd: 5}}",
        "agents.openai.chas_musd",
        "is not a known key; did you mean 'cash_musd'?",
    ),
    "unknown key at the top": ("tme: {periods: 5}", "tme", "is not a known key; did you mean 'time'?"),
    "wrong unit in the name": (
        "technology: {gpu_power_w: 700}",
        "technology.gpu_power_w",
        "is not a known key; did you mean 'gpu_power_kw'?",
    ),
    "unit in the value": (
        "agents: {openai: {cash_musd: 5 bn USD}}",
        "agents.openai.cash_musd",
        "must be a number",
    ),
    "number in quotes": ("agents: {openai: {cash_musd: '5'}}", "agents.openai.cash_musd", "must be a number"),
    "text for a number": ("time: {periods: many}", "time.periods", "must be a whole number from 1 to 1,200"),
    "fraction for a count": ("time: {periods: 1.5}", "time.periods", "must be a whole number"),
    "truth for a number": ("time: {periods: true}", "time.periods", "must be a whole number"),
    "list for a mapping": ("time: [2023, 96]", "time", "must be a mapping (got 'a list of 2')"),
    "scalar for a mapping": ("agents: 5", "agents", "must be a mapping (got 5)"),
    "mapping for a number": ("time: {periods: {a: 1}}", "time.periods", "must be a whole number"),
    "no month": ("time: {start: 2023-13}", "time.start", "must be a month written as YYYY-MM"),
    "year for a month": ("time: {start: 2023}", "time.start", "must be text"),
    "negative money": ("agents: {openai: {cash_musd: -1}}", "agents.openai.cash_musd", "must be from 0"),
    "absurd money": ("agents: {openai: {cash_musd: 1e15}}", "agents.openai.cash_musd", "1,000,000,000,000"),
    "NaN": ("agents: {openai: {cash_musd: .nan}}", "agents.openai.cash_musd", "must be a finite number"),
    "infinity": ("agents: {openai: {cash_musd: .inf}}", "agents.openai.cash_musd", "must be a finite number"),
    "overflow": (
        "agents: {openai: {cash_musd: 1e999}}",
        "agents.openai.cash_musd",
        "must be a finite number",
    ),
    "NaN as a word": ("agents: {openai: {cash_musd: NaN}}", "agents.openai.cash_musd", "must be a number"),
    "1e12 firms": ("population: {firms: 1e12}", "population.firms", "must be from 10 to 10,000,000"),
    "no firms": ("population: {firms: 0}", "population.firms", "must be from 10 to 10,000,000 (got 0)"),
    "unknown choice": ("time: {period: weak}", "time.period", "must be month or quarter (got 'weak')"),
    "unknown kind": (
        "agents: {newlab: {kind: frontier_lob}}",
        "agents.newlab.kind",
        "(got 'frontier_lob'); did you mean 'frontier_lab'?",
    ),
    "no kind": ("agents: {newlab: {cash_musd: 5}}", "agents.newlab.kind", "is required: one of"),
    "misspelt agent": (
        "agents: {opneai: {cash_musd: 5}}",
        "agents.opneai.kind",
        "did you mean 'openai'?",
    ),
    "missing keys": (
        "agents: {newlab: {kind: frontier_lab}}",
        "agents.newlab.cash_musd",
        "is required and missing",
    ),
    "wrong name": ("agents: {New-Lab: {kind: frontier_lab}}", "agents.New-Lab", "must be lower-case letters"),
    "unknown strategy": (
        "agents: {openai: {strategies: {pricing: target_margn}}}",
        "agents.openai.strategies.pricing",
        "is no pricing strategy (got 'target_margn'); did you mean 'target_margin'?",
    ),
    "unknown parameter": (
        "agents: {openai: {strategies: {pricing: {name: target_margin, margn: 1}}}}",
        "agents.openai.strategies.pricing.margn",
        "is not a known parameter; did you mean 'margin'?",
    ),
    "strategy that is a number": (
        "agents: {openai: {strategies: {pricing: 5}}}",
        "agents.openai.strategies.pricing",
        "must be a mapping (got 5)",
    ),
    "import path for a strategy": (
        "agents: {openai: {strategies: {pricing: 'os:system'}}}",
        "agents.openai.strategies.pricing",
        "is no pricing strategy",
    ),
    "unknown event": (
        "events: {shock: {kind: no_such_event, date: 2024-01}}",
        "events.shock.kind",
        "is no kind of event (got 'no_such_event')",
    ),
    "edge to nobody": (
        "supply_graph: {compute: {microsoft: {opneai: {}}}}",
        "supply_graph.compute.microsoft.opneai",
        "is no agent (got 'opneai'); did you mean 'openai'?",
    ),
    "edge from nobody": (
        "supply_graph: {compute: {microsfot: {openai: {}}}}",
        "supply_graph.compute.microsfot",
        "is no agent (got 'microsfot'); did you mean 'microsoft'?",
    ),
    "edge to the wrong kind": (
        "supply_graph: {compute: {microsoft: {nvidia: {}}}}",
        "supply_graph.compute.microsoft.nvidia",
        "is a chip_maker",
    ),
}


@pytest.mark.parametrize("case", WRONG_VALUES)
def test_wrong_values(case: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, path, said = WRONG_VALUES[case]
    (here / "mine.yaml").write_text(f"extends: baseline\n{text}\n")
    line = refused(capsys, "validate", "mine.yaml")
    assert line.startswith(f"aimarket: mine.yaml: {path}: line 2: "), line
    assert said in line


def test_negative_capacity(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    region = first("energy_supplier")
    text = f"extends: baseline\nagents: {{{region}: {{blocks: [{{capacity_mw: -5, cost_usd_per_mwh: 20}}]}}}}\n"
    (here / "mine.yaml").write_text(text)
    line = refused(capsys, "run", "mine.yaml")
    assert f"mine.yaml: agents.{region}.blocks.0.capacity_mw: line 2: must be above 0" in line
    assert "(got -5)" in line


def test_shares_that_do_not_sum(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    segment = first("buyer_segment")
    (here / "mine.yaml").write_text(f"extends: baseline\nagents: {{{segment}: {{share_of_firms: 0.987654}}}}\n")
    line = refused(capsys, "run", "mine.yaml")
    assert "mine.yaml: agents.*.share_of_firms" in line
    assert "must sum to 1" in line


def test_a_share_above_one(capsys: pytest.CaptureFixture[str]) -> None:
    segment = first("buyer_segment")
    line = refused(capsys, "run", "baseline", "--set", f"agents.{segment}.adopted_share=1.5")
    assert line == (
        f"aimarket: agents.{segment}.adopted_share: must be from 0 to 1 (got 1.5); "
        "it is: share of buyers that have adopted on the start date"
    )


def test_a_cycle_of_extends(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "a.yaml").write_text("extends: b.yaml")
    (here / "b.yaml").write_text("extends: a.yaml")
    line = refused(capsys, "run", "a.yaml")
    assert "b.yaml: extends: line 1: closes a cycle: a.yaml -> b.yaml -> a.yaml" in line


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a: [1, 2\n", "is not valid YAML"),
        (b"\tx: 1\n", "is not valid YAML"),
        (b"<html><body>not: yaml: at all</body></html>", "is not valid YAML"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is not UTF-8"),
        (b"", "the file is empty"),
        (b"[1, 2]", "must be a mapping"),
        (b"a: 1\na: 2\n", "is written twice"),
        (b"a: !!python/object/apply:os.system ['touch owned']", "has a YAML tag"),
    ],
)
def test_files_that_are_no_config(here: Path, content: bytes, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "bad.yaml").write_bytes(content)
    line = refused(capsys, "run", "bad.yaml")
    assert line.startswith("aimarket: bad.yaml: ")
    assert said in line
    assert not (here / "owned").exists()


def test_a_file_of_two_gigabytes(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (here / "huge.yaml").open("wb") as stream:
        stream.truncate(2 * 1024**3)
    started = time.perf_counter()
    assert "a config may have 2 MB" in refused(capsys, "run", "huge.yaml")
    assert time.perf_counter() - started < 2


def test_a_directory_and_a_missing_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "folder.yaml").mkdir()
    assert "folder.yaml: is a directory" in refused(capsys, "run", "folder.yaml")
    assert "absent.yaml: is neither a shipped config nor a file" in refused(capsys, "run", "absent.yaml")
    assert "did you mean 'baseline'?" in refused(capsys, "run", "basline")


@pytest.mark.parametrize("seed", ["x", "1.5", "-1", "", " 7", "1e3", "0x10", "nan", str(2**63), "9" * 5000, "١"])
def test_seeds_that_are_no_integer(seed: str, capsys: pytest.CaptureFixture[str]) -> None:
    line = refused(capsys, "run", "baseline", "--seed", seed)
    assert "--seed: must be a whole number from 0 to 9223372036854775807" in line


@pytest.mark.parametrize("periods", ["0", "-3", "x", "1.5", "1e9"])
def test_periods_that_are_no_count(periods: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "time.periods: must be" in refused(capsys, "run", "baseline", "--periods", periods)


def test_an_output_directory_that_exists(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "runs").mkdir()
    (here / "runs" / "precious.txt").write_text("precious")
    (here / "file").write_text("precious")
    assert "runs: exists and is not empty" in refused(capsys, "run", "baseline", "--out", "runs")
    assert "file: exists and is not a directory" in refused(capsys, "run", "baseline", "--out", "file")
    assert sorted(p.name for p in here.rglob("*")) == ["file", "precious.txt", "runs"]
    assert (here / "runs" / "precious.txt").read_text() == (here / "file").read_text() == "precious"


@pytest.mark.parametrize("out", ["/proc/aimarket/run", "file/run", "x" * 300, "y/" + "x" * 300])
def test_an_output_directory_that_cannot_be_written(here: Path, out: str, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "file").write_text("precious")
    assert "cannot be written" in refused(capsys, "run", "baseline", "--out", out)
    assert [p.name for p in here.iterdir()] == ["file"]


def test_the_output_directory_is_checked_before_the_config_is_read(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "file").write_text("")
    assert "--out" in refused(capsys, "run", "no-such-config", "--out", "file")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run"], "Missing argument 'CONFIG'"),
        (["run", "baseline", "--sed", "1"], "No such option"),
        (["rnu", "baseline"], "No such command 'rnu'"),
        (["run", "baseline", "--seed"], "--seed"),
        (["run", "baseline", "extra"], "unexpected extra argument"),
        (["run", "baseline", "--set", "nonsense"], "write path=value"),
        (["run", "baseline", "--set", "time.periods="], "has no value"),
        (["validate", "baseline", "--set", "time.perods=3"], "did you mean 'periods'?"),
        (["run", "baseline", "--plugin", "absent.py"], "absent.py: no such Python file"),
        (["query", "absent", "select 1"], "absent: no such run directory"),
        (["report", "absent"], "absent: no such run directory"),
    ],
)
def test_wrong_command_lines(here: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert here.is_dir()
    assert said in refused(capsys, *arguments)


def test_a_plugin_that_fails(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "broken.py").write_text("1 / 0\n")
    (here / "syntax.py").write_text("def f(:\n")
    (here / "nothing.py").write_text("x = 1\n")
    said = {"broken.py": "ZeroDivisionError", "syntax.py": "SyntaxError", "nothing.py": "defines no strategy"}
    for file, words in said.items():
        line = refused(capsys, "run", "baseline", "--plugin", file)
        assert line.startswith(f"aimarket: {file}: ")
        assert words in line


def test_the_real_command_prints_no_traceback(here: Path) -> None:
    (here / "mine.yaml").write_text("extends: baseline\nagents: {openai: {cash_musd: -1}}\n")
    done = subprocess.run(
        [sys.executable, "-m", "aimarket.cli.main", "run", "mine.yaml"],
        capture_output=True,
        text=True,
        env={**os.environ, "AIMARKET_TRACEBACK": "1"},
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("aimarket: mine.yaml: agents.openai.cash_musd: line 2: must be from 0")
    assert done.stderr.count("\n") == 1


def test_no_config_makes_pydantic_escape() -> None:
    """Whatever single value of the baseline is replaced by nonsense, a ConfigError with its path answers."""
    from aimarket.config.canonical import to_plain

    paths = _paths(to_plain(load_config("baseline")), ())
    for path in paths[:: max(1, len(paths) // 60)]:
        for nonsense in ({"no": {"sense": []}}, "\n", -1e300, True):
            try:
                assert isinstance(load_config("baseline", {".".join(path): nonsense}), MarketConfig)
            except ConfigError as error:
                assert error.path, str(error)
                assert "\n" not in str(error)


def _paths(value: Any, at: tuple[str, ...]) -> list[tuple[str, ...]]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at] * bool(at) + [path for key, inner in below for path in _paths(inner, (*at, str(key)))]
