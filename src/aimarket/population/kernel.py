"""The fused pass over columns: choice probabilities, draws and derivatives of one chunk of workloads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from aimarket.population.choice import ChoiceSet, Tastes

__all__ = ["CHUNK_ROWS", "Kernel"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# Rows worked on at once: (products, rows) arrays of this width stay in the second-level cache.
CHUNK_ROWS = 2_048


class Kernel:
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
        self,
        alpha: FloatArray,
        gamma: FloatArray,
        home: IntArray,
        previous: IntArray,
        burden: FloatArray | None,
    ) -> tuple[FloatArray, list[FloatArray], FloatArray, FloatArray]:
        """P(j | nest) (products, n), [P(nest)], P(outside) and logsum - V_0, each (n,), for one chunk.

        ``burden`` (products, n) is utility lost, None for none.
        """
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
        if burden is not None:
            value -= np.multiply(burden, self.scale, out=scratch)
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
