"""Chip pricing: what a chip maker sees of its cost and backlog, and the price it posts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aimarket.strategies.base import Decision, View

__all__ = ["ChipPricingDecision", "ChipPricingView"]


@dataclass(frozen=True, kw_only=True)
class ChipPricingView(View):
    firm: str
    price_usd: float
    unit_cost_usd: float
    backlog_months: float


@dataclass(frozen=True, kw_only=True)
class ChipPricingDecision(Decision):
    """Price of an H100-equivalent accelerator."""

    price_usd: float
    bounds: ClassVar = {"price_usd": (1e-3, 1e7)}
    headline: ClassVar = "price_usd"
