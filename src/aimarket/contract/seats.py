"""Who decides what: the kinds of agent that have a decision, and an agent of a shipped config that has it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, get_args

from aimarket.config.schema.market import AgentEntry

__all__ = ["EXAMPLE_CONFIG", "example_seat", "flow", "kinds_with", "snippet"]

EXAMPLE_CONFIG = "baseline"
_PREFERRED = ("openai", "microsoft")
_WORD = re.compile(r"[a-z][a-z0-9_]*")
_NOT_TEXT = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}  # words that YAML takes for something else


def kinds_with(decision: str) -> list[str]:
    """Kinds of agent that make ``decision``, as configs name them."""
    union, *_ = get_args(AgentEntry)
    entries = {get_args(entry.model_fields["kind"].annotation)[0]: entry for entry in get_args(union)}
    return [
        kind
        for kind, entry in entries.items()
        if "strategies" in entry.model_fields and decision in entry.model_fields["strategies"].annotation.model_fields
    ]


def example_seat(decision: str) -> str:
    """An agent of the baseline that makes ``decision``."""
    from aimarket.config import load_config

    agents = load_config(EXAMPLE_CONFIG).agents
    makers = [
        name
        for name, entry in agents.items()
        if getattr(getattr(entry, "strategies", None), decision, None) is not None
    ]
    return next((name for name in _PREFERRED if name in makers), makers[0])


def snippet(decision: str, name: str, parameters: Mapping[str, Any]) -> str:
    """A config that gives a strategy with these parameters to an agent of the baseline."""
    chosen = flow(name if not parameters else {"name": name, **parameters})
    seat = example_seat(decision)
    return f"extends: {EXAMPLE_CONFIG}\nagents:\n  {seat}:\n    strategies:\n      {decision}: {chosen}\n"


def flow(value: Any) -> str:
    """``value`` as YAML on one line, with quotes only where they are needed."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(key)}: {flow(below)}" for key, below in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, str) and _WORD.fullmatch(value) and value not in _NOT_TEXT:
        return value
    text = json.dumps(value)
    return text.replace("e", ".0e") if isinstance(value, float) and "." not in text else text
