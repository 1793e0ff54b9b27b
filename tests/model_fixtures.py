"""Configs and runs that several test files share."""

from __future__ import annotations

import copy
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from aimarket.config import MarketConfig, load_config
from aimarket.model import AIMarket
from aimarket.recording.results import Results
from aimarket.recording.tables import TABLES

SCENARIOS = (
    "baseline",
    "dream_continues",
    "energy_crunch",
    "export_controls",
    "funding_freeze",
    "no_services_pivot",
    "open_weights_surge",
    "price_cap",
    "services_pivot",
)

_FINANCE = {"finance": {"name": "covenant"}}
_MINIMAL: dict[str, Any] = {
    "name": "minimal",
    "time": {"start": "2024-01", "periods": 24, "period": "month"},
    "population": {"firms": 60, "workloads_per_firm": 2},
    "technology": {
        "frontier_research_gpu_hours": 1e8,
        "algorithmic_progress_per_year": 1.0,
        "serving_gpu_hours_per_mtok": 1.0,
        "serving_quality_elasticity": 0.4,
        "serving_progress_per_year": 1.2,
        "progress_slowdown_per_year": 0.1,
        "gpu_power_kw": 1.4,
        "gpu_power_decline_per_year": 0.1,
        "power_usage_effectiveness": 1.3,
        "server_capex_share": 0.25,
        "datacentre_capex_usd_per_kw": 12000,
        "datacentre_life_years": 15,
    },
    "compute": {
        "contract_months": 12,
        "contract_price_decline_per_year": 0.1,
        "inference_buffer": 0.2,
        "largest_committed_share": 0.9,
        "demand_smoothing_months": 6,
        "construction_months": 6,
        "transfer_markup": 0.0,
    },
    "services": {
        "price_term": "log",
        "reference_price_usd_per_mtok": 10,
        "quality_price_coefficient": 0.9,
        "service_effort_gain": 5.0,
        "service_appeal_decay_per_year": 0.4,
        "demand_forecast_months": 4,
    },
    "agents": {
        "grid": {
            "kind": "energy_supplier",
            "cash_musd": 100,
            "operating": {"fixed_musd_per_year": 5},
            "blocks": [
                {"capacity_mw": 5000, "cost_usd_per_mwh": 10},
                {"capacity_mw": 8000, "cost_usd_per_mwh": 40},
            ],
            "other_load_mw": 6000,
            "value_of_lost_load_usd_per_mwh": 3000,
            "connection_mw_per_year": 500,
            "connection_lag_months": 6,
            "strategies": {"grid_expansion": "queue_following"} | _FINANCE,
        },
        "chipco": {
            "kind": "chip_maker",
            "cash_musd": 500,
            "operating": {"fixed_musd_per_year": 50},
            "output_h100e_per_year": 60_000,
            "output_growth_per_year": 0.8,
            "output_growth_slowdown_per_year": 0.2,
            "cumulative_output_h100e": 50_000,
            "unit_cost_usd": 9000,
            "learning_rate": 0.1,
            "price_usd": 25_000,
            "strategies": {"chip_pricing": "scarcity_markup"} | _FINANCE,
        },
        "cloud": {
            "kind": "compute_provider",
            "cash_musd": 2000,
            "valuation_musd": 5000,
            "operating": {"fixed_musd_per_year": 60},
            "fleet": {
                "gpus_h100e": 30_000,
                "purchase_price_usd_per_gpu": 25_000,
                "age_years": 1.0,
                "service_life_years": 6,
                "depreciation_life_years": 5,
                "operations_usd_per_gpu_hour": 0.2,
            },
            "cost_of_capital_per_year": 0.1,
            "strategies": {
                "compute_pricing": "utilisation_markup",
                "capacity": "demand_following",
                "pricing": "cost_plus",
            }
            | _FINANCE,
        },
        "lab": {
            "kind": "frontier_lab",
            "quality": 0.0,
            "cash_musd": 1500,
            "valuation_musd": 10_000,
            "operating": {"fixed_musd_per_year": 60, "share_of_revenue": 0.1},
            "products": {
                "api": {"kind": "api", "launch": "2023-06", "price_usd_per_mtok": 12},
                "app": {"kind": "service", "launch": "2024-06", "price_usd_per_mtok": 18},
            },
            "strategies": {
                "pricing": "target_margin",
                "procurement": "rent",
                "training": {"name": "share_of_resources", "cash_share_per_year": 0.2},
                "release": "frontier_release",
                "product_mix": "services_pivot",
                "finance": "runway_target",
            },
        },
        "buyers": {
            "kind": "buyer_segment",
            "buyer_type": "enterprise",
            "share_of_firms": 1.0,
            "buyers": 50_000,
            "buys": ["api", "service"],
            "adopted_share": 0.2,
            "reconsider_per_year": 2.0,
            "cloud_shares": {"cloud": 1.0},
            "tastes": {
                "price_sensitivity_mean": 2.0,
                "price_sensitivity_log_sd": 0.25,
                "open_taste_mean": 0,
                "open_taste_sd": 0,
                "quality_weight": 1.2,
                "service_weight": 0.2,
                "switching_cost": 1.0,
                "integration_cost": 0.3,
                "rationing_aversion": 1.0,
                "nesting": 0.2,
                "outside_utility": -10.0,
            },
            "usage": {
                "mtok_per_month": 20,
                "log_sd": 0.8,
                "growth_per_year": 0.4,
                "growth_slowdown_per_year": 0.1,
                "price_elasticity": 0.4,
                "quality_elasticity": 0.3,
                "budget_usd_per_month": 2000,
                "budget_growth_per_year": 0.5,
                "budget_growth_slowdown_per_year": 0.1,
            },
            "strategies": {"adoption": "bass"},
        },
        "money": {
            "kind": "capital_market",
            "narrative_share": 0.5,
            "narrative_base_multiple": 10.0,
            "narrative_growth_multiple": 1.0,
            "start_up_growth_per_year": 1.0,
            "largest_growth_valued_per_year": 0.6,
            "largest_growth_told_per_year": 1.5,
            "narrative_compute_share": 0.3,
            "discount_rate_per_year": 0.12,
            "long_run_margin": 0.25,
            "growth_fade_per_year": 0.3,
            "terminal_growth_per_year": 0.03,
            "largest_round_share": 0.15,
            "months_between_rounds": 6,
            "equity_supply_musd_per_year": 5000,
            "equity_supply_growth_per_year": 0.3,
            "equity_supply_growth_slowdown_per_year": 0.2,
            "largest_share_of_supply": 1.0,
            "lending_rate_per_year": 0.08,
            "largest_debt_share": 0.6,
            "recovery_share": 0.4,
            "strategies": {"beliefs": "switching"},
        },
        "everybody": {
            "kind": "rest_of_world",
            "compute_demand": {
                "gpus_h100e": 10_000,
                "growth_per_year": 0.3,
                "growth_slowdown_per_year": 0.1,
                "reference_price_usd_per_gpu_hour": 2.5,
                "price_elasticity": 1.0,
            },
        },
    },
    "supply_graph": {
        "power": {"grid": {"cloud": {"connected_mw": 80, "expansion_share": 1.0}}},
        "chips": {"chipco": {"cloud": {}}},
        "compute": {"cloud": {"lab": {}, "everybody": {}}},
        "listing": {"lab": {"cloud": {"fee_share": 0.1}}},
        "services": {"lab": {"buyers": {}}},
    },
    "events": {},
}

_OPEN_LAB: dict[str, Any] = {
    "kind": "open_weight_provider",
    "quality": -1.0,
    "cash_musd": 300,
    "operating": {"fixed_musd_per_year": 20},
    "other_income": {"musd_per_year": 60},
    "launch": "2023-06",
    "price_usd_per_mtok": 4,
    "self_hosted": True,
    "strategies": {
        "pricing": "cost_plus",
        "procurement": "rent",
        "training": "share_of_resources",
        "release": "lagged_release",
    }
    | _FINANCE,
}


def minimal_config() -> dict[str, Any]:
    """One region, chip maker, cloud, lab and segment, as a mapping that may be changed."""
    return copy.deepcopy(_MINIMAL)


def small_config() -> dict[str, Any]:
    """The minimal config and a provider of open weights."""
    config = minimal_config()
    config["name"] = "small"
    config["agents"]["openlab"] = copy.deepcopy(_OPEN_LAB)
    config["agents"]["buyers"]["buys"].append("open")
    graph = config["supply_graph"]
    graph["compute"]["cloud"]["openlab"] = {}
    graph["weights"] = {"openlab": {"cloud": {}}}
    graph["services"] |= {"openlab": {"buyers": {}}, "cloud": {"buyers": {}}}
    return config


def events_config(**events: dict[str, Any]) -> dict[str, Any]:
    """The small config with a second lab that is founded in 2025, a contract of the first, and ``events``."""
    config = small_config()
    config["time"]["periods"] = 9
    lab = config["agents"]["lab"]
    late = copy.deepcopy(lab) | {"founded": "2025-01"}
    config["agents"] = {"lab": lab, "late": late} | config["agents"]
    lab["contracts"] = {
        "big": {"seller": "cloud", "signed": "2024-01", "starts": "2024-02", "months": 20, "total_musd": 400.0}
    }
    lab["cancellation_fee_share"] = 0.05
    graph = config["supply_graph"]
    graph["compute"]["cloud"]["late"] = {}
    graph["listing"]["late"] = {"cloud": {"fee_share": 0.1}}
    graph["services"]["late"] = {"buyers": {}}
    config["events"] = events
    return config


def baseline_mapping(**overrides: Any) -> dict[str, Any]:
    """The baseline as a mapping of plain values."""
    return load_config("baseline", overrides).model_dump(exclude_none=True)


@lru_cache(maxsize=20)
def full_run(config: str, seed: int) -> Results:
    """A run of a shipped config to its horizon; kept, so take copies of what is changed."""
    return AIMarket(config, seed).run()


def tables_of(config: MarketConfig | str | dict[str, Any], seed: int = 1, **overrides: Any) -> dict[str, pd.DataFrame]:
    """The tables of a run."""
    return AIMarket(load_config(config, overrides), seed).run().tables


def check_numbers(tables: dict[str, pd.DataFrame]) -> None:
    """No infinity anywhere, NaN only where the data dictionary says missing, no impossible number."""
    for name, table in TABLES.items():
        frame = tables[name]
        assert tuple(frame.columns) == table.names, name
        for column in table.columns:
            if column.kind == "text":
                assert frame[column.name].notna().all(), f"{name}.{column.name}"
            elif column.kind == "float":
                values = frame[column.name].to_numpy()
                assert not np.isinf(values).any(), f"{name}.{column.name} is infinite"
                if "missing" not in column.meaning:
                    assert not np.isnan(values).any(), f"{name}.{column.name} is NaN"
                if _never_negative(name, column.name):
                    assert not (values < 0.0).any(), f"{name}.{column.name} falls to {np.nanmin(values)}"
                if column.unit == "0..1":
                    assert not (values > 1.0 + 1e-9).any(), f"{name}.{column.name} rises to {np.nanmax(values)}"


def _never_negative(table: str, column: str) -> bool:
    signed = {
        "market": {
            "lerner",
            "lerner_nash",
            "frontier_quality",
            "open_quality_gap",
            "producer_profit_musd",
            "welfare_musd",
            "funding_musd",
            "sentiment",
            "mispricing",
            "capex_musd",
        },
        "firms": {
            "gross_margin",
            "lerner",
            "ebitda_musd",
            "operating_profit_musd",
            "net_profit_musd",
            "free_cash_flow_musd",
            "funding_musd",
            "net_worth_musd",
            "quality",
            "capex_musd",  # a failed firm sells its fleet
            "cash_musd",  # checked apart, to rounding
        },
        "products": {"quality", "lerner", "own_price_elasticity"},
        "events": {"size"},
        "decisions": {"value"},
    }
    return column not in signed.get(table, set())
