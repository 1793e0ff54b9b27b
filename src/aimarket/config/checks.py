"""Checks across a config: references between agents, kinds at the ends of edges, sums of shares."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from aimarket.errors import ConfigError

if TYPE_CHECKING:
    from aimarket.config.schema import MarketConfig

__all__ = ["check_references"]

_OPERATORS = ("frontier_lab", "open_weight_provider")
_FLEET_OWNERS = ("compute_provider", *_OPERATORS)
_SELLERS = (*_OPERATORS, "compute_provider")
_ENDS = {
    "power": (("energy_supplier",), _FLEET_OWNERS),
    "chips": (("chip_maker",), _FLEET_OWNERS),
    "compute": (("compute_provider",), (*_OPERATORS, "rest_of_world")),
    "weights": (("open_weight_provider",), ("compute_provider",)),
    "listing": (_OPERATORS, ("compute_provider",)),
    "services": (_SELLERS, ("buyer_segment",)),
}
_TOLERANCE = 1e-6


def check_references(config: MarketConfig) -> None:
    """Raise ``ConfigError`` at the first reference, sum or combination that makes no sense."""
    for kind in ("capital_market", "rest_of_world"):
        count = sum(entry.kind == kind for entry in config.agents.values())
        if count != 1:
            raise ConfigError(f"needs exactly one {kind}, has {count}", path="agents")
    _check_shares(config)
    _check_agents(config)
    _check_edges(config)


def _sums_to_one(path: str, shares: dict[str, float]) -> None:
    total = sum(shares.values())
    if abs(total - 1.0) > _TOLERANCE:
        listed = ", ".join(f"{name} {share:g}" for name, share in shares.items())
        raise ConfigError(f"sums to {total:.6g} and must sum to 1: {listed}", path=path)


def _check_shares(config: MarketConfig) -> None:
    segments = {name: e for name, e in config.agents.items() if e.kind == "buyer_segment"}
    if not segments:
        raise ConfigError("needs at least one buyer_segment", path="agents")
    _sums_to_one("agents.*.share_of_firms", {name: e.share_of_firms for name, e in segments.items()})
    for name, entry in segments.items():
        if entry.cloud_shares:
            _sums_to_one(f"agents.{name}.cloud_shares", entry.cloud_shares)
        for cloud in entry.cloud_shares:
            _refer(config, cloud, ("compute_provider",), f"agents.{name}.cloud_shares.{cloud}")
    owners = {buyer for sellers in (config.supply_graph.power,) for row in sellers.values() for buyer in row}
    for owner in sorted(owners):
        shares = {r: row[owner].expansion_share for r, row in config.supply_graph.power.items() if owner in row}
        _sums_to_one(f"supply_graph.power.*.{owner}.expansion_share", shares)


def _check_agents(config: MarketConfig) -> None:
    for name, entry in config.agents.items():
        parent = getattr(entry, "parent", None)
        if parent is not None:
            _refer(config, parent, _FLEET_OWNERS, f"agents.{name}.parent")
            if config.agents[parent].parent is not None:  # type: ignore[union-attr]
                raise ConfigError("owner is owned itself", path=f"agents.{name}.parent", value=parent)
        appeal = dict(getattr(entry, "appeal", {}))
        for product in getattr(entry, "products", {}).values():
            appeal |= product.appeal
        for segment in appeal:
            _refer(config, segment, ("buyer_segment",), f"agents.{name}.appeal.{segment}")
        for key, contract in getattr(entry, "contracts", {}).items():
            path = f"agents.{name}.contracts.{key}.seller"
            _refer(config, contract.seller, ("compute_provider",), path)
            if name not in config.supply_graph.compute.get(contract.seller, {}):
                raise ConfigError(
                    "has no edge to the buyer",
                    path=path,
                    value=contract.seller,
                    remedy=f"add supply_graph.compute.{contract.seller}.{name}",
                )
        capacity = getattr(getattr(entry, "strategies", None), "capacity", None)
        if capacity is not None and getattr(entry, "fleet", None) is None:
            raise ConfigError(
                "has a capacity strategy and no fleet", path=f"agents.{name}.fleet", remedy="add a fleet, or drop it"
            )
        if getattr(entry, "build_plan", None) is not None and capacity is None:
            raise ConfigError(
                "has a build plan and no capacity strategy", path=f"agents.{name}.build_plan", remedy="name a strategy"
            )


def _check_edges(config: MarketConfig) -> None:
    pairs: dict[tuple[str, str], str] = {}
    for good, (tails, heads) in _ENDS.items():
        for seller, row in getattr(config.supply_graph, good).items():
            path = f"supply_graph.{good}.{seller}"
            _refer(config, seller, tails, path)
            for buyer, edge in row.items():
                _refer(config, buyer, heads, f"{path}.{buyer}")
                if edge.opens and edge.closes and edge.opens >= edge.closes:
                    raise ConfigError("closes before it opens", path=f"{path}.{buyer}", value=edge.closes)
                if (seller, buyer) in pairs:
                    raise ConfigError(
                        f"is already an edge for {pairs[seller, buyer]}; one good an edge", path=f"{path}.{buyer}"
                    )
                pairs[seller, buyer] = good


def _refer(config: MarketConfig, name: str, kinds: tuple[str, ...], path: str) -> None:
    allowed = [other for other, entry in config.agents.items() if entry.kind in kinds]
    if name in allowed:
        return
    entry = config.agents.get(name)
    problem = "is no agent" if entry is None else f"is a {entry.kind}"
    close = difflib.get_close_matches(name, allowed, n=1)
    hint = f"did you mean '{close[0]}'?" if close else f"must be a {' or '.join(kinds)}: {', '.join(allowed) or 'none'}"
    raise ConfigError(problem, path=path, value=name, remedy=hint)
