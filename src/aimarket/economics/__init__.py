"""Economics as pure functions on arrays: no agents, no state, no randomness.

The Q-learning experiment of Calvano et al. (2020) has names of its own in ``q_learning``.
"""

from aimarket.economics import q_learning
from aimarket.economics.asset_pricing import (
    brock_hommes_eigenvalue_modulus,
    brock_hommes_path,
    trend_follower_neimark_sacker_intensity,
    trend_follower_pitchfork_intensity,
    trend_follower_steady_state,
)
from aimarket.economics.concentration import (
    cost_weighted_lerner,
    cost_weighted_markup,
    effective_number_of_firms,
    herfindahl,
    herfindahl_change,
    lerner,
    sales_weighted_lerner,
    value_added_shares,
)
from aimarket.economics.demand import (
    consumer_surplus,
    diversion_ratios,
    inclusive_value,
    mean_utilities,
    nested_logit_shares,
    price_derivatives,
    price_elasticities,
    share_derivatives,
    systematic_utility,
)
from aimarket.economics.dispatch import merit_order_dispatch, two_zone_dispatch
from aimarket.economics.energy import merit_order_fuel_cost, merit_order_price
from aimarket.economics.equilibrium import PriceEquilibrium, bertrand_nash, monopoly, pass_through_matrix
from aimarket.economics.errors import EconomicsError
from aimarket.economics.finance import (
    bass_hazard,
    discounted_cash_flow_value,
    discrete_choice_share,
    minsky_class,
    multinomial_choice_shares,
    present_value,
    runway_months,
)
from aimarket.economics.inertia import expected_churn, stationary_shares, switching_transition
from aimarket.economics.mergers import (
    MergerEffects,
    compensating_cost_reductions,
    gross_upward_pricing_pressure_index,
    implied_marginal_costs,
    merger,
    upward_pricing_pressure,
)
from aimarket.economics.oligopoly import (
    CournotOutcome,
    ForwardOutcome,
    SuccessiveMonopoly,
    allaz_vila,
    cournot,
    spengler,
)
from aimarket.economics.price_system import PriceSolution, solve_prices
from aimarket.economics.pricing import best_response_markup, lerner_from_elasticity
from aimarket.economics.procurement import expected_procurement_cost, reserve_newsvendor, reserve_newsvendor_sample
from aimarket.economics.products import ownership_matrix
from aimarket.economics.technology import (
    capital_recovery_factor,
    energy_cost_usd_per_gpu_hour,
    gpu_hours_per_mtok,
    levelised_cost_usd_per_gpu_hour,
    moore_unit_cost,
    sahal_exponent,
    straight_line_depreciation_usd_per_gpu_hour,
    straight_line_depreciation_usd_per_year,
    wright_exponent,
    wright_learning_rate,
    wright_unit_cost,
)
from aimarket.economics.vertical import VerticalEquilibrium, wholesale_bargaining

__all__ = [
    "CournotOutcome",
    "EconomicsError",
    "ForwardOutcome",
    "MergerEffects",
    "PriceEquilibrium",
    "PriceSolution",
    "SuccessiveMonopoly",
    "VerticalEquilibrium",
    "allaz_vila",
    "bass_hazard",
    "bertrand_nash",
    "best_response_markup",
    "brock_hommes_eigenvalue_modulus",
    "brock_hommes_path",
    "capital_recovery_factor",
    "compensating_cost_reductions",
    "consumer_surplus",
    "cost_weighted_lerner",
    "cost_weighted_markup",
    "cournot",
    "discounted_cash_flow_value",
    "discrete_choice_share",
    "diversion_ratios",
    "effective_number_of_firms",
    "energy_cost_usd_per_gpu_hour",
    "expected_churn",
    "expected_procurement_cost",
    "gpu_hours_per_mtok",
    "gross_upward_pricing_pressure_index",
    "herfindahl",
    "herfindahl_change",
    "implied_marginal_costs",
    "inclusive_value",
    "lerner",
    "lerner_from_elasticity",
    "levelised_cost_usd_per_gpu_hour",
    "mean_utilities",
    "merger",
    "merit_order_dispatch",
    "merit_order_fuel_cost",
    "merit_order_price",
    "minsky_class",
    "monopoly",
    "moore_unit_cost",
    "multinomial_choice_shares",
    "nested_logit_shares",
    "ownership_matrix",
    "pass_through_matrix",
    "present_value",
    "price_derivatives",
    "price_elasticities",
    "q_learning",
    "reserve_newsvendor",
    "reserve_newsvendor_sample",
    "runway_months",
    "sahal_exponent",
    "sales_weighted_lerner",
    "share_derivatives",
    "solve_prices",
    "spengler",
    "stationary_shares",
    "straight_line_depreciation_usd_per_gpu_hour",
    "straight_line_depreciation_usd_per_year",
    "switching_transition",
    "systematic_utility",
    "trend_follower_neimark_sacker_intensity",
    "trend_follower_pitchfork_intensity",
    "trend_follower_steady_state",
    "two_zone_dispatch",
    "upward_pricing_pressure",
    "value_added_shares",
    "wholesale_bargaining",
    "wright_exponent",
    "wright_learning_rate",
    "wright_unit_cost",
]
