"""Release: what a lab has trained and what rivals sell, and the quality it puts on sale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aimarket.strategies.base import Decision, View

__all__ = ["ReleaseDecision", "ReleaseView"]


@dataclass(frozen=True, kw_only=True)
class ReleaseView(View):
    """Qualities are logs of effective research compute relative to the start frontier.

    ``frontier_quality_history`` holds the best closed quality on sale in each past month, newest last.
    """

    firm: str
    trained_quality: float
    released_quality: float
    months_since_release: float
    frontier_quality_history: np.ndarray


@dataclass(frozen=True, kw_only=True)
class ReleaseDecision(Decision):
    """Quality on sale from now on; the quality already on sale means no release."""

    quality: float
    bounds: ClassVar = {"quality": (-100.0, 100.0)}
    headline: ClassVar = "quality"
