"""Leagues from end to end: resumed, in any number of workers, with strategies that fail."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from league_fixtures import BROKEN_PLUGIN, contents, two_labs, write_league

from aimarket.config import load_config
from aimarket.errors import ResultsError
from aimarket.experiments.jobs import Job
from aimarket.experiments.league import League, run_league
from aimarket.experiments.matches import jobs_of, measure_firms
from aimarket.experiments.outputs import OUTPUTS, as_dict
from aimarket.experiments.spec import load_spec
from aimarket.model import AIMarket
from aimarket.randomness import RandomSource


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("league")


@pytest.fixture(scope="module")
def spec(place: Path) -> Path:
    return write_league(place)


@pytest.fixture(scope="module")
def league(spec: Path, place: Path) -> League:
    """Two pricing rules, two seats, two seeds, without interruption in one process."""
    return run_league(spec, place / "whole")


def test_every_match_has_a_row_and_every_run_a_receipt(league, place):
    assert len(league.matches) == 16
    assert league.runs == 8
    assert len(list((place / "whole" / "runs").glob("*.json"))) == 8
    assert set(OUTPUTS) <= set(contents(place / "whole"))
    assert (league.matches.error == "").all()


def test_payoffs_are_those_of_the_runs(league, spec):
    job = next(job for job in jobs_of(load_spec(spec)) if job.seed == 2)
    run = AIMarket(load_config(job.config), job.seed).run()
    own = run.tables["firms"].query("firm == 'rival'")
    rows = league.matches[(league.matches.run == job.key) & (league.matches.seat == "rival")]
    assert len(rows) == 1
    row = rows.iloc[0]
    assert row.operating_profit_musd == pytest.approx(own.operating_profit_musd.sum())
    assert row.payoff_musd == row.operating_profit_musd
    assert row.revenue_musd == pytest.approx(own.revenue_musd.sum())
    assert row.consumer_surplus_musd == pytest.approx(run.tables["market"].consumer_surplus_musd.sum())
    assert row.survival == 1.0


def test_burn_in_is_left_out_and_owners_gain_counts_from_its_end():
    run = AIMarket(load_config(two_labs(4)), 1).run()
    firms = run.tables["firms"].query("firm == 'lab'").reset_index(drop=True)
    shares = pd.DataFrame({"step": [2, 4, 4], "date": "", "account": ["equity_issue", "parent_support", "payout"]})
    shares = shares.assign(payer=["money", "cloud", "lab"], payee=["lab", "lab", "money"], amount_musd=[70.0, 5.0, 3.0])
    lent = shares.iloc[:1].assign(account="borrowing", amount_musd=900.0)
    run.tables["flows"] = pd.concat([shares, lent])
    whole = measure_firms(run, firms=("lab",))["firms"]["lab"]
    late = measure_firms(run, firms=("lab",), burn_in_periods=3)["firms"]["lab"]
    assert late["operating_profit_musd"] == pytest.approx(firms.operating_profit_musd[3])
    assert whole["operating_profit_musd"] == pytest.approx(firms.operating_profit_musd.sum())
    assert late["owners_gain_musd"] == pytest.approx(firms.valuation_musd[3] - firms.valuation_musd[2] - 5.0 + 3.0)
    assert whole["owners_gain_musd"] == pytest.approx(firms.valuation_musd[3] - 10_000 - 75.0 + 3.0)


def test_a_failed_firm_is_worth_nothing_to_its_owners():
    run = AIMarket(load_config(two_labs(2)), 1).run()
    firms, flows = run.tables["firms"], run.tables["flows"]
    firms.loc[(firms.firm == "lab") & (firms.step == 2), "alive"] = False
    run.tables["flows"] = flows[~flows.account.isin(("equity_issue", "payout"))]
    own = measure_firms(run, firms=("lab",))["firms"]["lab"]
    assert own["survival"] == 0.0
    assert own["owners_gain_musd"] == -10_000


def test_the_ranking_is_by_relative_payoff_against_the_field(league):
    ranking = league.ranking.set_index("label")
    assert ranking["rank"].tolist() == [1, 2]
    assert ranking.payoff.to_dict() == pytest.approx(league.payoff.mean(axis=1).to_dict())
    gap = ranking.payoff.iloc[1] - ranking.payoff.iloc[0]
    assert ranking.behind_best.tolist() == pytest.approx([0.0, gap])
    assert ranking.loc["thin", "operating_profit_musd"] < ranking.loc["target_margin", "operating_profit_musd"]
    assert ranking.loc["thin", "against_itself"] == pytest.approx(league.payoff.loc["thin", "thin"])


def test_matrices_have_the_seats_strategy_down_and_the_others_across(league):
    matches = league.matches
    pair = matches[(matches.strategy == "thin") & (matches.others == "target_margin")]
    assert league.mean("revenue_share").loc["thin", "target_margin"] == pytest.approx(pair.revenue_share.mean())
    assert league.payoff.index.name == "strategy"
    by_seat = matches.groupby("seat").payoff_musd
    relative = (matches.payoff_musd - by_seat.transform("mean")) / by_seat.transform(lambda x: x.abs().mean())
    assert league.payoff.loc["thin", "target_margin"] == pytest.approx(relative[pair.index].mean())


def test_results_hold_no_nan_and_say_what_was_played(league, place):
    results = json.loads((place / "whole" / "results.json").read_text())
    assert results == json.loads(json.dumps(as_dict(league), allow_nan=False))
    assert [row["rank"] for row in results["ranking"]] == [1, 2]
    table = pd.read_parquet(place / "whole" / "matches.parquet")
    assert table.columns.tolist() == pd.read_csv(place / "whole" / "matches.csv").columns.tolist()


def test_two_workers_write_the_same_bytes(league, spec, place):
    run_league(spec, place / "two", workers=2)
    assert contents(place / "two") == contents(place / "whole")


def test_a_killed_league_goes_on_to_the_same_bytes(league, spec, place):
    script = "import sys; from aimarket.experiments import run_league; run_league(sys.argv[1], sys.argv[2])"
    process = subprocess.Popen([sys.executable, "-c", script, str(spec), str(place / "killed")])
    deadline = time.monotonic() + 120
    while len(list((place / "killed" / "runs").glob("*.json"))) < 2:
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert not (place / "killed" / "results.json").exists()
    kept = {file: file.stat().st_mtime_ns for file in (place / "killed" / "runs").glob("*.json")}
    calls = []
    run_league(spec, place / "killed", progress=lambda done, _: calls.append(done))
    assert len(calls) == 8 - len(kept)
    assert all(file.stat().st_mtime_ns == then for file, then in kept.items())
    assert contents(place / "killed") == contents(place / "whole")


def test_torn_receipts_are_run_again(league, spec, place):
    before = contents(place / "whole")
    torn = sorted((place / "whole" / "runs").glob("*.json"))[3]
    torn.write_bytes(torn.read_bytes()[:40])
    again = run_league(spec, place / "whole")
    assert again.torn == [torn.stem]
    assert contents(place / "whole") == before


def test_a_directory_of_another_league_is_refused(league, place):
    before = contents(place / "whole")
    with pytest.raises(ResultsError, match="holds a league with another fingerprint and spec; name a new directory"):
        run_league(write_league(place / "other", seeds=1), place / "whole")
    assert contents(place / "whole") == before


def test_a_strategy_that_fails_costs_its_own_matches_only(place, tmp_path):
    plugin = tmp_path / "breaks.py"
    plugin.write_text(BROKEN_PLUGIN)
    strategies = {"breaks": "breaks", "target_margin": "target_margin", "cost_plus": "cost_plus"}
    file = write_league(tmp_path, periods=2, strategies=strategies, seeds=1)
    found = run_league(file, tmp_path / "out", plugins=[plugin], workers=2)
    assert len(found.failures) == 5
    assert all("pricing strategy 'breaks' failed: RuntimeError: no idea" in told for told in found.failures.values())
    assert found.comparable == ["target_margin", "cost_plus"]
    ranking = found.ranking
    assert ranking.label.tolist()[-1] == "breaks"
    assert ranking.failed_matches.tolist()[-1] == 6
    assert ranking.payoff.notna().tolist() == [True, True, False]
    assert "5 of 9 runs failed" in (tmp_path / "out" / "league.html").read_text()
    assert as_dict(found)["failures"] == found.failures


def test_swapping_one_seat_changes_no_draw_of_anybody_else(spec, monkeypatch):
    jobs = jobs_of(load_spec(spec))
    same, other = jobs[0], next(job for job in jobs[1:] if job.seed == jobs[0].seed)
    assert same.config["agents"]["lab"] == other.config["agents"]["lab"]
    assert same.config["agents"]["rival"] != other.config["agents"]["rival"]
    first, second = recorded(same, monkeypatch), recorded(other, monkeypatch)
    shared = [key for key in first if key in second and key[0] != "rival"]
    assert [key for key in first if key[0] != "rival"] == shared
    assert {key[0] for key in shared} >= {"buyers", "lab"}
    assert all((first[key] == second[key]).all() for key in shared)


def recorded(job: Job, monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str, int], np.ndarray]:
    """The first draws of every owner, purpose and period of a run."""
    seen: dict[tuple[str, str, int], np.ndarray] = {}
    plain = RandomSource.draws

    def draws(self, owner, purpose, period=0):
        made = plain(self, owner, purpose, period)
        seen[owner, purpose, period] = made.uniform(8)
        return made

    with monkeypatch.context() as patched:
        patched.setattr(RandomSource, "draws", draws)
        AIMarket(load_config(job.config), job.seed).run()
    return seen


def test_the_same_league_is_the_same_wherever_it_lies(league, spec, place):
    moved = write_league(place / "elsewhere")
    os.replace(place / "elsewhere" / "league.yaml", place / "elsewhere" / "renamed.yaml")
    run_league(moved.with_name("renamed.yaml"), place / "whole")
    assert load_spec(spec).spec == load_spec(moved.with_name("renamed.yaml")).spec
