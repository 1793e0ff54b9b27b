"""Queue following."""

from __future__ import annotations

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy
from aimarket.strategies.grid_expansion.interface import GridExpansionDecision, GridExpansionView

__all__ = ["QueueFollowing"]


class QueueFollowing(Strategy):
    """Connects all requests that have waited long enough, as fast as the region can build."""

    decision = "grid_expansion"
    name = "queue_following"
    source = (
        "first come, first served interconnection: Rand et al. (2024), Queued Up, Lawrence Berkeley National Laboratory"
    )

    def decide(self, view: GridExpansionView, _draws: Draws) -> GridExpansionDecision:
        return GridExpansionDecision(
            build_mw=min(view.ripe_mw, view.buildable_mw),
            reason=f"{view.ripe_mw:,.0f} MW ripe of {view.queue_mw:,.0f} queued, can build {view.buildable_mw:,.0f}",
            inputs={"ripe_mw": view.ripe_mw, "queue_mw": view.queue_mw, "buildable_mw": view.buildable_mw},
        )
