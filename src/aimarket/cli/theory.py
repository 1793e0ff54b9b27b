"""``aimarket theory [PRESET]``: does the simulated market meet the textbook?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aimarket.cli.options import AsJson

if TYPE_CHECKING:
    from aimarket.theory.outcomes import Outcome

__all__ = ["theory"]

Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PRESET]...", help="Presets, such as duopoly, or ids of published results; none: all presets."
    ),
]
Seeds = Annotated[
    int, typer.Option("--seeds", metavar="N", min=1, max=1000, help="Starting points of a preset, from seed 1 on.")
]
Everything = Annotated[bool, typer.Option("--all", help="Published results too; the Q-learning sessions take minutes.")]
AsMarkdown = Annotated[bool, typer.Option("--markdown", help="Print the page docs/theory.md.")]


def theory(
    presets: Names = None,
    seeds: Seeds = 1,
    everything: Everything = False,
    as_markdown: AsMarkdown = False,
    as_json: AsJson = False,
) -> None:
    """Compare simulated textbook markets with theory; exit status 1 if a figure is missed."""
    from aimarket.cli.progress import progress
    from aimarket.theory.outcomes import PUBLISHED, named, outcome
    from aimarket.theory.presets import PRESETS

    chosen = [named(name) for name in presets or ()]
    if not chosen:
        chosen = [*PRESETS, *(PUBLISHED if everything else ())]
    outcomes = []
    for benchmark in chosen:
        with progress(benchmark.name, "seeds") as callback:
            outcomes.append(outcome(benchmark, seeds, callback))
    if as_markdown:
        from aimarket.theory.page import markdown

        typer.echo(markdown(outcomes), nl=False)
    elif as_json:
        import json

        from aimarket.cli.run import finite

        typer.echo(json.dumps(finite([_as_dict(item) for item in outcomes]), indent=2, allow_nan=False))
    else:
        _print(outcomes)
    if not all(item.met for item in outcomes):
        raise typer.Exit(1)


def _print(outcomes: list[Outcome]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from aimarket.theory.page import tolerance_text, values_text

    table = Table(box=None, header_style="bold")
    for heading in ("benchmark", "figure", "expected", "obtained", "tolerance", ""):
        table.add_column(heading)
    figures = 0
    for item in outcomes:
        for place, figure in enumerate(item.figures):
            figures += 1
            table.add_row(
                escape(item.benchmark.name) if place == 0 else "",
                figure.name,
                values_text(figure, figure.expected),
                values_text(figure, figure.obtained),
                tolerance_text(figure),
                "met" if figure.met else "[bold red]missed[/]",
            )
    console = Console()
    console.print(table)
    missed = sum(not figure.met for item in outcomes for figure in item.figures)
    console.print(f"{len(outcomes)} benchmarks, {figures} figures, {missed or 'none'} missed")


def _as_dict(item: Outcome) -> dict[str, object]:
    benchmark = item.benchmark
    return {
        "name": benchmark.name,
        "title": benchmark.title,
        "equation": benchmark.equation,
        "source": benchmark.source,
        "seeds": item.seeds,
        "met": item.met,
        "figures": [
            {
                "figure": figure.name,
                "expected": figure.expected.tolist(),
                "obtained": figure.obtained.tolist(),
                "low": figure.low.tolist(),
                "high": figure.high.tolist(),
                "met": figure.met,
            }
            for figure in item.figures
        ],
    }
