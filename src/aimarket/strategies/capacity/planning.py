"""What several capacity rules share: demand at the horizon, room for more, and what procurement asks for."""

from __future__ import annotations

import math

from aimarket.strategies.capacity.interface import CapacityView

__all__ = [
    "affordable_gpus",
    "believed_growth_per_month",
    "connectable_room_gpus",
    "expected_demand_gpus",
    "gap_gpus",
    "plus_request",
    "request_in_words",
    "standing",
]


def expected_demand_gpus(view: CapacityView, largest_growth_per_year: float) -> float:
    """Demand when an order placed now is in operation: smoothed growth goes on, believed up to a bound."""
    return view.demand_gpus * math.exp(believed_growth_per_month(view, largest_growth_per_year) * view.lead_months)


def believed_growth_per_month(view: CapacityView, largest_growth_per_year: float) -> float:
    """Smoothed log growth between -0.1 a month and the largest that is believed."""
    return min(max(view.demand_growth_per_month, -0.1), largest_growth_per_year / 12.0)


def gap_gpus(view: CapacityView, wanted_gpus: float) -> float:
    """``wanted_gpus``, as far as they can be connected, over what will be there; negative where it is too much."""
    return min(wanted_gpus, max(view.connectable_gpus, view.gpus)) - _in_place_gpus(view)


def connectable_room_gpus(view: CapacityView) -> float:
    """GPUs that can still be connected when all orders have arrived and old vintages are gone."""
    return max(max(view.connectable_gpus, view.gpus) - _in_place_gpus(view), 0.0)


def affordable_gpus(view: CapacityView, means_share: float) -> float:
    """GPUs that a share of the means pays for after the orders already placed."""
    return max(means_share * view.means_musd - view.owed_on_orders_musd, 0.0) / view.unit_capex_musd


def plus_request(view: CapacityView, own_gpus: float, affordable: float) -> float:
    """The rule's own order and what procurement asked to have built, as far as money and connections go."""
    left = max(min(affordable, connectable_room_gpus(view)) - own_gpus, 0.0)
    return own_gpus + min(view.build_request_gpus, left)


def request_in_words(view: CapacityView) -> str:
    """The request as the end of a reason; nothing without one."""
    return f", procurement asks for {view.build_request_gpus:,.0f}" if view.build_request_gpus > 0.0 else ""


def standing(view: CapacityView, affordable: float) -> dict[str, float]:
    """Fleet, orders, money and request, for the decision's inputs."""
    return {
        "gpus": view.gpus,
        "on_order_gpus": view.on_order_gpus,
        "connectable_gpus": view.connectable_gpus,
        "affordable_gpus": affordable,
        "build_request_gpus": view.build_request_gpus,
    }


def _in_place_gpus(view: CapacityView) -> float:
    return view.gpus - view.retiring_gpus + view.on_order_gpus
