"""Nested-logit choice of workloads among products, as one fused pass over columns.

The utility of product ``j`` for workload ``i`` is

    V_ij = common_j - alpha_i f(p_j) + gamma_i open_j
           - kappa 1[i has a product and it is not j] - chi 1[j is not listed on i's home cloud]
    V_i0 = outside - kappa 1[i has a product]

and the taste shock is generalised extreme value with the outside option alone and two nests, closed
and open weights, of equal within-nest correlation ``sigma`` (McFadden 1978; Berry 1994 for the form
used here).  ``sigma = 0`` is plain logit.

Nothing is drawn or stored here.  ``choose_products`` takes uniforms and lets every workload pick one
option; ``expect_products`` gives the probabilities instead (mean field).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aimarket.errors import ConfigError

__all__ = ["ChoiceMeasures", "ChoiceOutcome", "ChoiceSet", "Tastes", "choose_products", "expect_products"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

# Rows worked on at once: (products, rows) arrays of this width stay in the second-level cache.
CHUNK_ROWS = 2_048


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


class _Kernel:
    """One choice set made ready: only available products, closed before open, penalties by cloud."""

    def __init__(self, choice_set: ChoiceSet, tastes: Tastes, rows: int) -> None:
        offered = np.flatnonzero(choice_set.available)
        is_open = choice_set.is_open[offered].astype(np.bool_)
        self.products = np.concatenate((offered[~is_open], offered[is_open])).astype(np.int64)
        count, closed = len(self.products), int(np.count_nonzero(~is_open))
        self.nests = [nest for nest in (slice(0, closed), slice(closed, count)) if nest.stop > nest.start]
        self.scale = 1.0 / (1.0 - tastes.nesting)
        self.nesting = tastes.nesting
        self.switching_cost = tastes.switching_cost * self.scale
        self.outside = tastes.outside_utility
        self.price = (choice_set.price_term[self.products] * -self.scale)[:, None]
        self.first_open = closed
        self.nest_of = [0] * closed + [len(self.nests) - 1] * (count - closed)
        # The draw runs through products in the order of their index, whichever nest they are in.
        self.draw_order = np.argsort(self.products)
        self.lookup = np.concatenate(([-1], self.products[self.draw_order])).astype(np.int64)
        self.row_of = np.full(choice_set.products + 1, -1, dtype=np.int64)
        self.row_of[self.products] = np.arange(count)
        # Column h of the table belongs to home cloud h; the last one to firms without a home cloud.
        penalty = np.zeros((count, choice_set.listed.shape[0] + 1))
        penalty[:, :-1] = tastes.integration_cost * ~choice_set.listed[:, self.products].T.astype(np.bool_)
        self.table = (choice_set.common_utility[self.products][:, None] - penalty) * self.scale
        self.same_table = bool((self.table == self.table[:, :1]).all())
        self.workspace = np.empty((2, count, min(rows, CHUNK_ROWS)))

    def probabilities(
        self, alpha: FloatArray, gamma: FloatArray, home: IntArray, previous: IntArray
    ) -> tuple[FloatArray, list[FloatArray], FloatArray, FloatArray]:
        """P(j | nest) (products, n), [P(nest)], P(outside) and logsum - V_0, each (n,), for one chunk."""
        # All utilities carry the factor 1 / (1 - sigma) until they are joined into nests.
        value, scratch = self.workspace[:, :, : len(alpha)]
        np.multiply(self.price, alpha, out=value)
        if self.same_table:
            value += self.table[:, :1]
        else:
            # Indices are within bounds; any other mode makes numpy go through a buffer.
            value += np.take(self.table, home, axis=1, out=scratch, mode="wrap")
        if self.first_open < len(value):
            value[self.first_open :] += gamma * self.scale
        # Switching costs hit every option but the incumbent, so a bonus on the incumbent is the same
        # thing; one that is not offered any more is left by everybody and needs none.
        row = self.row_of[previous]
        stays = np.flatnonzero(row >= 0)
        value[row[stays], stays] += self.switching_cost
        inclusive = []
        for nest in self.nests:
            part = value[nest]
            top = part.max(axis=0)
            part -= top
            np.exp(part, out=part)
            total = part.sum(axis=0)
            part /= total
            inclusive.append((np.log(total) + top) / self.scale)
        peak = np.maximum.reduce(inclusive, initial=self.outside)
        weights = [np.exp(nest_value - peak) for nest_value in inclusive]
        outside = np.exp(self.outside - peak)
        total = outside + sum(weights)
        shares = [weight / total for weight in weights]
        return value, shares, outside / total, np.log(total) + (peak - self.outside)

    def draw(
        self, conditional: FloatArray, shares: list[FloatArray], outside: FloatArray, uniform: FloatArray
    ) -> IntArray:
        """Inverse of the cumulative probabilities at ``uniform``, outside option first."""
        cumulative = outside.copy()
        position = (uniform >= cumulative).astype(np.int64)
        for row in self.draw_order:
            cumulative += conditional[row] * shares[self.nest_of[row]]
            position += uniform >= cumulative
        # Rounding can leave the last cumulative probability just below a uniform close to 1.
        for i in np.flatnonzero(position > len(self.draw_order)):
            joint = [conditional[row, i] * shares[self.nest_of[row]][i] for row in self.draw_order]
            position[i] = max((at + 1 for at, share in enumerate(joint) if share > 0.0), default=0)
        return self.lookup[position]

    def derivatives(self, conditional: FloatArray, shares: list[FloatArray], weight: FloatArray) -> FloatArray:
        """Sum over the chunk of weight_i dP_j / dV_k, without BLAS so that bits are always the same.

        dP_j / dV_k = P_j (1[j = k] / (1 - sigma) - sigma / (1 - sigma) 1[same nest] P(k | nest) - P_k).
        """
        result = np.empty((len(conditional), len(conditional)))
        scratch = self.workspace[1, :, : len(weight)]
        for nest, share in zip(self.nests, shares, strict=True):
            part, left = conditional[nest], scratch[nest]
            in_nest = weight * share
            np.multiply(part, in_nest * (share + self.nesting * self.scale), out=left)
            block = -np.einsum("jn,kn->jk", left, part)
            block += block.T.copy()
            block /= 2.0
            np.einsum("jj->j", block)[:] += self.scale * np.einsum("jn,n->j", part, in_nest)
            result[nest, nest] = block
        if len(self.nests) == 2:
            closed, opened = self.nests
            np.multiply(conditional[opened], weight * shares[0] * shares[1], out=scratch[opened])
            cross = np.einsum("jn,kn->jk", conditional[closed], scratch[opened])
            result[closed, opened] = -cross
            result[opened, closed] = -cross.T
        return result

    def expected(self, conditional: FloatArray, shares: list[FloatArray], usage: FloatArray) -> FloatArray:
        """Sum over the chunk of usage_i P_ij, by product."""
        result = np.empty(len(conditional))
        for nest, share in zip(self.nests, shares, strict=True):
            np.einsum("jn,n->j", conditional[nest], usage * share, out=result[nest])
        return result


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
) -> ChoiceOutcome:
    """Let n workloads choose, each with its own tastes and its own uniform draw.

    All arrays have shape (n,).  ``home_cloud`` and ``previous`` are -1 for none.  A workload takes the
    first option, outside first and then products by index, whose cumulative probability exceeds its
    uniform.  A product that is not available is never taken; where none is, everybody takes the
    outside option.
    """
    n, count = len(previous), choice_set.products
    chosen = np.full(n, -1, dtype=np.int64)
    expected, derivatives, surplus = np.zeros(count), np.zeros((count, count)), 0.0
    kernel = _Kernel(choice_set, tastes, n)
    if len(kernel.products) and n:
        usage_sum = np.zeros(len(kernel.products))
        matrix = np.zeros((len(kernel.products), len(kernel.products)))
        for start in range(0, n, CHUNK_ROWS):
            rows = slice(start, start + CHUNK_ROWS)
            alpha, weight = price_sensitivity[rows], usage[rows]
            conditional, shares, outside, gain = kernel.probabilities(
                alpha, open_taste[rows], home_cloud[rows], previous[rows]
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
) -> tuple[FloatArray, ChoiceMeasures]:
    """Choice probabilities of n workloads that all held option ``previous``, and what they add up to.

    Arrays have shape (n,) and mean what they mean for ``choose_products``; ``usage`` is the usage that
    chooses, so that a workload of which a fraction chooses counts with that fraction.  Probabilities
    have shape (n, J + 1), column 0 is the outside option.
    """
    n, count = len(usage), choice_set.products
    probability = np.zeros((n, count + 1))
    expected, derivatives, surplus = np.zeros(count), np.zeros((count, count)), 0.0
    kernel = _Kernel(choice_set, tastes, n)
    if not len(kernel.products):
        probability[:, 0] = 1.0
    elif n:
        matrix = np.zeros((len(kernel.products), len(kernel.products)))
        held = np.full(min(n, CHUNK_ROWS), previous, dtype=np.int64)
        for start in range(0, n, CHUNK_ROWS):
            rows = slice(start, start + CHUNK_ROWS)
            alpha, weight = price_sensitivity[rows], usage[rows]
            conditional, shares, outside, gain = kernel.probabilities(
                alpha, open_taste[rows], home_cloud[rows], held[: len(alpha)]
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
