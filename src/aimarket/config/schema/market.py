"""The whole config."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from aimarket.config.schema.agents import (
    CapitalMarketEntry,
    ChipMakerEntry,
    ComputeProviderEntry,
    EnergySupplierEntry,
    FrontierLabEntry,
    OpenWeightProviderEntry,
    RestOfWorldEntry,
)
from aimarket.config.schema.base import Frozen, Month, Name
from aimarket.config.schema.buyers import BuyerSegmentEntry
from aimarket.config.schema.graph import SupplyGraph
from aimarket.config.schema.world import ComputeTerms, Population, Recording, Services, Technology, Time

__all__ = ["AgentEntry", "EventEntry", "MarketConfig"]

AgentEntry = Annotated[
    EnergySupplierEntry
    | ChipMakerEntry
    | ComputeProviderEntry
    | FrontierLabEntry
    | OpenWeightProviderEntry
    | BuyerSegmentEntry
    | CapitalMarketEntry
    | RestOfWorldEntry,
    Field(discriminator="kind"),
]


class EventEntry(Frozen):
    """A scheduled shock; further keys are parameters of its kind, checked by the registry."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True, allow_inf_nan=False)

    kind: str = Field(description="registered kind of event")
    date: Month = Field(description="month in which it strikes")

    @property
    def parameters(self) -> dict[str, Any]:
        return dict(self.model_extra or {})


class MarketConfig(Frozen):
    """A market: who is in it, who can trade with whom, and what will strike it."""

    name: str = Field("", max_length=100, description="short name, shown in reports")
    description: str = Field("", max_length=2000, description="what this config is for")
    time: Time
    population: Population
    technology: Technology
    compute: ComputeTerms
    services: Services
    agents: dict[Name, AgentEntry] = Field(min_length=1, max_length=500, description="name -> agent")
    supply_graph: SupplyGraph
    events: dict[Name, EventEntry] = Field(default_factory=dict, description="name -> scheduled shock")
    record: Recording = Field(default_factory=Recording)
