"""Services pivot."""

from __future__ import annotations

from pydantic import Field

from aimarket.config.schema.base import Month
from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.product_mix.interface import ProductMixDecision, ProductMixView

__all__ = ["ServicesPivot"]


class ServicesPivot(Strategy):
    """Spends a share of revenue on intelligent services, a larger one from the pivot on."""

    decision = "product_mix"
    name = "services_pivot"
    source = "servitisation: Vandermerwe & Rada (1988), European Management Journal 6"

    class Parameters(StrategyParameters):
        effort_share: float = Field(0.05, ge=0, le=1, description="share of revenue spent before the pivot")
        pivot: Month | None = Field(None, description="month of the pivot, YYYY-MM; none for never")
        effort_share_after: float = Field(0.12, ge=0, le=1, description="share of revenue spent from then on")

    def decide(self, view: ProductMixView, _draws: Draws) -> ProductMixDecision:
        p = self.parameters
        pivoted = p.pivot is not None and view.month >= p.pivot
        share = p.effort_share_after if pivoted else p.effort_share
        return ProductMixDecision(
            effort_share=share * view.training_scale,
            reason=f"{'has pivoted' if pivoted else 'has not pivoted'} to services; they earn "
            f"{view.revenue_service_musd_per_month:,.0f} MUSD a month, the API {view.revenue_api_musd_per_month:,.0f}",
            inputs={
                "revenue_service_musd_per_month": view.revenue_service_musd_per_month,
                "revenue_api_musd_per_month": view.revenue_api_musd_per_month,
                "training_scale": view.training_scale,
            },
        )
