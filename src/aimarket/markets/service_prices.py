"""Costs of service, and the prices that sellers post."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aimarket.economics.technology import gpu_hours_per_mtok
from aimarket.strategies.base import frozen
from aimarket.strategies.pricing.interface import PricingDecision, PricingView

if TYPE_CHECKING:
    from aimarket.model import AIMarket

__all__ = ["post_buyer_hosting", "post_prices", "update_costs"]


def update_costs(model: AIMarket) -> None:
    catalogue, technology = model.catalogue, model.config.technology
    catalogue.gpu_hours = catalogue.intensity * gpu_hours_per_mtok(
        technology.serving_gpu_hours_per_mtok,
        catalogue.quality,
        technology.serving_quality_elasticity,
        model.serving_efficiency,
    )
    for firm in model.hosts_and_operators:
        own = firm.serving.products
        compute = firm.serving.compute_price_usd_per_gpu_hour
        catalogue.marginal_cost[own] = catalogue.gpu_hours[own] * compute + catalogue.labour[own]
        catalogue.full_cost[own] = (
            catalogue.gpu_hours[own] * (1.0 + catalogue.free[own]) * compute + catalogue.labour[own]
        )
        catalogue.scarcity_rent[own] = catalogue.gpu_hours[own] * firm.serving.scarcity_rent_usd_per_gpu_hour
    # A tax on sales works on prices as a higher cost does: (1 - t) p - c is largest where p - c / (1 - t) is.
    kept = 1.0 - model.tax_rates.get("services", 0.0)
    catalogue.marginal_cost /= kept
    catalogue.full_cost /= kept
    catalogue.scarcity_rent /= kept


def post_buyer_hosting(model: AIMarket) -> None:
    """Buyers that run open weights for themselves pay what the GPU-hours cost, and nothing on top."""
    hosted = model.catalogue.buyer_hosted
    model.catalogue.price[hosted] = model.catalogue.marginal_cost[hosted]


def post_prices(model: AIMarket) -> None:
    """Sellers post prices for the products on sale, all on last period's information."""
    catalogue = model.catalogue
    update_costs(model)
    owner = np.array([model.firm_index[model.firms[name].owner] for name in catalogue.sellers])
    posted = catalogue.posted
    margin = np.where(posted, catalogue.paid_price - catalogue.marginal_cost - catalogue.scarcity_rent, 0.0)
    share = catalogue.served / max(float(catalogue.served.sum()), 1e-300)
    decided: dict[str, tuple[np.ndarray, PricingDecision]] = {}
    for firm in model.hosts_and_operators:
        own = firm.serving.products[posted[firm.serving.products]]
        if not own.size or not firm.active:
            continue
        rivals = posted & (catalogue.seller_index != model.firm_index[firm.name])
        sisters = np.flatnonzero(rivals & (owner == model.firm_index[firm.owner]))
        view = PricingView(
            firm=firm.name,
            products=tuple(catalogue.names[j] for j in own),
            kinds=tuple(catalogue.kinds[j] for j in own),
            quality=frozen(catalogue.quality[own]),
            price_usd_per_mtok=frozen(catalogue.price[own]),
            access_fee_usd_per_mtok=frozen(catalogue.fee[own]),
            marginal_cost_usd_per_mtok=frozen(catalogue.marginal_cost[own]),
            full_cost_usd_per_mtok=frozen(catalogue.full_cost[own]),
            scarcity_rent_usd_per_mtok=frozen(catalogue.scarcity_rent[own]),
            demand_mtok=frozen(catalogue.demand[own]),
            reconsidered_mtok=frozen(catalogue.reconsidered[own]),
            derivatives_mtok_per_usd=frozen(catalogue.derivatives[np.ix_(own, own)]),
            sister_gain_mtok=frozen(margin[sisters] @ catalogue.derivatives[np.ix_(sisters, own)]),
            unserved_share=frozen(catalogue.unserved[own]),
            share_mtok=frozen(share[own]),
            rival_products=tuple(catalogue.names[j] for j in np.flatnonzero(rivals)),
            rival_kinds=tuple(catalogue.kinds[j] for j in np.flatnonzero(rivals)),
            rival_price_usd_per_mtok=frozen(catalogue.paid_price[rivals]),
            rival_quality=frozen(catalogue.quality[rivals]),
            rival_share_mtok=frozen(share[rivals]),
            **model.situation(firm),
        )
        decided[firm.name] = own, model.decide(firm.name, firm.strategies["pricing"], view, PricingDecision)
    for own, decision in decided.values():
        price = np.minimum(decision.price_usd_per_mtok, catalogue.price_cap[own])
        catalogue.price[own] = price
        fee = np.array(decision.access_fee_usd_per_mtok or np.zeros(own.size))
        catalogue.fee[own] = np.minimum(fee, catalogue.price_cap[own] - price)
    post_buyer_hosting(model)
