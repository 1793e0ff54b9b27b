"""Providers post spot and contract prices for compute, and negotiate some."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aimarket.markets.chips import gpu_price_usd
from aimarket.markets.compute_cost import levelised_cost, running_cost_usd_per_gpu_hour
from aimarket.markets.negotiation import cheapest_elsewhere_usd_per_gpu_hour, customers_of, gains_from_trade
from aimarket.strategies.base import frozen, no_numbers
from aimarket.strategies.compute_pricing.interface import ComputePricingDecision, ComputePricingView

if TYPE_CHECKING:
    from aimarket.agents.compute_provider import ComputeProvider
    from aimarket.model import AIMarket

__all__ = ["price_compute"]


def price_compute(model: AIMarket) -> None:
    """Providers post spot and contract prices on last period's load."""
    active = [provider for provider in model.providers.values() if provider.active]
    for provider in active:
        chip = gpu_price_usd(model, provider.name)
        if not np.isfinite(chip):  # no maker can be reached: what replacing the fleet would have cost
            chip = provider.entry.fleet.purchase_price_usd_per_gpu
        provider.levelised_cost_usd_per_gpu_hour = levelised_cost(
            model, provider, chip, provider.entry.cost_of_capital_per_year
        )
        provider.running_cost_usd_per_gpu_hour = running_cost_usd_per_gpu_hour(model, provider)
    decided: dict[str, tuple[tuple[str, ...], ComputePricingDecision]] = {}
    for provider in active:
        view = _view(model, provider)
        decision = model.decide(provider.name, provider.strategies["compute_pricing"], view, ComputePricingDecision)
        decided[provider.name] = view.customers, decision
    for name, (customers, decision) in decided.items():
        provider = model.providers[name]
        provider.spot_price_usd_per_gpu_hour = decision.spot_price_usd_per_gpu_hour
        provider.contract_price_usd_per_gpu_hour = decision.contract_price_usd_per_gpu_hour
        agreed = decision.negotiated_price_usd_per_gpu_hour
        provider.negotiated_usd_per_gpu_hour = dict(zip(customers, agreed, strict=True)) if agreed else {}


def _view(model: AIMarket, provider: ComputeProvider) -> ComputePricingView:
    # A tax on sales works on prices as a higher cost does.
    kept = 1.0 - model.tax_rates.get("compute", 0.0)
    cost = provider.levelised_cost_usd_per_gpu_hour / kept
    customers = customers_of(model, provider)
    willing, opportunity = no_numbers(), no_numbers()
    if getattr(provider.strategies["compute_pricing"], "negotiates", False):
        gains = gains_from_trade(model, provider)
        willing, opportunity = frozen(gains.willingness_to_pay), frozen(gains.opportunity_cost / kept)
    return ComputePricingView(
        firm=provider.name,
        spot_price_usd_per_gpu_hour=provider.spot_price_usd_per_gpu_hour or cost,
        levelised_cost_usd_per_gpu_hour=cost,
        running_cost_usd_per_gpu_hour=provider.running_cost_usd_per_gpu_hour / kept,
        load=provider.load,
        contracted_share=min(provider.contracted_gpus / max(provider.usable_gpus, 1e-9), 1.0),
        past_price_usd_per_gpu_hour=frozen(provider.past_prices),
        past_sales_gpus=frozen(provider.past_sales),
        customers=tuple(firm.name for firm in customers),
        integrated=any(firm.active and firm.owner == provider.owner for firm in model.operators),
        alternative_price_usd_per_gpu_hour=frozen(
            [cheapest_elsewhere_usd_per_gpu_hour(model, firm, provider) for firm in customers]
        ),
        willingness_to_pay_usd_per_gpu_hour=willing,
        opportunity_cost_usd_per_gpu_hour=opportunity,
        **model.situation(provider),
    )
