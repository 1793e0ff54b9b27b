"""What a merger does to prices and buyers, by simulation and from first-order measures of pressure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aimarket.economics.equilibrium import PriceEquilibrium, bertrand_nash
from aimarket.economics.errors import EconomicsError, require
from aimarket.economics.products import finite_array, ownership_matrix

__all__ = [
    "MergerEffects",
    "compensating_cost_reductions",
    "gross_upward_pricing_pressure_index",
    "implied_marginal_costs",
    "merger",
    "upward_pricing_pressure",
]

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class MergerEffects:
    """Equilibria before and after; price changes (J,), absolute and relative to the price before.

    ``consumer_surplus_change`` is after less before, per consumer: negative where buyers lose.
    ``herfindahl_before`` and ``_after`` are on the scale 0 to 1, of quantities without the outside option.
    """

    before: PriceEquilibrium
    after: PriceEquilibrium
    price_change: FloatArray
    relative_price_change: FloatArray
    consumer_surplus_change: float
    herfindahl_before: float
    herfindahl_after: float


def merger(
    quality: npt.ArrayLike,
    cost: npt.ArrayLike,
    price_coefficient: float,
    owner_before: npt.ArrayLike | None,
    owner_after: npt.ArrayLike,
    *,
    cost_after: npt.ArrayLike | None = None,
    nest: npt.ArrayLike | None = None,
    nesting: npt.ArrayLike = 0.0,
    outside_utility: float | None = 0.0,
    capacity: npt.ArrayLike | None = None,
    market_size: float = 1.0,
    price_term: str = "linear",
    start: npt.ArrayLike | None = None,
    tolerance: float = 1e-12,
    max_iterations: int = 10_000,
) -> MergerEffects:
    """Simulate a change of owners, and of marginal costs if ``cost_after`` (J,) is given.

    The other arguments and the errors are those of ``bertrand_nash``.  With a matrix of ownership
    weights the index is the modified Herfindahl sum_jk weight_jk s_j s_k of O'Brien & Salop (2000),
    which with labels is the ordinary one of firms' shares.
    """

    def equilibrium(costs: npt.ArrayLike, owner: npt.ArrayLike | None, first: npt.ArrayLike | None) -> PriceEquilibrium:
        return bertrand_nash(
            quality,
            costs,
            price_coefficient,
            owner=owner,
            nest=nest,
            nesting=nesting,
            outside_utility=outside_utility,
            capacity=capacity,
            market_size=market_size,
            price_term=price_term,
            start=first,
            tolerance=tolerance,
            max_iterations=max_iterations,
        )

    before = equilibrium(cost, owner_before, start)
    after = equilibrium(cost if cost_after is None else cost_after, owner_after, before.price)
    change = after.price - before.price
    relative = np.divide(change, before.price, out=np.full_like(change, np.nan), where=before.price > 0.0)
    return MergerEffects(
        before=before,
        after=after,
        price_change=change,
        relative_price_change=relative,
        consumer_surplus_change=after.consumer_surplus - before.consumer_surplus,
        herfindahl_before=_modified_herfindahl(before.share, owner_before),
        herfindahl_after=_modified_herfindahl(after.share, owner_after),
    )


def implied_marginal_costs(
    price: npt.ArrayLike, quantity: npt.ArrayLike, derivatives: npt.ArrayLike, owner: npt.ArrayLike | None = None
) -> FloatArray:
    """Marginal costs (J,) at which observed prices are an equilibrium.

        c = p + (Omega * D')^-1 q

    ``price`` and ``quantity`` (J,) or shares; ``derivatives`` D (J, J) with [j, k] = dQ_j / dp_k, as
    from ``price_derivatives``; ``owner`` as for ``bertrand_nash``.  They contain the shadow price of a
    capacity that binds.  Berry, Levinsohn & Pakes (1995).  Raises ``EconomicsError`` for quantities that
    are not above 0, demand that does not fall in its own price, or a singular system, as for one owner
    of everything without an outside option.
    """
    paid, sold, slope = _observed(price, quantity, derivatives)
    return np.asarray(paid - _markups(sold, slope, ownership_matrix(owner, len(paid))))


def compensating_cost_reductions(
    price: npt.ArrayLike,
    quantity: npt.ArrayLike,
    derivatives: npt.ArrayLike,
    owner_before: npt.ArrayLike | None,
    owner_after: npt.ArrayLike,
) -> tuple[FloatArray, FloatArray]:
    """Cuts of marginal cost (J,) that leave all prices where they were: in money, and as a part of cost.

    The markups that the new owners want at the old prices, less the old markups (Werden 1996).  Needs no
    more of demand than its derivatives at the prices before.  The second is relative to the cost before,
    NaN where that is not above 0.  Arguments and errors as for ``implied_marginal_costs``.
    """
    paid, sold, slope = _observed(price, quantity, derivatives)
    before = _markups(sold, slope, ownership_matrix(owner_before, len(paid)))
    after = _markups(sold, slope, ownership_matrix(owner_after, len(paid)))
    cost, cut = paid - before, after - before
    return cut, np.divide(cut, cost, out=np.full_like(cut, np.nan), where=cost > 0.0)


def upward_pricing_pressure(
    price: npt.ArrayLike,
    cost: npt.ArrayLike,
    diversion: npt.ArrayLike,
    owner_before: npt.ArrayLike | None,
    owner_after: npt.ArrayLike,
    *,
    efficiency: npt.ArrayLike = 0.0,
) -> FloatArray:
    """Net incentive of the merging firms to raise each price, in units of price, (J,); 0 for others.

        UPP_j = sum_k D_jk (p_k - c_k) - E_j c_j,   k the products that j's owner acquires

    ``price`` and ``cost`` (J,) before the merger; ``diversion`` (J, J) from row to column, as from
    ``diversion_ratios``; ``efficiency`` E in [0, 1] the part of the marginal cost of a merging product that the
    merger is credited with saving, one or (J,).  With ownership matrices D_jk is weighted by the rise
    of weight [j, k].  Farrell & Shapiro (2010).  Raises ``EconomicsError`` for diversion ratios outside
    [0, 1] or with more than 1 in a row, prices that are not above 0, and an efficiency outside [0, 1].
    """
    paid, marginal, gain = _diverted_margin(price, cost, diversion, owner_before, owner_after)
    saved = finite_array("efficiency", efficiency, paid.shape)
    require((saved >= 0.0) & (saved <= 1.0), "efficiency", saved, "from 0 to 1")
    changed = (ownership_matrix(owner_before, len(paid)) != ownership_matrix(owner_after, len(paid))).any(axis=1)
    return np.asarray(gain - np.where(changed, saved * marginal, 0.0))


def gross_upward_pricing_pressure_index(
    price: npt.ArrayLike,
    cost: npt.ArrayLike,
    diversion: npt.ArrayLike,
    owner_before: npt.ArrayLike | None,
    owner_after: npt.ArrayLike,
) -> FloatArray:
    """Value of the sales diverted to the new partner, per unit of revenue lost, (J,); 0 for others.

        GUPPI_j = sum_k D_jk (p_k - c_k) / p_j,   k the products that j's owner acquires

    Salop & Moresi (2009).  Arguments and errors as for ``upward_pricing_pressure``, without efficiencies.
    """
    paid, _, gain = _diverted_margin(price, cost, diversion, owner_before, owner_after)
    return np.asarray(gain / paid)


def _diverted_margin(
    price: npt.ArrayLike,
    cost: npt.ArrayLike,
    diversion: npt.ArrayLike,
    owner_before: npt.ArrayLike | None,
    owner_after: npt.ArrayLike,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    paid = _products("price", price)
    require(paid > 0.0, "price", paid, "above 0")
    marginal = finite_array("cost", cost, paid.shape)
    ratio = finite_array("diversion", diversion, (len(paid), len(paid)))
    require((ratio >= 0.0) & (ratio <= 1.0), "diversion", ratio, "from 0 to 1")
    require(np.diagonal(ratio) == 0.0, "diversion", np.diagonal(ratio), "0 from a product to itself")
    total = ratio.sum(axis=1)
    require(total <= 1.0 + 1e-9, "diversion", total, "at most 1 in a row")
    acquired = ownership_matrix(owner_after, len(paid)) - ownership_matrix(owner_before, len(paid))
    return paid, marginal, np.asarray((acquired * ratio) @ (paid - marginal))


def _observed(
    price: npt.ArrayLike, quantity: npt.ArrayLike, derivatives: npt.ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    paid = _products("price", price)
    sold = finite_array("quantity", quantity, paid.shape)
    require(sold > 0.0, "quantity", sold, "above 0")
    slope = finite_array("derivatives", derivatives, (len(paid), len(paid)))
    own = np.diagonal(slope)
    require(own < 0.0, "derivatives", own, "negative for a product's own price")
    return paid, sold, slope


def _markups(sold: FloatArray, slope: FloatArray, weights: FloatArray) -> FloatArray:
    """-(Omega * D')^-1 q, each condition divided by its product's own derivative."""
    own = np.diagonal(slope)[:, None]
    system = weights * slope.T / own
    condition = float(np.linalg.cond(system))
    if not condition <= 1e12:
        raise EconomicsError("derivatives", condition, "such that the owners' conditions are not close to singular")
    return np.asarray(np.linalg.solve(system, -sold / own[:, 0]))


def _products(parameter: str, value: npt.ArrayLike) -> FloatArray:
    array = finite_array(parameter, value)
    if array.ndim != 1 or array.size == 0:
        raise EconomicsError(parameter, array.shape, "of shape (J,) with at least one product")
    return array


def _modified_herfindahl(share: FloatArray, owner: npt.ArrayLike | None) -> float:
    inside = share / share.sum()
    return float(inside @ ownership_matrix(owner, len(share)) @ inside)
