"""Training: what a lab sees of its means, and what it spends on research compute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aimarket.strategies.base import Decision

__all__ = ["TrainingDecision", "TrainingView"]


@dataclass(frozen=True)
class TrainingView:
    """Money in USD million; revenue and support are per month."""

    firm: str
    revenue_musd_per_month: float
    other_income_musd_per_month: float
    cash_musd: float
    gross_profit_musd_per_month: float
    training_scale: float


@dataclass(frozen=True, kw_only=True)
class TrainingDecision(Decision):
    budget_musd_per_month: float
    bounds: ClassVar = {"budget_musd_per_month": (0.0, 1e9)}
    headline: ClassVar = "budget_musd_per_month"
