"""``aimarket league``: what is printed where, what is written when, and which exit status says so."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from aimarket.cli.main import main

SPEC = """
name: quick
config: duopoly
overrides: {time.periods: 2}
decision: pricing
seats: [firm_1, firm_2]
strategies:
  low: cost_plus
  high: {name: target_margin, margin: 0.4}
seeds: 1
"""
PLUGIN = """
from aimarket.strategies.base import Strategy

class Gives(Strategy):
    '''Gives up.'''
    decision = "pricing"
    name = "gives_up"
    source = "made up"

    def decide(self, view, _draws):
        raise RuntimeError("I give up")
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    file = tmp_path / "quick.yaml"
    file.write_text(SPEC)
    return file


def test_it_prints_the_ranking_and_writes_the_page(spec, tmp_path, capsys):
    assert main(["league", str(spec), "--out", str(tmp_path / "out")]) == 0
    captured = capsys.readouterr()
    assert "high (target_margin)" in captured.out
    assert "earns most against the field" in captured.out
    assert captured.err.splitlines()[-1] == f"wrote {tmp_path / 'out'}"
    assert "4/4 runs" in captured.err
    assert (tmp_path / "out" / "league.html").read_text().startswith("<!doctype html>")


def test_again_runs_nothing_and_answers_the_same_as_json(spec, tmp_path, capsys):
    out = ["--out", str(tmp_path / "out"), "--json"]
    assert main(["league", str(spec), *out]) == 0
    first = capsys.readouterr()
    assert main(["league", str(spec), *out]) == 0
    second = capsys.readouterr()
    assert first.out == second.out
    assert second.err == f"wrote {tmp_path / 'out'}\n"
    assert {row["label"] for row in json.loads(first.out)["ranking"]} == {"high", "low"}


def test_a_failing_plugin_gives_status_1_and_results(spec, tmp_path, capsys):
    plugin = tmp_path / "gives.py"
    plugin.write_text(PLUGIN)
    spec.write_text(SPEC.replace("low: cost_plus", "low: cost_plus\n  none: gives_up"))
    assert main(["league", str(spec), "--out", str(tmp_path / "out"), "--plugin", str(plugin), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert len(found["failures"]) == 5
    assert all("failed: RuntimeError: I give up" in told for told in found["failures"].values())
    assert (tmp_path / "out" / "league.html").is_file()


@pytest.mark.parametrize(
    ("change", "status", "told"),
    [
        (("seats", "sets"), 2, "sets: line 6: is not a known key; did you mean 'seats'?"),
        (("cost_plus", "cost_pls"), 2, "is no pricing strategy (got 'cost_pls'); did you mean 'cost_plus'?"),
        (("seeds: 1", "seeds: 1001"), 2, "must be from 1 to 1000 seeds (got 1001)"),
    ],
)
def test_a_wrong_spec_is_one_line_and_writes_nothing(spec, tmp_path, capsys, change, status, told):
    spec.write_text(SPEC.replace(*change))
    assert main(["league", str(spec), "--out", str(tmp_path / "out")]) == status
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert told in lines[0]
    assert not (tmp_path / "out").exists()


def test_a_missing_spec_is_one_line(tmp_path, capsys):
    assert main(["league", str(tmp_path / "none.yaml"), "--out", str(tmp_path / "out")]) == 2
    assert "no such file" in capsys.readouterr().err


def test_a_directory_of_another_league_is_refused(spec, tmp_path, capsys):
    assert main(["league", str(spec), "--out", str(tmp_path / "out")]) == 0
    capsys.readouterr()
    spec.write_text(SPEC.replace("seeds: 1", "seeds: 2"))
    assert main(["league", str(spec), "--out", str(tmp_path / "out")]) == 1
    assert "holds a league with another fingerprint and spec; name a new directory" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_one_line(spec, tmp_path, capsys):
    (tmp_path / "file").write_text("mine")
    assert main(["league", str(spec), "--out", str(tmp_path / "file" / "out")]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_full_disk_is_one_line_and_what_was_finished_is_kept(spec, tmp_path, capsys, monkeypatch):
    plain, written = os.replace, []

    def filling(source, target):
        if len(written) == 3:  # the description and two receipts
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written.append(target)
        plain(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", filling)
        assert main(["league", str(spec), "--out", str(tmp_path / "out")]) == 1
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("aimarket:")]
    assert len(lines) == 1
    assert lines[0].endswith("cannot be written: No space left on device")
    assert len(list((tmp_path / "out" / "runs").iterdir())) == 2
    assert main(["league", str(spec), "--out", str(tmp_path / "out")]) == 0
    shown = capsys.readouterr().err
    assert "3/4 runs" in shown
    assert "2/4 runs" not in shown


def test_an_interrupt_gives_130_and_keeps_what_is_finished(spec, tmp_path, capsys, monkeypatch):
    from aimarket.experiments.store import Store

    plain = Store.keep

    def interrupted(self, job, receipt):
        plain(self, job, receipt)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Store, "keep", interrupted)
        assert main(["league", str(spec), "--out", str(tmp_path / "out")]) == 130
    assert capsys.readouterr().err.splitlines()[-1] == "aimarket: interrupted"
    assert len(list((tmp_path / "out" / "runs").iterdir())) == 1
