"""Views of sellers for the tests of pricing strategies: a made-up one, and one of a seller in a logit market."""

from __future__ import annotations

from typing import Any

import numpy as np

from aimarket.config.registry import make_strategy
from aimarket.config.schema.base import Plug
from aimarket.economics import nested_logit_shares, price_derivatives, systematic_utility
from aimarket.randomness import RandomSource
from aimarket.strategies.base import checked_decision, frozen
from aimarket.strategies.pricing.interface import PricingDecision, PricingView

OWN = {
    "quality": 0.0,
    "price_usd_per_mtok": 4.0,
    "access_fee_usd_per_mtok": 0.0,
    "marginal_cost_usd_per_mtok": 2.0,
    "full_cost_usd_per_mtok": 2.5,
    "scarcity_rent_usd_per_mtok": 0.0,
    "demand_mtok": 1e6,
    "reconsidered_mtok": 1e5,
    "sister_gain_mtok": 0.0,
    "unserved_share": 0.0,
    "share_mtok": 0.2,
}


def pricing_view(**changes: Any) -> PricingView:
    """A seller of one product among no rivals, unless ``changes`` says otherwise; numbers become columns."""
    kinds = changes.pop("kinds", ("api",))
    rivals = changes.pop("rivals", [])  # of (kind, price, quality, share)
    values: dict[str, Any] = {
        "firm": "openai",
        "products": tuple(f"openai_{k}" for k in range(len(kinds))),
        "kinds": kinds,
        "rival_products": tuple(f"rival_{r}" for r in range(len(rivals))),
        "rival_kinds": tuple(rival[0] for rival in rivals),
        "rival_price_usd_per_mtok": [rival[1] for rival in rivals],
        "rival_quality": [rival[2] for rival in rivals],
        "rival_share_mtok": [rival[3] for rival in rivals],
        "derivatives_mtok_per_usd": np.diag(np.full(len(kinds), -8e4)),
        "runway_months": 24.0,
        **{name: np.full(len(kinds), value) for name, value in OWN.items()},
    }
    for name, value in changes.items():
        values[name] = np.full(len(kinds), value) if name in OWN and np.ndim(value) == 0 else value
    arrays = {*OWN, "rival_price_usd_per_mtok", "rival_quality", "rival_share_mtok", "derivatives_mtok_per_usd"}
    return PricingView(**{name: frozen(value) if name in arrays else value for name, value in values.items()})


def logit_view(
    seller: int,
    owner: Any,
    utility: Any,
    cost: Any,
    price: Any,
    coefficient: float,
    price_term: str = "log",
    **changes: Any,
) -> PricingView:
    """What firm ``seller`` sees of a logit market with an outside option at 0, everybody reconsidering.

    ``owner``, ``utility``, ``cost`` and ``price`` (J,); all products are of the kind api and the quality 0.
    """
    owner, cost, price = np.array(owner), np.array(cost, dtype=float), np.array(price, dtype=float)
    own, others = np.flatnonzero(owner == seller), np.flatnonzero(owner != seller)
    share, _ = nested_logit_shares(systematic_utility(utility, price, coefficient, price_term))
    slope = price_derivatives(utility, price, coefficient, price_term=price_term)
    sold = share / share.sum()
    terms: dict[str, Any] = {
        "kinds": ("api",) * own.size,
        "price_usd_per_mtok": price[own],
        "marginal_cost_usd_per_mtok": cost[own],
        "full_cost_usd_per_mtok": cost[own],
        "demand_mtok": share[own],
        "reconsidered_mtok": share[own],
        "derivatives_mtok_per_usd": slope[np.ix_(own, own)],
        "share_mtok": sold[own],
        "rivals": [("api", price[j], 0.0, sold[j]) for j in others],
    }
    return pricing_view(**(terms | changes))


def decided(name: str, view: PricingView, **parameters: Any) -> PricingDecision:
    """What the pricing strategy ``name`` decides, checked as the market does, arithmetic that goes wrong raising."""
    strategy = make_strategy("pricing", Plug(name=name, **parameters), "test")
    with np.errstate(all="raise", under="ignore"):
        return checked_decision(strategy, view, RandomSource(1).draws("x", "y", 1), PricingDecision, view.firm, 1)


def price_of(name: str, view: PricingView, **parameters: Any) -> float:
    """The price of the first product."""
    return decided(name, view, **parameters).price_usd_per_mtok[0]


def at_once(name: str, view: PricingView, **parameters: Any) -> float:
    """The price of the first product where it moves all the way at once."""
    return price_of(name, view, adjustment=1.0, largest_change=5.0, **parameters)
