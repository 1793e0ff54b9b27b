"""Jobs in this process and in others: the same receipts, whoever dies."""

from __future__ import annotations

import subprocess
import sys

import pytest
from league_fixtures import dies_of_seed_2, knows_no_seed_2, seed_and_revenue, small_jobs

from aimarket.errors import ConfigError
from aimarket.experiments.jobs import Job, Measure, Receipt
from aimarket.experiments.runner import run_jobs
from aimarket.experiments.store import opened
from aimarket.experiments.workers import in_workers


def play(directory, jobs: list[Job], measure: Measure, workers: int = 1) -> dict[str, Receipt]:
    with opened(directory, "study", {}, frozenset()) as store:
        return run_jobs(jobs, measure, store, workers=workers)


def test_two_workers_give_what_one_gives_in_the_order_of_the_jobs(tmp_path):
    one = play(tmp_path / "one", small_jobs(), seed_and_revenue)
    two = play(tmp_path / "two", small_jobs(), seed_and_revenue, workers=2)
    assert list(one) == ["seed1", "seed2", "seed3"]
    assert list(two.items()) == list(one.items())
    assert [receipt.values["seed"] for receipt in one.values()] == [1, 2, 3]


def test_a_worker_that_is_killed_costs_its_own_job_only(tmp_path):
    found = play(tmp_path, small_jobs(4), dies_of_seed_2, workers=2)
    assert found["seed2"].error == "the worker process ended with signal 9 (SIGKILL)"
    assert [key for key, receipt in found.items() if receipt.error is None] == ["seed1", "seed3", "seed4"]


def test_what_failed_is_run_again_and_what_was_done_is_not(tmp_path):
    jobs = small_jobs(2)
    jobs[0] = Job("seed1", {**jobs[0].config, "time": {"start": "2024-01", "periods": 0}}, 1)
    first = play(tmp_path, jobs, seed_and_revenue)
    assert "time.periods: must be from 1 to 1,200 (got 0)" in first["seed1"].error
    calls = []
    with opened(tmp_path, "study", {}, frozenset()) as store:
        second = run_jobs(jobs, seed_and_revenue, store, progress=lambda done, total: calls.append((done, total)))
    assert second == first
    assert calls == [(2, 2)]


def test_a_measure_that_is_no_number_fails_its_job_only(tmp_path):
    found = play(tmp_path, small_jobs(2), knows_no_seed_2)
    assert found["seed1"].error is None
    assert found["seed2"].error.startswith("unexpected ValueError")


def test_a_plugin_that_cannot_be_loaded_ends_the_workers(tmp_path):
    missing = tmp_path / "missing.py"
    with pytest.raises(ConfigError, match="no such Python file"):
        list(in_workers(small_jobs(2), seed_and_revenue, 2, [missing]))


def test_a_script_without_its_guard_is_told_so(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "from aimarket.experiments import Job\n"
        "from aimarket.experiments.workers import in_workers\n"
        "print(list(in_workers([Job('one', {}, 1), Job('two', {}, 2)], len, 2, [])))\n"
    )
    ended = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].endswith(
        "before it could work; in a script, call from below `if __name__ == '__main__':`, or take one worker"
    )


def test_an_interrupt_keeps_what_is_finished_and_ends_the_workers(tmp_path):
    import multiprocessing

    def interrupt(done: int, _total: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with opened(tmp_path, "study", {}, frozenset()) as store:
        with pytest.raises(KeyboardInterrupt):
            run_jobs(small_jobs(3), seed_and_revenue, store, workers=2, progress=interrupt)
        assert not multiprocessing.active_children()
        kept = [job.key for job in small_jobs(3) if store.receipt(job) is not None]
    assert len(kept) == 1
