"""Adoption: how far a segment has come, and the hazard with which the rest follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aimarket.strategies.base import Decision, View

__all__ = ["AdoptionDecision", "AdoptionView"]


@dataclass(frozen=True, kw_only=True)
class AdoptionView(View):
    segment: str
    adopted_share: float


@dataclass(frozen=True, kw_only=True)
class AdoptionDecision(Decision):
    """Probability that a buyer which has not adopted does so this period."""

    probability: float
    bounds: ClassVar = {"probability": (0.0, 1.0)}
    headline: ClassVar = "probability"
