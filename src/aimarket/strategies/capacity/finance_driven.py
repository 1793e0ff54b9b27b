"""Finance-driven investment."""

from __future__ import annotations

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters, per_period
from aimarket.strategies.capacity.interface import CapacityDecision, CapacityView
from aimarket.strategies.capacity.planning import (
    affordable_gpus,
    expected_demand_gpus,
    gap_gpus,
    plus_request,
    request_in_words,
    standing,
)

__all__ = ["FinanceDriven"]


class FinanceDriven(Strategy):
    """Follows expected demand, but only while new capacity earns its hurdle rate and the cash lasts.

        order = gap closing share x gap   if annual return >= capital charge + hurdle premium, else 0
        orders owed + order <= share x means,   share = min(means share, 1 - smallest runway / runway)

    The runway after ordering is taken to shrink in proportion to the means that orders tie up.  What
    procurement asks to have built has to pass the same two tests.
    """

    decision = "capacity"
    name = "finance_driven"
    source = "hurdle rate: Jorgenson (1963), AER 53; internal funds: Fazzari, Hubbard & Petersen (1988), BPEA 1"

    class Parameters(StrategyParameters):
        hurdle_premium: float = Field(0.05, ge=0, le=5, description="return a year asked for above the capital charge")
        smallest_runway_months: float = Field(12.0, ge=0, le=240, description="months of cash left after ordering")
        reserve: float = Field(0.1, ge=0, le=5, description="capacity aimed at above expected demand")
        gap_closing_share: float = Field(0.35, gt=0, le=1, description="share of the gap ordered in a month")
        means_share: float = Field(0.6, ge=0, le=1, description="largest share of means put into orders")
        largest_growth_per_year: float = Field(1.0, ge=0, le=5, description="largest log growth that is believed")

    def decide(self, view: CapacityView, _draws: Draws) -> CapacityDecision:
        p, runway = self.parameters, view.runway_months
        hurdle = view.annual_capital_charge + p.hurdle_premium
        spare = 1.0 - p.smallest_runway_months / runway if runway > p.smallest_runway_months else 0.0
        affordable = affordable_gpus(view, min(p.means_share, spare)) if view.annual_return >= hurdle else 0.0
        wanted = max(expected_demand_gpus(view, p.largest_growth_per_year), view.contracted_gpus) * (1.0 + p.reserve)
        gap = max(gap_gpus(view, wanted), 0.0)
        own = min(gap * per_period(p.gap_closing_share, view.period_months), affordable)
        if view.annual_return < hurdle:
            why = "too little to order"
        elif spare <= 0.0:
            why = f"but {runway:,.0f} months of runway are too few to order, {p.smallest_runway_months:g} needed"
        else:
            why = f"a gap of {gap:,.0f} GPUs opens and {affordable:,.0f} can be paid for"
        return CapacityDecision(
            order_gpus=plus_request(view, own, affordable),
            reason=f"a GPU returns {view.annual_return:.0%} a year against a hurdle of {hurdle:.0%}, {why}"
            f"{request_in_words(view)}",
            inputs={
                "annual_return": view.annual_return,
                "hurdle_rate_per_year": hurdle,
                "runway_months": runway,
                "gap_gpus": gap,
                **standing(view, affordable),
            },
        )
