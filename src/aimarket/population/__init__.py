"""Buyers as columns, and how they choose."""

from aimarket.population.choice import (
    ChoiceMeasures,
    ChoiceOutcome,
    ChoiceSet,
    Tastes,
    choose_products,
    expect_products,
)
from aimarket.population.columns import Population
from aimarket.population.expected import ExpectedPopulation

__all__ = [
    "ChoiceMeasures",
    "ChoiceOutcome",
    "ChoiceSet",
    "ExpectedPopulation",
    "Population",
    "Tastes",
    "choose_products",
    "expect_products",
]
