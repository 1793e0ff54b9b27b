"""Committed schedule."""

from __future__ import annotations

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy
from aimarket.strategies.capacity.interface import CapacityDecision, CapacityView

__all__ = ["CommittedSchedule"]


class CommittedSchedule(Strategy):
    """Spends what the announced build plan says for the period, whatever demand does."""

    decision = "capacity"
    name = "committed_schedule"
    source = "OpenAI's announced plan of about 1.4 trillion USD over eight years (TechCrunch, 2025-11-06)"

    def decide(self, view: CapacityView, _draws: Draws) -> CapacityDecision:
        order = view.planned_musd / view.unit_capex_musd
        return CapacityDecision(
            order_gpus=order,
            reason=f"the plan spends {view.planned_musd:,.0f} MUSD this period, "
            f"{view.unit_capex_musd * 1e6:,.0f} USD a GPU with its data centre",
        )
