"""Nested-logit choice of workloads among products, as one fused pass over columns.

The utility of product ``j`` for workload ``i`` is

    V_ij = common_j - alpha_i f(p_j) + gamma_i open_j
           - kappa 1[i has a product and it is not j] - chi 1[j is not listed on i's home cloud] - b_ij
    V_i0 = outside - kappa 1[i has a product]

and the taste shock is generalised extreme value with the outside option alone and two nests, closed
and open weights, of equal within-nest correlation ``sigma`` (McFadden 1978; Berry 1994 for the form
used here).  ``sigma = 0`` is plain logit.  The burden ``b_ij`` of ``Habits`` is a constant where derivatives
are taken.

Nothing is drawn or stored here.  ``choose_products`` takes uniforms and lets every workload pick one
option; ``expect_products`` gives the probabilities instead (mean field).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aimarket.errors import ConfigError
from aimarket.population.habits import Burden
from aimarket.population.kernel import CHUNK_ROWS, Kernel

__all__ = [
    "ChoiceMeasures",
    "ChoiceOutcome",
    "ChoiceSet",
    "Tastes",
    "add_measures",
    "choose_products",
    "expect_products",
]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Tastes:
    """What the workloads of one segment have in common; costs and utilities are in utils.

    ``switching_cost`` (kappa) is paid for leaving the present product, to another or to none;
    ``integration_cost`` (chi) for a product not listed on the home cloud; ``nesting`` (sigma) is the
    correlation of tastes within the closed and within the open nest, in [0, 1).
    """

    switching_cost: float
    integration_cost: float
    nesting: float
    outside_utility: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.nesting < 1.0:
            raise ConfigError("must be at least 0 and below 1", path="nesting", value=self.nesting)
        for field in ("switching_cost", "integration_cost"):
            if not 0.0 <= getattr(self, field) < np.inf:
                raise ConfigError("must be finite and not negative", path=field, value=getattr(self, field))
        if not np.isfinite(self.outside_utility):
            raise ConfigError("must be finite", path="outside_utility", value=self.outside_utility)


@dataclass(frozen=True)
class ChoiceSet:
    """The J products on offer to one segment in one period.

    ``common_utility`` (J,) is what all workloads agree on; ``price_term`` (J,) is f(p), the price in
    USD per Mtok or its natural log; ``is_open``, ``available`` (J,) and
    ``listed`` (C, J) are flags, the last one per cloud.  Values of unavailable products are not read.
    Raises ``ConfigError`` where shapes differ or an available product has no finite utility.
    """

    common_utility: FloatArray
    price_term: FloatArray
    is_open: BoolArray
    available: BoolArray
    listed: BoolArray

    def __post_init__(self) -> None:
        shape = np.shape(self.common_utility)
        for field in ("price_term", "is_open", "available"):
            if np.shape(getattr(self, field)) != shape:
                raise ConfigError(f"must have shape {shape}", path=field, value=np.shape(getattr(self, field)))
        if np.ndim(self.listed) != 2 or np.shape(self.listed)[1:] != shape:
            raise ConfigError(f"must have shape (clouds, {shape[0]})", path="listed", value=np.shape(self.listed))
        for field in ("common_utility", "price_term"):
            if not np.isfinite(getattr(self, field)[self.available]).all():
                raise ConfigError("must be finite for every available product", path=field)

    @property
    def products(self) -> int:
        """Number of products J, available or not."""
        return len(self.common_utility)


@dataclass(frozen=True)
class ChoiceMeasures:
    """What choosing workloads are expected to do, and what they gain.

    Usage is in the unit of the ``usage`` column (a workload's Mtok relative to the segment's mean).

    * ``expected_usage`` (J,): sum over i of usage_i P_ij;
    * ``price_derivatives`` (J, J): [j, k] is the derivative of ``expected_usage[j]`` with respect to
      ``price_term[k]``; symmetric.  With a log price term divide column k by the price p_k to have
      the derivative in prices;
    * ``surplus``: sum over i of usage_i (logsum_i - V_i0) / alpha_i, the gain over having only the
      outside option (Small & Rosen 1981): USD per Mtok times usage with a linear price term, units of
      expenditure with a log one;
    * ``usage_reconsidered``: usage of all that choose; ``usage_switched``: of those that had a product
      and left it, for another or for none.
    """

    expected_usage: FloatArray
    price_derivatives: FloatArray
    surplus: float
    usage_reconsidered: float
    usage_switched: float


@dataclass(frozen=True)
class ChoiceOutcome(ChoiceMeasures):
    """What n choosing workloads did as well: ``chosen`` and ``previous`` (n,) are product indices, -1 for
    the outside option or none."""

    chosen: IntArray
    previous: IntArray


def add_measures(parts: Sequence[ChoiceMeasures], products: int) -> ChoiceMeasures:
    """What several groups of workloads that chose from the same ``products`` products add up to."""
    return ChoiceMeasures(
        expected_usage=sum((part.expected_usage for part in parts), np.zeros(products)),
        price_derivatives=sum((part.price_derivatives for part in parts), np.zeros((products, products))),
        surplus=sum(part.surplus for part in parts),
        usage_reconsidered=sum(part.usage_reconsidered for part in parts),
        usage_switched=sum(part.usage_switched for part in parts),
    )


def choose_products(
    choice_set: ChoiceSet,
    tastes: Tastes,
    *,
    price_sensitivity: FloatArray,
    open_taste: FloatArray,
    home_cloud: IntArray,
    previous: IntArray,
    usage: FloatArray,
    uniform: FloatArray,
    burden: Burden | None = None,
) -> ChoiceOutcome:
    """Let n workloads choose, each with its own tastes and its own uniform draw.

    All arrays have shape (n,).  ``home_cloud`` and ``previous`` are -1 for none.  ``burden`` gives the utility
    that workloads lose besides, product by product, for a chunk of them at a time.  A workload takes the
    first option, outside first and then products by index, whose cumulative probability exceeds its
    uniform.  A product that is not available is never taken; where none is, everybody takes the
    outside option.
    """
    n, count = len(previous), choice_set.products
    chosen = np.full(n, -1, dtype=np.int64)
    expected, derivatives, surplus = np.zeros(count), np.zeros((count, count)), 0.0
    kernel = Kernel(choice_set, tastes, n)
    if len(kernel.products) and n:
        usage_sum = np.zeros(len(kernel.products))
        matrix = np.zeros((len(kernel.products), len(kernel.products)))
        for start in range(0, n, CHUNK_ROWS):
            rows = slice(start, start + CHUNK_ROWS)
            alpha, weight = price_sensitivity[rows], usage[rows]
            lost = burden(kernel.products, rows) if burden is not None else None
            conditional, shares, outside, gain = kernel.probabilities(
                alpha, open_taste[rows], home_cloud[rows], previous[rows], lost
            )
            chosen[rows] = kernel.draw(conditional, shares, outside, uniform[rows])
            usage_sum += kernel.expected(conditional, shares, weight)
            matrix -= kernel.derivatives(conditional, shares, weight * alpha)
            surplus += float(np.sum(weight * gain / alpha))
        expected[kernel.products] = usage_sum
        derivatives[np.ix_(kernel.products, kernel.products)] = matrix
    switched = (previous >= 0) & (chosen != previous)
    return ChoiceOutcome(
        chosen=chosen,
        previous=previous,
        expected_usage=expected,
        price_derivatives=derivatives,
        surplus=surplus,
        usage_reconsidered=float(usage.sum()),
        usage_switched=float(usage[switched].sum()),
    )


def expect_products(
    choice_set: ChoiceSet,
    tastes: Tastes,
    *,
    price_sensitivity: FloatArray,
    open_taste: FloatArray,
    home_cloud: IntArray,
    previous: int,
    usage: FloatArray,
    burden: Burden | None = None,
) -> tuple[FloatArray, ChoiceMeasures]:
    """Choice probabilities of n workloads that all held option ``previous``, and what they add up to.

    Arrays have shape (n,) and mean what they mean for ``choose_products``; ``usage`` is the usage that
    chooses, so that a workload of which a fraction chooses counts with that fraction.  Probabilities
    have shape (n, J + 1), column 0 is the outside option.
    """
    n, count = len(usage), choice_set.products
    probability = np.zeros((n, count + 1))
    expected, derivatives, surplus = np.zeros(count), np.zeros((count, count)), 0.0
    kernel = Kernel(choice_set, tastes, n)
    if not len(kernel.products):
        probability[:, 0] = 1.0
    elif n:
        matrix = np.zeros((len(kernel.products), len(kernel.products)))
        held = np.full(min(n, CHUNK_ROWS), previous, dtype=np.int64)
        for start in range(0, n, CHUNK_ROWS):
            rows = slice(start, start + CHUNK_ROWS)
            alpha, weight = price_sensitivity[rows], usage[rows]
            lost = burden(kernel.products, rows) if burden is not None else None
            conditional, shares, outside, gain = kernel.probabilities(
                alpha, open_taste[rows], home_cloud[rows], held[: len(alpha)], lost
            )
            probability[rows, 0] = outside
            for row, product in enumerate(kernel.products):
                probability[rows, product + 1] = conditional[row] * shares[kernel.nest_of[row]]
            matrix -= kernel.derivatives(conditional, shares, weight * alpha)
            surplus += float(np.sum(weight * gain / alpha))
        expected = np.einsum("n,nj->j", usage, probability[:, 1:])
        derivatives[np.ix_(kernel.products, kernel.products)] = matrix
    stayed = np.einsum("n,n->", usage, probability[:, previous + 1]) if previous >= 0 else 0.0
    total = float(usage.sum())
    return probability, ChoiceMeasures(
        expected_usage=expected,
        price_derivatives=derivatives,
        surplus=surplus,
        usage_reconsidered=total,
        usage_switched=max(total - float(stayed), 0.0) if previous >= 0 else 0.0,
    )
