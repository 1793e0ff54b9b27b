"""Services: sellers forecast, post prices, buyers choose and consume, scarce inference is rationed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aimarket.errors import AccountingError
from aimarket.markets.choice_rules import settle_choice_rules
from aimarket.markets.demand import choice_set, demand_response, habits_of, offer_to
from aimarket.markets.service_prices import post_buyer_hosting, update_costs
from aimarket.strategies.adoption.interface import AdoptionDecision, AdoptionView

if TYPE_CHECKING:
    from aimarket.agents.buyer_segment import BuyerSegment
    from aimarket.model import AIMarket

__all__ = ["clear_services", "forecast_need", "open_market"]

# A seller cannot know the demand for a new product: it provides for this share of its kind's market.
_LAUNCH_SHARE = 0.03
_LARGEST_GROWTH_PER_MONTH = 0.35
# Speed of the shadow price of inference capacity (dual ascent on q <= K).
_SCARCITY_SPEED = 0.5


def open_market(model: AIMarket) -> None:
    """State before the first period: costs, and what the first adopters choose at the first prices."""
    catalogue = model.catalogue
    update_costs(model)
    post_buyer_hosting(model)
    settle_choice_rules(model)
    reconsidered = np.zeros(catalogue.size)
    derivatives = np.zeros((catalogue.size, catalogue.size))
    for s, segment in enumerate(model.segments):
        catalogue.demand += _demand(model, s, segment, 0.0, reconsidered, derivatives)
    catalogue.reconsidered, catalogue.derivatives = reconsidered, derivatives


def forecast_need(model: AIMarket) -> None:
    """What each seller expects to need for inference: last demand, its smoothed growth, launches."""
    catalogue, clock = model.catalogue, model.clock
    growth = np.clip(catalogue.demand_growth, -_LARGEST_GROWTH_PER_MONTH, _LARGEST_GROWTH_PER_MONTH)
    expected = catalogue.demand * np.exp(growth * clock.months_per_period)
    for is_kind in (catalogue.is_open, catalogue.is_service, ~(catalogue.is_open | catalogue.is_service)):
        floor = catalogue.demand[is_kind].sum() * _LAUNCH_SHARE
        young = is_kind & catalogue.available & (catalogue.demand < floor) & (clock.month - catalogue.launch < 6)
        expected[young] = floor
    hours = expected * catalogue.available * catalogue.gpu_hours * (1.0 + catalogue.free)
    for firm in model.hosts_and_operators:
        firm.serving.needed_gpus = float(hours[firm.serving.products].sum()) / clock.hours_per_period


def clear_services(model: AIMarket) -> None:
    """Adoption, choice, usage and rationing, segment by segment; then what every product sold."""
    catalogue = model.catalogue
    adoption: dict[str, AdoptionDecision] = {}
    for segment in model.segments:
        view = AdoptionView(
            segment=segment.name, adopted_share=float(segment.population.adopted.mean()), **model.situation()
        )
        adoption[segment.name] = model.decide(segment.name, segment.strategies["adoption"], view, AdoptionDecision)
    settle_choice_rules(model)
    demand = np.zeros((len(model.segments), catalogue.size))
    reconsidered = np.zeros(catalogue.size)
    derivatives = np.zeros((catalogue.size, catalogue.size))
    for s, segment in enumerate(model.segments):
        demand[s] = _demand(model, s, segment, adoption[segment.name].probability, reconsidered, derivatives)
    total = demand.sum(axis=0)
    served_share = _ration(model, total)
    _observe(model, total, served_share, reconsidered, derivatives)
    _sell(model, demand * served_share)


def _demand(
    model: AIMarket,
    s: int,
    segment: BuyerSegment,
    adoption_probability: float,
    reconsidered: np.ndarray,
    derivatives: np.ndarray,
) -> np.ndarray:
    """Mtok that segment ``s`` wants of each product, (J,); adds to the market's measured responses."""
    catalogue, source, step = model.catalogue, model.source, model.clock.step
    population = segment.population
    available = catalogue.available & catalogue.reachable[s]
    population.adopt(adoption_probability, source.draws(segment.name, "adoption", step))
    held = float(population.usage_by_product(catalogue.size).sum())
    probability = -np.expm1(-segment.reconsider_per_year * model.clock.years_per_period)
    offer = offer_to(model, segment, catalogue.price, catalogue.fee, available, segment.discount_share)
    outcome = population.reconsider(
        probability,
        choice_set(model, s, segment, offer, segment.considered, catalogue.unserved),
        segment.tastes,
        source.draws(segment.name, "reconsider", step),
        source.draws(segment.name, "choice", step),
        habits_of(model, segment, offer),
    )
    usage = population.usage_by_product(catalogue.size)
    segment.usage_by_product = usage
    quantity, slope = demand_response(model, catalogue.price, outcome.expected_usage, outcome.price_derivatives, offer)
    reconsidered += quantity
    derivatives += slope
    # Who leaves for no service at all is part of the churn, so shares are of the larger of before and after.
    live = max(float(usage.sum()), held)
    segment.churn_usage = outcome.usage_switched
    segment.live_usage = live
    mean_surplus = outcome.surplus / outcome.usage_reconsidered if outcome.usage_reconsidered > 0.0 else 0.0
    is_log = model.config.services.price_term == "log"
    value = usage @ (offer.intensity * offer.average_price) if is_log else usage @ offer.intensity
    segment.surplus_musd = mean_surplus * float(value) / 1e6
    segment.intensity = offer.intensity
    segment.average_price = offer.average_price
    return np.asarray(usage * offer.intensity)


def _ration(model: AIMarket, total: np.ndarray) -> np.ndarray:
    """Share of demand that each product's seller can serve with its inference capacity, (J,)."""
    catalogue, hours = model.catalogue, model.clock.hours_per_period
    share = np.ones(catalogue.size)
    for firm in model.hosts_and_operators:
        own, serving = firm.serving.products, firm.serving
        if not own.size:
            continue
        need = float((total[own] * catalogue.gpu_hours[own] * (1.0 + catalogue.free[own])).sum()) / hours
        served = min(1.0, serving.capacity_gpus / need) if need > 0.0 else 1.0
        share[own] = served
        serving.used_gpus = need * served
        excess = need / serving.capacity_gpus - 1.0 if serving.capacity_gpus > 0.0 else (1.0 if need > 0.0 else -1.0)
        step = _SCARCITY_SPEED * max(min(excess, 1.0), -1.0) * serving.compute_price_usd_per_gpu_hour
        ceiling = 10.0 * serving.compute_price_usd_per_gpu_hour
        serving.scarcity_rent_usd_per_gpu_hour = min(max(serving.scarcity_rent_usd_per_gpu_hour + step, 0.0), ceiling)
    return share


def _observe(
    model: AIMarket, total: np.ndarray, served_share: np.ndarray, reconsidered: np.ndarray, derivatives: np.ndarray
) -> None:
    """What sellers learn from the period: demand, its growth, its response to prices, what went unserved."""
    catalogue, clock = model.catalogue, model.clock
    both = (catalogue.demand > 0.0) & (total > 0.0)
    ratio = np.divide(total, catalogue.demand, out=np.ones_like(total), where=both)
    growth = np.clip(np.log(ratio) / clock.months_per_period, -1.0, 1.0)
    weight = clock.smoothing(model.config.services.demand_forecast_months)
    catalogue.demand_growth = np.where(both, catalogue.demand_growth + weight * (growth - catalogue.demand_growth), 0.0)
    catalogue.demand = total
    catalogue.unserved = np.where(total > 0.0, 1.0 - served_share, 0.0)
    catalogue.reconsidered = reconsidered
    catalogue.derivatives = derivatives
    own = np.diag(derivatives)
    catalogue.own_elasticity = np.divide(
        own * catalogue.price, reconsidered, out=np.full(catalogue.size, np.nan), where=reconsidered > 0.0
    )


def _sell(model: AIMarket, served: np.ndarray) -> None:
    """Buyers owe what they consumed; sellers owe fees and royalties.  ``served`` is (S, J) in Mtok."""
    catalogue = model.catalogue
    catalogue.served = served.sum(axis=0)
    average = np.array([segment.average_price for segment in model.segments])
    value = served * average / 1e6
    # What fees add and discounts take, apart: without them no rounding may part list and paid price.
    beyond_list = (served * (average - catalogue.price)).sum(axis=0)
    catalogue.revenue = (catalogue.served * catalogue.price + beyond_list) / 1e6
    sold = catalogue.served > 0.0
    catalogue.paid_price = catalogue.price.copy()
    catalogue.paid_price[sold] += beyond_list[sold] / catalogue.served[sold]
    usage = np.sum([segment.usage_by_product * segment.scale for segment in model.segments], axis=0)
    total_usage = float(np.sum(usage))
    catalogue.usage_share = usage / total_usage if total_usage > 0.0 else np.zeros(catalogue.size)
    for s, segment in enumerate(model.segments):
        segment.mtok = float(served[s].sum())
        segment.spend_musd = float(value[s].sum())
        segment.value_by_product = value[s]
        segment.mtok_by_product = served[s]
        model.owe("buyer_income", model.world.name, segment.name, segment.spend_musd)
        by_columns = float(
            (segment.usage_by_product * segment.intensity * (1.0 - catalogue.unserved)) @ segment.average_price
        )
        if abs(by_columns / 1e6 - segment.spend_musd) > 1e-9 * max(segment.spend_musd, 1.0):
            raise AccountingError(
                segment.name, "service_sales", model.clock.step, segment.spend_musd - by_columns / 1e6
            )
        for j in np.flatnonzero(served[s] > 0.0):
            seller = catalogue.sellers[j]
            model.owe("service_sales", segment.name, seller, float(value[s, j]))
            model.graph.trade(seller, segment.name, catalogue.kinds[j], float(served[s, j]), float(value[s, j]))
        _owe_listing_fees(model, segment, value[s])
    rate = model.tax_rates.get("services", 0.0)
    for name, products in model.products_of.items():
        model.owe("taxes", name, model.world.name, rate * float(catalogue.revenue[products].sum()))
    for j in np.flatnonzero(catalogue.revenue > 0.0):
        royalty = float(catalogue.royalty[j] * catalogue.revenue[j])
        if royalty > 0.0 and model.firms[catalogue.sources[j]].alive:
            model.owe("royalties", catalogue.sellers[j], catalogue.sources[j], royalty)
            model.graph.trade(catalogue.sources[j], catalogue.sellers[j], "royalty", catalogue.served[j], royalty)


def _owe_listing_fees(model: AIMarket, segment: BuyerSegment, value: np.ndarray) -> None:
    """A seller pays the cloud on which the buyer sits, where it is listed there, a share of the sale."""
    population, catalogue = segment.population, model.catalogue
    if not segment.clouds:
        return
    usage = population.usage_by_cloud(len(segment.clouds), catalogue.size)
    total = usage.sum(axis=0)
    share = np.divide(usage, total, out=np.zeros_like(usage), where=total > 0.0)
    due: dict[tuple[str, str], float] = {}
    for (c, j), fee in catalogue.listing_fees[segment.name].items():
        paid = float(share[c, j] * value[j] * fee)
        if paid > 0.0:
            key = (catalogue.sellers[j], segment.clouds[c])
            due[key] = due.get(key, 0.0) + paid
    for (seller, cloud_name), paid in due.items():
        model.owe("listing_fees", seller, cloud_name, paid)
        model.graph.trade(seller, cloud_name, "listing", paid, paid)
