"""Long contracts."""

from __future__ import annotations

import math

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.choice.interface import ChoiceDecision, ChoiceView
from aimarket.strategies.choice.menu import choose_among, count, run_by_sellers, within

__all__ = ["LongContract"]


class LongContract(Strategy):
    """Commits itself for years, and earns the discount that sellers give for it.

    Bound for m months on average, a buyer looks again no more than 12 / m times a year and pays
    exp(-d m / 12) of the price, d the discount for a year.  The discount buys the seller a demand that
    does not move: cheap while prices stay, dear when they fall faster than d.
    """

    decision = "choice"
    name = "long_contract"
    source = (
        "Joskow (1987), Contract duration and relationship-specific investments, American Economic Review 77; "
        "committed-use discounts of cloud providers"
    )

    class Parameters(StrategyParameters):
        commitment_months: float = Field(24.0, ge=1, le=120, description="m: months that a buyer commits itself for")

    def decide(self, view: ChoiceView, _draws: Draws) -> ChoiceDecision:
        months = self.parameters.commitment_months
        considered = run_by_sellers(view)
        hazard = within("reconsider_per_year", min(view.reconsider_per_year, 12.0 / months))
        discount = -math.expm1(-view.commitment_discount_per_year * months / 12.0)
        return choose_among(
            view,
            considered,
            reason=f"commits itself for {months:.0f} months at {discount:.1%} off, looks at {count(view, considered)} "
            f"{hazard:.3g} times a year instead of {view.reconsider_per_year:.3g}",
            inputs={
                "commitment_months": months,
                "commitment_discount_share": discount,
                "bound_reconsider_per_year": hazard,
            },
            reconsider_per_year=hazard,
            commitment_months=months,
        )
