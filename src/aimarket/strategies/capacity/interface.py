"""Capacity: what an owner of a fleet sees, and the accelerators it orders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aimarket.strategies.base import Decision, View

__all__ = ["CapacityDecision", "CapacityView"]


@dataclass(frozen=True, kw_only=True)
class CapacityView(View):
    """GPUs are H100 equivalents; money is USD million.

    ``demand_gpus`` is last period's demand on the fleet, unserved demand included;
    ``demand_growth_per_month`` its smoothed log growth; ``contracted_gpus`` what contracts call for at
    the planning horizon of ``lead_months``; ``spot_margin`` the spot price over full cost, less one (0 for
    a lab, which sells no compute); ``annual_return`` what a year of an accelerator bought now would earn over
    its running cost at today's spot price and the fleet's load, as a share of ``unit_capex_musd``, and
    ``annual_capital_charge`` what it must earn for depreciation and cost of capital, as a share too;
    ``means_musd`` cash, room to borrow and the cash flow expected until then; ``build_request_gpus`` what
    the firm's procurement asked to have built.
    """

    firm: str
    gpus: float
    on_order_gpus: float
    retiring_gpus: float
    connectable_gpus: float
    demand_gpus: float
    demand_growth_per_month: float
    contracted_gpus: float
    lead_months: float
    spot_margin: float
    unit_capex_musd: float
    means_musd: float
    owed_on_orders_musd: float
    planned_musd: float
    annual_return: float = 0.0
    annual_capital_charge: float = 0.0
    build_request_gpus: float = 0.0


@dataclass(frozen=True, kw_only=True)
class CapacityDecision(Decision):
    """Accelerators ordered now, in H100 equivalents."""

    order_gpus: float
    bounds: ClassVar = {"order_gpus": (0.0, 1e10)}
    headline: ClassVar = "order_gpus"
