"""Runs what has not been run yet, and keeps a receipt of each run as it ends."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from pathlib import Path

from aimarket.experiments.jobs import Job, Measure, Receipt, perform
from aimarket.experiments.store import Store
from aimarket.experiments.workers import in_workers

__all__ = ["run_jobs"]


def run_jobs(
    jobs: Sequence[Job],
    measure: Measure,
    store: Store,
    *,
    workers: int = 1,
    plugins: Sequence[Path] = (),
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Receipt]:
    """The receipt of every job, key -> receipt in the order of ``jobs``, whoever ran it and when.

    Jobs that an earlier call finished are not run again; those that failed are.  One worker runs in this
    process, which must have loaded ``plugins`` already; more are processes of their own.  ``progress`` is
    called with jobs done and in all.

    Raises
    ------
    ResultsError
        A receipt cannot be written.
    SimulationError
        Workers do not start, e.g. since a script lacks its ``if __name__ == "__main__":``.
    """
    known = {job.key: job for job in jobs}
    receipts = {key: receipt for key, job in known.items() if (receipt := store.receipt(job)) is not None}
    missing = [job for job in jobs if job.key not in receipts or receipts[job.key].error is not None]
    done = len(jobs) - len(missing)
    with closing(_performed(missing, measure, min(workers, len(missing)), plugins)) as ended:
        for receipt in ended:
            store.keep(known[receipt.key], receipt)
            receipts[receipt.key] = receipt
            done += 1
            if progress is not None:
                progress(done, len(jobs))
    return {key: receipts[key] for key in known}


def _performed(
    jobs: Sequence[Job], measure: Measure, workers: int, plugins: Sequence[Path]
) -> Generator[Receipt, None, None]:
    if workers > 1:
        yield from in_workers(jobs, measure, workers, plugins)
        return
    for job in jobs:
        yield perform(job, measure)
