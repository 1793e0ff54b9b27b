"""Measures what a user waits for: the default run, where its time goes, and the command line's start.

Usage: python benchmarks/run.py [--runs N].  Prints a Markdown table and writes it, with the figures as
JSON, beside this file.  Absolute seconds belong to the machine they were measured on; compare ratios.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PHASES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("capital: beliefs, valuations, funding", "capital", ("update_beliefs", "raise_capital")),
    ("invest: grid, chips, orders", "AIMarket", ("invest",)),
    ("compute and energy", "AIMarket", ("clear_compute_and_energy",)),
    ("research and releases", "model", ("train_models", "release_models")),
    ("services: prices", "services", ("post_prices",)),
    ("services: adoption, choice, rationing", "services", ("clear_services",)),
    ("settlement and accounting checks", "model", ("settle",)),
    ("recording", "AIMarket", ("record",)),
)


def spread(values: list[float]) -> dict[str, float]:
    return {"min": min(values), "median": statistics.median(values), "max": max(values)}


def seconds_of(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


def timed(function: Callable[..., Any], spent: dict[str, float], label: str) -> Callable[..., Any]:
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        started = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            spent[label] += time.perf_counter() - started

    return wrapper


def measure(runs: int) -> dict[str, Any]:
    """All figures; the run, the help and Mesa's import are interleaved so that drift hits them alike."""
    import aimarket.model as module
    from aimarket import AIMarket, load_config

    config = load_config("baseline")
    homes = {"AIMarket": AIMarket, "model": module, "capital": module.capital, "services": module.services}
    command = str(Path(sys.executable).with_name("aimarket"))
    AIMarket(config, 1).run()
    figures: dict[str, list[float]] = {"default run": [], "aimarket --help": [], "import mesa": []}
    for _ in range(runs):
        model = AIMarket(config, 1)
        started = time.perf_counter()
        while model.running:
            model.step()
        figures["default run"].append(time.perf_counter() - started)
        figures["aimarket --help"].append(seconds_of([command, "--help"]))
        figures["import mesa"].append(seconds_of([sys.executable, "-c", "import mesa"]))
    spent = {label: 0.0 for label, _, _ in PHASES}
    for label, home, names in PHASES:
        for name in names:
            setattr(homes[home], name, timed(getattr(homes[home], name), spent, label))
    model = AIMarket(config, 1)
    started = time.perf_counter()
    while model.running:
        model.step()
    whole = time.perf_counter() - started
    population = sum(segment.population.workloads for segment in model.segments)
    memory = max(segment.population.bytes_per_workload for segment in model.segments)
    return {
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "workloads": population,
        "periods": model.clock.periods,
        "bytes_per_workload": memory,
        "seconds": {name: spread(values) for name, values in figures.items()},
        "run_over_import_mesa": statistics.median(figures["default run"]) / statistics.median(figures["import mesa"]),
        "share_of_run": {label: value / whole for label, value in spent.items()},
    }


def as_markdown(figures: dict[str, Any]) -> str:
    """The figures as the page that is kept beside this script."""
    lines = [
        "# Benchmarks",
        "",
        "`make bench` measures and rewrites this page. Seconds belong to the machine named here; ratios travel.",
        "",
        f"Machine: {figures['machine']}. Default run: {figures['periods']} months, {figures['workloads']:,} workloads, "
        f"all agents, recording included, after start-up. Columns of buyers: {figures['bytes_per_workload']:.0f} bytes "
        "a workload.",
        "",
        "| measure | min s | median s | max s |",
        "|---|---|---|---|",
    ]
    for name, row in figures["seconds"].items():
        lines.append(f"| {name} | {row['min']:.2f} | {row['median']:.2f} | {row['max']:.2f} |")
    lines += [
        "",
        f"The run takes {figures['run_over_import_mesa']:.2f} times as long as `import mesa`.",
        "",
        "| where the run's time goes | share |",
        "|---|---|",
    ]
    rows = sorted(figures["share_of_run"].items(), key=lambda item: -item[1])
    lines += [f"| {label} | {share:.0%} |" for label, share in rows]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="counted runs (default 5)")
    figures = measure(parser.parse_args().runs)
    page = as_markdown(figures)
    (HERE / "README.md").write_text(page, encoding="utf-8")
    (HERE / "results.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()
