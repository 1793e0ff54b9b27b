"""Compute procurement: what a lab sees of its needs and of prices, and what it rents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aimarket.strategies.base import Decision

__all__ = ["ProcurementDecision", "ProcurementView"]


@dataclass(frozen=True)
class ProcurementView:
    """GPUs are H100 equivalents available through the period; inference includes the seller's buffer."""

    firm: str
    inference_gpus: float
    training_gpus: float
    own_gpus: float
    contracted_gpus: float
    reserved_next_year_gpus: float
    spot_price_usd_per_gpu_hour: float
    contract_price_usd_per_gpu_hour: float


@dataclass(frozen=True, kw_only=True)
class ProcurementDecision(Decision):
    """New reservations (for the standard term) and spot purchases."""

    reserve_gpus: float
    spot_gpus: float
    bounds: ClassVar = {"reserve_gpus": (0.0, 1e10), "spot_gpus": (0.0, 1e10)}
    headline: ClassVar = "spot_gpus"
