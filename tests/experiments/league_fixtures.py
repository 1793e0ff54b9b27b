"""Small leagues that several test files share."""

from __future__ import annotations

import copy
import os
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aimarket.experiments.jobs import Job
from aimarket.recording.results import Results
from model_fixtures import minimal_config

BROKEN_PLUGIN = """
from aimarket.strategies.base import Strategy


class Breaks(Strategy):
    '''Always raises.'''

    decision = "pricing"
    name = "breaks"
    source = "made up"

    def decide(self, view, _draws):
        raise RuntimeError("no idea what to charge")
"""


def two_labs(periods: int = 4) -> dict[str, Any]:
    """The minimal config with a second lab that equals the first."""
    config = minimal_config()
    config["time"]["periods"] = periods
    config["population"] = {"firms": 20, "workloads_per_firm": 1}
    config["agents"]["rival"] = copy.deepcopy(config["agents"]["lab"])
    graph = config["supply_graph"]
    graph["compute"]["cloud"]["rival"] = {}
    graph["listing"]["rival"] = copy.deepcopy(graph["listing"]["lab"])
    graph["services"]["rival"] = {"buyers": {}}
    return config


def write_league(directory: Path, periods: int = 4, **changes: Any) -> Path:
    """A spec file of two pricing rules in two labs' seats under two seeds, and its config beside it."""
    import yaml

    directory.mkdir(parents=True, exist_ok=True)
    (directory / "two_labs.yaml").write_text(yaml.safe_dump(two_labs(periods)))
    spec = {
        "name": "two_rules",
        "config": "two_labs.yaml",
        "decision": "pricing",
        "seats": ["lab", "rival"],
        "strategies": {"thin": {"name": "cost_plus", "markup": 0.05}, "target_margin": "target_margin"},
        "seeds": 2,
    } | changes
    file = directory / "league.yaml"
    file.write_text(yaml.safe_dump(spec, sort_keys=False))
    return file


def contents(directory: Path) -> dict[str, bytes]:
    """Every file below a directory."""
    return {
        str(path.relative_to(directory)): path.read_bytes() for path in sorted(directory.rglob("*")) if path.is_file()
    }


def small_jobs(seeds: int = 3) -> list[Job]:
    config = two_labs(1)
    return [Job(f"seed{seed}", config, seed) for seed in range(1, seeds + 1)]


def seed_and_revenue(results: Results) -> Mapping[str, Any]:
    return {"seed": results.manifest["seed"], "revenue_musd": float(results.tables["market"].revenue_musd.sum())}


def dies_of_seed_2(results: Results) -> Mapping[str, Any]:
    if results.manifest["seed"] == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return seed_and_revenue(results)


def knows_no_seed_2(results: Results) -> Mapping[str, Any]:
    return {"nothing": float("nan")} if results.manifest["seed"] == 2 else seed_and_revenue(results)
