"""Buyers of services: enterprises, consumers and developers, by segment."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from aimarket.config.schema.base import Frozen, Name, NonNegative, Plug, Positive, Rate, Share, Strategy

__all__ = ["BuyerSegmentEntry", "Tastes", "Usage"]


class Tastes(Frozen):
    price_sensitivity_mean: Positive = Field(description="alpha: mean disutility of the price term")
    price_sensitivity_log_sd: NonNegative = Field(description="spread of ln(alpha) between buyers")
    open_taste_mean: float = Field(ge=-20, le=20, description="gamma: mean utility of open weights")
    open_taste_sd: NonNegative = Field(description="spread of gamma between buyers")
    quality_weight: NonNegative = Field(description="theta: utility of a unit of quality")
    service_weight: float = Field(ge=-20, le=20, description="beta: utility of an intelligent service")
    switching_cost: NonNegative = Field(description="kappa: utility lost by leaving the incumbent product")
    integration_cost: NonNegative = Field(description="chi: utility lost where a product is not on the buyer's cloud")
    rationing_aversion: NonNegative = Field(description="rho: utility lost per unserved share last period")
    nesting: float = Field(ge=0, lt=1, description="sigma: similarity within closed and within open products")
    outside_utility: float = Field(ge=-50, le=50, description="utility of using no AI service")


class Usage(Frozen):
    mtok_per_month: Positive = Field(
        description="Mtok a workload of one real buyer uses a month at reference price and quality 0"
    )
    log_sd: NonNegative = Field(description="spread of ln(usage) between workloads")
    growth_per_year: Rate = Field(description="log growth of usage at given price and quality")
    growth_slowdown_per_year: Share = Field(description="share by which that growth falls each year")
    price_elasticity: NonNegative = Field(description="eta: - d ln(usage) / d ln(price)")
    quality_elasticity: float = Field(ge=-5, le=5, description="phi: d ln(usage) / d quality")
    budget_usd_per_month: Positive = Field(description="AI budget of a workload of mean size, USD a month")
    budget_growth_per_year: Rate = Field(description="log growth of the budget")
    budget_growth_slowdown_per_year: Share = Field(description="share by which that growth falls each year")


class BuyerStrategies(Frozen):
    adoption: Strategy
    choice: Strategy = Plug(name="logit")


class BuyerSegmentEntry(Frozen):
    kind: Literal["buyer_segment"]
    buyer_type: Literal["enterprise", "consumer", "developer"] = Field(description="for measurement")
    share_of_firms: Share = Field(description="share of the simulated buyers; all segments sum to 1")
    buyers: Positive = Field(description="real buyers the segment stands for")
    buys: list[Literal["api", "service", "open"]] = Field(min_length=1, description="kinds of product it buys")
    adopted_share: Share = Field(description="share of buyers that have adopted on the start date")
    reconsider_per_year: Positive = Field(description="lambda: hazard with which a workload reconsiders")
    cloud_shares: dict[Name, Share] = Field(
        default_factory=dict, description="where workloads sit, by compute provider; sums to 1, or empty"
    )
    tastes: Tastes
    usage: Usage
    strategies: BuyerStrategies
