"""What a lab has to spend on research, which several training rules start from."""

from __future__ import annotations

from aimarket.strategies.training.interface import TrainingView

__all__ = ["means_musd_per_month", "resources"]


def means_musd_per_month(
    view: TrainingView, revenue_share: float, income_share: float, cash_share_per_year: float
) -> float:
    """Shares of revenue, of the owner's support and of the cash at hand added up; an overdraft counts as no cash."""
    return (
        revenue_share * view.revenue_musd_per_month
        + income_share * view.other_income_musd_per_month
        + cash_share_per_year / 12.0 * max(view.cash_musd, 0.0)
    )


def resources(view: TrainingView) -> dict[str, float]:
    """The numbers behind ``means_musd_per_month``, for the decision's inputs."""
    return {
        "revenue_musd_per_month": view.revenue_musd_per_month,
        "other_income_musd_per_month": view.other_income_musd_per_month,
        "cash_musd": view.cash_musd,
        "training_scale": view.training_scale,
    }
