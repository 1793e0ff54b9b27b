"""Closed-weight labs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aimarket.agents.operator import Operator
from aimarket.config.schema.base import month_index
from aimarket.contracts import payment_path

if TYPE_CHECKING:
    from aimarket.config.schema.agents import FrontierLabEntry
    from aimarket.model import AIMarket

__all__ = ["FrontierLab"]


class FrontierLab(Operator):
    """Trains closed models, sells tokens and intelligent services, and holds contracts for compute."""

    entry: FrontierLabEntry

    def __init__(self, model: AIMarket, name: str, entry: FrontierLabEntry) -> None:
        super().__init__(model, name, entry)
        self.plan_signed = 0
        plan = entry.build_plan
        if plan is not None:
            start = month_index(plan.starts)
            self.plan_signed = month_index(plan.signed)
            path = payment_path(plan.total_musd, plan.months, plan.growth_per_year)
            self.planned_musd = {start + i: float(v) for i, v in enumerate(path)}
