"""Multi-cloud."""

from __future__ import annotations

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.procurement.interface import ProcurementDecision, ProcurementView
from aimarket.strategies.procurement.reserving import reserve_and_spot, situation

__all__ = ["MultiCloud"]


class MultiCloud(Strategy):
    """Rents like ``rent``, but spreads a part of it over all sellers in reach instead of taking the cheapest.

    It pays a little more for not depending on one seller: what one of them cannot deliver, or charges too much
    for, is a smaller part of its need.  Quantities do not change, only who supplies them.
    """

    decision = "procurement"
    name = "multi_cloud"
    source = "split awards: Anton & Yao (1989), RAND 20; Burke, Carrillo & Vakharia (2007), EJOR 182"

    class Parameters(StrategyParameters):
        reserved_share: float = Field(0.7, ge=0, le=1, description="share of the need held under contract")
        spread_share: float = Field(0.6, ge=0, le=1, description="share of purchases spread over all sellers")

    def decide(self, view: ProcurementView, _draws: Draws) -> ProcurementDecision:
        p = self.parameters
        reserve, spot = reserve_and_spot(view, p.reserved_share)
        held = view.seller_contracted_gpus
        total = float(held.sum())
        largest = float(held.max()) / total if total > 0.0 else 0.0
        shown = f", the largest of which has {largest:.0%} of its reservations" if total > 0.0 else ""
        return ProcurementDecision(
            reserve_gpus=reserve,
            spot_gpus=spot,
            spread_share=p.spread_share,
            reason=f"reserves {reserve:,.0f} and rents {spot:,.0f} GPUs more, {p.spread_share:.0%} of it spread over "
            f"all sellers in reach, {len(view.sellers)}{shown}",
            inputs={"sellers": float(len(view.sellers)), "largest_seller_share": largest, **situation(view)},
        )
