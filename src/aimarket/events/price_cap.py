"""The law caps what buyers pay for tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from aimarket.config.schema.base import Name
from aimarket.errors import ConfigError
from aimarket.events.base import Event, EventParameters, check_target, in_force, when_failed

if TYPE_CHECKING:
    from aimarket.config.schema import MarketConfig
    from aimarket.model import AIMarket

__all__ = ["PriceCap"]

Kind = Literal["api", "service", "open"]
_SELLERS = ("frontier_lab", "open_weight_provider", "compute_provider")


class PriceCap(Event):
    """No price per Mtok, access fee included, may exceed the cap while it lasts; the lowest of several holds.

    A seller with market power serves more at a lower price as long as the cap covers its cost; below it, it
    sells at a loss and what it lacks in capacity is rationed.  Armstrong & Sappington (2007), Handbook of Industrial
    Organization 3.
    """

    kind = "price_cap"

    class Parameters(EventParameters):
        usd_per_mtok: float = Field(gt=0, le=1e6, description="highest legal price, USD per Mtok")
        kinds: list[Kind] = Field(
            default=["api", "open"], min_length=1, max_length=3, description="kinds of product; default: all metered"
        )
        target: Name | None = Field(None, description="seller; none: all of them")

    @property
    def size(self) -> float:
        return float(self.parameters.usd_per_mtok)

    def check(self, config: MarketConfig, path: str) -> None:
        check_target(config, path, self.target, _SELLERS)
        sold = _kinds_sold(config, self.target)
        if not sold & set(self.parameters.kinds):
            remedy = f"name at least one of: {', '.join(sorted(sold))}"
            problem = f"is nothing that {self.target or 'anybody'} sells"
            raise ConfigError(problem, path=f"{path}.kinds", value=list(self.parameters.kinds), remedy=remedy)

    def strike(self, model: AIMarket) -> str:
        failed = when_failed(model, self.target)
        if failed is not None:
            return failed
        _apply(model)
        catalogue, p = model.catalogue, self.parameters
        covered = self.covers(model) & catalogue.available
        before = catalogue.price + catalogue.fee
        above = covered & (before > p.usd_per_mtok)
        dearest = f", the dearest {before[covered].max():,.2f}" if covered.any() else ""
        return (
            f"prices of {' and '.join(p.kinds)} products of {self.target or 'all sellers'} are capped at "
            f"{p.usd_per_mtok:,.2f} USD per Mtok; {above.sum()} of {covered.sum()} were above{dearest}"
        )

    def end(self, model: AIMarket) -> str:
        _apply(model)
        left = np.isfinite(model.catalogue.price_cap).sum()
        return f"the cap of {self.parameters.usd_per_mtok:,.2f} USD per Mtok is lifted; other caps bind {left} products"

    def covers(self, model: AIMarket) -> np.ndarray:
        """Products that the cap is about, (J,): what buyers host for themselves has no seller to bind."""
        catalogue = model.catalogue
        return ~catalogue.buyer_hosted & np.array(
            [
                kind in self.parameters.kinds and self.target in ("", seller) and model.firms[seller].alive
                for kind, seller in zip(catalogue.kinds, catalogue.sellers, strict=True)
            ]
        )


def _apply(model: AIMarket) -> None:
    cap = np.full(model.catalogue.size, np.inf)
    for event in in_force(model, PriceCap):
        cap = np.where(event.covers(model), np.minimum(cap, event.parameters.usd_per_mtok), cap)
    model.catalogue.price_cap = cap


def _kinds_sold(config: MarketConfig, seller: str) -> set[str]:
    sold: set[str] = set()
    for name, entry in config.agents.items():
        if entry.kind == "frontier_lab" and seller in ("", name):
            sold |= {product.kind for product in entry.products.values()}
        elif entry.kind == "open_weight_provider":
            hosts = {*config.supply_graph.weights.get(name, {}), *([name] if entry.self_hosted else [])}
            if hosts and (not seller or seller in hosts):
                sold.add("open")
    return sold
