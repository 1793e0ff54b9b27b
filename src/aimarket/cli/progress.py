"""Progress of a run on standard error: a bar on a terminal, plain lines anywhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["progress"]

Callback = Callable[[int, int], None]


@contextmanager
def progress(label: str, unit: str = "periods") -> Iterator[Callback]:
    """A callback ``(done, total)`` that shows how far work is, its rate in ``unit`` a second and the time left."""
    if sys.stderr.isatty():
        with _bar(label, unit) as callback:
            yield callback
    else:
        yield _lines(label, unit)


def _lines(label: str, unit: str) -> Callback:
    """One line at every tenth of the way."""
    started = time.perf_counter()
    shown = 0

    def callback(done: int, total: int) -> None:
        nonlocal shown
        tenth = done * 10 // max(total, 1)
        if tenth <= shown:
            return
        shown = tenth
        rate = done / max(time.perf_counter() - started, 1e-9)
        left = (total - done) / rate
        print(f"{label}: {done}/{total} {unit}, {rate:.3g}/s, {left:.0f} s left", file=sys.stderr, flush=True)

    return callback


@contextmanager
def _bar(label: str, unit: str) -> Iterator[Callback]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    started = time.perf_counter()
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(label, total=None, rate="")

        def callback(done: int, total: int) -> None:
            rate = done / max(time.perf_counter() - started, 1e-9)
            shown.update(task, completed=done, total=total, rate=f"{rate:.3g} {unit}/s")

        yield callback
