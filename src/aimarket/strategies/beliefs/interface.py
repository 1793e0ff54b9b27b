"""Beliefs of investors: how stories and fundamentals have done, and who believes in which."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from aimarket.strategies.base import Decision, frozen

__all__ = ["BeliefsDecision", "BeliefsView"]


def _none() -> np.ndarray:
    return frozen([])


@dataclass(frozen=True)
class BeliefsView:
    """Squared errors of each rule's forecast of the log growth of labs' revenue, smoothed.

    The narrative rule expects last year's growth to go on, the fundamental rule expects it to fade.
    ``past_mispricing`` holds labs' value over fundamental value less one of past periods, newest last, NaN
    where there was no fundamental value; trend followers expect ``trend_extrapolation`` times the last one,
    and everybody asks ``gross_return`` of one USD per period.
    """

    narrative_share: float
    narrative_squared_error: float
    fundamental_squared_error: float
    sentiment: float
    period_months: float = 1.0
    past_mispricing: np.ndarray = field(default_factory=_none)
    trend_extrapolation: float = 1.0
    gross_return: float = 1.0


@dataclass(frozen=True, kw_only=True)
class BeliefsDecision(Decision):
    narrative_share: float
    bounds: ClassVar = {"narrative_share": (0.0, 1.0)}
    headline: ClassVar = "narrative_share"
