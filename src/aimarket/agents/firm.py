"""What all firms have in common: an entry in the config, books, a fleet perhaps, and strategies."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import mesa

from aimarket.agents.fleet import Fleet
from aimarket.agents.minds import make_strategies
from aimarket.config.schema.base import month_index
from aimarket.economics.growth import fading_growth
from aimarket.ledger import BalanceSheet

if TYPE_CHECKING:
    from aimarket.model import AIMarket

__all__ = ["Books", "Firm"]


@dataclass
class Books:
    """A period's figures that no payment shows, USD million unless the name says otherwise."""

    depreciation_musd: float = 0.0
    asset_gain_musd: float = 0.0
    debt_forgiven_musd: float = 0.0
    inference_compute_musd: float = 0.0
    training_compute_musd: float = 0.0
    gpus_in_use_h100e: float = 0.0
    lerner: float = float("nan")

    def reset(self) -> None:
        for item in fields(self):
            setattr(self, item.name, item.default)


class Firm(mesa.Agent):
    """Base of every firm.

    ``alive`` turns false at insolvency; ``active`` says whether the firm has been founded and is alive.
    Smoothed flows are per month, USD million.
    """

    def __init__(self, model: AIMarket, name: str, entry: Any) -> None:
        super().__init__(model)
        self.market = model
        self.name = name
        self.entry = entry
        self.role: str = entry.kind
        self.parent: str | None = entry.parent
        self.founded = month_index(entry.founded) if getattr(entry, "founded", None) else 0
        self.alive = True
        self.debt_musd: float = entry.debt_musd
        self.valuation_musd: float = entry.valuation_musd
        self.fundamental_musd: float | None = None
        self.books = Books()
        self.fleet = self._make_fleet()
        self.strategies = make_strategies(entry.strategies, name)
        self.training_scale = 1.0
        self.granted_share = 1.0
        self.months_since_round = 1e6
        self.equity_room_musd = 0.0
        self.revenue_musd_per_month = 0.0
        self.revenue_a_year_ago = 0.0
        self.operating_cash_flow_musd_per_month = 0.0
        self.investment_musd_per_month = 0.0
        self.gross_profit_musd_per_month = 0.0
        self.compute_musd_per_month = 0.0
        self.training_musd_per_month = 0.0
        self.build_request_gpus = 0.0
        self.on_order: dict[str, float] = {}
        self.demand_gpus = 0.0
        self.demand_growth_per_month = 0.0
        self.usable_gpus = 0.0
        self.own_gpus_in_use = 0.0
        self.runway_months = float("inf")
        self.smoothed_burn_musd_per_month = 0.0

    def _make_fleet(self) -> Fleet | None:
        entry = getattr(self.entry, "fleet", None)
        if entry is None:
            return None
        technology, clock = self.market.config.technology, self.market.clock
        return Fleet(
            entry,
            periods=clock.periods,
            years_per_period=clock.years_per_period,
            server_capex_share=technology.server_capex_share,
            power_kw=technology.gpu_power_kw,
            hall_capex_usd_per_kw=technology.datacentre_capex_usd_per_kw,
            hall_life_years=technology.datacentre_life_years,
        )

    @property
    def active(self) -> bool:
        return self.alive and self.market.clock.month >= self.founded

    @property
    def owner(self) -> str:
        """The firm that owns this one, or the firm itself."""
        return self.parent or self.name

    @property
    def cash_musd(self) -> float:
        return self.market.ledger.cash_of(self.name)

    @property
    def fixed_assets_musd(self) -> float:
        return self.fleet.book_musd if self.fleet is not None else 0.0

    @property
    def on_order_gpus(self) -> float:
        return sum(self.on_order.values())

    @property
    def other_income_musd_per_month(self) -> float:
        income = self.entry.other_income
        if income is None:
            return 0.0
        level = fading_growth(income.growth_per_year, income.growth_slowdown_per_year, self.market.clock.years)
        return float(income.musd_per_year / 12.0 * level)

    @property
    def fixed_cost_musd_per_month(self) -> float:
        cost = self.entry.operating
        years = self.market.clock.years - max(self.founded - self.market.clock.start, 0) / 12.0
        level = fading_growth(cost.growth_per_year, cost.growth_slowdown_per_year, max(years, 0.0))
        return float(cost.fixed_musd_per_year / 12.0 * level)

    @property
    def growth_per_year(self) -> float:
        """Log growth of revenue over the last year, between -1 and 3; 0 without a year of revenue."""
        if self.revenue_a_year_ago <= 0.0 or self.revenue_musd_per_month <= 0.0:
            return 0.0
        return max(min(math.log(self.revenue_musd_per_month / self.revenue_a_year_ago), 3.0), -1.0)

    def balance_sheet(self) -> BalanceSheet:
        """The firm's own books, for the ledger's check."""
        return BalanceSheet(
            fixed_assets_musd=self.fixed_assets_musd,
            debt_musd=self.debt_musd,
            depreciation_musd=self.books.depreciation_musd,
            asset_gain_musd=self.books.asset_gain_musd,
            debt_forgiven_musd=self.books.debt_forgiven_musd,
        )
