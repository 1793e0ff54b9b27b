"""Trade between some sellers and buyers is forbidden."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from aimarket.config.schema.base import Name
from aimarket.errors import ConfigError
from aimarket.events.base import Event, EventParameters, when_failed

if TYPE_CHECKING:
    from aimarket.config.schema import MarketConfig
    from aimarket.model import AIMarket

__all__ = ["ExportBan"]


class ExportBan(Event):
    """Closes all edges of a good from a seller, to a buyer, or between the two; they reopen when it ends.

    Contracts for compute on a closed edge are void from then on and orders of chips lapse, both without a
    fee: it is force majeure.  They do not come back with the end.  As the controls on advanced computing
    items, Bureau of Industry and Security (2023), Federal Register 88 FR 73458.
    """

    kind = "export_ban"

    class Parameters(EventParameters):
        good: Literal["chips", "compute", "weights", "services"] = Field(description="what must not be traded")
        seller: Name | None = Field(None, description="whose sales are banned; none: anybody's to the buyer")
        buyer: Name | None = Field(None, description="to whom sales are banned; none: to anybody")

    def __init__(self, parameters: Parameters) -> None:
        super().__init__(parameters)
        self._closed: list[tuple[str, str]] = []

    @property
    def target(self) -> str:
        """The buyer, or the seller where no buyer is named."""
        return str(self.parameters.buyer or self.parameters.seller or "")

    def check(self, config: MarketConfig, path: str) -> None:
        p = self.parameters
        if p.seller is None and p.buyer is None:
            remedy = "name at least one, or remove supply_graph edges instead"
            raise ConfigError("names neither seller nor buyer", path=f"{path}.seller", remedy=remedy)
        rows = getattr(config.supply_graph, p.good)
        edges = [(seller, buyer) for seller, row in rows.items() for buyer in row]
        for place, side in enumerate(("seller", "buyer")):
            wanted, known = getattr(p, side), sorted({edge[place] for edge in edges})
            if wanted is not None and wanted not in known:
                remedy = f"must be one of: {', '.join(known) or 'none'}"
                raise ConfigError(f"is no {side} of {p.good}", path=f"{path}.{side}", value=wanted, remedy=remedy)
        if p.seller is not None and p.buyer is not None and (p.seller, p.buyer) not in edges:
            remedy = f"{p.seller} sells to: {', '.join(rows[p.seller])}"
            raise ConfigError(f"buys no {p.good} from {p.seller}", path=f"{path}.buyer", value=p.buyer, remedy=remedy)

    def strike(self, model: AIMarket) -> str:
        p = self.parameters
        for name in (p.seller, p.buyer):
            failed = when_failed(model, name or "")
            if failed is not None:
                return failed
        self._closed = model.graph.edges(p.good, p.seller, p.buyer)
        model.graph.close(self._closed)
        lost = _void_contracts(model, self._closed) if p.good == "compute" else _cancel_orders(model, self._closed)
        who = f"from {p.seller or 'anybody'} to {p.buyer or 'anybody'}"
        return f"no {p.good} {who}: edges closed {len(self._closed)}{lost}"

    def end(self, model: AIMarket) -> str:
        if not self._closed:
            return f"the ban on {self.parameters.good} had found {self.target} failed: nothing changes"
        model.graph.reopen(self._closed)
        open_now = sum(buyer in model.graph.buyers(self.parameters.good, seller) for seller, buyer in self._closed)
        words = f"the ban on {self.parameters.good} ends: edges open again {open_now} of {len(self._closed)}"
        self._closed = []
        return words


def _void_contracts(model: AIMarket, edges: list[tuple[str, str]]) -> str:
    month, lost = model.clock.month, 0.0
    for contract in model.contracts:
        if (contract.seller, contract.buyer) in edges:
            lost += contract.due_musd(month)
            contract.scale(0.0, month)
    return f", contracts worth {lost:,.0f} MUSD are void"


def _cancel_orders(model: AIMarket, edges: list[tuple[str, str]]) -> str:
    lost = 0.0
    for seller, buyer in edges:
        maker = model.chip_makers.get(seller)
        if maker is not None and buyer in maker.backlog:
            lost += maker.backlog.pop(buyer)
            del model.firms[buyer].on_order[seller]
    return f", orders of {lost:,.0f} GPUs lapse" if lost > 0.0 else ""
