"""Investors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from aimarket.agents.minds import make_strategies
from aimarket.economics.growth import fading_growth
from aimarket.ledger import BalanceSheet

if TYPE_CHECKING:
    from aimarket.config.schema.agents import CapitalMarketEntry
    from aimarket.model import AIMarket

__all__ = ["CapitalMarket"]


class CapitalMarket(mesa.Agent):
    """All investors: what they believe, what they have lent, and what they can still supply this year.

    ``supply_factor`` is what shocks leave of the supply of equity and new debt, ``sentiment`` the log
    shift of narrative valuations, ``past_mispricing`` labs' value over fundamental value less one, an entry
    a period.
    """

    def __init__(self, model: AIMarket, name: str, entry: CapitalMarketEntry) -> None:
        super().__init__(model)
        self.market = model
        self.name = name
        self.entry = entry
        self.role = entry.kind
        self.alive = True
        self.strategies = make_strategies(entry.strategies, name)
        self.narrative_share = entry.narrative_share
        self.sentiment = 0.0
        self.supply_factor = 1.0
        self.equity_available_musd = 0.0
        self.loans_musd = 0.0
        self.forgiven_musd = 0.0
        self.narrative_squared_error = 0.04
        self.fundamental_squared_error = 0.04
        self.past_growth: list[float] = []
        self.past_mispricing: list[float] = []

    @property
    def equity_supply_musd_per_year(self) -> float:
        entry = self.entry
        growth = fading_growth(
            entry.equity_supply_growth_per_year, entry.equity_supply_growth_slowdown_per_year, self.market.clock.years
        )
        return float(entry.equity_supply_musd_per_year * growth * self.supply_factor)

    def balance_sheet(self) -> BalanceSheet:
        """Loans are negative debt."""
        return BalanceSheet(fixed_assets_musd=0.0, debt_musd=-self.loans_musd, debt_forgiven_musd=-self.forgiven_musd)
