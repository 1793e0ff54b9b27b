"""Buyers as columns, and how they choose."""

from aimarket.population.choice import ChoiceOutcome, ChoiceSet, Tastes, choose_products
from aimarket.population.columns import Population

__all__ = ["ChoiceOutcome", "ChoiceSet", "Population", "Tastes", "choose_products"]
