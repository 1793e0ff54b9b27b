"""Bargaining over linear wholesale prices between suppliers and retailers that compete for consumers.

Sheu & Taragin (2021, RAND Journal of Economics 52): product t is made by one supplier, sold by one
retailer and chosen by consumers with (nested) logit demand V_t = quality_t - alpha p_t.  Retail prices
are a Bertrand equilibrium, wholesale prices Nash-in-Nash (Horn & Wolinsky 1988): each maximises

    (pi_d - pi_d^-t)^lambda (pi_u - pi_u^-t)^(1 - lambda)

given the others, with lambda the weight of the buyer d and pi^-t profits without product t.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from aimarket.economics.demand import inclusive_value, nested_logit_shares
from aimarket.economics.errors import EconomicsError, require
from aimarket.economics.inputs import finite
from aimarket.economics.products import finite_array, iteration_limit, nest_array, positive
from aimarket.economics.vertical_solver import (
    VerticalMarket,
    removal_gains,
    sequential_gains,
    solve_sequential,
    solve_simultaneous,
)

__all__ = ["VerticalEquilibrium", "wholesale_bargaining"]

FloatArray = npt.NDArray[np.float64]

LabelArray = Sequence[Hashable] | npt.NDArray[Any]

# Sequential bargaining starts from the simultaneous equilibrium at this weight where the buyers' is lower.
LEAST_STARTING_WEIGHT = 0.5


@dataclass(frozen=True)
class VerticalEquilibrium:
    """Wholesale and retail equilibrium of J products; money as in the costs, per potential consumer.

    * ``wholesale_price``, ``retail_price``, ``share`` (J,); ``outside_share`` and ``consumer_surplus``, which
      is measured up to a constant that prices do not move;
    * ``upstream_profit``, ``downstream_profit``: one element a firm, in the order of ``upstream_firms`` and
      ``downstream_firms`` (labels by first appearance).  An integrated firm's two divisions add up to
      its profit; it buys from itself at cost;
    * ``upstream_gain``, ``downstream_gain`` (J,): what the owners of the two sides lose if product t is not
      traded, NaN for a product traded within a firm;
    * ``residual``: largest violation of a first-order condition, in units of 1 / alpha per unit sold.
    """

    wholesale_price: FloatArray
    retail_price: FloatArray
    share: FloatArray
    outside_share: float
    consumer_surplus: float
    upstream_firms: tuple[Hashable, ...]
    upstream_profit: FloatArray
    downstream_firms: tuple[Hashable, ...]
    downstream_profit: FloatArray
    upstream_gain: FloatArray
    downstream_gain: FloatArray
    residual: float
    iterations: int


def wholesale_bargaining(
    quality: npt.ArrayLike,
    upstream_cost: npt.ArrayLike,
    downstream_cost: npt.ArrayLike,
    price_coefficient: float,
    upstream: LabelArray,
    downstream: LabelArray,
    buyer_weight: npt.ArrayLike,
    *,
    integrated: Iterable[tuple[Hashable, Hashable]] = (),
    outside_utility: float = 0.0,
    nest: npt.ArrayLike | None = None,
    nesting: npt.ArrayLike = 0.0,
    timing: Literal["simultaneous", "sequential"] = "simultaneous",
    tolerance: float = 1e-9,
    max_iterations: int = 100,
) -> VerticalEquilibrium:
    """Wholesale and retail prices of J products, each one contract between a supplier and a retailer.

    ``quality`` (J,) in utils; costs, scalar or (J,), in money per unit; ``price_coefficient`` alpha in utils
    per unit of money.  ``upstream`` and ``downstream`` (J,) hold the labels of maker and seller, which live
    in separate name spaces; ``integrated`` lists pairs (upstream label, downstream label) with one owner,
    and owners linked by a chain of pairs are one.  ``buyer_weight`` lambda, scalar or (J,): 1 is a
    take-it-or-leave-it offer of the retailer.  ``nest`` (J,) and ``nesting`` as in ``nested_logit_shares``.

    With m_fk the margin that owner f makes on a unit of product k, upstream and downstream together,
    retail prices satisfy sum_k m_fk ds_k/dp_j + s_j = 0.  ``timing``:

    * "simultaneous": if talks over t fail, t is gone and no price moves.  With D_tk the share of the
      buyers of t who then take k, (1 - lambda) (m_dt - sum_k D_tk m_dk) = lambda (m_ut - sum_k D_tk m_uk);
    * "sequential": retail prices answer wholesale prices, and the removal of t, while other wholesale
      prices stay: lambda GFT_u dpi_d/dw_t + (1 - lambda) GFT_d dpi_u/dw_t = 0, GFT being gains from trade.

    Raises ``EconomicsError`` for inputs out of bounds (``buyer_weight`` in (0, 1], and 0 as well if
    sequential: without countervailing retail response there is no interior wholesale price), where a
    pair would lose from trading, and if first-order conditions stay above ``tolerance``.
    """
    value = finite("quality", quality)
    count = value.size
    if value.ndim != 1 or count == 0:
        raise EconomicsError("quality", value.shape, "of shape (J,) with at least one product")
    shape = (count,)
    cost_up = finite_array("upstream_cost", upstream_cost, shape)
    cost_down = finite_array("downstream_cost", downstream_cost, shape)
    alpha = positive("price_coefficient", price_coefficient)
    weight = finite_array("buyer_weight", buyer_weight, shape)
    if not isinstance(timing, str) or timing not in ("simultaneous", "sequential"):
        raise EconomicsError("timing", timing, "'simultaneous' or 'sequential'")
    if timing == "simultaneous":
        require((weight > 0.0) & (weight <= 1.0), "buyer_weight", weight, "above 0 and at most 1")
    require((weight >= 0.0) & (weight <= 1.0), "buyer_weight", weight, "between 0 and 1")
    positive("tolerance", tolerance)
    limit = iteration_limit(max_iterations)
    labels, correlation = nest_array(nest, nesting, shape)
    nests = np.unique(labels, return_inverse=True)[1]
    outside = finite_array("outside_utility", outside_utility)
    if outside.ndim:
        raise EconomicsError("outside_utility", outside.shape, "one number")
    maker, makers = _labels("upstream", upstream, count)
    seller, sellers = _labels("downstream", downstream, count)
    owner_up, owner_down = _owners(makers, sellers, integrated)

    # From here on money is counted in units of 1 / alpha.
    at_cost = value - alpha * (cost_up + cost_down)
    market = VerticalMarket(at_cost, nests, correlation, float(outside), weight, owner_up[maker], owner_down[seller])
    if timing == "simultaneous":
        margin, wholesale, residual, steps = solve_simultaneous(market, limit)
        interior = True
        gain_down, gain_up = removal_gains(market, margin, wholesale)
    else:
        near = replace(market, weight=np.maximum(weight, LEAST_STARTING_WEIGHT))
        margin, wholesale, _, before = solve_simultaneous(near, limit)
        sells = market.internal | (market.shares(margin)[0] > 0.0)
        require(sells, "quality", value, "high enough for every product to sell")
        margin, wholesale, residual, steps, interior = solve_sequential(market, margin, wholesale, limit)
        _, gain_down, gain_up, _ = sequential_gains(market, wholesale, margin)
        steps += before
    if not residual <= tolerance:
        found = f"such that prices exist and converge (residual {residual:.3g} after {steps} iterations)"
        raise EconomicsError("max_iterations", max_iterations, found)
    least = np.where(market.internal, 0.0, np.minimum(gain_down, gain_up)) / alpha
    require(least >= -tolerance / alpha, "gains_from_trade", least, "at least 0 per unit of every product")
    if not interior:
        raise EconomicsError("timing", timing, "'simultaneous' where a Nash product has no interior maximum")
    share, outside_share = nested_logit_shares(at_cost - margin, nests, correlation, outside)
    traded_share = np.where(market.internal, np.nan, share)
    return VerticalEquilibrium(
        wholesale_price=cost_up + wholesale / alpha,
        retail_price=cost_up + cost_down + margin / alpha,
        share=share,
        outside_share=float(outside_share),
        consumer_surplus=float(inclusive_value(at_cost - margin, nests, correlation, outside)) / alpha,
        upstream_firms=makers,
        upstream_profit=_by_firm(maker, share * wholesale / alpha, len(makers)),
        downstream_firms=sellers,
        downstream_profit=_by_firm(seller, share * (margin - wholesale) / alpha, len(sellers)),
        upstream_gain=traded_share * gain_up / alpha,
        downstream_gain=traded_share * gain_down / alpha,
        residual=residual,
        iterations=steps,
    )


def _by_firm(firm: npt.NDArray[np.intp], amount: FloatArray, firms: int) -> FloatArray:
    return np.asarray(np.bincount(firm, amount, firms), dtype=np.float64)


def _labels(parameter: str, labels: LabelArray, count: int) -> tuple[npt.NDArray[np.intp], tuple[Hashable, ...]]:
    """Position (J,) of each product's firm among the firms, which are ordered by first appearance."""
    listed = labels.tolist() if hasattr(labels, "tolist") else labels
    if isinstance(listed, str) or not isinstance(listed, Sequence) or len(listed) != count:
        raise EconomicsError(parameter, labels, f"{count} labels, one per product")
    if not all(isinstance(label, Hashable) and label == label for label in listed):
        raise EconomicsError(parameter, labels, "labels that can be compared")
    position = {label: at for at, label in enumerate(dict.fromkeys(listed))}
    return np.array([position[label] for label in listed], dtype=np.intp), tuple(position)


def _owners(
    makers: tuple[Hashable, ...], sellers: tuple[Hashable, ...], integrated: Iterable[tuple[Hashable, Hashable]]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Owner of each maker and of each seller, those of a pair having the same one."""
    if isinstance(integrated, str) or not isinstance(integrated, Iterable):
        raise EconomicsError("integrated", integrated, "pairs of an upstream and a downstream label in use")
    up = np.arange(len(makers))
    down = len(makers) + np.arange(len(sellers))
    for pair in integrated:
        is_pair = isinstance(pair, Sequence) and not isinstance(pair, str) and len(pair) == 2
        if not is_pair or pair[0] not in makers or pair[1] not in sellers:
            raise EconomicsError("integrated", pair, "pairs of an upstream and a downstream label in use")
        joined, kept = down[sellers.index(pair[1])], up[makers.index(pair[0])]
        up[up == joined] = kept
        down[down == joined] = kept
    return up, down
