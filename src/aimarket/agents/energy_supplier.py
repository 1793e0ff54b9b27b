"""Power regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aimarket.agents.firm import Firm

if TYPE_CHECKING:
    from aimarket.config.schema.agents import EnergySupplierEntry
    from aimarket.model import AIMarket

__all__ = ["ConnectionRequest", "EnergySupplier"]


class ConnectionRequest:
    """A buyer's place in the queue for a grid connection."""

    __slots__ = ("buyer", "month", "mw")

    def __init__(self, buyer: str, month: int, mw: float) -> None:
        self.buyer = buyer
        self.month = month
        self.mw = mw


class EnergySupplier(Firm):
    """A grid region: a stack of power plants, other load, connections and a queue for more.

    ``connected_mw`` and ``queued_mw`` are by buyer; ``price_usd_per_mwh`` this period's; shocks work through
    ``cost_factor`` and ``build_factor``.
    """

    entry: EnergySupplierEntry

    def __init__(self, model: AIMarket, name: str, entry: EnergySupplierEntry) -> None:
        super().__init__(model, name, entry)
        edges = model.config.supply_graph.power.get(name, {})
        self.connected_mw = {buyer: edge.connected_mw for buyer, edge in edges.items()}
        self.queue: list[ConnectionRequest] = []
        self.queued_mw: dict[str, float] = {}
        self.block_mw = np.array([block.capacity_mw for block in entry.blocks])
        self.block_cost = np.array([block.cost_usd_per_mwh for block in entry.blocks])
        self.cost_factor = 1.0
        self.build_factor = 1.0
        self.price_usd_per_mwh = 0.0
        self.load_mw = 0.0

    def enqueue(self, request: ConnectionRequest) -> None:
        """Put a request at the end of the queue."""
        self.queue.append(request)
        self.queued_mw[request.buyer] = self.queued_mw.get(request.buyer, 0.0) + request.mw

    def withdraw(self, buyer: str) -> None:
        """Take all requests of ``buyer`` out of the queue."""
        self.queue = [request for request in self.queue if request.buyer != buyer]
        self.queued_mw.pop(buyer, None)

    @property
    def capacity_mw(self) -> np.ndarray:
        """Capacity of the blocks by now, shape (blocks,)."""
        return np.asarray(self.block_mw * np.exp(self.entry.capacity_growth_per_year * self.market.clock.years))

    @property
    def cost_usd_per_mwh(self) -> np.ndarray:
        """Marginal cost of the blocks, shocks included, shape (blocks,)."""
        return np.asarray(self.block_cost * self.cost_factor)

    @property
    def other_load_mw(self) -> float:
        growth = self.entry.other_load_growth_per_year
        return float(self.entry.other_load_mw * np.exp(growth * self.market.clock.years))

    @property
    def buildable_mw(self) -> float:
        """Connections that the region can build this period, MW."""
        clock = self.market.clock
        growth = float(np.exp(self.entry.connection_growth_per_year * clock.years))
        return self.entry.connection_mw_per_year * growth * clock.years_per_period * self.build_factor
