"""Product mix: what a lab earns with tokens and with services, and its effort for services."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aimarket.strategies.base import Decision, View

__all__ = ["ProductMixDecision", "ProductMixView"]


@dataclass(frozen=True, kw_only=True)
class ProductMixView(View):
    """Money in USD million a month; ``service_appeal`` is the utility gained by effort so far.

    Gross margins are last period's, weighted by revenue; 0 without sales.
    """

    firm: str
    revenue_api_musd_per_month: float
    revenue_service_musd_per_month: float
    service_appeal: float
    training_scale: float
    gross_margin_api: float = 0.0
    gross_margin_service: float = 0.0


@dataclass(frozen=True, kw_only=True)
class ProductMixDecision(Decision):
    """Share of revenue spent on building intelligent services."""

    effort_share: float
    bounds: ClassVar = {"effort_share": (0.0, 1.0)}
    headline: ClassVar = "effort_share"
