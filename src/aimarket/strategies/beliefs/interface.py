"""Beliefs of investors: how stories and fundamentals have done, and who believes in which."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from aimarket.strategies.base import Decision, View, no_numbers

__all__ = ["BeliefsDecision", "BeliefsView"]


@dataclass(frozen=True, kw_only=True)
class BeliefsView(View):
    """Squared errors of each rule's forecast of the log growth of labs' revenue, smoothed.

    The narrative rule expects last year's growth to go on, the fundamental rule expects it to fade.
    ``past_mispricing`` holds labs' value over fundamental value less one of past periods, newest last, NaN
    where there was no fundamental value; trend followers expect ``trend_extrapolation`` times the last one,
    and everybody asks ``gross_return`` of one USD per period.
    """

    narrative_share: float
    narrative_squared_error: float
    fundamental_squared_error: float
    past_mispricing: np.ndarray = field(default_factory=no_numbers)
    trend_extrapolation: float = 1.0
    gross_return: float = 1.0


@dataclass(frozen=True, kw_only=True)
class BeliefsDecision(Decision):
    """Share of investors, weighted by money, who value labs by their story."""

    narrative_share: float
    bounds: ClassVar = {"narrative_share": (0.0, 1.0)}
    headline: ClassVar = "narrative_share"
