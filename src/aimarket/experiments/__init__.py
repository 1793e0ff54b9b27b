"""Many runs with one question: leagues of strategies, and what they are built on.

Names are imported on first use, so that ``import aimarket.experiments`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aimarket.experiments.jobs import Job
    from aimarket.experiments.league import League, run_league
    from aimarket.experiments.runner import run_jobs
    from aimarket.experiments.shipped import last_league
    from aimarket.experiments.spec import LeagueSpec, load_spec

__all__ = ["Job", "League", "LeagueSpec", "last_league", "load_spec", "run_jobs", "run_league"]

_HOMES = {
    "Job": "jobs",
    "League": "league",
    "LeagueSpec": "spec",
    "last_league": "shipped",
    "load_spec": "spec",
    "run_jobs": "runner",
    "run_league": "league",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
