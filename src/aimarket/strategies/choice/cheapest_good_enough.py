"""Routers: the cheapest model that is good enough."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.choice.interface import ChoiceDecision, ChoiceView
from aimarket.strategies.choice.menu import choose_among, count, run_by_sellers, within

__all__ = ["CheapestGoodEnough"]


class CheapestGoodEnough(Strategy):
    """Takes what is cheap among the models that are good enough, and looks again soon.

    A product counts if q_j >= q_best - t among those that sellers run.  Those that do are worth as much as the
    best one, theta (q_best - q_j) more than their own quality, at a price sensitivity b alpha and a
    hazard c lambda.  Quality above the aspiration earns its seller nothing, so followers compete at cost.
    """

    decision = "choice"
    name = "cheapest_good_enough"
    source = (
        "Simon (1955), A behavioral model of rational choice, Quarterly Journal of Economics 69; "
        "routing between models: Chen, Zaharia & Zou (2023), FrugalGPT, arXiv:2305.05176"
    )

    class Parameters(StrategyParameters):
        quality_tolerance: float = Field(
            1.5, ge=0, le=20, description="t: log units that good enough may trail by; assumed: some eight months"
        )
        price_sensitivity_factor: float = Field(1.5, ge=1, le=100, description="b: times everybody's price sensitivity")
        reconsider_factor: float = Field(4.0, ge=1, le=100, description="c: times the segment's hazard")

    def decide(self, view: ChoiceView, _draws: Draws) -> ChoiceDecision:
        p = self.parameters
        considered = run_by_sellers(view)
        hazard = within("reconsider_per_year", p.reconsider_factor * view.reconsider_per_year)
        shift = np.zeros(len(view.products))
        quality = {}
        if considered.any():
            best = float(view.quality[considered].max())
            considered &= view.quality >= best - p.quality_tolerance
            missing = np.where(considered, best - view.quality, 0.0)
            shift = np.minimum(view.quality_weight * missing, ChoiceDecision.bounds["utility_shift"][1])
            quality = {
                "best_quality_log": best,
                "lowest_price_usd_per_mtok": float(view.price_usd_per_mtok[considered].min()),
            }
        told = f"at {quality['lowest_price_usd_per_mtok']:.3g} USD/Mtok or more" if quality else "run by a seller"
        return choose_among(
            view,
            considered,
            reason=f"good enough, within {p.quality_tolerance:.3g} of the best quality: {count(view, considered)} "
            f"{told}; looks {hazard:.3g} times a year",
            inputs={
                **quality,
                "quality_tolerance_log": p.quality_tolerance,
                "router_reconsider_per_year": hazard,
            },
            utility_shift=tuple(shift.tolist()),
            price_sensitivity_factor=p.price_sensitivity_factor,
            reconsider_per_year=hazard,
        )
