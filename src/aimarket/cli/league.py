"""``aimarket league SPEC --out DIR``: strategies in the same seats under the same shocks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from aimarket.cli.options import AsJson, Plugins

__all__ = ["league"]

_FAILED = 1

Spec = Annotated[Path, typer.Argument(metavar="SPEC", help="YAML file of the league, e.g. one of experiments/leagues.")]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Directory of the league; an unfinished one goes on.")]
Workers = Annotated[int, typer.Option("--workers", metavar="N", min=1, max=256, help="Processes that simulate.")]


def league(
    spec: Spec,
    out: Out,
    workers: Workers = 1,
    plugins: Plugins = None,
    as_json: AsJson = False,
) -> None:
    """Let strategies compete in the same seats; run it again to go on. Exit status 1 if a run failed."""
    from aimarket.cli.progress import progress
    from aimarket.experiments.league import run_league

    with progress(spec.stem, unit="runs") as callback:
        played = run_league(spec, out, workers=workers, plugins=plugins or (), progress=callback)
    if played.torn:
        print(f"repeated {len(played.torn)} runs whose files were torn", file=sys.stderr)
    print(f"wrote {out}", file=sys.stderr)
    if as_json:
        import json

        from aimarket.experiments.outputs import as_dict

        typer.echo(json.dumps(as_dict(played), indent=2, ensure_ascii=False, allow_nan=False))
    else:
        from rich.console import Console

        from aimarket.reporting.league_console import print_league

        print_league(played, Console())
    if played.failures:
        raise typer.Exit(_FAILED)
