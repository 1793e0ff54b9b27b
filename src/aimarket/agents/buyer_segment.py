"""Buyers, one agent a segment; the single buyers are columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

from aimarket.agents.minds import make_strategies
from aimarket.economics.growth import fading_growth
from aimarket.population.choice import Tastes
from aimarket.population.columns import Population
from aimarket.population.expected import ExpectedPopulation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aimarket.config.schema.buyers import BuyerSegmentEntry
    from aimarket.model import AIMarket
    from aimarket.strategies.choice.interface import ChoiceDecision

__all__ = ["BuyerSegment"]


class BuyerSegment(mesa.Agent):
    """A segment of buyers: ``population`` holds them, ``scale`` says how many real ones each stands for.

    ``choice`` is how its buyers choose now, ``considered`` and ``utility_shift`` (J,) the same for all products
    of the catalogue, ``discount_share`` what they are given for committing themselves, ``average_price`` (J,)
    what a Mtok cost them in all.
    """

    def __init__(self, model: AIMarket, name: str, entry: BuyerSegmentEntry, firms: int) -> None:
        super().__init__(model)
        self.market = model
        self.name = name
        self.entry = entry
        self.role = entry.kind
        self.alive = True
        self.strategies = make_strategies(entry.strategies, name)
        taste = entry.tastes
        total = sum(entry.cloud_shares.values()) or 1.0
        self.clouds = tuple(entry.cloud_shares)
        kind = ExpectedPopulation if model.config.population.choice == "expected" else Population
        self.population = kind(
            name=name,
            firms=firms,
            workloads_per_firm=model.config.population.workloads_per_firm,
            price_sensitivity_mean=taste.price_sensitivity_mean,
            price_sensitivity_log_sd=taste.price_sensitivity_log_sd,
            open_taste_mean=taste.open_taste_mean,
            open_taste_sd=taste.open_taste_sd,
            usage_log_sd=entry.usage.log_sd,
            cloud_shares=[share / total for share in entry.cloud_shares.values()],
            adopted_share=entry.adopted_share,
            source=model.source,
        )
        self.scale = entry.buyers / firms
        self.choice: ChoiceDecision | None = None
        self.considered = np.zeros(0, dtype=bool)
        self.utility_shift = np.zeros(0)
        self.discount_share = 0.0
        self.average_price = np.zeros(0)
        self.usage_by_product = np.zeros(0)
        self.intensity = np.zeros(0)
        self.value_by_product = np.zeros(0)
        self.mtok_by_product = np.zeros(0)
        self.live_usage = 0.0
        self.churn_usage = 0.0
        self.surplus_musd = 0.0
        self.mtok = 0.0
        self.spend_musd = 0.0

    @property
    def tastes(self) -> Tastes:
        """Tastes of the segment, with the switching cost that its way of choosing brings with it."""
        taste, choice = self.entry.tastes, self.choice
        return Tastes(
            switching_cost=choice.switching_cost if choice is not None else taste.switching_cost,
            integration_cost=taste.integration_cost,
            nesting=taste.nesting,
            outside_utility=taste.outside_utility,
        )

    @property
    def reconsider_per_year(self) -> float:
        """Hazard with which a workload reconsiders; a commitment ends after its term on average."""
        if self.choice is None:
            return self.entry.reconsider_per_year
        bound = 12.0 / self.choice.commitment_months if self.choice.commitment_months > 0.0 else np.inf
        return min(self.choice.reconsider_per_year, bound)

    def mtok_per_usage(self) -> float:
        """Mtok a period that a unit of the usage column stands for, at reference price and quality 0."""
        usage, clock = self.entry.usage, self.market.clock
        growth = fading_growth(usage.growth_per_year, usage.growth_slowdown_per_year, clock.years)
        return usage.mtok_per_month * clock.months_per_period * growth * self.scale

    def budget_usd_per_usage(self) -> float:
        """USD a period that a unit of the usage column may spend."""
        usage, clock = self.entry.usage, self.market.clock
        growth = fading_growth(usage.budget_growth_per_year, usage.budget_growth_slowdown_per_year, clock.years)
        return usage.budget_usd_per_month * clock.months_per_period * growth * self.scale

    def firm(self, index: int) -> Mapping[str, object]:
        """One simulated buyer: tastes, home cloud, and the product (or the shares) of each workload by name."""
        row = dict(self.population.firm(index))
        cloud = row["home_cloud"]
        names = (None, *self.market.catalogue.names)
        row["home_cloud"] = self.clouds[cloud] if isinstance(cloud, int) and cloud >= 0 else None
        if isinstance(self.population, ExpectedPopulation):
            shares: list[list[float]] = row["shares"]  # type: ignore[assignment]
            row["shares"] = [dict(zip(names, workload, strict=True)) for workload in shares]
        else:
            row["product"] = [names[j + 1] for j in row["product"]]  # type: ignore[attr-defined]
        return row
