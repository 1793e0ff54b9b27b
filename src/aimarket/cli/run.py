"""``aimarket run CONFIG``: simulate one market."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aimarket.cli.options import AsJson, Assignments, Config, Plugins, load_plugins, read_overrides, read_seed

if TYPE_CHECKING:
    from aimarket.recording.results import Results

__all__ = ["finite", "run"]


Seed = Annotated[str, typer.Option(metavar="N", help="Seed of every random draw.")]
Periods = Annotated[str | None, typer.Option(metavar="N", help="Number of periods to simulate.")]
Out = Annotated[Path | None, typer.Option(metavar="DIR", help="New directory for tables, manifest and report.")]


def run(
    config: Config,
    seed: Seed = "1",
    periods: Periods = None,
    assignments: Assignments = None,
    plugins: Plugins = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Simulate a market and print who holds it."""
    from aimarket.cli.progress import progress
    from aimarket.config import load_config

    number = read_seed(seed)
    overrides = _overrides(assignments, periods)
    if out is not None:
        _check_out(out)
    load_plugins(plugins)
    loaded = load_config(config, overrides)

    import aimarket

    simulate = aimarket.run  # loads the model, whose import time is no part of the rate shown
    with progress(loaded.name or config) as callback:
        results = simulate(loaded, seed=number, progress=callback)
    if out is not None:
        _write(results, out)
    _print(results, as_json)


def _overrides(assignments: list[str] | None, periods: str | None) -> dict[str, Any]:
    from aimarket.config import parse_assignment

    overrides = read_overrides(assignments)
    if periods is not None:
        overrides["time.periods"] = parse_assignment(f"time.periods={periods}")[1]
    return overrides


def _check_out(out: Path) -> None:
    """Before simulating, so that no work is lost to a directory that cannot be written."""
    from aimarket.errors import ConfigError, ResultsError
    from aimarket.recording.directory import check_new_directory

    try:
        check_new_directory(out)
    except ResultsError as error:
        raise ConfigError(str(error), path="--out") from error


def _write(results: Results, out: Path) -> None:
    from aimarket.cli.report import REPORT_FILE
    from aimarket.errors import ResultsError
    from aimarket.reporting.report import write_report

    results.save(out)
    try:
        write_report(results, out / REPORT_FILE)
    except OSError as error:
        raise ResultsError(f"{out / REPORT_FILE}: cannot be written: {error.strerror}") from error
    print(f"wrote {out}", file=sys.stderr)


def _print(results: Results, as_json: bool) -> None:
    from aimarket.reporting.summary import print_summary, summarise

    if as_json:
        import json

        typer.echo(json.dumps(finite(summarise(results)), indent=2, ensure_ascii=False, allow_nan=False))
        return
    from rich.console import Console

    print_summary(results, Console())


def finite(value: Any) -> Any:
    """NaN means missing and is ``null`` in JSON; numpy's numbers become Python's."""
    if isinstance(value, dict):
        return {str(key): finite(below) for key, below in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(below) for below in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and value - value != 0 else value
