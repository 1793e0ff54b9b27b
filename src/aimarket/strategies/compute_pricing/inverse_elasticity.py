"""Inverse elasticity."""

from __future__ import annotations

import math

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.compute_pricing.interface import ComputePricingDecision, ComputePricingView

__all__ = ["InverseElasticity"]


class InverseElasticity(Strategy):
    """Charges what the elasticity of its own sales allows, and measures it by trying two prices in turn.

    The list price is held ``trial_months`` a little above its base and as long a little below.  When both
    have had time to work through to the customers' own prices and sales, the two quantities give the
    slope of derived demand, and the base moves to the monopoly price of a straight line with that slope:
    half-way between the base and cost plus quantity over slope (Lerner 1934).  It rests where the Lerner
    index is one over the elasticity, so an upstream monopolist comes to lead its customers without
    knowing their buyers.
    """

    decision = "compute_pricing"
    name = "inverse_elasticity"
    source = "finite differences: Kiefer & Wolfowitz (1952), Annals of Mathematical Statistics 23; Lerner (1934)"

    class Parameters(StrategyParameters):
        trial: float = Field(0.01, ge=0.001, le=0.2, description="relative distance of the tried prices from the base")
        trial_months: int = Field(12, ge=1, le=60, description="months for which each price is held")
        largest_change: float = Field(0.2, gt=0, le=5, description="largest log change of the base after a pair")
        first_markup: float = Field(0.5, ge=0, le=20, description="markup of the first base price on cost")
        largest_markup: float = Field(9.0, gt=0, le=100, description="largest markup on cost: what customers stand")

    def decide(self, view: ComputePricingView, _draws: Draws) -> ComputePricingDecision:
        p, cost = self.parameters, view.levelised_cost_usd_per_gpu_hour
        held = max(round(p.trial_months / view.period_months), 1)
        age = view.past_price_usd_per_gpu_hour.size
        above = age // held % 2 == 0
        if age < 2 * held:
            base, why = cost * (1.0 + p.first_markup), f"first base price on cost {cost:.3g}"
        elif age % (2 * held):
            last = float(view.past_price_usd_per_gpu_hour[-1])
            base = last / (1.0 + p.trial if (age - 1) // held % 2 == 0 else 1.0 - p.trial)
            why = f"trial in its month {(age % held + 1) * view.period_months:.0f} of {p.trial_months}"
        else:
            base, why = self._new_base(view, held)
        price = base * (1.0 + p.trial if above else 1.0 - p.trial)
        return ComputePricingDecision(
            spot_price_usd_per_gpu_hour=price,
            contract_price_usd_per_gpu_hour=price,
            reason=f"{price:.4g} USD/GPU-hour around a base of {base:.4g}: {why}",
            inputs={
                "base_price_usd_per_gpu_hour": base,
                "levelised_cost_usd_per_gpu_hour": cost,
                "months_of_trial": age % (2 * held) * view.period_months,
            },
        )

    def _new_base(self, view: ComputePricingView, held: int) -> tuple[float, str]:
        p, cost = self.parameters, view.levelised_cost_usd_per_gpu_hour
        high, low = view.past_price_usd_per_gpu_hour[-1 - held], view.past_price_usd_per_gpu_hour[-1]
        fewer, more = view.past_sales_gpus[-1 - held], view.past_sales_gpus[-1]
        base = float(low) / (1.0 - p.trial)
        highest = cost * (1.0 + p.largest_markup)
        if fewer > 0.0 and more > 0.0 and high > low:
            elasticity = math.log(fewer / more) / math.log(high / low)
            # Where sales do not fall in the price, as while markets grow, no price is too high.
            allowed = cost - base / elasticity if elasticity < 0.0 else math.inf
            target = min((base + allowed) / 2.0, highest)
            why = f"elasticity {elasticity:.3g} allows {allowed:.4g}"
        else:
            target, why = base, f"no sales to learn from at {low:.3g}"
        change = max(min(math.log(target / base), p.largest_change), -p.largest_change)
        return base * math.exp(change), why
