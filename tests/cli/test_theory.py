"""``aimarket theory``."""

from __future__ import annotations

import json

import pytest

from aimarket.cli.main import main
from aimarket.theory.benchmark import Benchmark, Figure


def test_a_preset_is_compared_and_the_status_is_0(capsys):
    assert main(["theory", "duopoly"]) == 0
    out = capsys.readouterr().out
    assert "1.4729267" in out
    assert "1 benchmarks, 3 figures, none missed" in out


def test_json_holds_every_figure(capsys):
    assert main(["theory", "B10_spengler", "duopoly", "--json"]) == 0
    spengler, duopoly = json.loads(capsys.readouterr().out)
    assert (spengler["name"], duopoly["seeds"]) == ("B10_spengler", 1)
    assert duopoly["figures"][0]["obtained"] == pytest.approx([1.47292666, 1.47292666])
    assert all(figure["met"] for figure in duopoly["figures"])


def test_markdown_is_the_page(capsys):
    assert main(["theory", "B13_cournot_2", "--markdown"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("# Known answers\n")
    assert "### B13_cournot_2: " in out


def test_a_missed_figure_gives_status_1(monkeypatch, capsys):
    import aimarket.theory.outcomes as outcomes

    wrong = Benchmark("wrong", "A title", "1 = 2", "nobody", lambda: [Figure.near("one", 2.0, 1.0, 1e-3)])
    monkeypatch.setattr(outcomes, "named", lambda _: wrong)
    assert main(["theory", "wrong"]) == 1
    assert "1 missed" in capsys.readouterr().out


def test_an_unknown_preset_is_one_line_and_status_2(capsys):
    assert main(["theory", "monoply"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.strip().splitlines() == [
        "aimarket: PRESET: is no theory preset and no published result (got 'monoply'); did you mean 'monopoly'?"
    ]
