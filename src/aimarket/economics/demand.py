"""Nested-logit demand: shares, welfare and derivatives of one consumer type (or many at once).

Utilities V_j are given; tastes are generalised extreme value with the outside option alone and any
number of nests with within-nest correlation sigma (McFadden 1978):

    P_j = P(j | g) P(g),   I_g = (1 - sigma) ln sum_{j in g} exp(V_j / (1 - sigma))

with P(j | g) and P(g) logit shares of V / (1 - sigma) and of I.  sigma = 0 is plain logit.  Everywhere
``nesting`` is one sigma for all nests or one per product (J,), equal within a nest, and
``outside_utility`` None stands for a market without an outside option.  With prices the utility is
V_j = quality_j - price_coefficient * f(p_j), f(p) = p ("linear") or ln p ("log").
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from aimarket.economics.errors import EconomicsError, require
from aimarket.economics.inputs import numbers
from aimarket.economics.products import finite_array, nest_array

__all__ = [
    "consumer_surplus",
    "diversion_ratios",
    "inclusive_value",
    "mean_utilities",
    "nested_logit_shares",
    "price_derivatives",
    "price_elasticities",
    "share_derivatives",
    "systematic_utility",
]

FloatArray = npt.NDArray[np.float64]


def nested_logit_shares(
    utility: npt.ArrayLike,
    nest: npt.ArrayLike | None = None,
    nesting: npt.ArrayLike = 0.0,
    outside_utility: npt.ArrayLike | None = 0.0,
) -> tuple[FloatArray, FloatArray]:
    """Shares of the products, shape (..., J), and of the outside option, shape (...).

    ``utility`` (..., J) in utils, minus infinity for a product that is not to be had; ``nest`` (J,)
    any labels, None for each product alone; ``nesting`` sigma in [0, 1); ``outside_utility``
    broadcasts to (...), None leaves no outside option and gives it a share of 0.  Raises
    ``EconomicsError`` for a sigma or a utility out of bounds, a nest of the wrong shape, or a
    consumer left with no choice at all.
    """
    choice = _solve(utility, nest, nesting, outside_utility)
    return choice.within * choice.nest_share, choice.outside


def inclusive_value(
    utility: npt.ArrayLike,
    nest: npt.ArrayLike | None = None,
    nesting: npt.ArrayLike = 0.0,
    outside_utility: npt.ArrayLike | None = 0.0,
) -> FloatArray:
    """Expected utility of the best choice, in utils up to Euler's constant, shape (...).

    ln(exp(V_0) + sum_g exp(I_g)); divided by the marginal utility of income its change is the change
    in consumer surplus (Small & Rosen 1981).  Arguments as for ``nested_logit_shares``.
    """
    return _solve(utility, nest, nesting, outside_utility).inclusive


def share_derivatives(
    utility: npt.ArrayLike,
    nest: npt.ArrayLike | None = None,
    nesting: npt.ArrayLike = 0.0,
    outside_utility: npt.ArrayLike | None = 0.0,
) -> FloatArray:
    """Derivatives dP_j / dV_k of the shares, shape (..., J, J) indexed [j, k]; symmetric.

        dP_j / dV_k = P_j (1[j = k] / (1 - sigma) - sigma / (1 - sigma) 1[same nest] P(k | g) - P_k)

    With V_j = ... - alpha p_j the derivative in the price p_k is -alpha times this (Berry 1994).
    Arguments as for ``nested_logit_shares``.
    """
    choice = _solve(utility, nest, nesting, outside_utility)
    return np.asarray((choice.within * choice.nest_share)[..., :, None] * _log_share_derivatives(choice))


def systematic_utility(
    quality: npt.ArrayLike, price: npt.ArrayLike, price_coefficient: npt.ArrayLike, price_term: str = "linear"
) -> FloatArray:
    """Utilities V_j = quality_j - price_coefficient f(p_j), shape (..., J).

    ``quality`` and ``price`` (..., J); ``price_coefficient`` > 0 in utils per unit of money
    (``price_term`` "linear", f(p) = p) or utils per log point ("log", f(p) = ln p), a number or one
    per consumer (...).  Raises ``EconomicsError`` for a coefficient that is not positive, a price that
    is not finite (not positive with "log"), a quality of plus infinity or not a number.
    """
    value, cost, coefficient = _priced(quality, price, price_coefficient, price_term)
    return np.asarray(value - coefficient * (np.log(cost) if price_term == "log" else cost))


def price_derivatives(
    quality: npt.ArrayLike,
    price: npt.ArrayLike,
    price_coefficient: npt.ArrayLike,
    *,
    nest: npt.ArrayLike | None = None,
    nesting: npt.ArrayLike = 0.0,
    outside_utility: npt.ArrayLike | None = 0.0,
    price_term: str = "linear",
) -> FloatArray:
    """Derivatives dP_j / dp_k of the shares in prices, shape (..., J, J) indexed [j, k].

    -alpha dP_j / dV_k, divided by p_k for "log".  Arguments as for ``systematic_utility`` and
    ``nested_logit_shares``, raises what they raise.
    """
    utility = systematic_utility(quality, price, price_coefficient, price_term)
    _, cost, coefficient = _priced(quality, price, price_coefficient, price_term)
    slope = coefficient / cost if price_term == "log" else np.broadcast_to(coefficient, utility.shape)
    return np.asarray(-slope[..., None, :] * share_derivatives(utility, nest, nesting, outside_utility))


def price_elasticities(
    quality: npt.ArrayLike,
    price: npt.ArrayLike,
    price_coefficient: npt.ArrayLike,
    *,
    nest: npt.ArrayLike | None = None,
    nesting: npt.ArrayLike = 0.0,
    outside_utility: npt.ArrayLike | None = 0.0,
    price_term: str = "linear",
) -> FloatArray:
    """Elasticities d ln P_j / d ln p_k, shape (..., J, J) indexed [j, k]; own prices on the diagonal.

    In plain logit -alpha p_j (1 - P_j) on the diagonal and alpha p_k P_k elsewhere; with "log" the
    same without the prices.  Finite for products nobody buys.  Arguments as for
    ``systematic_utility`` and ``nested_logit_shares``, raises what they raise.
    """
    utility = systematic_utility(quality, price, price_coefficient, price_term)
    _, cost, coefficient = _priced(quality, price, price_coefficient, price_term)
    fall = np.broadcast_to(coefficient if price_term == "log" else coefficient * cost, utility.shape)
    choice = _solve(utility, nest, nesting, outside_utility)
    return np.asarray(-fall[..., None, :] * _log_share_derivatives(choice))


def diversion_ratios(
    quality: npt.ArrayLike,
    price: npt.ArrayLike,
    price_coefficient: npt.ArrayLike,
    *,
    nest: npt.ArrayLike | None = None,
    nesting: npt.ArrayLike = 0.0,
    outside_utility: npt.ArrayLike | None = 0.0,
    price_term: str = "linear",
    notion: str = "price",
) -> FloatArray:
    """Part of the buyers lost by one product that each other one gains, (..., J, J) from row to column.

    ``notion`` "price": lost to a small price increase, -(dP_k / dp_j) / (dP_j / dp_j).  ``notion``
    "second_choice": lost when product j is withdrawn, (P_k without j - P_k) / P_j.  They are equal in
    plain logit, P_k / (1 - P_j), and differ within and between nests (Conlon & Mortimer 2021).  The
    diagonal is 0; what is missing from 1 in a row goes to the outside option.  Other arguments as for
    ``systematic_utility`` and ``nested_logit_shares``; raises what they raise and where a product has
    no alternative.
    """
    if notion not in ("price", "second_choice"):
        raise EconomicsError("notion", notion, "'price' or 'second_choice'")
    utility = systematic_utility(quality, price, price_coefficient, price_term)
    choice = _solve(utility, nest, nesting, outside_utility)
    share, within = (choice.within * choice.nest_share)[..., None, :], choice.within[..., None, :]
    others = 1.0 - np.eye(share.shape[-1])
    keep, rivals = (1.0 - choice.sigma)[:, None], others * choice.same * within
    if notion == "price":
        nest_pull, pull = np.broadcast_to(choice.sigma[:, None], keep.shape), keep
    else:
        nest_pull, pull = _withdrawal(choice.within[..., :, None], rivals.sum(axis=-1, keepdims=True), keep)
    gain = nest_pull * rivals + pull * others * share
    lost = gain.sum(axis=-1, keepdims=True) + pull * choice.outside[..., None, None]
    require(lost > 0.0, "quality", lost, "such that every product has an alternative")
    return np.asarray(gain / lost)


def consumer_surplus(
    quality: npt.ArrayLike,
    price: npt.ArrayLike,
    price_coefficient: npt.ArrayLike,
    *,
    nest: npt.ArrayLike | None = None,
    nesting: npt.ArrayLike = 0.0,
    outside_utility: npt.ArrayLike | None = 0.0,
    price_term: str = "linear",
) -> FloatArray:
    """Inclusive value over the price coefficient, per consumer, up to a constant; shape (...).

    With ``price_term`` "linear" money, in the unit of price: a difference is the change in consumer
    surplus, equal to the compensating variation (Small & Rosen 1981).  With "log" a difference of x is
    in log points: as good as dividing every price, and e^(V_0 / alpha) for the outside option, by e^x.
    Arguments as for ``systematic_utility`` and ``nested_logit_shares``, raises what they raise.
    """
    utility = systematic_utility(quality, price, price_coefficient, price_term)
    overall = inclusive_value(utility, nest, nesting, outside_utility)
    return np.asarray(overall / np.asarray(price_coefficient, dtype=np.float64))


def mean_utilities(
    share: npt.ArrayLike,
    price: npt.ArrayLike,
    price_coefficient: npt.ArrayLike,
    *,
    nest: npt.ArrayLike | None = None,
    nesting: npt.ArrayLike = 0.0,
    outside_utility: float | None = 0.0,
    price_term: str = "linear",
) -> FloatArray:
    """Qualities (J,) at which observed prices (J,) bring about the observed shares (J,).

        quality_j = V_0 + (1 - sigma) ln P(j | g) + ln P(g) - ln P_0 + alpha f(p_j)

    (Berry 1994).  The outside option has the share that is missing from 1.  With ``outside_utility``
    None the shares must sum to 1, to 1e-9, and the first product has quality 0.  Raises
    ``EconomicsError`` for shares that are not above 0 or sum to the wrong total, and as
    ``systematic_utility`` and ``nested_logit_shares`` do.
    """
    bought = finite_array("share", share)
    if bought.ndim != 1 or bought.size == 0:
        raise EconomicsError("share", bought.shape, "of shape (J,)")
    require(bought > 0.0, "share", bought, "above 0")
    cost_in_utils = -systematic_utility(np.zeros_like(bought), price, price_coefficient, price_term)
    if cost_in_utils.shape != bought.shape:
        raise EconomicsError("price", cost_in_utils.shape, f"of shape {bought.shape}")
    labels, sigma = nest_array(nest, nesting, bought.shape[-1:])
    total = float(bought.sum())
    nest_total = (labels[:, None] == labels) @ bought
    quality = (1.0 - sigma) * np.log(bought / nest_total) + np.log(nest_total) + cost_in_utils
    if outside_utility is None:
        require(abs(total - 1.0) <= 1e-9, "share", total, "1 in total where there is no outside option")
        return np.asarray(quality - quality[0])
    require(total < 1.0, "share", total, "below 1 in total where there is an outside option")
    level = finite_array("outside_utility", outside_utility)
    return np.asarray(quality - np.log1p(-total) + level)


def _priced(
    quality: npt.ArrayLike, price: npt.ArrayLike, price_coefficient: npt.ArrayLike, price_term: str
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Quality, price and coefficient as arrays that broadcast to (..., J)."""
    value, cost = numbers("quality", quality), finite_array("price", price)
    if price_term not in ("linear", "log"):
        raise EconomicsError("price_term", price_term, "'linear' or 'log'")
    require(value < np.inf, "quality", value, "finite, or minus infinity")
    if price_term == "log":
        require(cost > 0.0, "price", cost, "above 0")
    coefficient = finite_array("price_coefficient", price_coefficient)
    require(coefficient > 0.0, "price_coefficient", coefficient, "above 0")
    if value.ndim == 0 or cost.ndim == 0 or value.shape[-1] != cost.shape[-1]:
        raise EconomicsError("price", cost.shape, f"of the shape of quality, {value.shape}")
    try:
        np.broadcast_shapes(value.shape, cost.shape, (*coefficient.shape, 1))
    except ValueError:
        raise EconomicsError("price_coefficient", coefficient.shape, "one number or one per consumer") from None
    return value, cost, coefficient[..., None]


class _Choice(NamedTuple):
    within: FloatArray  # P(j | g), (..., J)
    nest_share: FloatArray  # P(g of j), (..., J)
    outside: FloatArray  # P(0), (...)
    inclusive: FloatArray  # (...)
    sigma: FloatArray  # of the product's nest, (J,)
    same: npt.NDArray[np.bool_]  # two products share a nest, (J, J)


def _solve(
    utility: npt.ArrayLike, nest: npt.ArrayLike | None, nesting: npt.ArrayLike, outside_utility: npt.ArrayLike | None
) -> _Choice:
    value = numbers("utility", utility)
    if value.ndim == 0 or value.shape[-1] == 0:
        raise EconomicsError("utility", value.shape, "of shape (..., J)")
    labels, sigma = nest_array(nest, nesting, value.shape[-1:])
    require(value < np.inf, "utility", value, "finite, or minus infinity")
    outside = _outside(outside_utility, value)
    within = np.zeros_like(value)
    own_nest = np.full_like(value, -np.inf)
    inclusive = [outside]
    for label in np.unique(labels):
        members = labels == label
        keep = 1.0 - sigma[members][0]
        scaled = value[..., members] / keep
        top = scaled.max(axis=-1, keepdims=True)
        top = np.where(np.isfinite(top), top, 0.0)
        raised = np.exp(scaled - top)
        total = raised.sum(axis=-1, keepdims=True)
        within[..., members] = np.divide(raised, total, out=np.zeros_like(raised), where=total > 0.0)
        log_total = np.log(total, out=np.full_like(total, -np.inf), where=total > 0.0)
        nest_value = keep * (top + log_total)
        own_nest[..., members] = nest_value
        inclusive.append(nest_value[..., 0])
    stacked = np.stack(inclusive, axis=-1)
    peak = stacked.max(axis=-1)
    overall = np.asarray(peak + np.log(np.exp(stacked - peak[..., None]).sum(axis=-1)))
    nest_share = np.exp(own_nest - overall[..., None])
    return _Choice(within, nest_share, np.exp(outside - overall), overall, sigma, labels[:, None] == labels)


def _outside(outside_utility: npt.ArrayLike | None, value: FloatArray) -> FloatArray:
    if outside_utility is None:
        require((value > -np.inf).any(axis=-1), "utility", -np.inf, "finite for a product where no outside option is")
        return np.full(value.shape[:-1], -np.inf)
    outside = finite_array("outside_utility", outside_utility)
    try:
        return np.broadcast_to(outside, value.shape[:-1])
    except ValueError:
        raise EconomicsError("outside_utility", outside.shape, f"one number or of shape {value.shape[:-1]}") from None


def _log_share_derivatives(choice: _Choice) -> FloatArray:
    """d ln P_j / dV_k, (..., J, J)."""
    scale = (1.0 / (1.0 - choice.sigma))[:, None]
    own = scale * np.eye(len(choice.sigma))
    within, share = choice.within[..., None, :], (choice.within * choice.nest_share)[..., None, :]
    return np.asarray(own - choice.sigma[:, None] * scale * choice.same * within - share)


def _withdrawal(own: FloatArray, rivals: FloatArray, keep: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Pull on the rest of the nest and on everything when a product of within-nest share x is withdrawn.

    ((1 - x)^-sigma - 1) / x and (1 - (1 - x)^(1 - sigma)) / x with their limits at x = 0; 1 - x is
    ``rivals``.  A product without rivals in its nest has nothing to pull on there.
    """
    lonely, unbought = rivals <= 0.0, own <= 0.0
    left = np.where(own < 0.5, np.log1p(-np.minimum(own, 0.5)), np.log(np.where(lonely, 1.0, rivals)))
    size = np.where(unbought, 1.0, own)
    nest_pull = np.where(unbought, 1.0 - keep, np.expm1((keep - 1.0) * left) / size)
    pull = np.where(unbought, keep, -np.expm1(keep * left) / size)
    return np.where(lonely, 0.0, nest_pull), np.where(lonely, 1.0, pull)
