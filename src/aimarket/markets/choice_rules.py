"""How buyers go about choosing, segment by segment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aimarket.markets.demand import committed_discount, offer_to
from aimarket.strategies.base import frozen
from aimarket.strategies.choice.interface import ChoiceDecision, ChoiceView

if TYPE_CHECKING:
    from aimarket.agents.buyer_segment import BuyerSegment
    from aimarket.model import AIMarket

__all__ = ["settle_choice_rules"]


def settle_choice_rules(model: AIMarket) -> None:
    """Segments settle how their buyers go about choosing, all on the same prices."""
    catalogue = model.catalogue
    decided: list[tuple[BuyerSegment, np.ndarray, ChoiceDecision]] = []
    for s, segment in enumerate(model.segments):
        reachable = catalogue.available & catalogue.reachable[s]
        listed = offer_to(model, segment, catalogue.price, catalogue.fee, reachable, 0.0)
        seen = np.flatnonzero(listed.available)
        view = _choice_view(model, segment, listed.average_price, seen)
        decided.append((segment, seen, model.decide(segment.name, segment.strategies["choice"], view, ChoiceDecision)))
    for segment, seen, decision in decided:
        segment.choice = decision
        segment.considered = np.zeros(catalogue.size, dtype=bool)
        segment.considered[seen] = np.array(decision.considered, dtype=np.float64) > 0.5
        segment.utility_shift = np.zeros(catalogue.size)
        segment.utility_shift[seen] = decision.utility_shift
        segment.discount_share = committed_discount(model, decision.commitment_months)


def _choice_view(model: AIMarket, segment: BuyerSegment, price: np.ndarray, seen: np.ndarray) -> ChoiceView:
    catalogue, entry = model.catalogue, segment.entry
    usage = segment.usage_by_product if segment.usage_by_product.size else np.zeros(catalogue.size)
    total = float(usage.sum())
    per_month = segment.scale * model.clock.months_per_period
    return ChoiceView(
        segment=segment.name,
        buyer_type=entry.buyer_type,
        products=tuple(catalogue.names[j] for j in seen),
        kinds=tuple(catalogue.kinds[j] for j in seen),
        buyer_hosted=tuple(bool(catalogue.buyer_hosted[j]) for j in seen),
        sellers=tuple(catalogue.sellers[j] for j in seen),
        price_usd_per_mtok=frozen(price[seen]),
        quality=frozen(catalogue.quality[seen]),
        unserved_share=frozen(catalogue.unserved[seen]),
        usage_share=frozen(usage[seen] / total if total > 0.0 else np.zeros(seen.size)),
        quality_weight=entry.tastes.quality_weight,
        service_weight=entry.tastes.service_weight,
        switching_cost=entry.tastes.switching_cost,
        reconsider_per_year=entry.reconsider_per_year,
        mtok_per_month=segment.mtok_per_usage() / per_month,
        budget_usd_per_month=segment.budget_usd_per_usage() / per_month,
        commitment_discount_per_year=model.config.services.commitment_discount_per_year,
        **model.situation(),
    )
