"""A firm enters earlier than planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from aimarket.config.schema.base import Name, month_index
from aimarket.errors import ConfigError
from aimarket.events.base import Event, EventParameters, check_target

if TYPE_CHECKING:
    from aimarket.config.schema import MarketConfig
    from aimarket.model import AIMarket

__all__ = ["Entry"]

_FOUNDED = ("frontier_lab", "open_weight_provider", "chip_maker")


class Entry(Event):
    """The target starts now instead of in the month in which the config founds it.

    Its launches move forward by as many months, and no product waits for more than its own time to market.
    New equity comes on top of what others may raise: founders' money is not the market's.  Entry as the
    discipline of incumbents: Bain (1956), Barriers to New Competition.
    """

    kind = "entry"

    class Parameters(EventParameters):
        target: Name = Field(description="firm that the config founds at a later date")
        cash_musd: float = Field(0.0, ge=0, le=1e9, description="new equity at entry, USD million")

    @property
    def size(self) -> float:
        return float(self.parameters.cash_musd)

    def check(self, config: MarketConfig, path: str) -> None:
        check_target(config, path, self.target, _FOUNDED)
        date = config.events[path.removeprefix("events.")].date
        founded = getattr(config.agents[self.target], "founded", None)
        if founded is None or month_index(founded) <= month_index(date):
            since = "the start" if founded is None else founded
            remedy = f"set agents.{self.target}.founded to a month after {date}"
            raise ConfigError(
                f"is in business from {since} on", path=f"{path}.target", value=self.target, remedy=remedy
            )

    def strike(self, model: AIMarket) -> str:
        firm, month, cash = model.firms[self.target], model.clock.month, self.parameters.cash_musd
        if not firm.alive or firm.founded <= month:
            state = "in business already" if firm.alive else "failed already"
            return f"{firm.name} is {state}: nothing changes"
        early = firm.founded - month
        firm.founded = month
        catalogue = model.catalogue
        own = np.array([source == firm.name for source in catalogue.sources])
        catalogue.launch = np.where(own, np.maximum(catalogue.launch - early, month), catalogue.launch)
        catalogue.refresh(model)  # so that its need for compute is foreseen this month
        if cash > 0.0:
            model.ledger.pay("equity_issue", model.investors.name, firm.name, cash)
            model.graph.trade(model.investors.name, firm.name, "capital", cash, cash)
            firm.valuation_musd += cash
        launched = f"; {(own & (catalogue.launch <= month)).sum()} of its {own.sum()} products go on sale at once"
        return (
            f"{firm.name} enters {early} months before its planned founding with {firm.cash_musd:,.0f} MUSD of cash, "
            f"{cash:,.0f} of it new equity{launched if own.any() else ''}"
        )
