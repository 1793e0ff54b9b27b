"""Every product of the market as columns, in a fixed order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aimarket.config.registry import make_event, make_strategy
from aimarket.config.schema.base import month_index
from aimarket.config.schema.graph import ListingEdge

if TYPE_CHECKING:
    from aimarket.model import AIMarket

__all__ = ["Catalogue"]


class Catalogue:
    """The J products, shape (J,) unless stated.

    An open-weight model hosted by a firm is one product, ``weights@host``; where a segment's buyers may host
    for themselves, ``weights@host_buyer`` is the same model on GPUs that they rent there at contract price.
    ``source`` is the firm whose research gives the quality, ``seller`` the one that sells.  ``appeal`` is
    (S, J).  ``fee`` is charged per Mtok of a buyer's plan, ``paid_price`` what a Mtok used cost in all, both
    USD; ``price_cap`` is the law.
    """

    def __init__(self, model: AIMarket) -> None:
        rows: list[dict[str, object]] = []
        graph, buyers_may_host = model.config.supply_graph, _buyers_may_host(model)
        for firm in model.operators:
            entry = firm.entry
            if entry.kind == "frontier_lab":
                for key, product in entry.products.items():
                    rows.append(
                        {
                            "name": f"{firm.name}_{key}",
                            "kind": product.kind,
                            "seller": firm.name,
                            "source": firm.name,
                            "launch": max(month_index(product.launch), firm.founded),
                            "price": product.price_usd_per_mtok,
                            "offset": product.quality_offset,
                            "intensity": product.compute_intensity,
                            "labour": product.labour_cost_usd_per_mtok,
                            "free": product.free_usage_ratio,
                            "royalty": 0.0,
                            "appeal": product.appeal,
                        }
                    )
                continue
            hosts = [(firm.name, False)] if entry.self_hosted else []
            hosts += [(host, False) for host in graph.weights.get(firm.name, {})]
            if buyers_may_host:
                hosts += [(host, True) for host in graph.weights.get(firm.name, {})]
            rows.extend(
                {
                    "name": f"{firm.name}@{host}_buyer" if by_buyer else f"{firm.name}@{host}",
                    "by_buyer": by_buyer,
                    "kind": "open",
                    "seller": host,
                    "source": firm.name,
                    "launch": month_index(entry.launch),
                    "price": entry.price_usd_per_mtok,
                    "offset": 0.0,
                    "intensity": entry.compute_intensity
                    * (1.0 + model.config.services.buyer_hosting_overhead if by_buyer else 1.0),
                    "labour": 0.0,
                    "free": 0.0,
                    "royalty": entry.royalty_share if host != firm.name else 0.0,
                    "appeal": entry.appeal,
                }
                for host, by_buyer in hosts
            )
        # A workload's draw picks by position, so the order of agents in the config must not set it.
        rows.sort(key=lambda row: str(row["name"]))
        self.names = tuple(str(row["name"]) for row in rows)
        self.kinds = tuple(str(row["kind"]) for row in rows)
        self.sellers = tuple(str(row["seller"]) for row in rows)
        self.sources = tuple(str(row["source"]) for row in rows)
        self.size = len(rows)

        def column(key: str) -> np.ndarray:
            return np.array([row[key] for row in rows], dtype=np.float64)

        self.launch = column("launch")
        self.price = column("price")
        self.offset = column("offset")
        self.intensity = column("intensity")
        self.labour = column("labour")
        self.free = column("free")
        self.royalty = column("royalty")
        self.fee = np.zeros(self.size)
        self.paid_price = self.price.copy()
        self.price_cap = np.full(self.size, np.inf)
        self.buyer_hosted = np.array([bool(row.get("by_buyer")) for row in rows])
        self.is_open = np.array([kind == "open" for kind in self.kinds])
        self.is_service = np.array([kind == "service" for kind in self.kinds])
        self.appeal = np.array(
            [[row["appeal"].get(segment.name, 0.0) for row in rows] for segment in model.segments]  # type: ignore[attr-defined]
        ).reshape(len(model.segments), self.size)
        self.seller_index = np.array([model.firm_index[name] for name in self.sellers], dtype=np.int64)
        self.quality = np.zeros(self.size)
        self.gpu_hours = np.zeros(self.size)
        self.marginal_cost = np.zeros(self.size)
        self.full_cost = np.zeros(self.size)
        self.scarcity_rent = np.zeros(self.size)
        self.available = np.zeros(self.size, dtype=bool)
        self.reachable = np.zeros((len(model.segments), self.size), dtype=bool)
        self.listed: dict[str, np.ndarray] = {}
        self.listing_fees: dict[str, dict[tuple[int, int], float]] = {}
        self.demand = np.zeros(self.size)
        self.demand_growth = np.zeros(self.size)
        self.served = np.zeros(self.size)
        self.revenue = np.zeros(self.size)
        self.unserved = np.zeros(self.size)
        self.usage_share = np.zeros(self.size)
        self.own_elasticity = np.full(self.size, np.nan)
        self.reconsidered = np.zeros(self.size)
        self.derivatives = np.zeros((self.size, self.size))
        for segment in model.segments:
            segment.considered = ~self.buyer_hosted
            segment.utility_shift = np.zeros(self.size)
        for firm in model.hosts_and_operators:
            firm.serving.products = np.flatnonzero(self.seller_index == model.firm_index[firm.name])

    @property
    def posted(self) -> np.ndarray:
        """Products on sale at a price that their seller decides, (J,)."""
        return self.available & ~self.buyer_hosted

    def refresh(self, model: AIMarket) -> None:
        """Which products are on sale now, to which segments, on which clouds, and at which listing fees.

        Sets ``available`` (J,), ``reachable`` (S, J), and by segment ``listed`` (clouds, J) and
        ``listing_fees`` (cloud, product) -> share of revenue.
        """
        graph, month = model.graph, model.clock.month
        for j, (seller, source) in enumerate(zip(self.sellers, self.sources, strict=True)):
            hosted = seller == source or seller in graph.buyers("weights", source)
            in_business = model.firms[seller].active and model.firms[source].founded <= month
            self.available[j] = month >= self.launch[j] and in_business and hosted
        for s, segment in enumerate(model.segments):
            sellers = set(graph.sellers("services", segment.name))
            kinds = segment.entry.buys
            self.reachable[s] = [
                seller in sellers and kind in kinds for seller, kind in zip(self.sellers, self.kinds, strict=True)
            ]
            listed = np.zeros((len(segment.clouds), self.size), dtype=bool)
            fees: dict[tuple[int, int], float] = {}
            for i, cloud in enumerate(segment.clouds):
                tenants = set(graph.sellers("listing", cloud))
                for j, seller in enumerate(self.sellers):
                    listed[i, j] = seller == cloud or seller in tenants
                    terms = graph.terms(seller, cloud) if seller in tenants else None
                    if isinstance(terms, ListingEdge):
                        fees[i, j] = terms.fee_share
            self.listed[segment.name] = listed
            self.listing_fees[segment.name] = fees


def _buyers_may_host(model: AIMarket) -> bool:
    """Whether the buyers of a segment may ever run open weights for themselves."""
    minds = [segment.strategies["choice"] for segment in model.segments]
    for name, event in model.config.events.items():
        change = make_event(event.kind, event.parameters, f"events.{name}")
        if getattr(change.parameters, "decision", None) == "choice":
            minds.append(make_strategy("choice", change.parameters.strategy, f"events.{name}.strategy"))
    return any(getattr(mind, "buyer_hosting", False) for mind in minds)
