"""Jobs in worker processes, each of which may die without taking the others along."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path

from aimarket.errors import AimarketError, ConfigError, SimulationError
from aimarket.experiments.jobs import Job, Measure, Receipt, perform

__all__ = ["in_workers"]

_ENDS_WITHIN_SECONDS = 5.0
_GUARD = "in a script, call from below `if __name__ == '__main__':`, or take one worker"


@dataclass
class _Worker:
    process: SpawnProcess
    connection: Connection
    job: Job | None = None
    lost: bool = False


def in_workers(jobs: Sequence[Job], measure: Measure, workers: int, plugins: Sequence[Path]) -> Iterator[Receipt]:
    """Receipts of ``jobs`` as they come, out of ``workers`` processes that have loaded ``plugins``.

    A worker that dies, say for want of memory, costs the job it was at; another takes its place.  Closing
    the iterator, or an interrupt, ends the workers.
    """
    pending = list(reversed(jobs))
    crew: list[_Worker] = []
    try:
        while pending or crew:
            while len(crew) < min(workers, len(pending) + sum(worker.job is not None for worker in crew)):
                crew.append(_hired(measure, plugins))
            ready = wait([worker.connection for worker in crew])
            for worker in [worker for worker in crew if worker.connection in ready]:
                receipt = _received(worker)
                if receipt is not None:
                    yield receipt
                if pending and not worker.lost:
                    _give(worker, pending)
                else:
                    crew.remove(worker)
                    _dismiss(worker)
    finally:
        for worker in crew:
            worker.process.kill()
            _dismiss(worker)


def _hired(measure: Measure, plugins: Sequence[Path]) -> _Worker:
    context = multiprocessing.get_context("spawn")  # a fork would share locks of libraries with threads
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, measure, [str(file) for file in plugins]), daemon=True)
    process.start()
    theirs.close()  # so that the death of the process ends the pipe
    return _Worker(process, ours)


def _give(worker: _Worker, pending: list[Job]) -> None:
    worker.job = pending.pop()
    with contextlib.suppress(OSError):  # it died: reading from it will say so
        worker.connection.send(worker.job)


def _received(worker: _Worker) -> Receipt | None:
    """What the worker says of its job, or what its death says; None where it says that it is ready for one."""
    job, worker.job = worker.job, None
    try:
        answer = worker.connection.recv()
    except (EOFError, OSError) as error:
        worker.process.join()
        worker.lost = True
        cause = _cause(worker.process.exitcode)
        if job is None:
            raise SimulationError(f"a worker process ended with {cause} before it could work; {_GUARD}") from error
        return Receipt(job.key, error=f"the worker process ended with {cause}")
    if isinstance(answer, AimarketError):
        raise answer
    assert answer is None or isinstance(answer, Receipt)
    return answer


def _cause(status: int | None) -> str:
    if status is None or status >= 0:
        return f"status {status}"
    return f"signal {-status} ({signal.Signals(-status).name})"


def _dismiss(worker: _Worker) -> None:
    worker.connection.close()
    worker.process.join(_ENDS_WITHIN_SECONDS)
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()


def _work(connection: Connection, measure: Measure, plugins: list[str]) -> None:
    """Body of a worker: jobs in, receipts out, until the other end is closed or gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt ends
    from aimarket.config.registry import load_plugin

    with contextlib.suppress(EOFError, OSError):
        try:
            for file in plugins:
                load_plugin(file)
        except ConfigError as error:
            connection.send(error)
            return
        connection.send(None)
        while True:
            connection.send(perform(connection.recv(), measure))
