"""Committed schedule."""

from __future__ import annotations

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy
from aimarket.strategies.capacity.interface import CapacityDecision, CapacityView

__all__ = ["CommittedSchedule"]


class CommittedSchedule(Strategy):
    """Spends what the announced build plan says for the period, whatever demand does and procurement asks for.

    order = planned spending / capital expenditure per GPU
    """

    decision = "capacity"
    name = "committed_schedule"
    source = "OpenAI's announced plan of about 1.4 trillion USD over eight years (TechCrunch, 2025-11-06)"

    def decide(self, view: CapacityView, _draws: Draws) -> CapacityDecision:
        asked = view.build_request_gpus
        return CapacityDecision(
            order_gpus=view.planned_musd / view.unit_capex_musd,
            reason=f"the plan spends {view.planned_musd:,.0f} MUSD this period, "
            f"{view.unit_capex_musd * 1e6:,.0f} USD a GPU with its data centre"
            + (f"; the {asked:,.0f} GPUs that procurement asks for are not in it" if asked > 0.0 else ""),
            inputs={
                "planned_musd": view.planned_musd,
                "unit_capex_musd_per_gpu": view.unit_capex_musd,
                "build_request_gpus": asked,
            },
        )
