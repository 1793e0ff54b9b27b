"""Economics as pure functions on arrays: no agents, no state, no randomness."""

from aimarket.economics.concentration import herfindahl, lerner, sales_weighted_lerner, value_added_shares
from aimarket.economics.demand import inclusive_value, nested_logit_shares, share_derivatives
from aimarket.economics.energy import merit_order_fuel_cost, merit_order_price
from aimarket.economics.errors import EconomicsError
from aimarket.economics.finance import (
    bass_hazard,
    discounted_cash_flow_value,
    discrete_choice_share,
    runway_months,
)
from aimarket.economics.pricing import best_response_markup, lerner_from_elasticity
from aimarket.economics.technology import (
    capital_recovery_factor,
    gpu_hours_per_mtok,
    levelised_cost_usd_per_gpu_hour,
    wright_unit_cost,
)

__all__ = [
    "EconomicsError",
    "bass_hazard",
    "best_response_markup",
    "capital_recovery_factor",
    "discounted_cash_flow_value",
    "discrete_choice_share",
    "gpu_hours_per_mtok",
    "herfindahl",
    "inclusive_value",
    "lerner",
    "lerner_from_elasticity",
    "levelised_cost_usd_per_gpu_hour",
    "merit_order_fuel_cost",
    "merit_order_price",
    "nested_logit_shares",
    "runway_months",
    "sales_weighted_lerner",
    "share_derivatives",
    "value_added_shares",
    "wright_unit_cost",
]
