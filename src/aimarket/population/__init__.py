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
from aimarket.population.habits import Habits

__all__ = [
    "ChoiceMeasures",
    "ChoiceOutcome",
    "ChoiceSet",
    "ExpectedPopulation",
    "Habits",
    "Population",
    "Tastes",
    "choose_products",
    "expect_products",
]
