"""New directories that appear complete or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aimarket.errors import ResultsError

__all__ = ["check_new_directory", "new_directory"]


def check_new_directory(directory: Path) -> None:
    """Find out, before any work is done, whether ``new_directory`` could succeed; leaves nothing behind.

    Raises
    ------
    ResultsError
        It exists and is not an empty directory, or it cannot be created and written to.
    """
    with _scratch(directory):
        pass


@contextmanager
def new_directory(directory: Path) -> Iterator[Path]:
    """A scratch directory that becomes ``directory`` when the block ends, and vanishes when it fails.

    Raises
    ------
    ResultsError
        As ``check_new_directory``, or writing fails, e.g. because the disk is full.
    """
    with _scratch(directory) as scratch:
        yield scratch
        _flush(scratch)
        target = Path(os.path.realpath(directory))
        if target.is_dir():
            target.rmdir()  # empty, as checked; fails if something has appeared in it
        scratch.rename(target)


@contextmanager
def _scratch(directory: Path) -> Iterator[Path]:
    """A directory beside ``directory``; gone at the end, with parents made for it, unless renamed."""
    _refuse_existing(directory)
    target = Path(os.path.realpath(directory))  # a name to write beside, also for "." and links
    made = _missing_ancestors(target)
    scratch = target.parent / f".{target.name}-{secrets.token_hex(4)}.partial"
    try:
        scratch.mkdir(parents=True)
        yield scratch
    except OSError as error:
        raise _unwritable(directory, error) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        _remove_empty(made)


def _refuse_existing(directory: Path) -> None:
    try:
        if not os.path.lexists(directory):
            return
        if not directory.is_dir():
            raise ResultsError(f"{directory}: exists and is not a directory; name a new directory")
        with os.scandir(directory) as entries:
            if next(entries, None) is not None:
                raise ResultsError(f"{directory}: exists and is not empty; name a new directory or remove it")
    except (OSError, ValueError) as error:
        raise _unwritable(directory, error) from error


def _missing_ancestors(directory: Path) -> list[Path]:
    """Directories that ``mkdir(parents=True)`` is about to make, innermost first."""
    missing = []
    for parent in directory.parents:
        if os.path.lexists(parent):
            break
        missing.append(parent)
    return missing


def _remove_empty(directories: list[Path]) -> None:
    for made in directories:
        try:
            made.rmdir()
        except OSError:
            return  # not made yet, or somebody else uses it by now


def _flush(directory: Path) -> None:
    """Files reach the disk before the rename does, so that a power cut cannot leave a torn run."""
    for path in sorted(directory.rglob("*")):
        if path.is_file():
            with path.open("rb+") as stream:
                os.fsync(stream.fileno())


def _unwritable(directory: Path, error: Exception) -> ResultsError:
    reason = getattr(error, "strerror", None) or " ".join(str(error).split())
    return ResultsError(f"{directory}: cannot be written: {reason}")
