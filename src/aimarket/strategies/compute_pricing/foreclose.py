"""Foreclosure: raising rivals' costs."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.compute_pricing.interface import ComputePricingDecision, ComputePricingView

__all__ = ["Foreclose"]


class Foreclose(Strategy):
    """An integrated group charges its downstream rivals more than anybody else for compute.

        regular price = levelised cost x (1 + regular markup)
        rival's price = min(regular x (1 + foreclosure markup), just below its next best price), at least regular
        captive rival's price = regular x (1 + captive markup)

    The rival's higher cost raises its price and sends buyers to the group's own services; sales lost upstream
    are the price of it.  A rival that can rent elsewhere is squeezed no further than that, or it would leave.
    A provider that sells no services itself has nobody to foreclose: everybody pays the regular price.
    """

    decision = "compute_pricing"
    name = "foreclose"
    source = "Salop & Scheffman (1983), American Economic Review 73; Ordover, Saloner & Salop (1990), AER 80"

    class Parameters(StrategyParameters):
        regular_markup: float = Field(0.15, ge=0, le=20, description="markup on full cost for everybody else")
        foreclosure_markup: float = Field(0.5, ge=0, le=10, description="rivals' markup on the regular price")
        captive_markup: float = Field(1.0, ge=0, le=10, description="the same where a rival can rent nowhere else")
        undercut: float = Field(0.01, gt=0, lt=1, description="distance kept below a rival's next best price, as share")

    def decide(self, view: ComputePricingView, _draws: Draws) -> ComputePricingDecision:
        p, cost = self.parameters, view.levelised_cost_usd_per_gpu_hour
        regular = cost * (1.0 + p.regular_markup)
        inputs = {"levelised_cost_usd_per_gpu_hour": cost, "rivals_supplied": float(len(view.customers))}
        if not (view.integrated and view.customers):
            whom = "no downstream rivals to squeeze" if view.integrated else "no services of its own to protect"
            return ComputePricingDecision(
                spot_price_usd_per_gpu_hour=regular,
                contract_price_usd_per_gpu_hour=regular,
                reason=f"{regular:.4g} USD/GPU-hour to everybody, full cost {cost:.4g} and a markup: {whom}",
                inputs=inputs,
            )
        others = view.alternative_price_usd_per_gpu_hour
        # Views without this field show nobody else to rent from.
        others = others if others.size else np.full(len(view.customers), np.inf)
        squeezed = np.minimum(regular * (1.0 + p.foreclosure_markup), others * (1.0 - p.undercut))
        charged = np.where(np.isfinite(others), np.maximum(squeezed, regular), regular * (1.0 + p.captive_markup))
        captive = int(np.isinf(others).sum())
        inputs |= {
            f"alternative_{customer}_usd_per_gpu_hour": float(price)
            for customer, price in zip(view.customers, others, strict=True)
            if np.isfinite(price)
        }
        return ComputePricingDecision(
            spot_price_usd_per_gpu_hour=regular,
            contract_price_usd_per_gpu_hour=regular,
            negotiated_price_usd_per_gpu_hour=tuple(float(price) for price in charged),
            reason=f"charges {len(view.customers)} downstream rivals {charged.min():.4g} to {charged.max():.4g} "
            f"USD/GPU-hour, everybody else {regular:.4g}; {captive} of them can rent nowhere else",
            inputs=inputs,
        )
