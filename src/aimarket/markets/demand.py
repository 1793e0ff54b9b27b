"""What buyers see, how much they use, and what they would buy if they chose afresh."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aimarket.population.choice import ChoiceSet

if TYPE_CHECKING:
    from aimarket.agents.buyer_segment import BuyerSegment
    from aimarket.model import AIMarket

__all__ = ["choice_set", "demand_response", "fresh_demand", "usage_intensity"]


def choice_set(
    model: AIMarket, s: int, segment: BuyerSegment, price: np.ndarray, available: np.ndarray, unserved: np.ndarray
) -> ChoiceSet:
    """What segment ``s`` can choose from at ``price`` (J,), USD per Mtok; ``unserved`` is the share rationed away."""
    catalogue, taste = model.catalogue, segment.entry.tastes
    common = (
        taste.quality_weight * catalogue.quality
        + catalogue.appeal[s]
        + (taste.service_weight + model.service_appeal) * catalogue.is_service
        - taste.rationing_aversion * unserved
    )
    return ChoiceSet(
        common_utility=common,
        price_term=np.log(price) if model.config.services.price_term == "log" else price,
        is_open=catalogue.is_open,
        available=available,
        listed=catalogue.listed[segment.name],
    )


def usage_intensity(
    model: AIMarket, segment: BuyerSegment, price: np.ndarray, available: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Mtok a period of a unit of usage on each product, and minus its elasticity to the product's price; (J,) each."""
    use, quality = segment.entry.usage, model.catalogue.quality
    relative_price = price / model.config.services.reference_price_usd_per_mtok
    wanted = relative_price**-use.price_elasticity * np.exp(use.quality_elasticity * quality)
    wanted = wanted * segment.mtok_per_usage()
    affordable = segment.budget_usd_per_usage() / price
    elasticity = np.where(wanted > affordable, 1.0, use.price_elasticity)
    return np.minimum(wanted, affordable) * available, elasticity


def demand_response(
    model: AIMarket,
    price: np.ndarray,
    expected_usage: np.ndarray,
    price_derivatives: np.ndarray,
    intensity: np.ndarray,
    elasticity: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Mtok (J,) and its derivatives (J, J), [j, k] = dQ_j / dp_k: switching of those that choose, and their usage."""
    quantity = expected_usage * intensity
    to_price = price_derivatives / price if model.config.services.price_term == "log" else price_derivatives
    derivatives = to_price * intensity[:, None]
    derivatives[np.diag_indices(price.size)] -= elasticity * quantity / price
    return quantity, derivatives


def fresh_demand(model: AIMarket, price: np.ndarray, available: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Demand if every buyer that has adopted chose anew and had no product to stay with.

    At ``price`` (J,) and with the products ``available`` (J,); returns Mtok a period (J,) and derivatives
    (J, J) as ``demand_response`` does.  Tastes, qualities, listings and budgets are today's; switching
    costs, past rationing and habits play no part: this is the demand of the static textbook.
    """
    size = price.size
    quantity, derivatives = np.zeros(size), np.zeros((size, size))
    for s, segment in enumerate(model.segments):
        offered = available & model.catalogue.reachable[s]
        measures = segment.population.expect_afresh(
            choice_set(model, s, segment, price, offered, np.zeros(size)), segment.tastes
        )
        intensity, elasticity = usage_intensity(model, segment, price, offered)
        q, slope = demand_response(
            model, price, measures.expected_usage, measures.price_derivatives, intensity, elasticity
        )
        quantity += q
        derivatives += slope
    return quantity, derivatives
