"""Benchmarks by name, and what comes of computing them."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass

from aimarket.errors import ConfigError
from aimarket.theory.benchmark import Benchmark, Figure
from aimarket.theory.presets import PRESETS, Preset, run_preset
from aimarket.theory.published import capacity_compute, finance, pricing, q_learning, vertical

__all__ = ["PUBLISHED", "Outcome", "named", "outcome"]

PUBLISHED: tuple[Benchmark, ...] = (
    *pricing.BENCHMARKS,
    *vertical.BENCHMARKS,
    *capacity_compute.BENCHMARKS,
    *finance.BENCHMARKS,
    *q_learning.BENCHMARKS,
)


@dataclass(frozen=True)
class Outcome:
    """A benchmark and its figures; a simulated one shows, for each figure, the worst of ``seeds`` starting points."""

    benchmark: Benchmark | Preset
    figures: list[Figure]
    seeds: int

    @property
    def met(self) -> bool:
        return all(figure.met for figure in self.figures)


def named(name: str) -> Benchmark | Preset:
    """The preset or published result ``name``; a preset's folder may be left out.

    Raises ``ConfigError`` with the nearest known name.
    """
    known: dict[str, Benchmark | Preset] = {preset.name: preset for preset in PRESETS}
    known |= {preset.name.rsplit("/", 1)[-1]: preset for preset in PRESETS}
    known |= {benchmark.name: benchmark for benchmark in PUBLISHED}
    if name in known:
        return known[name]
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    presets = ", ".join(preset.name.rsplit("/", 1)[-1] for preset in PRESETS)
    hint = f"did you mean '{close[0]}'?" if close else f"presets: {presets}; published results: see docs/theory.md"
    raise ConfigError("is no theory preset and no published result", path="PRESET", value=name, remedy=hint)


def outcome(
    benchmark: Benchmark | Preset, seeds: int = 1, progress: Callable[[int, int], None] | None = None
) -> Outcome:
    """Compute both sides of ``benchmark``; a preset from the starting points of seeds 1 to ``seeds``."""
    if isinstance(benchmark, Benchmark):
        return Outcome(benchmark, benchmark.figures(), 0)
    worst: list[Figure] = []
    for seed in range(1, seeds + 1):
        figures = run_preset(benchmark, seed)
        worst = [max(pair, key=_excess) for pair in zip(worst, figures, strict=True)] if worst else figures
        if progress is not None:
            progress(seed, seeds)
    return Outcome(benchmark, worst, seeds)


def _excess(figure: Figure) -> float:
    """Orders figures from met to missed; one that is not a number is the worst of all."""
    return figure.largest_gap if figure.largest_gap == figure.largest_gap else float("inf")
