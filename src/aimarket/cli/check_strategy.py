"""``aimarket check-strategy FILE``: do the strategies of a file keep their contract?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aimarket.cli.options import AsJson

if TYPE_CHECKING:
    from aimarket.contract import Outcome
    from aimarket.strategies.base import Strategy

__all__ = ["check_strategy"]

File = Annotated[Path, typer.Argument(metavar="FILE", help="Python file with strategies of yours; it is executed.")]


def check_strategy(file: File, as_json: AsJson = False) -> None:
    """Hold the strategies of a file to the contract that the shipped ones keep; exit status 1 if one breaks it."""
    from aimarket.contract import check_strategy as checked
    from aimarket.errors import ConfigError

    found = _strategies_of(file)
    if not found:
        raise ConfigError("defines no strategy", file=str(file), remedy="try `aimarket new-strategy pricing my_rule`")
    say = None if as_json else _Printer()
    outcomes = [outcome for cls in found for outcome in checked(cls, say)]
    if as_json:
        import json

        typer.echo(json.dumps([_as_dict(outcome) for outcome in outcomes], indent=2, ensure_ascii=False))
    else:
        broken = sum(outcome.checked and not outcome.met for outcome in outcomes)
        waiting = sum(not outcome.checked for outcome in outcomes)
        rest = f", {waiting} not run until that is mended" if waiting else ""
        typer.echo(f"{len(outcomes)} checks, {broken or 'none'} broken{rest}")
    if not all(outcome.met for outcome in outcomes):
        raise typer.Exit(1)


def _strategies_of(file: Path) -> list[type[Strategy]]:
    """The strategies that loading ``file`` registers."""
    from aimarket.config.registry import load_plugin, strategies

    before = {id(cls) for by_name in strategies().values() for cls in by_name.values()}
    load_plugin(file)
    return [cls for by_name in strategies().values() for cls in by_name.values() if id(cls) not in before]


class _Printer:
    """A line a check, as soon as it is known, below the name of what is checked."""

    def __init__(self) -> None:
        self._shown: tuple[str, str] | None = None

    def __call__(self, outcome: Outcome) -> None:
        if self._shown != (outcome.decision, outcome.strategy):
            self._shown = outcome.decision, outcome.strategy
            typer.secho(f"{outcome.strategy}, a strategy for {outcome.decision or 'nothing'}", bold=True)
        if outcome.met:
            typer.echo(f"  kept    {outcome.rule}")
        elif outcome.checked:
            typer.secho(f"  BROKEN  {outcome.rule}", fg="red", bold=True)
            typer.echo(f"          {outcome.problem}")
        else:
            typer.secho(f"  -       {outcome.rule}", dim=True)


def _as_dict(outcome: Outcome) -> dict[str, Any]:
    return {
        "strategy": outcome.strategy,
        "decision": outcome.decision,
        "check": outcome.check,
        "rule": outcome.rule,
        "met": outcome.met,
        "checked": outcome.checked,
        "problem": outcome.problem,
    }
