"""Self-hosting at scale."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.choice.interface import ChoiceDecision, ChoiceView
from aimarket.strategies.choice.menu import choose_among, run_by_sellers

__all__ = ["SelfHostAtScale"]


class SelfHostAtScale(Strategy):
    """Also considers to run open weights itself on rented GPUs, at a fixed cost for each workload.

    A workload of u Mtok a month pays p + H / u for a token instead of p: large ones find it worth while and
    small ones do not.  The larger the market's workloads grow, the more of it leaves the sellers, whose
    markup is capped at H / u by the buyer's own supply.
    """

    decision = "choice"
    name = "self_host_at_scale"
    source = (
        "make or buy: Walker & Weber (1984), A transaction cost approach to make-or-buy decisions, "
        "Administrative Science Quarterly 29"
    )
    buyer_hosting: ClassVar[bool] = True

    class Parameters(StrategyParameters):
        hosting_cost_usd_per_month: float = Field(
            4000.0,
            ge=0,
            le=1e8,
            description="H: fixed cost of running a workload oneself, USD a month; assumed: a quarter of an engineer",
        )

    def decide(self, view: ChoiceView, _draws: Draws) -> ChoiceDecision:
        cost = self.parameters.hosting_cost_usd_per_month
        considered = np.ones(len(view.products), dtype=np.bool_)
        hosted = int(np.count_nonzero(~run_by_sellers(view)))
        inputs = {"hosting_cost_usd_per_month": cost, "mtok_per_month": view.mtok_per_month}
        told = f"running weights itself costs {cost:,.0f} USD a month"
        if hosted:
            cheapest = float(view.price_usd_per_mtok[~run_by_sellers(view)].min())
            inputs["own_gpus_usd_per_mtok"] = cheapest
            told += f" and {cheapest:.3g} USD/Mtok"
        return choose_among(
            view,
            considered,
            reason=f"{told}, a mean workload has {view.mtok_per_month:.3g} Mtok a month: considers "
            f"{len(view.products)} products, {hosted} of them run by itself",
            inputs=inputs,
            hosting_cost_usd_per_month=cost,
        )
