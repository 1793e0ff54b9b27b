"""Grid expansion: the queue for connections, and what a region builds of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aimarket.strategies.base import Decision, View

__all__ = ["GridExpansionDecision", "GridExpansionView"]


@dataclass(frozen=True, kw_only=True)
class GridExpansionView(View):
    """``ripe_mw`` has waited for the shortest connection time; ``buildable_mw`` is the period's limit."""

    firm: str
    queue_mw: float
    ripe_mw: float
    buildable_mw: float


@dataclass(frozen=True, kw_only=True)
class GridExpansionDecision(Decision):
    """Connections built this period."""

    build_mw: float
    bounds: ClassVar = {"build_mw": (0.0, 1e7)}
    headline: ClassVar = "build_mw"
