"""The page of known answers, section by section."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from aimarket.theory.outcomes import Outcome
from aimarket.theory.page import section

_PAGE = Path(__file__).parents[2] / "docs" / "theory.md"


@lru_cache(maxsize=1)
def _written() -> dict[str, str]:
    parts = _PAGE.read_text(encoding="utf-8").split("\n### ")[1:]
    return {part.split(":", 1)[0]: part.split("\n## ", 1)[0].strip() for part in parts}


def page_sections(outcomes: list[Outcome] | None = None) -> dict[str, str]:
    """Benchmark -> its section in docs/theory.md, or what the section of each of ``outcomes`` has to be."""
    if outcomes is None:
        return _written()
    return {item.benchmark.name: section(item).removeprefix("### ").strip() for item in outcomes}
