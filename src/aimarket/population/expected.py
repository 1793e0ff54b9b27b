"""The mean field of a segment: every workload carries the shares of its options instead of one product."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from aimarket.population.choice import ChoiceMeasures, ChoiceSet, FloatArray, IntArray, Tastes, expect_products
from aimarket.population.columns import Population, check_memory
from aimarket.randomness import Draws

__all__ = ["ExpectedPopulation"]


class ExpectedPopulation(Population):
    """A population without luck in choice: shares follow the choice probabilities exactly.

    ``shares`` (F W, 1 + J), once products are known, holds for each workload the share of its mass in the
    outside option (column 0) and in each product; rows sum to 1.  Tastes, usage and adoption are those of
    the sampled ``Population`` of the same seed, which this one equals in the mean.
    """

    def __init__(self, **columns: Any) -> None:
        super().__init__(**columns)
        self.shares = np.ones((self.workloads, 1))

    def reconsider(
        self, probability: float, choice_set: ChoiceSet, tastes: Tastes, who: Draws, which: Draws
    ) -> ChoiceMeasures:
        """A period's choices: of each option's mass the hazard's share chooses anew; nothing is drawn."""
        del who, which
        count = choice_set.products
        if self.shares.shape[1] != count + 1:
            check_memory(self.name, self.firms, self.workloads_per_firm, 16 * (count + 1))
            self.shares = np.zeros((self.workloads, count + 1))
            self.shares[:, 0] = 1.0
        leaving = np.full((self.workloads, count + 1), probability)
        leaving[:, 1:][:, ~choice_set.available] = 1.0
        leaving[self.must_choose] = 1.0
        leaving[~np.repeat(self.adopted, self.workloads_per_firm)] = 0.0
        leaving *= self.shares
        self.shares -= leaving
        self.must_choose[:] = False
        options = np.flatnonzero(leaving.any(axis=0))
        if tastes.switching_cost == 0.0 and options.size:
            # Without inertia it does not matter what was held: one pass answers for all.
            return self._settle_at_once(leaving, choice_set, tastes)
        parts = []
        for option in options:
            chance, measures = self._expect(choice_set, tastes, int(option) - 1, leaving[:, option])
            self.shares += leaving[:, option, None] * chance
            parts.append(measures)
        return ChoiceMeasures(
            expected_usage=sum((part.expected_usage for part in parts), np.zeros(count)),
            price_derivatives=sum((part.price_derivatives for part in parts), np.zeros((count, count))),
            surplus=sum(part.surplus for part in parts),
            usage_reconsidered=sum(part.usage_reconsidered for part in parts),
            usage_switched=sum(part.usage_switched for part in parts),
        )

    def _settle_at_once(self, leaving: FloatArray, choice_set: ChoiceSet, tastes: Tastes) -> ChoiceMeasures:
        chance, measures = self._expect(choice_set, tastes, -1, leaving.sum(axis=1))
        self.shares += leaving.sum(axis=1)[:, None] * chance
        switched = self.usage @ (leaving[:, 1:] * (1.0 - chance[:, 1:])).sum(axis=1)
        return ChoiceMeasures(
            expected_usage=measures.expected_usage,
            price_derivatives=measures.price_derivatives,
            surplus=measures.surplus,
            usage_reconsidered=measures.usage_reconsidered,
            usage_switched=float(switched),
        )

    def _expect(
        self, choice_set: ChoiceSet, tastes: Tastes, previous: int, mass: FloatArray
    ) -> tuple[FloatArray, ChoiceMeasures]:
        firm = np.repeat(np.arange(self.firms), self.workloads_per_firm)
        return expect_products(
            choice_set,
            tastes,
            price_sensitivity=self.price_sensitivity[firm],
            open_taste=self.open_taste[firm],
            home_cloud=self.home_cloud[firm].astype(np.int64),
            previous=previous,
            usage=self.usage * mass,
        )

    def usage_by_product(self, products: int) -> FloatArray:
        """Usage of live workloads by product, shape (products,); the outside option is left out."""
        if self.shares.shape[1] == 1:
            return np.zeros(products)
        return np.asarray(np.einsum("n,nj->j", self.usage, self.shares[:, 1:]))

    def usage_by_cloud(self, clouds: int, products: int) -> FloatArray:
        """Usage of live workloads by home cloud and product, shape (clouds, products)."""
        home = np.repeat(self.home_cloud, self.workloads_per_firm)
        total = np.zeros((clouds, products))
        for cloud in range(clouds):
            rows = home == cloud
            total[cloud] = np.einsum("n,nj->j", self.usage[rows], self.shares[rows, 1:])
        return total

    def providers_per_firm(self, firm_of_product: IntArray) -> float:
        """Multi-homing: expected number of providers of a buying firm whose workloads choose apart."""
        if self.shares.shape[1] == 1:
            return 0.0
        by_firm = self.shares.reshape(self.firms, self.workloads_per_firm, -1)
        providers = 0.0
        for provider in np.unique(firm_of_product):
            used = by_firm[:, :, 1:][:, :, np.asarray(firm_of_product) == provider].sum(axis=2)
            providers += float((1.0 - (1.0 - used).prod(axis=1)).sum())
        buying = float((1.0 - by_firm[:, :, 0].prod(axis=1)).sum())
        return providers / buying if buying > 0.0 else 0.0

    def firm(self, index: int) -> Mapping[str, object]:
        """Firm ``index`` by itself; ``shares`` (W, 1 + J) stands in for the product of each workload."""
        row = dict(super().firm(index))
        del row["product"]
        own = slice(index * self.workloads_per_firm, (index + 1) * self.workloads_per_firm)
        return row | {"shares": self.shares[own].tolist()}
