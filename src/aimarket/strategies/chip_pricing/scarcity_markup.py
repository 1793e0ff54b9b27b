"""Scarcity markup."""

from __future__ import annotations

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters, per_period
from aimarket.strategies.chip_pricing.interface import ChipPricingDecision, ChipPricingView

__all__ = ["ScarcityMarkup"]


class ScarcityMarkup(Strategy):
    """A gross margin on unit cost that rises with the order backlog, up to what customers stand."""

    decision = "chip_pricing"
    name = "scarcity_markup"
    source = "price and order backlog as joint clearing: Zarnowitz (1962), J. Political Economy 70"

    class Parameters(StrategyParameters):
        margin: float = Field(0.6, ge=0, lt=1, description="gross margin without a backlog")
        margin_per_backlog_month: float = Field(0.02, ge=0, le=1, description="margin gained per month of backlog")
        largest_margin: float = Field(0.78, ge=0, lt=1, description="largest gross margin")
        adjustment: float = Field(0.15, gt=0, le=1, description="share of the log gap closed in a month")

    def decide(self, view: ChipPricingView, _draws: Draws) -> ChipPricingDecision:
        p = self.parameters
        margin = min(p.margin + p.margin_per_backlog_month * view.backlog_months, max(p.largest_margin, p.margin))
        target = view.unit_cost_usd / (1.0 - margin)
        price = view.price_usd * (target / view.price_usd) ** per_period(p.adjustment, view.period_months)
        return ChipPricingDecision(
            price_usd=price,
            reason=f"margin target {margin:.0%} on unit cost {view.unit_cost_usd:,.0f} USD with "
            f"{view.backlog_months:.1f} months of orders waiting",
            inputs={
                "backlog_months": view.backlog_months,
                "unit_cost_usd": view.unit_cost_usd,
                "last_price_usd": view.price_usd,
            },
        )
