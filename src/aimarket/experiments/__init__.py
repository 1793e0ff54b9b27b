"""Many runs with one question: leagues of strategies, and what they are built on.

Names are imported on first use, so that ``import aimarket.experiments`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aimarket.deferred import deferred

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

__getattr__, __dir__ = deferred(__name__, __all__, _HOMES)
