"""Example views for each decision: what usually happens, and what hardly ever does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from aimarket.strategies.adoption.interface import AdoptionView
from aimarket.strategies.base import frozen
from aimarket.strategies.beliefs.interface import BeliefsView
from aimarket.strategies.capacity.interface import CapacityView
from aimarket.strategies.chip_pricing.interface import ChipPricingView
from aimarket.strategies.compute_pricing.interface import ComputePricingView
from aimarket.strategies.finance.interface import FinanceView
from aimarket.strategies.grid_expansion.interface import GridExpansionView
from aimarket.strategies.pricing.interface import PricingView
from aimarket.strategies.procurement.interface import ProcurementView
from aimarket.strategies.product_mix.interface import ProductMixView
from aimarket.strategies.release.interface import ReleaseView
from aimarket.strategies.training.interface import TrainingView

_PRICING = PricingView(
    firm="openai",
    products=("openai_api", "openai_chatgpt"),
    price_usd_per_mtok=frozen([10.0, 20.0]),
    marginal_cost_usd_per_mtok=frozen([3.0, 5.0]),
    full_cost_usd_per_mtok=frozen([3.0, 9.0]),
    scarcity_rent_usd_per_mtok=frozen([0.0, 0.0]),
    demand_mtok=frozen([2e6, 4e6]),
    reconsidered_mtok=frozen([2e5, 4e5]),
    derivatives_mtok_per_usd=frozen([[-4e4, 5e3], [4e3, -5e4]]),
    sister_gain_mtok=frozen([0.0, 0.0]),
    unserved_share=frozen([0.0, 0.0]),
    rival_price_usd_per_mtok=frozen([8.0, 2.0, 15.0]),
    rival_quality=frozen([1.0, 0.5, 1.2]),
    runway_months=20.0,
)


def _one(view: PricingView) -> PricingView:
    changes: dict[str, Any] = {"products": view.products[:1]}
    for name in (
        "price_usd_per_mtok",
        "marginal_cost_usd_per_mtok",
        "full_cost_usd_per_mtok",
        "scarcity_rent_usd_per_mtok",
        "demand_mtok",
        "reconsidered_mtok",
        "sister_gain_mtok",
        "unserved_share",
    ):
        changes[name] = frozen(getattr(view, name)[:1])
    return replace(view, derivatives_mtok_per_usd=frozen(view.derivatives_mtok_per_usd[:1, :1]), **changes)


_CAPACITY = CapacityView(
    firm="microsoft",
    gpus=1e5,
    on_order_gpus=1e4,
    retiring_gpus=5e3,
    connectable_gpus=1.5e5,
    demand_gpus=1.1e5,
    demand_growth_per_month=0.04,
    contracted_gpus=6e4,
    lead_months=9.0,
    spot_margin=0.1,
    unit_capex_musd=0.05,
    means_musd=8e3,
    owed_on_orders_musd=500.0,
    planned_musd=0.0,
)
_FINANCE = FinanceView(
    firm="openai",
    cash_musd=5e3,
    debt_musd=1e3,
    fixed_assets_musd=2e3,
    operating_cash_flow_musd_per_month=-300.0,
    investment_musd_per_month=100.0,
    expected_burn_musd_per_month=500.0,
    due_next_year_musd=6e3,
    commitments_musd=5e4,
    valuation_musd=9e4,
    borrowing_room_musd=400.0,
    training_scale=1.0,
    granted_share=1.0,
)
_COMPUTE = ComputePricingView("microsoft", 2.5, 2.0, 0.4, 0.9, 0.5)
_PROCUREMENT = ProcurementView("openai", 5e4, 3e4, 1e3, 4e4, 4e4, 2.5, 2.2)
_TRAINING = TrainingView("openai", 400.0, 20.0, 5e3, 200.0, 1.0)
_MIX = ProductMixView("openai", "2026-03", 300.0, 700.0, 0.4, 1.0)
_RELEASE = ReleaseView("meta", 1.2, 0.5, 8.0, frozen(np.linspace(0.0, 2.0, 24)))
_CHIP = ChipPricingView("nvidia", 30_000.0, 9_000.0, 5.0)
_GRID = GridExpansionView("pjm", 900.0, 400.0, 250.0)
_BELIEFS = BeliefsView(0.7, 0.04, 0.06, 0.1)
_ADOPTION = AdoptionView("consumers", 0.2, 1 / 12)

# decision -> label -> view; the first is the usual case.
VIEWS: dict[str, dict[str, Any]] = {
    "pricing": {
        "usual": _PRICING,
        "one product": _one(_PRICING),
        "monopoly": replace(_PRICING, rival_price_usd_per_mtok=frozen([]), rival_quality=frozen([])),
        "zero demand": replace(
            _PRICING,
            demand_mtok=frozen([0, 0]),
            reconsidered_mtok=frozen([0, 0]),
            derivatives_mtok_per_usd=frozen(np.zeros((2, 2))),
        ),
        "one product without demand": replace(
            _PRICING,
            demand_mtok=frozen([2e6, 0]),
            reconsidered_mtok=frozen([2e5, 0]),
            derivatives_mtok_per_usd=frozen([[-4e4, 0], [0, 0]]),
        ),
        "inelastic demand": replace(_PRICING, derivatives_mtok_per_usd=frozen([[-1e-9, 0], [0, -1e-9]])),
        "elastic demand": replace(_PRICING, derivatives_mtok_per_usd=frozen([[-1e12, 0], [0, -1e12]])),
        "sister that gains": replace(_PRICING, sister_gain_mtok=frozen([3e4, 5e5])),
        "sister below cost": replace(_PRICING, sister_gain_mtok=frozen([-3e6, -5e3])),
        "singular response": replace(_PRICING, derivatives_mtok_per_usd=frozen([[-1e4, 1e4], [1e4, -1e4]])),
        "no cash": replace(_PRICING, runway_months=0.0),
        "infinite runway": replace(_PRICING, runway_months=1e6),
        "no capacity": replace(
            _PRICING, unserved_share=frozen([1.0, 1.0]), scarcity_rent_usd_per_mtok=frozen([30.0, 90.0])
        ),
        "cost far above price": replace(
            _PRICING, marginal_cost_usd_per_mtok=frozen([5e3, 5e3]), full_cost_usd_per_mtok=frozen([5e3, 5e3])
        ),
        "huge demand": replace(
            _PRICING,
            demand_mtok=frozen([1e15, 1e15]),
            reconsidered_mtok=frozen([1e14, 1e14]),
            derivatives_mtok_per_usd=frozen([[-1e13, 1e10], [1e10, -1e13]]),
        ),
        "nearly free": replace(
            _PRICING,
            price_usd_per_mtok=frozen([1e-3, 1e-3]),
            marginal_cost_usd_per_mtok=frozen([1e-5, 1e-5]),
            full_cost_usd_per_mtok=frozen([1e-5, 1e-5]),
            derivatives_mtok_per_usd=frozen([[-1e9, 0], [0, -1e9]]),
        ),
    },
    "capacity": {
        "usual": _CAPACITY,
        "no fleet": replace(_CAPACITY, gpus=0.0, on_order_gpus=0.0, retiring_gpus=0.0, connectable_gpus=0.0),
        "zero demand": replace(_CAPACITY, demand_gpus=0.0, contracted_gpus=0.0, demand_growth_per_month=0.0),
        "no money": replace(_CAPACITY, means_musd=0.0),
        "debts above means": replace(_CAPACITY, owed_on_orders_musd=1e6),
        "plan": replace(_CAPACITY, planned_musd=9e3),
        "giving its capacity away": replace(_CAPACITY, spot_margin=-1.0),
        "huge": replace(
            _CAPACITY, demand_gpus=1e8, demand_growth_per_month=5.0, means_musd=1e8, connectable_gpus=1e9, gpus=5e7
        ),
        "collapse": replace(_CAPACITY, demand_growth_per_month=-5.0, demand_gpus=1.0),
    },
    "finance": {
        "usual": _FINANCE,
        "zero cash": replace(_FINANCE, cash_musd=0.0),
        "profitable": replace(
            _FINANCE, operating_cash_flow_musd_per_month=900.0, expected_burn_musd_per_month=-800.0, cash_musd=4e4
        ),
        "no burn": replace(
            _FINANCE,
            operating_cash_flow_musd_per_month=0.0,
            investment_musd_per_month=0.0,
            expected_burn_musd_per_month=0.0,
        ),
        "worthless": replace(_FINANCE, valuation_musd=0.0, borrowing_room_musd=0.0, cash_musd=1.0, granted_share=0.0),
        "no commitments": replace(_FINANCE, commitments_musd=0.0, due_next_year_musd=0.0, cash_musd=0.0),
        "huge": replace(
            _FINANCE, cash_musd=1e7, expected_burn_musd_per_month=1e6, commitments_musd=1e8, borrowing_room_musd=1e8
        ),
        "training cut to the bone": replace(_FINANCE, cash_musd=0.0, training_scale=0.0),
    },
    "compute_pricing": {
        "usual": _COMPUTE,
        "idle": replace(_COMPUTE, load=0.0, contracted_share=0.0),
        "no capacity": replace(_COMPUTE, load=10.0, contracted_share=1.0),
        "huge load": replace(_COMPUTE, load=1e9),
        "customers": replace(
            _COMPUTE,
            customers=("openai", "mistral"),
            willingness_to_pay_usd_per_gpu_hour=frozen([5.0, 2.5]),
            opportunity_cost_usd_per_gpu_hour=frozen([2.2, 2.0]),
        ),
        "a customer that would rather walk away": replace(
            _COMPUTE,
            customers=("mistral",),
            willingness_to_pay_usd_per_gpu_hour=frozen([-1.0]),
            opportunity_cost_usd_per_gpu_hour=frozen([2.0]),
        ),
        "two years of sales": replace(
            _COMPUTE,
            past_price_usd_per_gpu_hour=frozen([2.02] * 12 + [1.98] * 12),
            past_sales_gpus=frozen([900.0] * 12 + [960.0] * 12),
        ),
        "growing whatever the price": replace(
            _COMPUTE,
            past_price_usd_per_gpu_hour=frozen([1.98] * 12 + [2.02] * 12),
            past_sales_gpus=frozen(np.arange(1.0, 25.0)),
        ),
        "nothing sold": replace(
            _COMPUTE,
            past_price_usd_per_gpu_hour=frozen([2.02] * 12 + [1.98] * 12),
            past_sales_gpus=frozen([0.0] * 24),
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
    },
    "procurement": {
        "usual": _PROCUREMENT,
        "no need": replace(_PROCUREMENT, inference_gpus=0.0, training_gpus=0.0),
        "owns more than it needs": replace(_PROCUREMENT, own_gpus=1e6),
        "nothing to rent": replace(_PROCUREMENT, spot_price_usd_per_gpu_hour=0.0, contract_price_usd_per_gpu_hour=0.0),
        "huge": replace(_PROCUREMENT, inference_gpus=1e9, training_gpus=1e9),
        "cheap spot": replace(_PROCUREMENT, spot_price_usd_per_gpu_hour=0.1),
        "dear spot": replace(_PROCUREMENT, spot_price_usd_per_gpu_hour=1e3),
    },
    "training": {
        "usual": _TRAINING,
        "no revenue": replace(_TRAINING, revenue_musd_per_month=0.0, gross_profit_musd_per_month=0.0),
        "overdrawn": replace(_TRAINING, cash_musd=-100.0, gross_profit_musd_per_month=-500.0),
        "nothing at all": TrainingView("x", 0.0, 0.0, 0.0, 0.0, 0.0),
        "huge": TrainingView("x", 1e6, 1e6, 1e7, 1e6, 1.0),
    },
    "product_mix": {
        "usual": _MIX,
        "no revenue": replace(_MIX, revenue_api_musd_per_month=0.0, revenue_service_musd_per_month=0.0),
        "early": replace(_MIX, month="2023-01", service_appeal=0.0),
        "no money": replace(_MIX, training_scale=0.0),
        "huge": replace(_MIX, revenue_api_musd_per_month=1e9, revenue_service_musd_per_month=1e9, service_appeal=50.0),
    },
    "release": {
        "usual": _RELEASE,
        "first month": replace(_RELEASE, frontier_quality_history=frozen([0.0])),
        "monopoly": replace(_RELEASE, frontier_quality_history=frozen([0.5] * 40)),
        "falling behind": replace(_RELEASE, trained_quality=-3.0, released_quality=-3.0),
        "nothing new": replace(_RELEASE, trained_quality=0.5, months_since_release=0.0),
        "far ahead": replace(_RELEASE, trained_quality=40.0, months_since_release=1e3),
    },
    "chip_pricing": {
        "usual": _CHIP,
        "no orders": replace(_CHIP, backlog_months=0.0),
        "huge backlog": replace(_CHIP, backlog_months=1e6),
        "below cost": replace(_CHIP, price_usd=100.0),
        "cheap": replace(_CHIP, price_usd=1.0, unit_cost_usd=0.5),
    },
    "grid_expansion": {
        "usual": _GRID,
        "empty queue": replace(_GRID, queue_mw=0.0, ripe_mw=0.0),
        "nothing can be built": replace(_GRID, buildable_mw=0.0),
        "huge queue": replace(_GRID, queue_mw=1e7, ripe_mw=1e7, buildable_mw=1e6),
    },
    "beliefs": {
        "usual": _BELIEFS,
        "all believe": replace(_BELIEFS, narrative_share=1.0, sentiment=5.0),
        "nobody believes": replace(_BELIEFS, narrative_share=0.0, sentiment=-5.0),
        "no error": replace(_BELIEFS, narrative_squared_error=0.0, fundamental_squared_error=0.0),
        "bubble": replace(
            _BELIEFS, past_mispricing=frozen([0.1, 0.3, 0.6]), trend_extrapolation=1.2, gross_return=1.01
        ),
        "crash": replace(_BELIEFS, past_mispricing=frozen([9.0, 3.0, -0.9]), gross_return=1.1),
        "no fundamental value": replace(_BELIEFS, past_mispricing=frozen([np.nan, 0.1, 0.2])),
        "huge errors": replace(_BELIEFS, narrative_squared_error=1e6, fundamental_squared_error=1.0),
    },
    "adoption": {
        "usual": _ADOPTION,
        "nobody": replace(_ADOPTION, adopted_share=0.0),
        "everybody": replace(_ADOPTION, adopted_share=1.0),
        "a quarter": replace(_ADOPTION, years_per_period=0.25),
    },
}
