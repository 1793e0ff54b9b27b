"""Posted list price."""

from __future__ import annotations

import math

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.compute_pricing.interface import ComputePricingDecision, ComputePricingView

__all__ = ["Posted"]


class Posted(Strategy):
    """A list price that stays until cost or load has moved the right one out of a band, then jumps there.

        target = max(levelised cost x (1 + markup) x exp(load response x (load - normal load)), running cost)
        list price = last list price while |ln(last / target)| <= band, else target

    Changing a list price costs something, so small gaps are borne.  Spot customers pay the list price,
    reserved contracts a discount on it, but not less than running cost.  Prices are rigid, then move by the
    band or more.
    """

    decision = "compute_pricing"
    name = "posted"
    source = "menu costs: Sheshinski & Weiss (1977), Inflation and costs of price adjustment, Rev. Economic Studies 44"

    class Parameters(StrategyParameters):
        markup: float = Field(0.3, ge=0, le=20, description="markup of the target on full cost at normal load")
        band: float = Field(0.15, ge=0, le=3, description="log distance from the target that is borne")
        load_response: float = Field(1.0, ge=0, le=20, description="d ln(target) / d load")
        normal_load: float = Field(0.85, gt=0, le=2, description="load at which the target is cost and markup")
        largest_multiple: float = Field(5.0, ge=1, le=100, description="highest target over full cost")
        contract_discount: float = Field(0.15, ge=0, le=0.9, description="discount of reserved contracts on the list")

    def decide(self, view: ComputePricingView, _draws: Draws) -> ComputePricingDecision:
        p, last, cost = self.parameters, view.spot_price_usd_per_gpu_hour, view.levelised_cost_usd_per_gpu_hour
        pressure = math.exp(min(p.load_response * (view.load - p.normal_load), 50.0))
        running = view.running_cost_usd_per_gpu_hour
        target = max(cost * min((1.0 + p.markup) * pressure, p.largest_multiple), running)
        gap = math.log(last / target)
        kept = abs(gap) <= p.band
        price = last if kept else target
        return ComputePricingDecision(
            spot_price_usd_per_gpu_hour=price,
            contract_price_usd_per_gpu_hour=max(price * (1.0 - p.contract_discount), running),
            reason=f"{'keeps' if kept else 'resets'} the list price at {price:.4g} USD/GPU-hour: the last one was "
            f"{gap:+.0%} from a target of {target:.4g}, borne up to {p.band:.0%}",
            inputs={
                "last_price_usd_per_gpu_hour": last,
                "target_price_usd_per_gpu_hour": target,
                "levelised_cost_usd_per_gpu_hour": cost,
                "running_cost_usd_per_gpu_hour": running,
                "load": view.load,
            },
        )
