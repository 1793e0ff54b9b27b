"""``aimarket configs``: the configs that come with aimarket."""

from __future__ import annotations

import typer

from aimarket.cli.options import AsJson

__all__ = ["configs"]


def configs(as_json: AsJson = False) -> None:
    """List the shipped configs."""
    from aimarket.config.sources import describe, shipped_configs

    described = {name: describe(path) for name, path in shipped_configs().items()}
    if as_json:
        import json

        entries = [{"name": name, "description": text} for name, text in described.items()]
        typer.echo(json.dumps(entries, indent=2, ensure_ascii=False))
        return
    width = max(map(len, described), default=0)
    for name, text in described.items():
        typer.echo(f"{name:<{width}}  {text}".rstrip())
