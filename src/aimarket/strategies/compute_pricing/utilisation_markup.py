"""Utilisation markup."""

from __future__ import annotations

import math

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters, per_period
from aimarket.strategies.compute_pricing.interface import ComputePricingDecision, ComputePricingView

__all__ = ["UtilisationMarkup"]


class UtilisationMarkup(Strategy):
    """Spot price above full cost when load is high, down to running cost when it is low.

    spot = levelised cost x exp(steepness x (load - normal load)), between running cost and
    ``largest_multiple`` of full cost, reached by partial adjustment.  Reserved contracts are priced at
    full cost and a margin: long terms carry no scarcity.
    """

    decision = "compute_pricing"
    name = "utilisation_markup"
    source = "peak-load pricing: Boiteux (1960), Journal of Business 33; Steiner (1957), QJE 71"

    class Parameters(StrategyParameters):
        normal_load: float = Field(0.85, gt=0, le=2, description="load at which the spot price is full cost")
        steepness: float = Field(2.0, ge=0, le=20, description="d ln(price) / d load")
        largest_multiple: float = Field(5.0, ge=1, le=100, description="highest spot price over full cost")
        contract_margin: float = Field(0.1, ge=0, le=5, description="markup of reserved contracts on full cost")
        adjustment: float = Field(0.5, gt=0, le=1, description="share of the log gap closed in a month")

    def decide(self, view: ComputePricingView, _draws: Draws) -> ComputePricingDecision:
        p = self.parameters
        cost = view.levelised_cost_usd_per_gpu_hour
        multiple = min(math.exp(min(p.steepness * (view.load - p.normal_load), 50.0)), p.largest_multiple)
        target = max(cost * multiple, view.running_cost_usd_per_gpu_hour)
        current = view.spot_price_usd_per_gpu_hour
        spot = current * (target / current) ** per_period(p.adjustment, view.period_months)
        return ComputePricingDecision(
            spot_price_usd_per_gpu_hour=spot,
            contract_price_usd_per_gpu_hour=cost * (1.0 + p.contract_margin),
            reason=f"load {view.load:.2f} against normal {p.normal_load:.2f} puts spot at {multiple:.2f} times "
            f"full cost {cost:.2f} USD/GPU-hour",
            inputs={
                "load": view.load,
                "levelised_cost_usd_per_gpu_hour": cost,
                "running_cost_usd_per_gpu_hour": view.running_cost_usd_per_gpu_hour,
                "last_spot_price_usd_per_gpu_hour": current,
            },
        )
