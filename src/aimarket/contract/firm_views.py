"""Example views of decisions inside a firm: the usual case, and extreme ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from aimarket.strategies.base import View, frozen
from aimarket.strategies.capacity.interface import CapacityView
from aimarket.strategies.finance.interface import FinanceView
from aimarket.strategies.procurement.interface import ProcurementView
from aimarket.strategies.product_mix.interface import ProductMixView
from aimarket.strategies.release.interface import ReleaseView
from aimarket.strategies.training.interface import TrainingView

__all__ = [
    "CAPACITY",
    "FINANCE",
    "PROCUREMENT",
    "PRODUCT_MIX",
    "RELEASE",
    "TRAINING",
]

_CAPACITY = CapacityView(
    month="2026-03",
    runway_months=30.0,
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
    annual_return=0.6,
    annual_capital_charge=0.4,
    build_request_gpus=0.0,
)
CAPACITY: Mapping[str, View] = {
    "usual": _CAPACITY,
    "zero demand": replace(
        _CAPACITY, demand_gpus=0.0, contracted_gpus=0.0, demand_growth_per_month=0.0, annual_return=-0.1
    ),
    "no capacity": replace(_CAPACITY, gpus=0.0, on_order_gpus=0.0, retiring_gpus=0.0),
    "no fleet and no grid": replace(_CAPACITY, gpus=0.0, on_order_gpus=0.0, retiring_gpus=0.0, connectable_gpus=0.0),
    "insolvency next period": replace(_CAPACITY, runway_months=0.5, means_musd=0.0),
    "no money": replace(_CAPACITY, runway_months=0.0, means_musd=0.0),
    "debts above means": replace(_CAPACITY, owed_on_orders_musd=1e6),
    "plan": replace(_CAPACITY, planned_musd=9e3),
    "asked to build": replace(_CAPACITY, build_request_gpus=4e4),
    "asked to build without means": replace(_CAPACITY, build_request_gpus=1e9, means_musd=0.0),
    "giving its capacity away": replace(_CAPACITY, spot_margin=-1.0, annual_return=-5.0),
    "free capital": replace(_CAPACITY, annual_return=0.0, annual_capital_charge=0.0),
    "huge": replace(
        _CAPACITY,
        demand_gpus=1e8,
        demand_growth_per_month=5.0,
        means_musd=1e8,
        connectable_gpus=1e9,
        gpus=5e7,
        annual_return=1e3,
        runway_months=1e6,
    ),
    "collapse": replace(_CAPACITY, demand_growth_per_month=-5.0, demand_gpus=1.0),
    "a quarter": replace(_CAPACITY, period_months=3.0),
}

_FINANCE = FinanceView(
    month="2026-03",
    runway_months=10.0,
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
    training_musd_per_month=150.0,
    equity_open_musd=2e4,
)
_PENNILESS = replace(
    _FINANCE, cash_musd=0.0, valuation_musd=0.0, borrowing_room_musd=0.0, equity_open_musd=0.0, granted_share=0.0
)
FINANCE: Mapping[str, View] = {
    "usual": _FINANCE,
    "zero demand": replace(
        _FINANCE, operating_cash_flow_musd_per_month=-800.0, expected_burn_musd_per_month=1e3, runway_months=5.0
    ),
    "insolvency next period": replace(_PENNILESS, cash_musd=250.0, runway_months=0.5),
    "overdrawn": replace(_PENNILESS, cash_musd=-100.0, runway_months=0.0),
    "no cash": replace(_FINANCE, cash_musd=0.0, runway_months=0.0),
    "profitable": replace(
        _FINANCE,
        operating_cash_flow_musd_per_month=900.0,
        expected_burn_musd_per_month=-800.0,
        cash_musd=4e4,
        runway_months=1e6,
    ),
    "no burn": replace(
        _FINANCE,
        operating_cash_flow_musd_per_month=0.0,
        investment_musd_per_month=0.0,
        expected_burn_musd_per_month=0.0,
        training_musd_per_month=0.0,
        runway_months=1e6,
    ),
    "refused": replace(_FINANCE, granted_share=0.0, equity_open_musd=0.0, runway_months=3.0, cash_musd=1500.0),
    "no commitments": replace(_FINANCE, commitments_musd=0.0, due_next_year_musd=0.0, cash_musd=0.0),
    "commitments above everything": replace(_FINANCE, commitments_musd=1e8, due_next_year_musd=1e7),
    "huge": replace(
        _FINANCE,
        cash_musd=1e7,
        expected_burn_musd_per_month=1e6,
        commitments_musd=1e8,
        borrowing_room_musd=1e8,
        equity_open_musd=1e9,
    ),
    "training cut to the bone": replace(_FINANCE, cash_musd=0.0, training_scale=0.0, training_musd_per_month=0.0),
    "a quarter": replace(_FINANCE, period_months=3.0),
}

_PROCUREMENT = ProcurementView(
    month="2026-03",
    runway_months=10.0,
    firm="openai",
    inference_gpus=5e4,
    training_gpus=3e4,
    own_gpus=1e3,
    contracted_gpus=4e4,
    reserved_next_year_gpus=4e4,
    spot_price_usd_per_gpu_hour=2.5,
    contract_price_usd_per_gpu_hour=2.2,
    build_cost_usd_per_gpu_hour=2.0,
    on_order_gpus=500.0,
    sellers=("microsoft", "oracle"),
    seller_contracted_gpus=frozen([3e4, 1e4]),
)
_NOBODY = replace(
    _PROCUREMENT,
    spot_price_usd_per_gpu_hour=0.0,
    contract_price_usd_per_gpu_hour=0.0,
    sellers=(),
    seller_contracted_gpus=frozen([]),
)
PROCUREMENT: Mapping[str, View] = {
    "usual": _PROCUREMENT,
    "zero demand": replace(_PROCUREMENT, inference_gpus=0.0, training_gpus=0.0),
    "monopoly": replace(_PROCUREMENT, sellers=("microsoft",), seller_contracted_gpus=frozen([4e4])),
    "no capacity": _NOBODY,
    "nothing to rent and nothing to build": replace(_NOBODY, build_cost_usd_per_gpu_hour=0.0, own_gpus=0.0),
    "insolvency next period": replace(_PROCUREMENT, runway_months=0.5),
    "cannot build": replace(_PROCUREMENT, build_cost_usd_per_gpu_hour=0.0, on_order_gpus=0.0),
    "building is cheap": replace(_PROCUREMENT, build_cost_usd_per_gpu_hour=1e-3),
    "owns more than it needs": replace(_PROCUREMENT, own_gpus=1e6),
    "nothing reserved": replace(
        _PROCUREMENT, contracted_gpus=0.0, reserved_next_year_gpus=0.0, seller_contracted_gpus=frozen([0.0, 0.0])
    ),
    "huge": replace(_PROCUREMENT, inference_gpus=1e8, training_gpus=1e8),
    "cheap spot": replace(_PROCUREMENT, spot_price_usd_per_gpu_hour=0.1),
    "dear spot": replace(_PROCUREMENT, spot_price_usd_per_gpu_hour=1e3),
    "a quarter": replace(_PROCUREMENT, period_months=3.0),
}

_TRAINING = TrainingView(
    month="2026-03",
    runway_months=10.0,
    firm="openai",
    revenue_musd_per_month=400.0,
    other_income_musd_per_month=20.0,
    cash_musd=5e3,
    gross_profit_musd_per_month=200.0,
    training_scale=1.0,
    trained_quality=2.1,
    frontier_quality=2.0,
    spending_musd_per_month=300.0,
    past_frontier_quality=frozen(np.linspace(0.5, 2.0, 24)),
)
TRAINING: Mapping[str, View] = {
    "usual": _TRAINING,
    "zero demand": replace(_TRAINING, revenue_musd_per_month=0.0, gross_profit_musd_per_month=0.0),
    "monopoly": replace(_TRAINING, trained_quality=9.0, frontier_quality=8.0),
    "insolvency next period": replace(_TRAINING, runway_months=0.5, cash_musd=200.0, gross_profit_musd_per_month=-99.0),
    "overdrawn": replace(_TRAINING, runway_months=0.0, cash_musd=-100.0, gross_profit_musd_per_month=-500.0),
    "nothing at all": TrainingView(
        firm="x",
        revenue_musd_per_month=0.0,
        other_income_musd_per_month=0.0,
        cash_musd=0.0,
        gross_profit_musd_per_month=0.0,
        training_scale=0.0,
    ),
    "first month": replace(_TRAINING, past_frontier_quality=frozen([2.0]), spending_musd_per_month=0.0),
    "far behind": replace(_TRAINING, trained_quality=-20.0),
    "frontier stands still": replace(_TRAINING, past_frontier_quality=frozen([2.0] * 24)),
    "frontier falls": replace(_TRAINING, past_frontier_quality=frozen(np.linspace(9.0, 2.0, 24))),
    "huge": replace(_TRAINING, revenue_musd_per_month=1e6, cash_musd=1e7, spending_musd_per_month=1e6),
    "a quarter": replace(_TRAINING, period_months=3.0),
}

_MIX = ProductMixView(
    month="2026-03",
    runway_months=10.0,
    firm="openai",
    revenue_api_musd_per_month=300.0,
    revenue_service_musd_per_month=700.0,
    service_appeal=0.4,
    training_scale=1.0,
    gross_margin_api=0.4,
    gross_margin_service=0.6,
)
PRODUCT_MIX: Mapping[str, View] = {
    "usual": _MIX,
    "zero demand": replace(
        _MIX,
        revenue_api_musd_per_month=0.0,
        revenue_service_musd_per_month=0.0,
        gross_margin_api=0.0,
        gross_margin_service=0.0,
    ),
    "insolvency next period": replace(_MIX, runway_months=0.5, training_scale=0.0),
    "early": replace(_MIX, month="2023-01", service_appeal=0.0),
    "late": replace(_MIX, month="2099-12"),
    "services at a loss": replace(_MIX, gross_margin_service=-20.0),
    "tokens at a loss": replace(_MIX, gross_margin_api=-20.0),
    "huge": replace(_MIX, revenue_api_musd_per_month=1e9, revenue_service_musd_per_month=1e9, service_appeal=50.0),
    "a quarter": replace(_MIX, period_months=3.0),
}

_RELEASE = ReleaseView(
    month="2026-03",
    runway_months=10.0,
    firm="meta",
    trained_quality=1.2,
    released_quality=0.5,
    months_since_release=8.0,
    frontier_quality_history=frozen(np.linspace(0.0, 2.0, 24)),
)
RELEASE: Mapping[str, View] = {
    "usual": _RELEASE,
    "monopoly": replace(_RELEASE, frontier_quality_history=frozen([0.5] * 40)),
    "insolvency next period": replace(_RELEASE, runway_months=0.5),
    "first month": replace(_RELEASE, frontier_quality_history=frozen([0.0])),
    "falling behind": replace(_RELEASE, trained_quality=-3.0, released_quality=-3.0),
    "nothing new": replace(_RELEASE, trained_quality=0.5, months_since_release=0.0),
    "far ahead": replace(_RELEASE, trained_quality=40.0, months_since_release=1e3),
    "a quarter": replace(_RELEASE, period_months=3.0),
}
