"""A directory of receipts that survives whatever interrupts the experiment that fills it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from aimarket.errors import ResultsError
from aimarket.experiments.jobs import Job, Receipt, digest

__all__ = ["RUNS", "Store", "opened", "read_description", "write_whole"]

RUNS = "runs"
_LOCK = ".lock"
_PARTIAL = f".*-{'[0-9a-f]' * 8}.partial"


class Store:
    """The receipts below ``directory``/runs, one small JSON file a job."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.torn: list[str] = []

    def receipt(self, job: Job) -> Receipt | None:
        """What came of ``job``; None where it has not been run, or its file is torn or of another job.

        Keys of torn files are added to ``torn``.
        """
        try:
            text = self._file(job.key).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError):
            text = ""
        try:
            entry = json.loads(text)
            body = {name: entry[name] for name in ("key", "job", "values", "error")}
            if entry["check"] == digest(body) and (body["key"], body["job"]) == (job.key, job.fingerprint):
                return Receipt(job.key, body["values"], body["error"])
        except (ValueError, TypeError, KeyError):
            pass
        self.torn.append(job.key)
        return None

    def keep(self, job: Job, receipt: Receipt) -> None:
        """Write ``receipt`` so that it is there whole or not at all.

        Raises
        ------
        ResultsError
            It cannot be written, e.g. because the disk is full.
        """
        body = {"key": job.key, "job": job.fingerprint, "values": receipt.values, "error": receipt.error}
        text = json.dumps({**body, "check": digest(body)}, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        write_whole(self._file(job.key), text.encode())

    def _file(self, key: str) -> Path:
        return self.directory / RUNS / f"{key}.json"


@contextmanager
def opened(directory: Path, kind: str, description: Mapping[str, Any], results: frozenset[str]) -> Iterator[Store]:
    """The store in ``directory``, new or with what an earlier call left there; nobody else can use it meanwhile.

    Parameters
    ----------
    kind : name of the experiment; ``description`` is kept in ``<kind>.json``.
    description : what makes two experiments the same, JSON-able; a directory with another one is refused.
    results : names of further files that the experiment writes itself.

    Raises
    ------
    ResultsError
        The directory holds another experiment or something else, is in use, or cannot be written.
    """
    file = directory / f"{kind}.json"
    _refuse_foreign(directory, kind, results | {file.name, RUNS})
    found = read_description(directory, kind) if file.exists() else None
    text = json.dumps(description, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    if found is not None and found != json.loads(text):
        changed = [key for key in description if found.get(key) != json.loads(text)[key]]
        raise ResultsError(
            f"{directory}: holds a {kind} with another {' and '.join(changed) or 'content'}; name a new directory"
        )
    with _locked(directory):
        _sweep(directory)
        if found is None:
            write_whole(file, text.encode())
        yield Store(directory)


def read_description(directory: Path, kind: str) -> dict[str, Any]:
    """What ``<kind>.json`` of a directory holds.

    Raises
    ------
    ResultsError
        It is missing or garbled.
    """
    file = directory / f"{kind}.json"
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ResultsError(f"{directory}: holds no {kind}: {file.name} is missing") from error
    except (OSError, ValueError) as error:
        raise ResultsError(f"{file}: cannot be read; remove it to have it written anew, runs are kept") from error
    if not isinstance(found, dict):
        raise ResultsError(f"{file}: describes no {kind}; remove it to have it written anew, runs are kept")
    return found


def write_whole(file: Path, data: bytes) -> None:
    """Replace ``file`` by ``data``, so that it holds the old or the new content at any moment, power cuts included.

    Raises
    ------
    ResultsError
        It cannot be written; what was there is as it was.
    """
    partial = file.with_name(f".{file.name}-{secrets.token_hex(4)}.partial")
    try:
        try:
            with partial.open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(partial, file)
        finally:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
    except OSError as error:
        raise ResultsError(f"{file}: cannot be written: {_reason(error)}") from error


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """The lock goes with the process that holds it, however that ends."""
    try:
        (directory / RUNS).mkdir(parents=True, exist_ok=True)
        stream = (directory / _LOCK).open("wb")
    except OSError as error:
        raise ResultsError(f"{directory}: cannot be written: {_reason(error)}") from error
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ResultsError(f"{directory}: is in use by another process; wait for it, or stop it") from error
        yield


def _refuse_foreign(directory: Path, kind: str, ours: frozenset[str]) -> None:
    if not os.path.lexists(directory):
        return
    if not directory.is_dir():
        raise ResultsError(f"{directory}: exists and is not a directory; name a new directory")
    try:
        names = sorted(entry.name for entry in os.scandir(directory))
    except OSError as error:
        raise ResultsError(f"{directory}: cannot be read: {_reason(error)}") from error
    foreign = [name for name in names if name not in ours and name != _LOCK and not fnmatch(name, _PARTIAL)]
    if foreign and f"{kind}.json" not in names:
        raise ResultsError(f"{directory}: is not empty and holds no {kind}; name a new directory")


def _sweep(directory: Path) -> None:
    """Remove what killed writers left half written."""
    for place in (directory, directory / RUNS):
        for partial in place.glob(_PARTIAL):
            with contextlib.suppress(OSError):
                partial.unlink()


def _reason(error: OSError) -> str:
    return error.strerror or " ".join(str(error).split())
