"""Beliefs of investors: how stories and fundamentals have done, and who believes in which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aimarket.strategies.base import Decision

__all__ = ["BeliefsDecision", "BeliefsView"]


@dataclass(frozen=True)
class BeliefsView:
    """Squared errors of each rule's forecast of the log growth of labs' revenue, smoothed.

    The narrative rule expects last year's growth to go on, the fundamental rule expects it to fade.
    """

    narrative_share: float
    narrative_squared_error: float
    fundamental_squared_error: float
    sentiment: float
    period_months: float = 1.0


@dataclass(frozen=True, kw_only=True)
class BeliefsDecision(Decision):
    narrative_share: float
    bounds: ClassVar = {"narrative_share": (0.0, 1.0)}
    headline: ClassVar = "narrative_share"
