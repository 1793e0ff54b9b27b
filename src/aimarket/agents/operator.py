"""Firms that serve models to buyers: labs, open-weight providers and hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aimarket.agents.firm import Firm

if TYPE_CHECKING:
    from aimarket.model import AIMarket

__all__ = ["Operator", "Serving"]


class Serving:
    """What an operator knows of its endpoints: its products' places in the catalogue, and its capacity.

    GPUs are H100e.  ``compute_price`` is the average price of a GPU-hour this period, own cost included;
    ``scarcity_rent`` the shadow price of a GPU-hour while demand exceeds inference capacity.
    """

    def __init__(self) -> None:
        self.products = np.empty(0, dtype=np.int64)
        self.capacity_gpus = 0.0
        self.needed_gpus = 0.0
        self.used_gpus = 0.0
        self.compute_price_usd_per_gpu_hour = 0.0
        self.scarcity_rent_usd_per_gpu_hour = 0.0


class Operator(Firm):
    """A firm with research of its own: a frontier lab or an open-weight provider.

    ``research_gpu_hours`` is effective research compute so far, in GPU-hours of the start date's
    efficiency; ``trained_quality`` is its log over the start frontier's.
    """

    def __init__(self, model: AIMarket, name: str, entry: Any) -> None:
        super().__init__(model, name, entry)
        technology = model.config.technology
        self.serving = Serving()
        self.frontier_gpu_hours = technology.frontier_research_gpu_hours
        self.research_gpu_hours = self.frontier_gpu_hours * float(np.exp(entry.quality))
        self.released_quality: float = entry.quality
        self.months_since_release = 1e3
        self.training_gpus = 0.0
        self.training_budget_musd_per_month = 0.0
        self.service_appeal = 0.0
        self.effort_share = 0.0
        self.planned_musd: dict[int, float] = {}

    @property
    def trained_quality(self) -> float:
        return float(np.log(self.research_gpu_hours / self.frontier_gpu_hours))

    def planned_due_musd(self, first: int, last: int | None = None) -> float:
        """Spending that the build plan still calls for from month ``first`` up to ``last``, USD million."""
        return sum(v for month, v in self.planned_musd.items() if month >= first and (last is None or month < last))
