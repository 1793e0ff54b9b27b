"""``aimarket dictionary``: what every column of a run means."""

from __future__ import annotations

import typer

__all__ = ["dictionary"]


def dictionary() -> None:
    """Print what every column of a run means."""
    from aimarket.reporting.data_dictionary import data_dictionary

    typer.echo(data_dictionary())
