"""Investors stop, or nearly stop, supplying money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from aimarket.events.base import Event, EventParameters, in_force

if TYPE_CHECKING:
    from aimarket.model import AIMarket

__all__ = ["FundingFreeze"]


class FundingFreeze(Event):
    """Cuts the supply of equity and of new debt to a share of its normal size while it lasts; the tightest holds."""

    kind = "funding_freeze"

    class Parameters(EventParameters):
        supply_share: float = Field(0.0, ge=0, le=1, description="share of normal supply that is left")

    @property
    def size(self) -> float:
        return float(self.parameters.supply_share)

    def strike(self, model: AIMarket) -> str:
        _apply(model)
        model.investors.equity_available_musd *= self.parameters.supply_share
        return f"investors supply {self.parameters.supply_share:.0%} of their normal equity and debt"

    def end(self, model: AIMarket) -> str:
        _apply(model)
        return f"investors supply {model.investors.supply_factor:.0%} of their normal equity and debt again"


def _apply(model: AIMarket) -> None:
    shares = [freeze.parameters.supply_share for freeze in in_force(model, FundingFreeze)]
    model.investors.supply_factor = min(shares, default=1.0)
