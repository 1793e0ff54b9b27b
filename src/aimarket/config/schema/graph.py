"""The supply graph in a config: good -> seller -> buyer -> terms of the edge."""

from __future__ import annotations

from pydantic import Field

from aimarket.config.schema.base import Frozen, Month, Name, NonNegative, Positive, Share

__all__ = ["Edge", "ListingEdge", "PowerEdge", "SupplyGraph"]


class Edge(Frozen):
    opens: Month | None = Field(None, description="first month in which trade is possible")
    closes: Month | None = Field(None, description="first month in which it no longer is")


class PowerEdge(Edge):
    connected_mw: NonNegative = Field(description="grid connection on the start date")
    expansion_share: Share = Field(description="share of the buyer's new connections asked for in this region")


class ChipEdge(Edge):
    preference: Positive = Field(1.0, description="weight of this maker when the buyer splits its orders")


class ListingEdge(Edge):
    fee_share: Share = Field(description="share of revenue on this cloud that the seller pays")


Edges = dict[Name, dict[Name, Edge]]


class SupplyGraph(Frozen):
    power: dict[Name, dict[Name, PowerEdge]] = Field(description="energy supplier -> owner of a fleet")
    chips: dict[Name, dict[Name, ChipEdge]] = Field(description="chip maker -> owner of a fleet")
    compute: Edges = Field(description="compute provider -> lab, open-weight provider or rest of the world")
    weights: Edges = Field(default_factory=dict, description="open-weight provider -> compute provider as host")
    listing: dict[Name, dict[Name, ListingEdge]] = Field(
        default_factory=dict, description="lab or open-weight provider -> compute provider as channel"
    )
    services: Edges = Field(description="lab, open-weight provider or host -> buyer segment")
