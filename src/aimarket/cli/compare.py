"""``aimarket compare CONFIG_A CONFIG_B``: two configs under the same random draws."""

from __future__ import annotations

from typing import Annotated

import typer

from aimarket.cli.options import AsJson, Assignments, Config, Plugins, load_plugins, read_config

__all__ = ["compare"]

Seeds = Annotated[int, typer.Option("--seeds", metavar="N", min=1, max=1000, help="Number of seeds, from 1 on.")]


def compare(
    first: Config,
    second: Config,
    seeds: Seeds = 3,
    assignments: Assignments = None,
    plugins: Plugins = None,
    as_json: AsJson = False,
) -> None:
    """Run two configs under the same draws and print what differs."""
    from aimarket.cli.progress import progress

    load_plugins(plugins)
    configs = [read_config(source, assignments) for source in (first, second)]
    names = tuple(config.name or source for config, source in zip(configs, (first, second), strict=True))
    import aimarket
    from aimarket.reporting.comparison import compare as compared
    from aimarket.reporting.comparison import print_comparison

    pairs = []
    for seed in range(1, seeds + 1):
        runs = []
        for config, name in zip(configs, names, strict=True):
            with progress(f"{name}, seed {seed}") as callback:
                runs.append(aimarket.run(config, seed=seed, progress=callback))
        pairs.append((runs[0], runs[1]))
    outcome = compared(pairs, (names[0], names[1]))
    if as_json:
        import json

        from aimarket.cli.run import finite

        typer.echo(json.dumps(finite(outcome.as_dict()), indent=2, ensure_ascii=False, allow_nan=False))
        return
    from rich.console import Console

    print_comparison(outcome, Console())
