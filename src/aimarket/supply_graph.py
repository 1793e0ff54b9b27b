"""Who can trade with whom, and what they traded this period."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import networkx as nx

from aimarket.config.schema.base import month_index

if TYPE_CHECKING:
    from aimarket.config.schema import MarketConfig
    from aimarket.config.schema.graph import Edge

__all__ = ["GOODS", "SupplyGraph"]

GOODS = ("power", "chips", "compute", "weights", "listing", "services", "capital")
_NEVER = 10**9


class SupplyGraph:
    """A ``networkx.DiGraph`` whose edges are the only places where trade happens.

    Every node has a ``kind``; every edge a ``good``, the months it ``opens`` and ``closes`` in, how many
    events bar it now (``bars``), and this period's ``flows``: good sold -> quantity, value in USD million and
    quantity under contract.  Edges may be barred for a time (``close``, ``reopen``) or taken out for good
    (``remove``); markets ask for open edges period by period.
    """

    def __init__(self, config: MarketConfig) -> None:
        self.graph = nx.DiGraph(name=config.name)
        for name, entry in config.agents.items():
            self.graph.add_node(name, kind=entry.kind)
        for good in GOODS[:-1]:
            for seller, row in getattr(config.supply_graph, good).items():
                for buyer, edge in row.items():
                    opens = month_index(edge.opens) if edge.opens else 0
                    closes = month_index(edge.closes) if edge.closes else _NEVER
                    self._add(seller, buyer, good, opens, closes, edge)
        investors = [name for name, entry in config.agents.items() if entry.kind == "capital_market"]
        for name, entry in config.agents.items():
            if entry.kind not in ("capital_market", "rest_of_world", "buyer_segment"):
                self._add(investors[0], name, "capital", 0, _NEVER, None)
        self._open: dict[str, dict[str, tuple[str, ...]]] = {}
        self._sellers: dict[str, dict[str, tuple[str, ...]]] = {}
        self._flows: dict[tuple[str, str, str], tuple[float, float, float]] = {}
        self._boundaries = {m for _, _, d in self.graph.edges(data=True) for m in (d["opens"], d["closes"])}
        self._month = -1

    def _add(self, seller: str, buyer: str, good: str, opens: int, closes: int, terms: Edge | None) -> None:
        self.graph.add_edge(seller, buyer, good=good, opens=opens, closes=closes, terms=terms, bars=0, flows={})

    def refresh(self, month: int) -> None:
        """Take the state of ``month``: which edges are open."""
        if self._month >= 0 and not any(self._month < boundary <= month for boundary in self._boundaries):
            self._month = month
            return
        self._month = month
        self._sort_edges()

    def _sort_edges(self) -> None:
        by_seller: dict[str, dict[str, list[str]]] = {good: {} for good in GOODS}
        by_buyer: dict[str, dict[str, list[str]]] = {good: {} for good in GOODS}
        for seller, buyer, data in self.graph.edges(data=True):
            if data["opens"] <= self._month < data["closes"] and data["bars"] == 0:
                by_seller[data["good"]].setdefault(seller, []).append(buyer)
                by_buyer[data["good"]].setdefault(buyer, []).append(seller)
        self._open = {good: {k: tuple(v) for k, v in rows.items()} for good, rows in by_seller.items()}
        self._sellers = {good: {k: tuple(v) for k, v in rows.items()} for good, rows in by_buyer.items()}

    def remove(self, seller: str, buyer: str) -> None:
        """Take an edge out of the world; trade on it ends at once."""
        self.graph.remove_edge(seller, buyer)
        self._sort_edges()

    def close(self, edges: Iterable[tuple[str, str]]) -> None:
        """Bar trade on ``edges`` (seller, buyer) from now on; they keep their terms and dates.

        Whoever bars an edge that is barred already adds a bar: it opens when the last one is lifted.
        Raises ``KeyError`` where there is no such edge.
        """
        barred = {edge: self.graph.edges[edge] for edge in edges}
        for data in barred.values():
            data["bars"] += 1
        self._sort_edges()

    def reopen(self, edges: Iterable[tuple[str, str]]) -> None:
        """Lift one bar from each of ``edges``; trade is possible again where none is left and the dates allow it.

        Raises ``KeyError`` where there is no such edge and ``ValueError`` where nothing bars it.
        """
        barred = {edge: self.graph.edges[edge] for edge in edges}
        for (seller, buyer), data in barred.items():
            if data["bars"] == 0:
                raise ValueError(f"nothing bars the edge from {seller} to {buyer}")
        for data in barred.values():
            data["bars"] -= 1
        self._sort_edges()

    def is_barred(self, seller: str, buyer: str) -> bool:
        """Whether an event keeps ``seller`` and ``buyer`` from trading; dates of the config do not count."""
        return bool(self.graph.edges[seller, buyer]["bars"] > 0)

    def edges(self, good: str, seller: str | None = None, buyer: str | None = None) -> list[tuple[str, str]]:
        """All edges (seller, buyer) for ``good``, open or not; those of one ``seller`` or ``buyer`` if named."""
        return [
            (a, b)
            for a, b, data in self.graph.edges(data=True)
            if data["good"] == good and seller in (None, a) and buyer in (None, b)
        ]

    def buyers(self, good: str, seller: str) -> tuple[str, ...]:
        """Buyers that ``seller`` can sell ``good`` to now."""
        return self._open[good].get(seller, ())

    def sellers(self, good: str, buyer: str) -> tuple[str, ...]:
        """Sellers that ``buyer`` can buy ``good`` from now."""
        return self._sellers[good].get(buyer, ())

    def terms(self, seller: str, buyer: str) -> object:
        """The edge's entry in the config."""
        return self.graph.edges[seller, buyer]["terms"]

    def trade(
        self, seller: str, buyer: str, good: str, quantity: float, value_musd: float, contract_quantity: float = 0.0
    ) -> None:
        """Book a delivery on an edge; ``good`` is what was sold, e.g. ``api`` on a services edge.

        Raises ``KeyError`` where there is no edge: trade off the graph is a bug, not an event.
        """
        self.graph.edges[seller, buyer]
        key = (seller, buyer, good)
        q, v, c = self._flows.get(key, (0.0, 0.0, 0.0))
        self._flows[key] = (q + quantity, v + value_musd, c + contract_quantity)

    def close_period(self) -> Mapping[tuple[str, str, str], tuple[float, float, float]]:
        """Write the period's flows on the edges and start an empty period; returns them by key."""
        done = self._flows
        for _, _, data in self.graph.edges(data=True):
            if data["flows"]:
                data["flows"] = {}
        for (seller, buyer, good), flow in done.items():
            if self.graph.has_edge(seller, buyer):
                self.graph.edges[seller, buyer]["flows"][good] = flow
        self._flows = {}
        return done

    def graphml(self) -> str:
        """The graph with the last period's flows as GraphML text; flows become flat edge attributes."""
        flat = nx.DiGraph(**self.graph.graph)
        flat.add_nodes_from((name, dict(data)) for name, data in self.graph.nodes(data=True))
        for seller, buyer, data in self.graph.edges(data=True):
            quantity = sum((flow[0] for flow in data["flows"].values()), 0.0)
            value = sum((flow[1] for flow in data["flows"].values()), 0.0)
            contract = sum((flow[2] for flow in data["flows"].values()), 0.0)
            flat.add_edge(
                seller,
                buyer,
                good=data["good"],
                quantity=quantity,
                value_musd=value,
                price=value / quantity if quantity else 0.0,
                contract_share=contract / quantity if quantity else 0.0,
            )
        buffer = io.BytesIO()
        nx.write_graphml(flat, buffer, named_key_ids=True)
        return buffer.getvalue().decode("utf-8")
