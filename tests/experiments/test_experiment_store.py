"""Receipts on disk: whole or not there, never mixed up, nothing lost."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest
from league_fixtures import contents

from aimarket.errors import ResultsError
from aimarket.experiments.jobs import Job, Receipt
from aimarket.experiments.store import Store, opened, write_whole

JOB = Job("one", {"a": 1}, 1)
DONE = Receipt("one", values={"profit_musd": 1.5})


def filled(directory: Path) -> Path:
    with opened(directory, "study", {"question": 1}, frozenset()) as store:
        store.keep(JOB, DONE)
    return directory / "runs" / "one.json"


def test_what_is_kept_is_found_again(tmp_path):
    filled(tmp_path / "new" / "study")
    with opened(tmp_path / "new" / "study", "study", {"question": 1}, frozenset()) as store:
        assert store.receipt(JOB) == DONE
        assert store.receipt(Job("two", {}, 1)) is None
        assert store.torn == []


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe", b"[]", b"null", b'{"key": "one"}'])
def test_a_torn_receipt_counts_as_missing(tmp_path, damage):
    filled(tmp_path).write_bytes(damage)
    store = Store(tmp_path)
    assert store.receipt(JOB) is None
    assert store.torn == ["one"]


def test_a_receipt_with_a_changed_number_counts_as_missing(tmp_path):
    file = filled(tmp_path)
    file.write_text(file.read_text().replace("1.5", "2.5"))
    assert Store(tmp_path).receipt(JOB) is None


def test_a_receipt_of_another_config_counts_as_missing(tmp_path):
    filled(tmp_path)
    assert Store(tmp_path).receipt(Job("one", {"a": 2}, 1)) is None
    assert Store(tmp_path).receipt(Job("one", {"a": 1}, 2)) is None


def test_a_directory_of_another_study_is_refused_and_stays_as_it_was(tmp_path):
    filled(tmp_path)
    before = contents(tmp_path)
    with (
        pytest.raises(ResultsError, match="holds a study with another question; name a new directory"),
        opened(tmp_path, "study", {"question": 2}, frozenset()),
    ):
        pass
    assert contents(tmp_path) == before


@pytest.mark.parametrize("name", ["notes.txt", ".hidden.partial", "results"])
def test_a_directory_of_something_else_is_refused_and_stays_as_it_was(tmp_path, name):
    (tmp_path / name).write_text("mine")
    with (
        pytest.raises(ResultsError, match="is not empty and holds no study"),
        opened(tmp_path, "study", {}, frozenset()),
    ):
        pass
    assert contents(tmp_path) == {name: b"mine"}


def test_a_garbled_description_is_one_line(tmp_path):
    filled(tmp_path)
    (tmp_path / "study.json").write_text("{")
    with pytest.raises(ResultsError, match="runs are kept"), opened(tmp_path, "study", {"question": 1}, frozenset()):
        pass
    (tmp_path / "study.json").unlink()
    with opened(tmp_path, "study", {"question": 1}, frozenset()) as store:
        assert store.receipt(JOB) == DONE


def test_two_at_once_are_refused(tmp_path):
    with (
        opened(tmp_path, "study", {}, frozenset()),
        pytest.raises(ResultsError, match="is in use by another process"),
        opened(tmp_path, "study", {}, frozenset()),
    ):
        pass


def test_half_written_files_of_killed_writers_are_swept(tmp_path):
    filled(tmp_path)
    (tmp_path / "runs" / ".one.json-0123abcd.partial").write_text("{")
    (tmp_path / ".study.json-0123abcd.partial").write_text("{")
    filled(tmp_path)
    assert sorted(contents(tmp_path)) == [".lock", "runs/one.json", "study.json"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_is_one_line_and_leaves_the_old_file(tmp_path, monkeypatch, step):
    file = tmp_path / "file.json"
    write_whole(file, b"old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, step, full)
    with pytest.raises(ResultsError) as caught:
        write_whole(file, b"new")
    assert str(caught.value) == f"{file}: cannot be written: No space left on device"
    assert contents(tmp_path) == {"file.json": b"old"}


@pytest.mark.parametrize("place", ["file/below", "file"])
def test_a_place_that_cannot_be_written_is_one_line(tmp_path, place):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ResultsError) as caught, opened(tmp_path / place, "study", {}, frozenset()):
        pass
    assert "\n" not in str(caught.value)
    assert contents(tmp_path) == {"file": b"mine"}


def test_receipts_are_json_that_others_can_read(tmp_path):
    entry = json.loads(filled(tmp_path).read_text())
    assert entry["values"] == {"profit_musd": 1.5}
    assert entry["error"] is None
