"""The mean field of a segment: every workload carries the shares of its options instead of one product."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from aimarket.population.choice import (
    ChoiceMeasures,
    ChoiceSet,
    FloatArray,
    IntArray,
    Tastes,
    add_measures,
    expect_products,
)
from aimarket.population.columns import Population
from aimarket.population.habits import NEUTRAL, Habits, SellerShares, sellers_of_shares
from aimarket.population.making import check_memory
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
        self,
        probability: float,
        choice_set: ChoiceSet,
        tastes: Tastes,
        who: Draws,
        which: Draws,
        habits: Habits = NEUTRAL,
    ) -> ChoiceMeasures:
        """A period's choices: of each option's mass the hazard's share chooses anew; nothing is drawn.

        A firm that shuns concentration sees the mean whereabouts of its other workloads, not their draw: close
        in the mean where its aversion is a util or less, too little spread within a firm beyond that.
        """
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
        self.must_choose[:] = False
        if not habits.one_by_one(self.workloads_per_firm):
            return self._settle(slice(None), leaving, choice_set, tastes, habits, None)
        parts = []
        for turn in range(self.workloads_per_firm):
            rows = slice(turn, None, self.workloads_per_firm)
            others = sellers_of_shares(self.shares.reshape(self.firms, -1, count + 1), turn, habits.seller)
            parts.append(self._settle(rows, leaving[rows], choice_set, tastes, habits, others))
        return add_measures(parts, count)

    def _settle(
        self,
        rows: slice,
        leaving: FloatArray,
        choice_set: ChoiceSet,
        tastes: Tastes,
        habits: Habits,
        others: SellerShares | None,
    ) -> ChoiceMeasures:
        """Let the mass ``leaving`` (n, 1 + J) of the workloads ``rows`` choose anew."""
        shares = self.shares[rows]
        shares -= leaving
        options = np.flatnonzero(leaving.any(axis=0))
        if tastes.switching_cost == 0.0 and options.size:
            # Without inertia it does not matter what was held: one pass answers for all.
            chance, measures = self._expect(rows, -1, leaving.sum(axis=1), choice_set, tastes, habits, others)
            shares += leaving.sum(axis=1)[:, None] * chance
            switched = self.usage[rows] @ (leaving[:, 1:] * (1.0 - chance[:, 1:])).sum(axis=1)
            return replace(measures, usage_switched=float(switched))
        parts = []
        for option in options:
            mass = leaving[:, option]
            chance, measures = self._expect(rows, int(option) - 1, mass, choice_set, tastes, habits, others)
            shares += mass[:, None] * chance
            parts.append(measures)
        return add_measures(parts, choice_set.products)

    def _expect(
        self,
        rows: slice,
        previous: int,
        mass: FloatArray,
        choice_set: ChoiceSet,
        tastes: Tastes,
        habits: Habits,
        others: SellerShares | None,
    ) -> tuple[FloatArray, ChoiceMeasures]:
        firm = np.repeat(np.arange(self.firms), self.workloads_per_firm)[rows]
        alpha, usage = habits.sensitivity(self.price_sensitivity[firm]), self.usage[rows]
        return expect_products(
            choice_set,
            tastes,
            price_sensitivity=alpha,
            open_taste=self.open_taste[firm],
            home_cloud=self.home_cloud[firm].astype(np.int64),
            previous=previous,
            usage=usage * mass,
            burden=habits.burden(choice_set.products, alpha, usage, others),
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
