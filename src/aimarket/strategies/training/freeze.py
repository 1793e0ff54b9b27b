"""Freeze."""

from __future__ import annotations

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy
from aimarket.strategies.training.interface import TrainingDecision, TrainingView

__all__ = ["Freeze"]


class Freeze(Strategy):
    """Spends nothing on research compute and lives off the models it has while they last.

    Cash lasts longer and the margin is wider at once; quality falls behind month by month and buyers leave.
    """

    decision = "training"
    name = "freeze"
    source = (
        "harvesting: Harrigan & Porter (1983), End-game strategies for declining industries, Harvard Bus. Review 61"
    )

    def decide(self, view: TrainingView, _draws: Draws) -> TrainingDecision:
        return TrainingDecision(
            budget_musd_per_month=0.0,
            reason=f"trains nothing: its model stays at {view.trained_quality:.2f}, the frontier is at "
            f"{view.frontier_quality:.2f}",
            inputs={"trained_quality": view.trained_quality, "frontier_quality": view.frontier_quality},
        )
