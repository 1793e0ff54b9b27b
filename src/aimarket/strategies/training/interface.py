"""Training: what a lab sees of its means, and what it spends on research compute."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from aimarket.strategies.base import Decision, View, no_numbers

__all__ = ["TrainingDecision", "TrainingView"]


@dataclass(frozen=True, kw_only=True)
class TrainingView(View):
    """Money in USD million; revenue and support are per month.

    ``trained_quality`` is the lab's best model, ``frontier_quality`` the best closed model on sale, both logs
    of effective research compute relative to the start frontier; ``spending_musd_per_month`` is what the
    lab's research compute cost last, ``past_frontier_quality`` the frontier of each of the last 24 months
    (fewer at the start), newest last.
    """

    firm: str
    revenue_musd_per_month: float
    other_income_musd_per_month: float
    cash_musd: float
    gross_profit_musd_per_month: float
    training_scale: float
    trained_quality: float = 0.0
    frontier_quality: float = 0.0
    spending_musd_per_month: float = 0.0
    past_frontier_quality: np.ndarray = field(default_factory=no_numbers)


@dataclass(frozen=True, kw_only=True)
class TrainingDecision(Decision):
    """Budget for research compute."""

    budget_musd_per_month: float
    bounds: ClassVar = {"budget_musd_per_month": (0.0, 1e9)}
    headline: ClassVar = "budget_musd_per_month"
