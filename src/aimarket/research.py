"""Research: training compute becomes quality, and models are released."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aimarket.strategies.base import frozen
from aimarket.strategies.product_mix.interface import ProductMixDecision, ProductMixView
from aimarket.strategies.release.interface import ReleaseDecision, ReleaseView
from aimarket.strategies.training.interface import TrainingDecision, TrainingView

if TYPE_CHECKING:
    from aimarket.agents.operator import Operator
    from aimarket.model import AIMarket

__all__ = ["budget_research", "release_models", "train_models"]


# How far back the research rules see the frontier.
_MONTHS_SHOWN = 24


def budget_research(model: AIMarket) -> None:
    """Operators decide what to spend on training compute and on building services."""
    training: dict[str, TrainingDecision] = {}
    mix: dict[str, ProductMixDecision] = {}
    past_frontier = frozen(model.frontier_history[-_MONTHS_SHOWN:])
    for firm in model.operators:
        if not firm.active:
            continue
        view = TrainingView(
            firm=firm.name,
            revenue_musd_per_month=firm.revenue_musd_per_month,
            other_income_musd_per_month=firm.other_income_musd_per_month,
            cash_musd=firm.cash_musd,
            gross_profit_musd_per_month=firm.gross_profit_musd_per_month,
            training_scale=firm.training_scale,
            trained_quality=firm.trained_quality,
            frontier_quality=model.frontier_history[-1],
            spending_musd_per_month=firm.training_musd_per_month,
            past_frontier_quality=past_frontier,
            **model.situation(firm),
        )
        training[firm.name] = model.decide(firm.name, firm.strategies["training"], view, TrainingDecision)
        strategy = firm.strategies.get("product_mix")
        if strategy is not None:
            mix[firm.name] = model.decide(firm.name, strategy, _product_mix_view(model, firm), ProductMixDecision)
    services, dt = model.config.services, model.clock.years_per_period
    for firm in model.operators:
        if firm.name in training:
            firm.training_budget_musd_per_month = training[firm.name].budget_musd_per_month
        if firm.name in mix:
            firm.effort_share = mix[firm.name].effort_share
            decay = np.exp(-services.service_appeal_decay_per_year * dt)
            firm.service_appeal = float(
                firm.service_appeal * decay + services.service_effort_gain * firm.effort_share * dt
            )


def _product_mix_view(model: AIMarket, firm: Operator) -> ProductMixView:
    catalogue = model.catalogue
    revenue, cost = dict.fromkeys(("api", "service", "open"), 0.0), dict.fromkeys(("api", "service", "open"), 0.0)
    for j in firm.serving.products:
        revenue[catalogue.kinds[j]] += float(catalogue.revenue[j]) / model.clock.months_per_period
        cost[catalogue.kinds[j]] += (
            float(catalogue.served[j] * catalogue.full_cost[j]) / 1e6 / model.clock.months_per_period
        )
    margin = {kind: 1.0 - cost[kind] / value if value > 0.0 else 0.0 for kind, value in revenue.items()}
    return ProductMixView(
        firm=firm.name,
        revenue_api_musd_per_month=revenue["api"],
        revenue_service_musd_per_month=revenue["service"],
        service_appeal=firm.service_appeal,
        training_scale=firm.training_scale,
        gross_margin_api=margin["api"],
        gross_margin_service=margin["service"],
        **model.situation(firm),
    )


def train_models(model: AIMarket) -> None:
    """Effective research compute accumulates: GPU-hours times hardware-neutral algorithmic efficiency."""
    for firm in model.operators:
        if firm.active and firm.training_gpus > 0.0:
            hours = firm.training_gpus * model.clock.hours_per_period
            firm.research_gpu_hours += hours * model.training_efficiency(firm.name) * firm.entry.research_productivity


def release_models(model: AIMarket) -> None:
    """Operators put trained models on sale, all seeing the same past frontier."""
    decided: dict[str, ReleaseDecision] = {}
    history = frozen(model.frontier_history)
    for firm in model.operators:
        if not firm.active:
            continue
        view = ReleaseView(
            firm=firm.name,
            trained_quality=firm.trained_quality,
            released_quality=firm.released_quality,
            months_since_release=firm.months_since_release,
            frontier_quality_history=history,
            **model.situation(firm),
        )
        decided[firm.name] = model.decide(firm.name, firm.strategies["release"], view, ReleaseDecision)
    for firm in model.operators:
        decision = decided.get(firm.name)
        if decision is not None:
            firm.months_since_release += model.clock.months_per_period
            if decision.quality != firm.released_quality:
                firm.released_quality = decision.quality
                firm.months_since_release = 0.0
    catalogue = model.catalogue
    quality = {firm.name: firm.released_quality for firm in model.operators}
    catalogue.quality = np.array([quality[source] for source in catalogue.sources]) + catalogue.offset
    catalogue.refresh(model)
    closed = catalogue.available & ~catalogue.is_open
    best = float(catalogue.quality[closed].max()) if closed.any() else model.frontier_history[-1]
    model.frontier_history.extend([best] * model.clock.months_per_period)
