"""Multi-homing buyers."""

from __future__ import annotations

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.choice.interface import ChoiceDecision, ChoiceView
from aimarket.strategies.choice.menu import choose_among, count, run_by_sellers

__all__ = ["MultiHome"]


class MultiHome(Strategy):
    """Spreads its workloads over several sellers, so that none can hold it up.

    A seller that has the share h of a buyer's other workloads looks worse by A h to each workload that
    chooses.  A buyer with one workload has nothing to spread.  It pays for the insurance by using products
    that suit it a little less, and keeps rivals in the market on which its bargaining power rests.
    """

    decision = "choice"
    name = "multi_home"
    source = (
        "Armstrong (2006), Competition in two-sided markets, RAND Journal of Economics 37, on multi-homing; "
        "Anton & Yao (1989), Split awards, procurement, and innovation, RAND Journal of Economics 20"
    )

    class Parameters(StrategyParameters):
        concentration_aversion: float = Field(
            1.0, ge=0, le=100, description="A: utility lost by a seller that has all of the buyer's other workloads"
        )

    def decide(self, view: ChoiceView, _draws: Draws) -> ChoiceDecision:
        aversion = self.parameters.concentration_aversion
        considered = run_by_sellers(view)
        sellers = {seller for seller, seen in zip(view.sellers, considered, strict=True) if seen}
        return choose_among(
            view,
            considered,
            reason=f"spreads workloads over {len(sellers)} sellers of {count(view, considered)}: one that has all "
            f"the others loses {aversion:.3g} utils",
            inputs={"sellers_considered": float(len(sellers)), "concentration_aversion_utils": aversion},
            concentration_aversion=aversion,
        )
