"""``aimarket report DIR``: the HTML report of a saved run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aimarket.cli.options import RunDirectory, open_run

__all__ = ["REPORT_FILE", "report"]

REPORT_FILE = "report.html"


def report(
    directory: RunDirectory,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="A new file instead of DIR/report.html.")] = None,
) -> None:
    """Write the HTML report of a saved run again."""
    from aimarket.errors import ConfigError

    results = open_run(directory)
    target = directory / REPORT_FILE if out is None else out
    if out is not None and (out.exists() or out.is_symlink()):
        raise ConfigError(f"{out} exists", path="--out", remedy="name a new file")
    from aimarket.reporting.report import write_report

    try:
        write_report(results, target)
    except OSError as error:
        raise ConfigError(f"{target} cannot be written: {error.strerror}", path="--out") from error
    typer.echo(str(target))
