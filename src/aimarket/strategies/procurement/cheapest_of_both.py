"""Cheapest of both: make or buy."""

from __future__ import annotations

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.procurement.interface import ProcurementDecision, ProcurementView
from aimarket.strategies.procurement.reserving import reserve_and_spot, situation

__all__ = ["CheapestOfBoth"]


class CheapestOfBoth(Strategy):
    """Builds where an own GPU-hour costs clearly less than a reserved one, reserves otherwise.

        build if build cost x (1 + tolerance) < contract price

    ``tolerance`` is what running halls of one's own costs in management and in being tied to them.  Whoever
    builds rents on the spot market until the halls are up.  Without sellers in reach it builds, without chips
    or a fleet it reserves.
    """

    decision = "procurement"
    name = "cheapest_of_both"
    source = "make or buy: Coase (1937), Economica 4; Williamson (1979), Journal of Law and Economics 22"

    class Parameters(StrategyParameters):
        tolerance: float = Field(0.1, ge=0, le=5, description="cost advantage of own GPUs below which it reserves")
        reserve: float = Field(0.1, ge=0, le=10, description="own capacity aimed at above today's need, as a share")
        reserved_share: float = Field(0.7, ge=0, le=1, description="share of the need held under contract if it rents")

    def decide(self, view: ProcurementView, _draws: Draws) -> ProcurementDecision:
        p, own_cost, contract = self.parameters, view.build_cost_usd_per_gpu_hour, view.contract_price_usd_per_gpu_hour
        builds = own_cost > 0.0 and (contract <= 0.0 or own_cost * (1.0 + p.tolerance) < contract)
        need = view.inference_gpus + view.training_gpus
        if builds:
            there = view.own_gpus + view.on_order_gpus + view.reserved_next_year_gpus
            build, reserve = max(need * (1.0 + p.reserve) - there, 0.0), 0.0
            spot = max(need - view.own_gpus - view.contracted_gpus, 0.0)
        else:
            build = 0.0
            reserve, spot = reserve_and_spot(view, p.reserved_share)
        own = f"an own GPU-hour costs {own_cost:.2f}" if own_cost > 0.0 else "it cannot build"
        sold = f"a reserved one {contract:.2f} USD" if contract > 0.0 else "none can be reserved"
        return ProcurementDecision(
            reserve_gpus=reserve,
            spot_gpus=spot,
            build_gpus=build,
            reason=f"{own} and {sold}, so it {'builds' if builds else 'reserves'}: {build:,.0f} GPUs to build, "
            f"{reserve:,.0f} to reserve, {spot:,.0f} on the spot market",
            inputs={
                "build_cost_usd_per_gpu_hour": own_cost,
                "on_order_gpus": view.on_order_gpus,
                "reserved_next_year_gpus": view.reserved_next_year_gpus,
                **situation(view),
            },
        )
