"""What a provider and each of its customers would gain from trading compute with each other.

Both sides know all of it: bargaining is under complete information.  The customer's alternative is the
cheapest other seller it can reach; without one its products leave the market, and its buyers choose
among the rest at today's prices (Nash-in-Nash with simultaneous timing).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aimarket.markets.demand import fresh_demand

if TYPE_CHECKING:
    from aimarket.agents.compute_provider import ComputeProvider
    from aimarket.agents.operator import Operator
    from aimarket.model import AIMarket

__all__ = [
    "Gains",
    "cheapest_elsewhere_usd_per_gpu_hour",
    "customers_of",
    "gains_from_trade",
    "price_usd_per_gpu_hour",
]


@dataclass(frozen=True)
class Gains:
    """Customers of one provider, and the highest and lowest price at which each would trade, USD per GPU-hour."""

    customers: tuple[str, ...]
    willingness_to_pay: np.ndarray
    opportunity_cost: np.ndarray


def price_usd_per_gpu_hour(provider: ComputeProvider, buyer: str, posted: float) -> float:
    """The price ``buyer`` has negotiated with ``provider``, or the ``posted`` one."""
    return provider.negotiated_usd_per_gpu_hour.get(buyer, posted)


def customers_of(model: AIMarket, provider: ComputeProvider) -> list[Operator]:
    """Operators outside the group of ``provider`` that can buy compute from it."""
    return [
        firm
        for firm in model.operators
        if firm.active and firm.owner != provider.owner and provider.name in model.graph.sellers("compute", firm.name)
    ]


def gains_from_trade(model: AIMarket, provider: ComputeProvider) -> Gains:
    """The range of prices between ``provider`` and each operator outside its group that can buy from it.

    Quantities are those of a market in which buyers choose afresh at the posted service prices.
    """
    catalogue, cost = model.catalogue, provider.levelised_cost_usd_per_gpu_hour
    customers = customers_of(model, provider)
    available = catalogue.available
    demand = fresh_demand(model, catalogue.price, available, catalogue.fee).quantity
    hours = demand * catalogue.gpu_hours * (1.0 + catalogue.free)
    willing, opportunity = [], []
    for firm in customers:
        own = firm.serving.products[available[firm.serving.products]]
        used = float(hours[own].sum())
        alternative = cheapest_elsewhere_usd_per_gpu_hour(model, firm, provider)
        worth = np.inf
        recaptured = 0.0
        if used > 0.0:
            worth = float((demand[own] * (catalogue.paid_price[own] - catalogue.labour[own])).sum()) / used
            if worth < alternative:
                without = available.copy()
                without[own] = False
                changed = fresh_demand(model, catalogue.price, without, catalogue.fee).quantity
                gained = changed * catalogue.gpu_hours * (1.0 + catalogue.free) - hours
                recaptured = sum(
                    float(gained[other.serving.products].sum())
                    * (price_usd_per_gpu_hour(provider, other.name, cost) - cost)
                    for other in customers
                    if other is not firm
                    and not np.isfinite(cheapest_elsewhere_usd_per_gpu_hour(model, other, provider))
                )
        # A customer that uses none yet, and has nowhere else to go, trades at cost.
        limit = min(worth, alternative)
        willing.append(limit if np.isfinite(limit) else cost)
        opportunity.append(cost + recaptured / used if used > 0.0 else cost)
    return Gains(tuple(firm.name for firm in customers), np.array(willing), np.array(opportunity))


def cheapest_elsewhere_usd_per_gpu_hour(model: AIMarket, firm: Operator, provider: ComputeProvider) -> float:
    """Lowest price at which ``firm`` could rent from anybody else; infinite if it cannot."""
    others = [
        model.providers[name]
        for name in model.graph.sellers("compute", firm.name)
        if name != provider.name and model.providers[name].active
    ]
    # Before anybody has posted a price, new capacity at full cost is the alternative.
    return min(
        (
            price_usd_per_gpu_hour(o, firm.name, o.spot_price_usd_per_gpu_hour or o.levelised_cost_usd_per_gpu_hour)
            for o in others
        ),
        default=np.inf,
    )
