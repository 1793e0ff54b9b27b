"""``aimarket schema``: the JSON Schema of a config."""

from __future__ import annotations

import typer

__all__ = ["schema"]


def schema() -> None:
    """Print the JSON Schema of a config."""
    import json

    from aimarket.config import config_schema

    typer.echo(json.dumps(config_schema(), indent=2, ensure_ascii=False))
