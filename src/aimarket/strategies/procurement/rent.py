"""Rent."""

from __future__ import annotations

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.procurement.interface import ProcurementDecision, ProcurementView
from aimarket.strategies.procurement.reserving import reserve_and_spot, situation

__all__ = ["Rent"]


class Rent(Strategy):
    """Uses what it owns and has reserved, tops up reservations, and buys the rest on the spot market.

    While spot is dearer than a reservation the lab reserves as much of its need as it may; when spot is
    cheaper it leaves more of it open.
    """

    decision = "procurement"
    name = "rent"
    source = "base load under contract, the rest on the spot market: Allaz & Vila (1993), J. Economic Theory 59"

    class Parameters(StrategyParameters):
        reserved_share: float = Field(0.7, ge=0, le=1, description="share of the need held under contract")

    def decide(self, view: ProcurementView, _draws: Draws) -> ProcurementDecision:
        reserve, spot = reserve_and_spot(view, self.parameters.reserved_share)
        return ProcurementDecision(
            reserve_gpus=reserve,
            spot_gpus=spot,
            reason=f"needs {view.inference_gpus:,.0f} GPUs to serve and {view.training_gpus:,.0f} to train, holds "
            f"{view.own_gpus + view.contracted_gpus:,.0f}; spot {view.spot_price_usd_per_gpu_hour:.2f}, "
            f"contract {view.contract_price_usd_per_gpu_hour:.2f} USD/GPU-hour",
            inputs=situation(view),
        )
