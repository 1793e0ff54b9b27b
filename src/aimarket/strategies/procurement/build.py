"""Build."""

from __future__ import annotations

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.procurement.interface import ProcurementDecision, ProcurementView
from aimarket.strategies.procurement.reserving import reserve_and_spot, situation

__all__ = ["Build"]


class Build(Strategy):
    """Wants its own fleet for all of its need, and rents what is missing until then.

        build = need x (1 + reserve) - reserved for next year - own - on order

    It bridges the time until its own halls are up with some reservations, as the spot market serves last in a
    shortage.  Control is worth more to it than a lower price; a lab without a fleet or without access to chips
    can only rent.
    """

    decision = "procurement"
    name = "build"
    source = "vertical integration for control: Grossman & Hart (1986), Journal of Political Economy 94"

    class Parameters(StrategyParameters):
        reserve: float = Field(0.2, ge=0, le=10, description="own capacity aimed at above today's need, as a share")
        bridge_share: float = Field(0.5, ge=0, le=1, description="share of what is missing that it reserves")

    def decide(self, view: ProcurementView, _draws: Draws) -> ProcurementDecision:
        need = view.inference_gpus + view.training_gpus
        can_build = view.build_cost_usd_per_gpu_hour > 0.0
        there = view.own_gpus + view.on_order_gpus + view.reserved_next_year_gpus
        build = max(need * (1.0 + self.parameters.reserve) - there, 0.0) if can_build else 0.0
        reserved, spot = reserve_and_spot(view, self.parameters.bridge_share)
        how = (
            f"asks for {build:,.0f} more at {view.build_cost_usd_per_gpu_hour:.2f} USD/GPU-hour"
            if can_build
            else "cannot build, having no fleet or no access to chips"
        )
        return ProcurementDecision(
            reserve_gpus=reserved,
            spot_gpus=spot,
            build_gpus=build,
            reason=f"needs {need:,.0f} GPUs, owns {view.own_gpus:,.0f} and has {view.on_order_gpus:,.0f} on order: "
            f"{how}, reserves {reserved:,.0f} and rents {spot:,.0f}",
            inputs={
                "build_cost_usd_per_gpu_hour": view.build_cost_usd_per_gpu_hour,
                "on_order_gpus": view.on_order_gpus,
                "reserved_next_year_gpus": view.reserved_next_year_gpus,
                **situation(view),
            },
        )
