"""Results on disk: whole or not at all, equal bytes for equal tables, one line for anything torn."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pandas.testing import assert_frame_equal

from aimarket.errors import ResultsError
from aimarket.recording.results import Results
from aimarket.recording.tables import TABLES
from aimarket.reporting.data_dictionary import data_dictionary


def everything(directory: Path) -> dict[str, bytes]:
    return {str(p.relative_to(directory)): p.read_bytes() for p in directory.rglob("*") if p.is_file()}


class TestSave:
    def test_what_is_saved_loads_back(self, results: Results, tmp_path: Path) -> None:
        loaded = Results.load(results.save(tmp_path / "run"))
        assert loaded.manifest == results.manifest
        assert loaded.fingerprint == "0123456789abcdef"
        assert loaded.graphml == results.graphml
        assert list(loaded.tables) == list(TABLES)
        for name, table in results.tables.items():
            assert_frame_equal(loaded.tables[name], table, check_dtype=False)

    def test_columns_load_with_their_kinds(self, results: Results, tmp_path: Path) -> None:
        loaded = Results.load(results.save(tmp_path / "run"))
        for name, table in TABLES.items():
            for column in table.columns:
                dtype = loaded.tables[name][column.name].dtype
                assert not isinstance(dtype, pd.CategoricalDtype)
                if column.kind != "text":
                    assert dtype == {"float": np.float64, "int": np.int64, "flag": np.bool_}[column.kind]
        assert type(loaded.tables["firms"]["firm"].iloc[0]) is str

    def test_equal_tables_are_equal_bytes(self, results: Results, tmp_path: Path) -> None:
        results.save(tmp_path / "a")
        categorical = {n: t.copy() for n, t in results.tables.items()}
        categorical["firms"]["firm"] = categorical["firms"]["firm"].astype("category")
        categorical["firms"].index = categorical["firms"].index + 100
        categorical["market"].attrs["author"] = "somebody"
        Results(categorical, results.manifest, results.graphml).save(tmp_path / "b")
        assert everything(tmp_path / "a") == everything(tmp_path / "b")

    def test_a_changed_number_changes_the_bytes(self, results: Results, tmp_path: Path) -> None:
        results.save(tmp_path / "a")
        results.tables["market"].loc[0, "hhi_mtok"] = 0.1234
        results.save(tmp_path / "b")
        changed = {n for n, data in everything(tmp_path / "a").items() if everything(tmp_path / "b")[n] != data}
        assert changed == {"market.parquet"}

    def test_further_columns_are_kept(self, results: Results, tmp_path: Path) -> None:
        results.tables["market"]["run_id"] = "r1"
        loaded = Results.load(results.save(tmp_path / "run")).tables["market"]
        assert list(loaded["run_id"]) == ["r1"] * len(loaded)
        assert tuple(loaded.columns) == (*TABLES["market"].names, "run_id")

    def test_the_manifest_keeps_the_order_of_the_config(self, results: Results, tmp_path: Path) -> None:
        text = (results.save(tmp_path / "run") / "manifest.json").read_text()
        assert text == json.dumps(results.manifest, indent=2) + "\n"

    def test_parents_are_made_and_an_empty_directory_is_filled(self, results: Results, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        assert results.save(tmp_path / "empty") == tmp_path / "empty"
        results.save(tmp_path / "a" / "b" / "run")
        assert everything(tmp_path / "empty") == everything(tmp_path / "a" / "b" / "run")
        assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "empty"]

    def test_other_files_may_lie_beside_the_tables(self, results: Results, tmp_path: Path) -> None:
        run = results.save(tmp_path / "run")
        (run / "report.html").write_text("<html>")
        assert Results.load(run).fingerprint == results.fingerprint


class TestRefusals:
    @pytest.mark.parametrize("kind", ["full directory", "file", "dangling link"])
    def test_nothing_is_overwritten(self, results: Results, tmp_path: Path, kind: str) -> None:
        out = tmp_path / "out"
        if kind == "full directory":
            out.mkdir()
            (out / "precious.txt").write_text("precious")
        elif kind == "file":
            out.write_text("precious")
        else:
            out.symlink_to(tmp_path / "elsewhere")
        before = everything(tmp_path)
        with pytest.raises(ResultsError, match="exists and is not") as caught:
            results.save(out)
        assert "\n" not in str(caught.value)
        assert everything(tmp_path) == before
        assert [p.name for p in tmp_path.iterdir()] == ["out"]

    def test_a_parent_that_cannot_be_written(self, results: Results, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("precious")
        for out in (tmp_path / "file" / "run", Path("/proc/aimarket/run"), tmp_path / "new" / ("x" * 300)):
            with pytest.raises(ResultsError, match="cannot be written") as caught:
                results.save(out)
            assert str(out) in str(caught.value)
        assert everything(tmp_path) == {"file": b"precious"}
        assert [p.name for p in tmp_path.iterdir()] == ["file"]

    def test_a_full_disk_leaves_nothing(self, results: Results, tmp_path: Path) -> None:
        """The kernel refuses every byte past a limit on file size, as a full disk would."""
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
        try:
            with pytest.raises(ResultsError, match="cannot be written: File too large"):
                results.save(tmp_path / "deep" / "run")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert list(tmp_path.iterdir()) == []

    def test_an_interrupt_leaves_nothing(
        self, results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupt(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("aimarket.recording.results._manifest_text", interrupt)
        with pytest.raises(KeyboardInterrupt):
            results.save(tmp_path / "run")
        assert list(tmp_path.iterdir()) == []

    def test_a_killed_save_never_looks_finished(self, tmp_path: Path) -> None:
        code = (
            "import os; from pathlib import Path; from aimarket.recording.directory import new_directory\n"
            "with new_directory(Path('run')) as d:\n"
            "    (d / 'manifest.json').write_text('{}'); os.kill(os.getpid(), 9)\n"
        )
        done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=dict(os.environ))
        assert done.returncode == -9
        assert not (tmp_path / "run").exists()
        with pytest.raises(ResultsError, match="no such run directory"):
            Results.load(tmp_path / "run")

    def test_a_missing_table_or_column(self, results: Results, tmp_path: Path) -> None:
        whole = results.tables["firms"]
        results.tables["firms"] = whole.drop(columns="cash_musd")
        with pytest.raises(ResultsError, match="table 'firms': column 'cash_musd' is missing"):
            results.save(tmp_path / "run")
        del results.tables["firms"]
        with pytest.raises(ResultsError, match="table 'firms' is missing"):
            results.save(tmp_path / "run")
        assert list(tmp_path.iterdir()) == []

    def test_a_column_of_the_wrong_kind(self, results: Results, tmp_path: Path) -> None:
        results.tables["firms"]["cash_musd"] = "much"
        with pytest.raises(ResultsError, match="table 'firms': column 'cash_musd' cannot be written") as caught:
            results.save(tmp_path / "run")
        assert "\n" not in str(caught.value)
        assert list(tmp_path.iterdir()) == []

    def test_a_manifest_that_is_no_json(self, results: Results, tmp_path: Path) -> None:
        for odd in (float("nan"), {1, 2}):
            results.manifest["odd"] = odd
            with pytest.raises(ResultsError, match="manifest cannot be written"):
                results.save(tmp_path / "run")


class TestLoad:
    @pytest.fixture
    def run(self, results: Results, tmp_path: Path) -> Path:
        return results.save(tmp_path / "run")

    def test_no_run(self, tmp_path: Path) -> None:
        with pytest.raises(ResultsError, match="no such run directory"):
            Results.load(tmp_path / "absent")
        with pytest.raises(ResultsError, match=r"is no finished run: manifest.json is missing"):
            Results.load(tmp_path)

    @pytest.mark.parametrize("torn", ["", "{", "[1]", "\x00"])
    def test_a_torn_manifest(self, run: Path, torn: str) -> None:
        (run / "manifest.json").write_text(torn)
        with pytest.raises(ResultsError, match=r"manifest.json") as caught:
            Results.load(run)
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize("kept", [0, 10, -1, -100])
    def test_a_torn_table(self, run: Path, kept: int) -> None:
        path = run / "firms.parquet"
        path.write_bytes(path.read_bytes()[:kept])
        with pytest.raises(ResultsError, match=r"firms.parquet: cannot be read, the file is torn") as caught:
            Results.load(run)
        assert "\n" not in str(caught.value)

    def test_a_missing_table(self, run: Path) -> None:
        (run / "firms.parquet").unlink()
        with pytest.raises(ResultsError, match="table 'firms' is missing from the run"):
            Results.load(run)

    def test_a_missing_column(self, run: Path) -> None:
        path = run / "firms.parquet"
        pq.write_table(pq.read_table(path).drop_columns(["cash_musd"]), path)
        with pytest.raises(ResultsError, match="column 'cash_musd' is missing"):
            Results.load(run)

    def test_a_column_of_another_kind(self, run: Path) -> None:
        path = run / "firms.parquet"
        table = pq.read_table(path)
        index = table.schema.get_field_index("cash_musd")
        pq.write_table(table.set_column(index, "cash_musd", pa.array(["much"] * len(table))), path)
        with pytest.raises(ResultsError, match="cannot be read"):
            Results.load(run)


def test_the_data_dictionary_lists_every_column_once() -> None:
    text = data_dictionary()
    for name, table in TABLES.items():
        section = text.split(f"## `{name}`\n")[1].split("\n## ")[0]
        assert table.row in section
        rows = [line.split(" | ") for line in section.splitlines() if line.startswith("| `")]
        assert [row[0].strip("| `") for row in rows] == list(table.names)
        assert all(row[3].strip(" |") for row in rows), name
