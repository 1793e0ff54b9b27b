"""Arguments that several verbs share: configs with their overrides, plug-ins, seeds, run directories."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from aimarket.config.schema import MarketConfig
    from aimarket.recording.results import Results

__all__ = [
    "AsJson",
    "Assignments",
    "Config",
    "Plugins",
    "RunDirectory",
    "load_plugins",
    "open_run",
    "read_config",
    "read_overrides",
    "read_seed",
]

LARGEST_SEED = 2**63 - 1

AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON, for programs.")]
Assignments = Annotated[
    list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help="Change one value; may be repeated.")
]
Config = Annotated[str, typer.Argument(metavar="CONFIG", help="Path of a config, or name of a shipped one.")]
Plugins = Annotated[
    list[Path] | None,
    typer.Option(
        "--plugin",
        metavar="FILE",
        help="Python file with strategies or events of yours; it is executed. May be repeated.",
    ),
]
RunDirectory = Annotated[Path, typer.Argument(metavar="DIR", help="What `aimarket run --out DIR` wrote.")]


def load_plugins(files: list[Path] | None) -> None:
    """Register what the ``--plugin`` files define, in order.

    Raises
    ------
    ConfigError
        One of them cannot be loaded, or defines a name that is taken.
    """
    if files:
        from aimarket.config.registry import load_plugin

        for file in files:
            load_plugin(file)


def read_overrides(assignments: list[str] | None) -> dict[str, Any]:
    """The overrides that ``--set`` options spell, in order.

    Raises
    ------
    ConfigError
        One of them is no assignment.
    """
    from aimarket.config import parse_assignment

    return dict(parse_assignment(text) for text in assignments or ())


def read_config(source: str, assignments: list[str] | None) -> MarketConfig:
    """The config named on the command line with its ``--set`` options in place.

    Raises
    ------
    ConfigError
        The config or an assignment is wrong.
    """
    from aimarket.config import load_config

    return load_config(source, read_overrides(assignments))


def read_seed(text: str) -> int:
    """The seed that ``text`` spells.

    Raises
    ------
    ConfigError
        Not a whole number from 0 to 2**63 - 1.
    """
    from aimarket.errors import ConfigError

    if not re.fullmatch(r"[0-9]{1,19}", text) or int(text) > LARGEST_SEED:
        raise ConfigError(
            f"must be a whole number from 0 to {LARGEST_SEED}",
            path="--seed",
            value=text,
            remedy="e.g. --seed 7",
        )
    return int(text)


def open_run(directory: Path) -> Results:
    """The saved run in ``directory``.

    Raises
    ------
    ConfigError
        There is no whole run in it: what the user named is wrong.
    """
    from aimarket.errors import ConfigError, ResultsError
    from aimarket.recording.results import Results

    try:
        return Results.load(directory)
    except ResultsError as error:
        raise ConfigError(str(error)) from error
