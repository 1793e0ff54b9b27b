"""What buyers would choose if none of them had a product to stay with."""

from __future__ import annotations

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
from aimarket.population.habits import Habits

__all__ = ["choose_afresh"]


def choose_afresh(
    choice_set: ChoiceSet,
    tastes: Tastes,
    habits: Habits,
    *,
    price_sensitivity: FloatArray,
    open_taste: FloatArray,
    home_cloud: IntArray,
    usage: FloatArray,
) -> tuple[ChoiceMeasures, FloatArray]:
    """What F firms choose in the mean for their W workloads each, of ``usage`` (F, W); the others are (F,).

    The second part (J,) is minus the derivative of expected usage in the product's own price term while the
    attraction of the alternatives is held.  Workloads that look at each other choose in turn, each knowing
    the chances of those before it.
    """
    firms, workloads = usage.shape
    alpha = habits.sensitivity(price_sensitivity)
    in_turn = habits.one_by_one(workloads)
    # Without either habit all workloads of a firm choose alike, and one answers for their usage.
    turns = usage.T if in_turn or habits.hosts else [usage.sum(axis=1)]
    sellers = np.unique(habits.seller) if in_turn else habits.seller[:0]
    placed = np.zeros((sellers.size, firms))
    parts, steepness = [], np.zeros(choice_set.products)

    def others(asked: IntArray, chunk: slice) -> FloatArray:
        return np.asarray(placed[np.searchsorted(sellers, asked), chunk] / (workloads - 1))

    for weight in turns:
        probability, measures = expect_products(
            choice_set,
            tastes,
            price_sensitivity=alpha,
            open_taste=open_taste,
            home_cloud=home_cloud,
            previous=-1,
            usage=weight,
            burden=habits.burden(choice_set.products, alpha, weight, others if in_turn else None),
        )
        for row, seller in enumerate(sellers):
            placed[row] += probability[:, 1:][:, habits.seller == seller].sum(axis=1)
        parts.append(measures)
        steepness += np.einsum("n,nj->j", weight * alpha, probability[:, 1:]) / (1.0 - tastes.nesting)
    return add_measures(parts, choice_set.products), steepness
