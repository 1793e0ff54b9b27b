"""API only."""

from __future__ import annotations

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy
from aimarket.strategies.product_mix.interface import ProductMixDecision, ProductMixView

__all__ = ["ApiOnly"]


class ApiOnly(Strategy):
    """Sells compute with a model on it: no effort goes into services, whose appeal wears off."""

    decision = "product_mix"
    name = "api_only"
    source = "the no-pivot benchmark of the model's question (model.md, section 1)"

    def decide(self, view: ProductMixView, _draws: Draws) -> ProductMixDecision:
        return ProductMixDecision(
            effort_share=0.0,
            reason=f"no effort for services; appeal left {view.service_appeal:.2f}",
            inputs={"service_appeal": view.service_appeal},
        )
