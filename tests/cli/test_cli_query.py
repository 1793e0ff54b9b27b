"""``aimarket query``: SQL over a run's own tables and over nothing else."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from aimarket.cli.main import main
from aimarket.recording.results import Results


@pytest.fixture
def run(results: Results, tmp_path: Path) -> Path:
    return results.save(tmp_path / "it's a run")


def answered(capsys: pytest.CaptureFixture[str], run: Path, *arguments: str) -> str:
    assert main(["query", str(run), *arguments]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    return printed.out


def test_json(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sql = "select step, date, lerner, 'nan'::double as gap, step > 1 as late from market limit 2"
    assert json.loads(answered(capsys, run, sql, "--json")) == [
        {"step": 1, "date": "2023-01-01", "lerner": 0.0, "gap": None, "late": False},
        {"step": 2, "date": "2023-02-01", "lerner": None, "gap": None, "late": True},
    ]


def test_csv(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = answered(capsys, run, "select step, firm from firms order by step desc limit 2", "--csv")
    assert list(csv.reader(io.StringIO(text))) == [
        ["step", "firm"],
        ["7", "firm 0, 'ü'"],
        ["6", "firm 1, 'ü'"],
    ]


def test_a_table_with_all_columns_whole(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = answered(capsys, run, "select * from market").splitlines()
    assert all(name in lines[1] for name in ("step", "gpu_utilisation", "energy_price_usd_per_mwh", "survivors"))
    assert len([line for line in lines if "2023-0" in line]) == 7


def test_many_rows_are_cut_only_on_screen(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sql = "select range from range(1000)"
    assert main(["query", str(run), sql]) == 0
    printed = capsys.readouterr()
    assert "800 more rows" in printed.err
    assert len(json.loads(answered(capsys, run, sql, "--json"))) == 1000


def test_joins_windows_and_shorthand(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "7" in answered(capsys, run, "with m as (from market) select count(*) from m join firms using (step)")
    assert "decisions" in answered(capsys, run, "show tables")
    assert json.loads(answered(capsys, run, "select 1 a, 2 a", "--json")) == [{"a": 1, "a_2": 2}]


@pytest.mark.parametrize(
    "sql",
    [
        "drop view market",
        "create table t as select 1",
        "insert into market select * from market",
        "copy (select 1) to 'stolen.csv'",
        "copy market to 'stolen.parquet'",
        "export database 'stolen'",
        "attach 'stolen.db'",
        "select 1; select 2",
        "select 1; drop view market",
        "set enable_external_access = true",
        "pragma enable_external_access",
        "install httpfs",
        "load httpfs",
        "",
        ";",
        "/* nothing */",
        "selec 1",
        "select nonsense from market",
        "select * from nowhere",
        "select 1/'x'",
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select * from glob('/etc/*')",
        "select * from read_parquet('https://example.org/x.parquet')",
        "select * from connection",
        "select * from names",
    ],
)
def test_everything_else_is_refused(
    run: Path, sql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert main(["query", str(run), sql]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("aimarket: SQL: ")
    assert printed.err.count("\n") == 1
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda run: (run / "firms.parquet").write_bytes(b"PAR1"), "firms.parquet: cannot be read"),
        (lambda run: (run / "firms.parquet").unlink(), "table 'firms' is missing"),
        (lambda run: (run / "manifest.json").unlink(), "is no finished run"),
    ],
)
def test_torn_runs(run: Path, damage: object, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert callable(damage)
    damage(run)
    assert main(["query", str(run), "select 1"]) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.err.count("\n") == 1


def test_a_table_torn_in_its_middle(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = run / "firms.parquet"
    data = bytearray(path.read_bytes())
    data[4:400] = b"\xff" * 396
    path.write_bytes(data)
    assert main(["query", str(run), "select * from firms"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_two_formats_at_once_are_refused(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", str(run), "select 1", "--json", "--csv"]) == 2
    assert "exclude each other" in capsys.readouterr().err
