"""What buyers see, what they would pay and use, and what they would buy if they chose afresh."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from aimarket.population import ChoiceSet, Habits

if TYPE_CHECKING:
    from aimarket.agents.buyer_segment import BuyerSegment
    from aimarket.model import AIMarket

__all__ = [
    "FreshDemand",
    "Offer",
    "choice_set",
    "committed_discount",
    "demand_response",
    "fresh_demand",
    "habits_of",
    "offer_to",
]

# Width, in logs, over which fresh demand turns from wanted to affordable: best responses exist at the corner too.
_CORNER = 0.02


@dataclass(frozen=True)
class Offer:
    """What the posted tariffs mean for one segment; arrays have shape (J,).

    ``intensity`` is the Mtok a period that a unit of usage would use of each, 0 where it is not on offer,
    ``elasticity`` minus its elasticity to the posted price of usage.  ``average_price`` is what a Mtok used
    costs in all, USD, access fee included and after the segment's discount; ``price_slope`` its derivative to
    the posted price.
    """

    available: np.ndarray
    intensity: np.ndarray
    elasticity: np.ndarray
    average_price: np.ndarray
    price_slope: np.ndarray


def offer_to(
    model: AIMarket,
    segment: BuyerSegment,
    price: np.ndarray,
    fee: np.ndarray,
    available: np.ndarray,
    discount_share: float,
    rounding: float = 0.0,
) -> Offer:
    """What ``segment`` uses and pays at posted ``price`` and access ``fee``, USD per Mtok, (J,) each.

    A plan is sized to what its buyer uses at the usage price, so a Mtok costs price and fee, and one more Mtok
    the price alone.  Buyers use what they want at the price, or what the budget affords in all if that is less;
    ``discount_share`` is taken off both parts.  ``rounding`` rounds the corner between wanted and affordable,
    w ln(1 + r^(1/w)) with r the ratio of the two, for searches that need a smooth demand.
    """
    use, quality = segment.entry.usage, model.catalogue.quality
    kept = 1.0 - discount_share
    paid, average = price * kept, (price + fee) * kept
    wanted = (paid / model.config.services.reference_price_usd_per_mtok) ** -use.price_elasticity
    wanted = wanted * np.exp(use.quality_elasticity * quality) * segment.mtok_per_usage()
    affordable = segment.budget_usd_per_usage() / average
    at_budget = price / (price + fee)  # elasticity of what a budget buys to the price of usage
    if rounding > 0.0:
        excess = np.log(wanted / affordable) / rounding
        pressed = 0.5 * (1.0 + np.tanh(excess / 2.0))
        intensity = wanted * np.exp(-rounding * np.logaddexp(0.0, excess))
        elasticity = use.price_elasticity + (at_budget - use.price_elasticity) * pressed
    else:
        intensity = np.minimum(wanted, affordable)
        elasticity = np.where(wanted > affordable, at_budget, use.price_elasticity)
    return Offer(
        available=available,
        intensity=intensity * available,
        elasticity=elasticity,
        average_price=average,
        price_slope=np.full(price.size, kept),
    )


def choice_set(
    model: AIMarket, s: int, segment: BuyerSegment, offer: Offer, considered: np.ndarray, unserved: np.ndarray
) -> ChoiceSet:
    """What segment ``s`` chooses from; ``considered`` (J,) are flags, ``unserved`` the share rationed away."""
    catalogue, taste = model.catalogue, segment.entry.tastes
    common = (
        taste.quality_weight * catalogue.quality
        + catalogue.appeal[s]
        + (taste.service_weight + model.service_appeal) * catalogue.is_service
        - taste.rationing_aversion * unserved
    )
    average = offer.average_price
    return ChoiceSet(
        common_utility=common + segment.utility_shift,
        price_term=np.log(average) if model.config.services.price_term == "log" else average,
        is_open=catalogue.is_open,
        available=offer.available & considered,
        listed=catalogue.listed[segment.name],
    )


def habits_of(model: AIMarket, segment: BuyerSegment, offer: Offer) -> Habits:
    """How the segment's buyers choose, for the population's kernel."""
    choice, catalogue = segment.choice, model.catalogue
    if choice is None:
        return Habits()
    hosting = np.zeros(catalogue.size)
    if choice.hosting_cost_usd_per_month > 0.0 and catalogue.buyer_hosted.any():
        months = model.clock.months_per_period
        real = np.divide(offer.intensity, segment.scale * months)
        hosted = catalogue.buyer_hosted & (real > 0.0)
        hosting[hosted] = choice.hosting_cost_usd_per_month / real[hosted]
    return Habits(
        price_sensitivity_factor=choice.price_sensitivity_factor,
        concentration_aversion=choice.concentration_aversion,
        seller=catalogue.seller_index,
        hosting_cost=hosting,
        price=offer.average_price,
        log_price=model.config.services.price_term == "log",
    )


def demand_response(
    model: AIMarket, price: np.ndarray, expected_usage: np.ndarray, price_derivatives: np.ndarray, offer: Offer
) -> tuple[np.ndarray, np.ndarray]:
    """Mtok (J,) and its derivatives (J, J), [j, k] = dQ_j / dp_k, p_k as posted: switching, and usage."""
    quantity = expected_usage * offer.intensity
    is_log = model.config.services.price_term == "log"
    to_price = (price_derivatives / offer.average_price if is_log else price_derivatives) * offer.price_slope
    derivatives = to_price * offer.intensity[:, None]
    derivatives[np.diag_indices(price.size)] -= offer.elasticity * quantity / price
    return quantity, derivatives


@dataclass(frozen=True)
class FreshDemand:
    """Mtok a period (J,), its derivatives (J, J), [j, k] = dQ_j / dp_k, and ``steepness`` (J,).

    ``steepness`` is dQ_j / dp_j while the attraction of the alternatives is held: the part of the own
    derivative around which a search for equilibrium prices contracts (Morrow & Skerlos 2011).
    """

    quantity: np.ndarray
    derivatives: np.ndarray
    steepness: np.ndarray


def fresh_demand(
    model: AIMarket, price: np.ndarray, available: np.ndarray, fee: np.ndarray | None = None
) -> FreshDemand:
    """Demand at ``price`` (J,) if every buyer that has adopted chose anew and had no product to stay with.

    Tastes, ways of choosing, qualities, listings and budgets are today's, products are those ``available``
    (J,); switching costs and past rationing play no part: this is the demand of the static textbook.
    ``fee`` (J,) adds access fees, none by default.
    """
    size = price.size
    fee = np.zeros(size) if fee is None else fee
    quantity, derivatives, steepness = np.zeros(size), np.zeros((size, size)), np.zeros(size)
    for s, segment in enumerate(model.segments):
        reachable = available & model.catalogue.reachable[s]
        offer = offer_to(model, segment, price, fee, reachable, segment.discount_share, _CORNER)
        habits = replace(habits_of(model, segment, offer), concentration_aversion=0.0)
        measures, own = segment.population.expect_afresh(
            choice_set(model, s, segment, offer, segment.considered, np.zeros(size)), segment.tastes, habits
        )
        q, slope = demand_response(model, price, measures.expected_usage, measures.price_derivatives, offer)
        quantity += q
        derivatives += slope
        unit = offer.average_price if model.config.services.price_term == "log" else np.ones(size)
        steepness -= own * offer.intensity * offer.price_slope / unit + offer.elasticity * q / price
    return FreshDemand(quantity, derivatives, steepness)


def committed_discount(model: AIMarket, months: float) -> float:
    """Discount on all prices that sellers give to buyers who commit themselves for ``months``, as a share."""
    return -math.expm1(-model.config.services.commitment_discount_per_year * months / 12.0)
