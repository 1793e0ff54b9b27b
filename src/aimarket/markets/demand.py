"""What buyers see, how much they use, and what they would buy if they chose afresh."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aimarket.population.choice import ChoiceSet

if TYPE_CHECKING:
    from aimarket.agents.buyer_segment import BuyerSegment
    from aimarket.model import AIMarket

__all__ = ["FreshDemand", "choice_set", "demand_response", "fresh_demand", "usage_intensity"]

# Width, in logs, over which fresh demand turns from wanted to affordable: best responses exist at the corner too.
_CORNER = 0.02


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
    model: AIMarket, segment: BuyerSegment, price: np.ndarray, available: np.ndarray, rounding: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """Mtok a period of a unit of usage on each product, and minus its elasticity to the product's price; (J,) each.

    What is wanted, or what the budget affords if that is less.  ``rounding`` rounds the corner between the
    two, w ln(1 + r^(1/w)) with r wanted over affordable, for searches that need a smooth demand.
    """
    use, quality = segment.entry.usage, model.catalogue.quality
    relative_price = price / model.config.services.reference_price_usd_per_mtok
    wanted = relative_price**-use.price_elasticity * np.exp(use.quality_elasticity * quality)
    wanted = wanted * segment.mtok_per_usage()
    affordable = segment.budget_usd_per_usage() / price
    if rounding > 0.0:
        excess = np.log(wanted / affordable) / rounding
        pressed = 0.5 * (1.0 + np.tanh(excess / 2.0))
        intensity = wanted * np.exp(-rounding * np.logaddexp(0.0, excess))
        return intensity * available, use.price_elasticity + (1.0 - use.price_elasticity) * pressed
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


@dataclass(frozen=True)
class FreshDemand:
    """Mtok a period (J,), its derivatives (J, J), [j, k] = dQ_j / dp_k, and ``steepness`` (J,).

    ``steepness`` is dQ_j / dp_j while the attraction of the alternatives is held: the part of the own
    derivative around which a search for equilibrium prices contracts (Morrow & Skerlos 2011).
    """

    quantity: np.ndarray
    derivatives: np.ndarray
    steepness: np.ndarray


def fresh_demand(model: AIMarket, price: np.ndarray, available: np.ndarray) -> FreshDemand:
    """Demand at ``price`` (J,) if every buyer that has adopted chose anew and had no product to stay with.

    Tastes, qualities, listings and budgets are today's, products are those ``available`` (J,); switching
    costs, past rationing and habits play no part: this is the demand of the static textbook.
    """
    size = price.size
    quantity, derivatives, steepness = np.zeros(size), np.zeros((size, size)), np.zeros(size)
    unit = price if model.config.services.price_term == "log" else np.ones(size)
    for s, segment in enumerate(model.segments):
        offered = available & model.catalogue.reachable[s]
        measures, own = segment.population.expect_afresh(
            choice_set(model, s, segment, price, offered, np.zeros(size)), segment.tastes
        )
        intensity, elasticity = usage_intensity(model, segment, price, offered, _CORNER)
        q, slope = demand_response(
            model, price, measures.expected_usage, measures.price_derivatives, intensity, elasticity
        )
        quantity += q
        derivatives += slope
        steepness -= own * intensity / unit + elasticity * q / price
    return FreshDemand(quantity, derivatives, steepness)
