"""``aimarket query DIR "select ..."``: SQL over the tables of a saved run."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aimarket.cli.options import AsJson, RunDirectory

if TYPE_CHECKING:
    import duckdb

__all__ = ["query"]

_MOST_ROWS_SHOWN = 200


Sql = Annotated[str, typer.Argument(metavar="SQL", help="One SELECT statement over the tables of the run.")]


def query(
    directory: RunDirectory,
    sql: Sql,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Answer as CSV.")] = False,
) -> None:
    """Ask a saved run a question in SQL."""
    from aimarket.errors import ConfigError

    if as_json and as_csv:
        raise ConfigError("--json and --csv exclude each other", remedy="give one of them")
    names, rows = select(directory, sql)
    if as_json:
        answer = [dict(zip(names, map(_plain, row), strict=True)) for row in rows]
        typer.echo(json.dumps(answer, indent=2, ensure_ascii=False, default=str, allow_nan=False))
    elif as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(rows)
    else:
        _print_table(names, rows)


def select(directory: Path, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows that one SELECT statement over the run's tables gives.

    The statement can read the run's own Parquet files and nothing else, and write nothing.

    Raises
    ------
    ConfigError
        No whole run in the directory, not exactly one SELECT, or SQL that fails.
    """
    import duckdb

    from aimarket.errors import ConfigError

    with duckdb.connect(":memory:") as connection:
        _open_tables(connection, directory)
        try:
            statements = connection.extract_statements(sql)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise ConfigError("must be one SELECT statement", path="SQL", value=sql)
            cursor = connection.execute(statements[0])
            names = [column[0] for column in cursor.description or ()]
            return _distinct(names), cursor.fetchall()
        except duckdb.Error as error:
            raise ConfigError(_first_line(error), path="SQL") from error


def _open_tables(connection: duckdb.DuckDBPyConnection, directory: Path) -> None:
    """Views over the run's files; afterwards nothing else can be read, written, loaded or reconfigured."""
    import duckdb

    from aimarket.errors import ConfigError, ResultsError
    from aimarket.recording.results import read_manifest
    from aimarket.recording.tables import TABLES

    try:
        read_manifest(directory)
    except ResultsError as error:
        raise ConfigError(str(error)) from error
    files = {name: (directory / f"{name}.parquet").resolve() for name in TABLES}
    for name, file in files.items():
        if not file.is_file():
            raise ConfigError(f"{file}: table '{name}' is missing from the run")
        try:
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({_quoted(file)})")
        except duckdb.Error as error:
            raise ConfigError(f"{file}: cannot be read, the file is torn: {_first_line(error)}") from error
    connection.execute(f"SET allowed_paths = [{', '.join(map(_quoted, files.values()))}]")
    connection.execute("SET enable_external_access = false")  # nor extensions, nor Python's variables
    connection.execute("SET lock_configuration = true")


def _quoted(file: Path) -> str:
    return "'" + str(file).replace("'", "''") + "'"


def _distinct(names: list[str]) -> list[str]:
    """``a, a`` as ``a, a_2``, so that no column is lost in JSON."""
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
    counts: dict[str, int] = {}
    distinct = []
    for name in names:
        counts[name] = counts.get(name, 0) + 1
        distinct.append(name if counts[name] == 1 else f"{name}_{counts[name]}")
    return distinct


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and value - value != 0 else value


def _print_table(names: list[str], rows: list[tuple[Any, ...]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*names)
    for row in rows[:_MOST_ROWS_SHOWN]:
        table.add_row(*(_cell(value) for value in row))
    console = Console() if sys.stdout.isatty() else Console(width=10_000)
    console.print(table)
    if len(rows) > _MOST_ROWS_SHOWN:
        typer.echo(f"{len(rows) - _MOST_ROWS_SHOWN} more rows; --csv and --json print all", err=True)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)
