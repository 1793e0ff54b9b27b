"""Prices given from outside."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from aimarket.config.schema.base import Month, month_index
from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.pricing.interface import PricingDecision, PricingView

__all__ = ["Scripted"]

Price = Annotated[float, Field(ge=1e-6, le=1e6)]


class Scripted(Strategy):
    """Posts the prices of a given path, whatever happens: history replayed, or an experiment.

    A price holds from the period that contains its month until the next one of the path; before the first
    one, and for products that the path leaves out, the price stays as it was.  Entries of products that are
    not on sale wait.
    """

    decision = "pricing"
    name = "scripted"
    source = "intervention on a structural equation: Haavelmo (1943), Econometrica 11"

    class Parameters(StrategyParameters):
        path: dict[str, dict[Month, Price]] = Field(
            {},
            description="product, as in the products table -> month (YYYY-MM) -> price from then on, USD/Mtok",
            examples=[{"openai_api": {"2026-03": 5.0}}],
        )

    def decide(self, view: PricingView, _draws: Draws) -> PricingDecision:
        end = month_index(view.month) + view.period_months
        price, due = [float(last) for last in view.price_usd_per_mtok], [""] * len(view.products)
        for k, product in enumerate(view.products):
            script = self.parameters.path.get(product, {})
            due[k] = max((month for month in script if month_index(month) < end), default="")
            if due[k]:
                price[k] = script[due[k]]
        told = f"the script of {due[0]}" if due[0] else "no script yet"
        return PricingDecision(
            price_usd_per_mtok=tuple(price),
            reason=f"{told}: {view.products[0]} at {price[0]:.3g} USD/Mtok after {view.price_usd_per_mtok[0]:.3g}",
            inputs={"last_price_usd_per_mtok": float(view.price_usd_per_mtok[0])},
        )
