"""``aimarket validate CONFIG``: is this config right?"""

from __future__ import annotations

import json
from typing import Any

import typer

from aimarket.cli.options import AsJson, Assignments, Config, Plugins, load_plugins, read_config

__all__ = ["validate"]


def validate(config: Config, assignments: Assignments = None, plugins: Plugins = None, as_json: AsJson = False) -> None:
    """Check a config without running it."""
    from aimarket.config import fingerprint
    from aimarket.errors import ConfigError

    try:
        load_plugins(plugins)
        checked = read_config(config, assignments)
    except ConfigError as error:
        if as_json:
            typer.echo(json.dumps({"ok": False, "error": _fields(error)}, indent=2, ensure_ascii=False))
        raise
    goods = (getattr(checked.supply_graph, good) for good in type(checked.supply_graph).model_fields)
    edges = sum(len(row) for sellers in goods for row in sellers.values())
    answer = {"ok": True, "fingerprint": fingerprint(checked), "agents": len(checked.agents), "edges": edges}
    if as_json:
        typer.echo(json.dumps(answer, indent=2))
    else:
        typer.echo(f"ok  fingerprint {answer['fingerprint']}  {answer['agents']} agents  {edges} edges")


def _fields(error: Any) -> dict[str, str | None]:
    value = None if error.value is None else str(error.value)
    shown = {"file": error.file, "path": error.path, "problem": error.problem, "value": value}
    return {**shown, "remedy": error.remedy}
