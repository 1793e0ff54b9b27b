"""Scale race."""

from __future__ import annotations

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.capacity.interface import CapacityDecision, CapacityView
from aimarket.strategies.capacity.planning import (
    affordable_gpus,
    connectable_room_gpus,
    plus_request,
    request_in_words,
    standing,
)

__all__ = ["ScaleRace"]


class ScaleRace(Strategy):
    """Compute is the goal: orders all that a share of its means buys, whatever demand and returns are.

        order = min(means share x means - owed on orders, room for more at the grid)

    Money goes into capacity as it comes, to be there first and to deter rivals' building.  Only the purse and
    the grid hold the race up.
    """

    decision = "capacity"
    name = "scale_race"
    source = "preemption by capacity: Spence (1977), Bell Journal of Economics 8; Dixit (1980), Economic Journal 90"

    class Parameters(StrategyParameters):
        means_share: float = Field(0.8, ge=0, le=1, description="share of cash, credit and cash flow put into orders")

    def decide(self, view: CapacityView, _draws: Draws) -> CapacityDecision:
        affordable = affordable_gpus(view, self.parameters.means_share)
        room = connectable_room_gpus(view)
        own = min(affordable, room)
        return CapacityDecision(
            order_gpus=plus_request(view, own, affordable),
            reason=f"orders {own:,.0f} GPUs whatever demand is: can pay for {affordable:,.0f} and connect {room:,.0f} "
            f"more than it has and awaits{request_in_words(view)}",
            inputs={"connectable_room_gpus": room, "means_musd": view.means_musd, **standing(view, affordable)},
        )
