"""A whole session as a user has it: run, ask, report, with nothing replaced."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from aimarket.config import fingerprint, load_config
from aimarket.recording.results import Results

SMALL = ("--periods", "3", "--set", "population.firms=100")


def aimarket(where: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "aimarket.cli.main", *arguments]
    return subprocess.run(command, cwd=where, capture_output=True, text=True, env=dict(os.environ))


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("session")
    done = aimarket(where, "run", "baseline", *SMALL, "--seed", "7", "--out", "runs/a", "--json")
    assert done.returncode == 0, done.stderr
    assert isinstance(json.loads(done.stdout), dict)
    assert "3/3 periods" in done.stderr
    return where


def test_the_run_is_whole_and_says_what_was_run(session: Path) -> None:
    results = Results.load(session / "runs" / "a")
    config = load_config("baseline", {"time.periods": 3, "population.firms": 100})
    assert results.fingerprint == fingerprint(config)
    assert results.manifest["seed"] == 7
    assert list(results.tables["market"]["step"]) == [1, 2, 3]
    assert results.graphml is not None
    assert "<html" in (session / "runs" / "a" / "report.html").read_text()


def test_the_config_in_the_manifest_runs_again(session: Path) -> None:
    manifest = Results.load(session / "runs" / "a").manifest
    assert fingerprint(load_config(manifest["config"])) == manifest["fingerprint"]


def test_the_same_seed_gives_the_same_bytes_and_another_one_does_not(session: Path) -> None:
    for name, seed in (("same", "7"), ("other", "8")):
        done = aimarket(session, "run", "baseline", *SMALL, "--seed", seed, "--out", f"runs/{name}")
        assert done.returncode == 0, done.stderr
        assert done.stdout
    written = {
        name: {p.name: p.read_bytes() for p in (session / "runs" / name).glob("*.parquet")}
        for name in ("a", "same", "other")
    }
    assert written["a"] == written["same"]
    assert written["a"] != written["other"]


def test_a_finished_run_is_never_overwritten(session: Path) -> None:
    before = {p: p.read_bytes() for p in (session / "runs" / "a").iterdir()}
    done = aimarket(session, "run", "baseline", *SMALL, "--seed", "9", "--out", "runs/a")
    assert done.returncode == 2
    assert done.stderr == ("aimarket: --out: runs/a: exists and is not empty; name a new directory or remove it\n")
    assert {p: p.read_bytes() for p in (session / "runs" / "a").iterdir()} == before


def test_an_interrupt_ends_it_with_one_line_and_nothing_on_disk(session: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "aimarket.cli.main",
        "run",
        "baseline",
        "--periods",
        "1000",
        "--out",
        "cut",
    ]
    with subprocess.Popen(command, cwd=session, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "periods" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        assert process.stderr.read().splitlines()[-1] == "aimarket: interrupted"
    assert process.returncode == 130
    assert not list(session.glob("*cut*"))


def test_it_can_be_asked_and_reported(session: Path) -> None:
    done = aimarket(session, "query", "runs/a", "select count(distinct firm) n from firms", "--json")
    assert json.loads(done.stdout)[0]["n"] >= 10, done.stderr
    done = aimarket(session, "report", "runs/a", "--out", "again.html")
    assert done.returncode == 0, done.stderr
    assert "<html" in (session / "again.html").read_text()
