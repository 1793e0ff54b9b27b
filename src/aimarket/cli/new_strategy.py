"""``aimarket new-strategy DECISION NAME``: a strategy of your own to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aimarket.cli.options import AsJson

__all__ = ["new_strategy"]

OfDecision = Annotated[str, typer.Argument(metavar="DECISION", help="What it decides, e.g. pricing.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="Its name in configs, e.g. my_rule.")]
Directory = Annotated[Path, typer.Option("--directory", metavar="DIR", help="Where to write it.")]


def new_strategy(decision: OfDecision, name: Name, directory: Directory = Path("."), as_json: AsJson = False) -> None:
    """Write NAME.py, a strategy that works, and a test beside it; no file is ever overwritten."""
    from aimarket.contract.scaffold import write_strategy
    from aimarket.contract.seats import EXAMPLE_CONFIG, example_seat

    file, test = write_strategy(decision, name, directory)
    seat = f"agents.{example_seat(decision)}.strategies.{decision}={name}"
    commands = [
        f"aimarket check-strategy {file}",
        f"aimarket run {EXAMPLE_CONFIG} --plugin {file} --set {seat}",
        f"python -m pytest {test}",
    ]
    if as_json:
        import json

        typer.echo(json.dumps({"files": [str(file), str(test)], "next": commands}, indent=2, ensure_ascii=False))
        return
    typer.echo(f"wrote {file} and {test}; they work as they are. Next:")
    for command in commands:
        typer.echo(f"  {command}")
