"""What a visitor may choose, held to its bounds on the server: a browser can send anything."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from aimarket.config.sources import shipped_configs

__all__ = ["LARGEST_SEED", "SPEEDS", "Choice", "scenarios", "whole"]

LARGEST_SEED = 2**53 - 1  # the largest whole number that a browser's arithmetic keeps exact
SPEEDS = (1, 2, 5, 10, 20)


@dataclass(frozen=True)
class Choice:
    """Scenario and seed of a world."""

    scenario: str = "baseline"
    seed: int = 1

    def with_scenario(self, value: Any, allowed: tuple[str, ...]) -> Choice:
        """This choice with another scenario, where ``value`` is one of ``allowed``."""
        known = isinstance(value, str) and value in allowed
        return Choice(value, self.seed) if known else self

    def with_seed(self, value: Any) -> Choice:
        """This choice with another seed, moved into its bounds; what is no number changes nothing."""
        return Choice(self.scenario, whole(value, 0, LARGEST_SEED, self.seed))


def scenarios(first: str) -> tuple[str, ...]:
    """The configs that the page offers: the one it was started with, then the shipped ones."""
    return tuple(dict.fromkeys((first, *shipped_configs())))


def whole(value: Any, low: int, high: int, otherwise: int) -> int:
    """``value`` as a whole number within its bounds; ``otherwise`` where it is no finite number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return otherwise
    if isinstance(value, float) and not math.isfinite(value):
        return otherwise
    return min(max(int(value), low), high)
