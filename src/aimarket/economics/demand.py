"""Nested-logit demand: shares, welfare and derivatives of one consumer type (or many at once).

Utilities V_j are given; tastes are generalised extreme value with the outside option alone and any
number of nests of equal within-nest correlation sigma (McFadden 1978):

    P_j = P(j | g) P(g),   I_g = (1 - sigma) ln sum_{j in g} exp(V_j / (1 - sigma))

with P(j | g) and P(g) logit shares of V / (1 - sigma) and of I.  sigma = 0 is plain logit.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aimarket.economics.errors import EconomicsError, require

__all__ = ["inclusive_value", "nested_logit_shares", "share_derivatives"]

FloatArray = npt.NDArray[np.float64]


def nested_logit_shares(
    utility: npt.ArrayLike, nest: npt.ArrayLike, nesting: float, outside_utility: npt.ArrayLike = 0.0
) -> tuple[FloatArray, FloatArray]:
    """Shares of the products, shape (..., J), and of the outside option, shape (...).

    ``utility`` (..., J) in utils, minus infinity for a product that is not to be had; ``nest`` (J,)
    any labels; ``nesting`` sigma in [0, 1); ``outside_utility`` broadcasts to (...).  Raises
    ``EconomicsError`` for a sigma or a utility out of bounds or a nest of the wrong shape.
    """
    conditional, nests, outside, _ = _solve(utility, nest, nesting, outside_utility)
    return conditional * nests, outside


def inclusive_value(
    utility: npt.ArrayLike, nest: npt.ArrayLike, nesting: float, outside_utility: npt.ArrayLike = 0.0
) -> FloatArray:
    """Expected utility of the best choice, in utils up to Euler's constant, shape (...).

    ln(exp(V_0) + sum_g exp(I_g)); divided by the marginal utility of income its change is the change
    in consumer surplus (Small & Rosen 1981).  Arguments as for ``nested_logit_shares``.
    """
    return _solve(utility, nest, nesting, outside_utility)[3]


def share_derivatives(
    utility: npt.ArrayLike, nest: npt.ArrayLike, nesting: float, outside_utility: npt.ArrayLike = 0.0
) -> FloatArray:
    """Derivatives dP_j / dV_k of the shares, shape (..., J, J) indexed [j, k]; symmetric.

        dP_j / dV_k = P_j (1[j = k] / (1 - sigma) - sigma / (1 - sigma) 1[same nest] P(k | g) - P_k)

    With V_j = ... - alpha p_j the derivative in the price p_k is -alpha times this (Berry 1994).
    Arguments as for ``nested_logit_shares``.
    """
    conditional, nests, _, _ = _solve(utility, nest, nesting, outside_utility)
    share = conditional * nests
    labels = np.asarray(nest)
    same = labels[:, None] == labels[None, :]
    scale = 1.0 / (1.0 - nesting)
    inner = scale * np.eye(len(labels)) - nesting * scale * same * conditional[..., None, :]
    return np.asarray(share[..., :, None] * (inner - share[..., None, :]))


def _solve(
    utility: npt.ArrayLike, nest: npt.ArrayLike, nesting: float, outside_utility: npt.ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """P(j | g) and P(g of j), both (..., J), P(0) and the overall inclusive value, both (...)."""
    value = np.asarray(utility, dtype=np.float64)
    labels = np.asarray(nest)
    if value.ndim == 0 or labels.shape != value.shape[-1:]:
        raise EconomicsError("nest", labels.shape, f"of shape {value.shape[-1:]}, one label per product")
    require(0.0 <= nesting < 1.0, "nesting", nesting, "at least 0 and below 1")
    require(value < np.inf, "utility", value, "finite, or minus infinity")
    outside = np.broadcast_to(np.asarray(outside_utility, dtype=np.float64), value.shape[:-1])
    require(np.isfinite(outside), "outside_utility", outside, "finite")
    conditional = np.zeros_like(value)
    own_nest = np.full_like(value, -np.inf)
    inclusive = [outside]
    for label in np.unique(labels):
        members = labels == label
        scaled = value[..., members] / (1.0 - nesting)
        top = scaled.max(axis=-1, keepdims=True)
        top = np.where(np.isfinite(top), top, 0.0)
        raised = np.exp(scaled - top)
        total = raised.sum(axis=-1, keepdims=True)
        conditional[..., members] = np.divide(raised, total, out=np.zeros_like(raised), where=total > 0.0)
        log_total = np.log(total, out=np.full_like(total, -np.inf), where=total > 0.0)
        nest_value = (1.0 - nesting) * (top + log_total)
        own_nest[..., members] = nest_value
        inclusive.append(nest_value[..., 0])
    stacked = np.stack(inclusive, axis=-1)
    peak = stacked.max(axis=-1)
    overall = np.asarray(peak + np.log(np.exp(stacked - peak[..., None]).sum(axis=-1)))
    return conditional, np.exp(own_nest - overall[..., None]), np.exp(outside - overall), overall
