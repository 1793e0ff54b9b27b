"""Loyal buyers."""

from __future__ import annotations

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.choice.interface import ChoiceDecision, ChoiceView
from aimarket.strategies.choice.menu import choose_among, count, run_by_sellers, within

__all__ = ["Loyal"]


class Loyal(Strategy):
    """Stays where it is: leaving costs more, and it thinks of leaving less often.

    kappa' = a kappa and lambda' = lambda / b.  A segment without switching costs only gets slower.  Sellers
    who learn that their buyers stay have less to lose by a higher price: switching costs turn an
    old customer into a captive one.
    """

    decision = "choice"
    name = "loyal"
    source = "Klemperer (1987), Markets with consumer switching costs, Quarterly Journal of Economics 102"

    class Parameters(StrategyParameters):
        switching_cost_factor: float = Field(2.0, ge=1, le=100, description="a: times the segment's switching cost")
        patience_factor: float = Field(2.0, ge=1, le=100, description="b: times the segment's time between looks")

    def decide(self, view: ChoiceView, _draws: Draws) -> ChoiceDecision:
        p = self.parameters
        considered = run_by_sellers(view)
        cost = within("switching_cost", p.switching_cost_factor * view.switching_cost)
        hazard = within("reconsider_per_year", view.reconsider_per_year / p.patience_factor)
        return choose_among(
            view,
            considered,
            reason=f"stays loyal: leaving costs {cost:.3g} utils instead of {view.switching_cost:.3g}, looks at "
            f"{count(view, considered)} {hazard:.3g} times a year instead of {view.reconsider_per_year:.3g}",
            inputs={"loyal_switching_cost_utils": cost, "loyal_reconsider_per_year": hazard},
            switching_cost=cost,
            reconsider_per_year=hazard,
        )
