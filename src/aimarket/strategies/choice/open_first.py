"""Open weights first."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.choice.interface import ChoiceDecision, ChoiceView
from aimarket.strategies.choice.menu import choose_among, count, run_by_sellers

__all__ = ["OpenFirst"]


class OpenFirst(Strategy):
    """Buys open weights only, as long as they are not too far behind the best closed model.

    Only open products count while q_open >= q_closed - g, the best of each that sellers run; everything
    counts otherwise, or where one of the two is not on offer.  Weights that any host can serve cannot be
    withdrawn or repriced by their maker: the option to leave is worth the quality given up.
    """

    decision = "choice"
    name = "open_first"
    source = "open software as insurance against lock-in: Varian & Shapiro (2003), Linux adoption in the public sector"

    class Parameters(StrategyParameters):
        quality_gap: float = Field(
            1.5, ge=0, le=20, description="g: log units that open weights may be behind; assumed: some eight months"
        )

    def decide(self, view: ChoiceView, _draws: Draws) -> ChoiceDecision:
        allowed = self.parameters.quality_gap
        offered = run_by_sellers(view)
        is_open = np.array([kind == "open" for kind in view.kinds], dtype=np.bool_) & offered
        closed = offered & ~is_open
        if not (is_open.any() and closed.any()):
            missing = "open weights" if closed.any() else "closed models" if is_open.any() else "products"
            reason = f"no {missing} run by a seller, so considers {count(view, offered)}"
            return choose_among(view, offered, reason=reason, inputs={"quality_gap_allowed_log": allowed})
        behind = float(view.quality[closed].max() - view.quality[is_open].max())
        considered = is_open if behind <= allowed else offered
        return choose_among(
            view,
            considered,
            reason=f"open weights are {behind:+.2f} behind the best closed model, {allowed:.2f} is allowed: "
            f"{'open weights only' if behind <= allowed else 'everything counts'}, {count(view, considered)}",
            inputs={"quality_gap_log": behind, "quality_gap_allowed_log": allowed},
        )
