"""What static competition alone would charge: the Bertrand-Nash prices of the market as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aimarket.economics.errors import EconomicsError
from aimarket.economics.price_system import solve_prices
from aimarket.markets.demand import fresh_demand

if TYPE_CHECKING:
    from aimarket.model import AIMarket

__all__ = ["StaticEquilibrium", "static_equilibrium"]

_TOLERANCE = 1e-8
_MOST_ITERATIONS = 500


@dataclass(frozen=True)
class StaticEquilibrium:
    """Bertrand-Nash ``price`` (J,) in USD per Mtok and the ``lerner`` index of all products there.

    NaN for a product that nobody would buy, and for all where no equilibrium was found; ``problem`` then
    says why.
    """

    price: np.ndarray
    lerner: float
    problem: str | None = None


def static_equilibrium(model: AIMarket) -> StaticEquilibrium:
    """Prices at which no owner would change its own, given today's costs, qualities and tastes.

    Buyers choose afresh: what habits, switching costs, slow adjustment, financial pressure and rationing
    add to posted prices or take from them is the difference to these.  Cost is marginal cost, without the
    rent of scarce capacity; firms of one owner price together.
    """
    catalogue = model.catalogue
    known = np.full(catalogue.size, np.nan)
    # Last period's solution is near this one's.
    before = model.static_equilibrium.price if model.static_equilibrium is not None else known
    start = np.where(np.isfinite(before), before, catalogue.price)
    offered = catalogue.available & (fresh_demand(model, start, catalogue.available).quantity > 0.0)
    priced = np.flatnonzero(offered)
    if not priced.size:
        return StaticEquilibrium(known, float("nan"), "nobody buys anything")

    def respond(price: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        if not (price > 0.0).all():
            raise EconomicsError("price", float(price.min()), "above 0")
        everywhere = start.copy()
        everywhere[priced] = price
        demand = fresh_demand(model, everywhere, offered)
        own = demand.steepness[priced]
        return demand.quantity[priced], own, np.diag(own) - demand.derivatives[np.ix_(priced, priced)]

    owner = [model.firms[catalogue.sellers[j]].owner for j in priced]
    cost = catalogue.marginal_cost[priced]
    try:
        found = solve_prices(respond, cost, owner, start[priced], tolerance=_TOLERANCE, max_iterations=_MOST_ITERATIONS)
    except EconomicsError as error:
        return StaticEquilibrium(known, float("nan"), str(error))
    known[priced] = found.price
    revenue = float(found.price @ found.quantity)
    return StaticEquilibrium(known, float(found.markup @ found.quantity) / revenue if revenue > 0.0 else float("nan"))
