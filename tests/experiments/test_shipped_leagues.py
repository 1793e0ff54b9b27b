"""What is kept of the shipped leagues, and what is said of a strategy."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from aimarket.config.registry import strategies
from aimarket.errors import ResultsError
from aimarket.experiments import shipped
from aimarket.experiments.shipped import collect, last_league, shipped_leagues


def results(**changes: Any) -> dict[str, Any]:
    row = {"rank": 1, "label": "bold", "strategy": "undercut", "payoff": 0.125, "payoff_half_width": 0.02}
    row |= {"survival": 1.0, "imitation_share": 0.75, "equilibrium": True, "wins": 3}
    return {
        "name": "prices",
        "description": "Who wins?",
        "config": "duopoly",
        "decision": "pricing",
        "seats": ["firm_1", "firm_2"],
        "seeds": [1, 2],
        "payoff": "operating_profit",
        "periods": 24,
        "strategies": {"bold": {"name": "undercut", "gap": 0.2}},
        "fingerprint": "f00d",
        "version": "0.1.0",
        "ranking": [row],
        "failures": {},
    } | changes


def written(directory: Path, **changes: Any) -> Path:
    directory.mkdir(exist_ok=True)
    (directory / "results.json").write_text(json.dumps(results(**changes)))
    return directory


def test_a_strategy_hears_its_rank_payoff_and_survival(tmp_path, monkeypatch):
    kept = collect([written(tmp_path / "one")])
    monkeypatch.setattr(shipped, "shipped_leagues", lambda: tuple(kept["leagues"]))
    assert last_league("pricing", "undercut") == [
        "prices: rank 1 of 1 (as bold: gap 0.2), relative payoff +12.5% (95% interval +10.5% to +14.5%), survives "
        "100% of matches, imitation leaves it 75%; seats firm_1, firm_2 of duopoly, 2 seeds"
    ]
    assert last_league("compute_pricing", "undercut") == []
    assert last_league("pricing", "cost_plus") == []


def test_a_league_with_failed_runs_is_not_shipped(tmp_path):
    with pytest.raises(ResultsError, match="1 runs failed; a league is shipped whole"):
        collect([written(tmp_path / "one", failures={"run": "lost"})])


def test_an_unfinished_league_is_not_shipped(tmp_path):
    with pytest.raises(ResultsError, match="holds no finished league"):
        collect([tmp_path])


def test_the_module_prints_the_file(tmp_path):
    directory = written(tmp_path / "one")
    command = [sys.executable, "-m", "aimarket.experiments.shipped"]
    printed = subprocess.run([*command, directory], capture_output=True, text=True, check=True)
    assert json.loads(printed.stdout) == collect([directory])
    missing = subprocess.run([*command, tmp_path], capture_output=True, text=True, check=False)
    assert missing.returncode == 1
    assert missing.stderr.startswith("aimarket: ")


def test_shipped_leagues_name_strategies_that_exist():
    for league in shipped_leagues():
        for row in league["ranking"]:
            assert row["strategy"] in strategies()[league["decision"]], league["name"]
