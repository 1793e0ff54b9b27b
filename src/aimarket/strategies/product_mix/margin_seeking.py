"""Margin seeking."""

from __future__ import annotations

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.product_mix.interface import ProductMixDecision, ProductMixView

__all__ = ["MarginSeeking"]


class MarginSeeking(Strategy):
    """Puts more effort into services the more their gross margin exceeds that of the API, within bounds.

        effort share = usual share + response x (service margin - API margin)

    Effort is worth its cost in proportion to the margin that it sells.  Until both are sold their margins cannot
    be compared, and the usual share is spent.
    """

    decision = "product_mix"
    name = "margin_seeking"
    source = "Dorfman & Steiner (1954), Optimal advertising and optimal quality, American Economic Review 44"

    class Parameters(StrategyParameters):
        usual_share: float = Field(0.08, ge=0, le=1, description="share of revenue spent at equal margins")
        response: float = Field(0.3, ge=0, le=10, description="share of revenue gained per unit of margin gap")
        smallest_share: float = Field(0.02, ge=0, le=1, description="smallest share of revenue spent")
        largest_share: float = Field(0.25, ge=0, le=1, description="largest share; the smallest one goes first")

    def decide(self, view: ProductMixView, _draws: Draws) -> ProductMixDecision:
        p = self.parameters
        both = view.revenue_api_musd_per_month > 0.0 and view.revenue_service_musd_per_month > 0.0
        gap = view.gross_margin_service - view.gross_margin_api if both else 0.0
        share = max(min(p.usual_share + p.response * gap, p.largest_share), p.smallest_share)
        seen = (
            f"services earn a margin of {view.gross_margin_service:.0%}, the API {view.gross_margin_api:.0%}"
            if both
            else "services and API are not both on sale"
        )
        return ProductMixDecision(
            effort_share=share * view.training_scale,
            reason=f"{seen}, so {share:.1%} of revenue goes into services, scaled by {view.training_scale:.2f}",
            inputs={
                "gross_margin_service": view.gross_margin_service,
                "gross_margin_api": view.gross_margin_api,
                "margin_gap": gap,
                "training_scale": view.training_scale,
            },
        )
