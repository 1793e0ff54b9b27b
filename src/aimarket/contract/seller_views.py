"""Example views of who sells to buyers, and of buyers: what usually happens, and what hardly ever does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from aimarket.strategies.base import View, frozen
from aimarket.strategies.choice.interface import ChoiceView
from aimarket.strategies.compute_pricing.interface import ComputePricingView
from aimarket.strategies.pricing.interface import PricingView

__all__ = ["CHOICE", "COMPUTE_PRICING", "PRICING"]

_PRICING = PricingView(
    month="2026-03",
    firm="openai",
    products=("openai_api", "openai_chatgpt"),
    kinds=("api", "service"),
    quality=frozen([2.0, 2.0]),
    price_usd_per_mtok=frozen([10.0, 20.0]),
    access_fee_usd_per_mtok=frozen([0.0, 0.0]),
    marginal_cost_usd_per_mtok=frozen([3.0, 5.0]),
    full_cost_usd_per_mtok=frozen([3.0, 9.0]),
    scarcity_rent_usd_per_mtok=frozen([0.0, 0.0]),
    demand_mtok=frozen([2e6, 4e6]),
    reconsidered_mtok=frozen([2e5, 4e5]),
    derivatives_mtok_per_usd=frozen([[-4e4, 5e3], [4e3, -5e4]]),
    sister_gain_mtok=frozen([0.0, 0.0]),
    unserved_share=frozen([0.0, 0.0]),
    share_mtok=frozen([0.15, 0.3]),
    rival_products=("claude_api", "llama@azure", "gemini_app"),
    rival_kinds=("api", "open", "service"),
    rival_price_usd_per_mtok=frozen([8.0, 2.0, 15.0]),
    rival_quality=frozen([2.1, 1.0, 1.8]),
    rival_share_mtok=frozen([0.2, 0.25, 0.1]),
    runway_months=20.0,
)
_OF_PRODUCTS = [
    name for name, value in vars(_PRICING).items() if isinstance(value, np.ndarray) and not name.startswith("rival_")
]


def _pricing(**changes: Any) -> PricingView:
    """The usual view with changes; numbers for both products, lists and matrices as they are."""
    arrays: dict[str, Any] = {
        name: frozen(np.full(2, value)) if name in _OF_PRODUCTS and isinstance(value, float) else value
        for name, value in changes.items()
    }
    listed: dict[str, Any] = {name: frozen(v) if isinstance(v, list) else v for name, v in arrays.items()}
    return replace(_PRICING, **listed)


def _one_product(view: PricingView) -> PricingView:
    arrays: dict[str, Any] = {
        name: frozen(getattr(view, name)[:1]) for name in _OF_PRODUCTS if name != "derivatives_mtok_per_usd"
    }
    derivatives = frozen(view.derivatives_mtok_per_usd[:1, :1])
    return replace(
        view, products=view.products[:1], kinds=view.kinds[:1], derivatives_mtok_per_usd=derivatives, **arrays
    )


_NO_RIVALS: dict[str, Any] = {
    "rival_products": (),
    "rival_kinds": (),
    "rival_price_usd_per_mtok": [],
    "rival_quality": [],
    "rival_share_mtok": [],
}
_NO_DEMAND: dict[str, Any] = {
    "demand_mtok": 0.0,
    "reconsidered_mtok": 0.0,
    "share_mtok": 0.0,
    "derivatives_mtok_per_usd": [[0.0, 0.0], [0.0, 0.0]],
}

PRICING: Mapping[str, View] = {
    "usual": _PRICING,
    "zero demand": _pricing(**_NO_DEMAND),
    "zero demand in the whole market": _pricing(**_NO_DEMAND, rival_share_mtok=[0.0, 0.0, 0.0]),
    "monopoly": _pricing(**_NO_RIVALS, share_mtok=[0.4, 0.6]),
    "monopoly without demand": _pricing(**_NO_RIVALS, **_NO_DEMAND),
    "no capacity": _pricing(unserved_share=1.0, scarcity_rent_usd_per_mtok=[30.0, 90.0]),
    "insolvency next period": _pricing(runway_months=0.5),
    "no cash": _pricing(runway_months=0.0),
    "unlimited runway": _pricing(runway_months=1e6),
    "one product": _one_product(_PRICING),
    "monopoly of one product": _one_product(_pricing(**_NO_RIVALS)),
    "one product without demand": _pricing(
        demand_mtok=[2e6, 0.0],
        reconsidered_mtok=[2e5, 0.0],
        share_mtok=[0.2, 0.0],
        derivatives_mtok_per_usd=[[-4e4, 0.0], [0.0, 0.0]],
    ),
    "access fees": _pricing(price_usd_per_mtok=[3.0, 6.0], access_fee_usd_per_mtok=[5.0, 12.0]),
    "rivals of another kind": _pricing(
        rival_products=("llama@azure",),
        rival_kinds=("open",),
        rival_price_usd_per_mtok=[2.0],
        rival_quality=[-1.0],
        rival_share_mtok=[0.5],
    ),
    "rivals give it away": _pricing(rival_price_usd_per_mtok=[1e-6, 1e-6, 1e-6]),
    "rivals far behind": _pricing(rival_quality=[-50.0, -50.0, -50.0]),
    "rivals far ahead": _pricing(rival_quality=[60.0, 60.0, 60.0]),
    "inelastic demand": _pricing(derivatives_mtok_per_usd=[[-1e-9, 0.0], [0.0, -1e-9]]),
    "elastic demand": _pricing(derivatives_mtok_per_usd=[[-1e12, 0.0], [0.0, -1e12]]),
    "singular response": _pricing(derivatives_mtok_per_usd=[[-1e4, 1e4], [1e4, -1e4]]),
    "sister that gains": _pricing(sister_gain_mtok=[3e4, 5e5]),
    "sister below cost": _pricing(sister_gain_mtok=[-3e6, -5e3]),
    "cost far above price": _pricing(marginal_cost_usd_per_mtok=5e3, full_cost_usd_per_mtok=5e3),
    "huge demand": _pricing(
        demand_mtok=1e15,
        reconsidered_mtok=1e14,
        derivatives_mtok_per_usd=[[-1e13, 1e10], [1e10, -1e13]],
    ),
    "nearly free": _pricing(
        price_usd_per_mtok=1e-3,
        marginal_cost_usd_per_mtok=1e-5,
        full_cost_usd_per_mtok=1e-5,
        derivatives_mtok_per_usd=[[-1e9, 0.0], [0.0, -1e9]],
    ),
    "a quarter": _pricing(period_months=3.0),
}

_COMPUTE = ComputePricingView(
    month="2026-03",
    runway_months=30.0,
    firm="microsoft",
    spot_price_usd_per_gpu_hour=2.5,
    levelised_cost_usd_per_gpu_hour=2.0,
    running_cost_usd_per_gpu_hour=0.4,
    load=0.9,
    contracted_share=0.5,
)
_CUSTOMERS = replace(
    _COMPUTE,
    customers=("openai", "mistral"),
    integrated=True,
    alternative_price_usd_per_gpu_hour=frozen([3.0, np.inf]),
    willingness_to_pay_usd_per_gpu_hour=frozen([5.0, 2.5]),
    opportunity_cost_usd_per_gpu_hour=frozen([2.2, 2.0]),
)
_YEARS_OF_PRICES = frozen([2.02] * 12 + [1.98] * 12)

COMPUTE_PRICING: Mapping[str, View] = {
    "usual": _COMPUTE,
    "zero demand": replace(_COMPUTE, load=0.0, contracted_share=0.0),
    "monopoly": replace(_CUSTOMERS, alternative_price_usd_per_gpu_hour=frozen([np.inf, np.inf])),
    "no capacity": replace(_COMPUTE, load=10.0, contracted_share=1.0),
    "insolvency next period": replace(_COMPUTE, runway_months=0.5),
    "no cash": replace(_COMPUTE, runway_months=0.0),
    "huge load": replace(_COMPUTE, load=1e9),
    "customers": _CUSTOMERS,
    "customers of no rival": replace(_CUSTOMERS, integrated=False),
    "rivals that give it away": replace(_CUSTOMERS, alternative_price_usd_per_gpu_hour=frozen([1e-3, 1e-3])),
    "integrated without customers": replace(_COMPUTE, integrated=True),
    "a customer that would rather walk away": replace(
        _COMPUTE,
        customers=("mistral",),
        alternative_price_usd_per_gpu_hour=frozen([2.0]),
        willingness_to_pay_usd_per_gpu_hour=frozen([-1.0]),
        opportunity_cost_usd_per_gpu_hour=frozen([2.0]),
    ),
    "two years of sales": replace(
        _COMPUTE, past_price_usd_per_gpu_hour=_YEARS_OF_PRICES, past_sales_gpus=frozen([900.0] * 12 + [960.0] * 12)
    ),
    "growing whatever the price": replace(
        _COMPUTE,
        past_price_usd_per_gpu_hour=frozen(_YEARS_OF_PRICES[::-1]),
        past_sales_gpus=frozen(np.arange(1.0, 25.0)),
    ),
    "nothing sold": replace(
        _COMPUTE, past_price_usd_per_gpu_hour=_YEARS_OF_PRICES, past_sales_gpus=frozen(np.zeros(24))
    ),
    "in the middle of a trial": replace(
        _COMPUTE, past_price_usd_per_gpu_hour=frozen([2.02] * 30), past_sales_gpus=frozen([1e3] * 30)
    ),
    "dear power": replace(_COMPUTE, running_cost_usd_per_gpu_hour=50.0),
    "nearly free": replace(
        _COMPUTE,
        spot_price_usd_per_gpu_hour=1e-3,
        levelised_cost_usd_per_gpu_hour=1e-3,
        running_cost_usd_per_gpu_hour=1e-4,
    ),
    "a quarter": replace(_COMPUTE, period_months=3.0),
}

_CHOICE = ChoiceView(
    month="2026-03",
    segment="enterprises",
    buyer_type="enterprise",
    products=("openai_api", "claude_api", "llama@azure", "llama@self", "openai_chatgpt"),
    kinds=("api", "api", "open", "open", "service"),
    buyer_hosted=(False, False, False, True, False),
    sellers=("openai", "anthropic", "microsoft", "meta", "openai"),
    price_usd_per_mtok=frozen([10.0, 12.0, 2.0, 1.0, 20.0]),
    quality=frozen([2.0, 2.2, 1.2, 1.2, 2.0]),
    unserved_share=frozen([0.0, 0.1, 0.0, 0.0, 0.0]),
    usage_share=frozen([0.4, 0.3, 0.2, 0.0, 0.1]),
    quality_weight=1.2,
    service_weight=0.3,
    switching_cost=1.5,
    reconsider_per_year=1.5,
    mtok_per_month=20.0,
    budget_usd_per_month=2000.0,
    commitment_discount_per_year=0.1,
)


def _menu(kept: list[int], **changes: Any) -> ChoiceView:
    """The usual view with only some of its products."""
    of_products = {
        name: tuple(value[j] for j in kept) if isinstance(value, tuple) else frozen(value[kept])
        for name, value in vars(_CHOICE).items()
        if isinstance(value, tuple | np.ndarray)
    }
    return replace(_CHOICE, **{**of_products, **changes})


CHOICE: Mapping[str, View] = {
    "usual": _CHOICE,
    "zero demand": replace(_CHOICE, usage_share=frozen(np.zeros(5)), mtok_per_month=1e-6, budget_usd_per_month=1e-6),
    "monopoly": _menu([0], usage_share=frozen([1.0])),
    "no capacity": replace(_CHOICE, unserved_share=frozen(np.ones(5))),
    "nothing on sale": _menu([]),
    "open weights only": _menu([2, 3], usage_share=frozen([1.0, 0.0])),
    "only what it would host itself": _menu([3], usage_share=frozen([0.0])),
    "closed products only": _menu([0, 1, 4]),
    "nobody reconsiders": replace(_CHOICE, reconsider_per_year=1e-6, switching_cost=100.0),
    "nothing holds buyers": replace(_CHOICE, reconsider_per_year=1e3, switching_cost=0.0),
    "quality does not matter": replace(_CHOICE, quality_weight=0.0),
    "qualities far apart": replace(_CHOICE, quality=frozen([-50.0, 60.0, 0.0, 0.0, 1.0])),
    "nearly free": replace(_CHOICE, price_usd_per_mtok=frozen(np.full(5, 1e-6))),
    "dear": replace(_CHOICE, price_usd_per_mtok=frozen(np.full(5, 1e6))),
    "huge buyers": replace(_CHOICE, mtok_per_month=1e9, budget_usd_per_month=1e12),
    "a quarter": replace(_CHOICE, period_months=3.0),
}
