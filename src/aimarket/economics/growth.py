"""Growth that fades, and the learning of growth from what was seen."""

from __future__ import annotations

import math

__all__ = ["fading_growth"]


def fading_growth(growth_per_year: float, slowdown_per_year: float, years: float) -> float:
    """Level after ``years`` of a quantity that starts at 1 and whose log growth fades geometrically.

    The growth rate is ``growth_per_year * (1 - slowdown_per_year)**t``; without slowdown the level
    grows for ever at the same rate, with slowdown it tends to a finite level.

    Returns a pure number.  Equation: exp(g (1 - (1 - d)^t) / -ln(1 - d)), and exp(g t) for d = 0.
    """
    if slowdown_per_year <= 0.0:
        return math.exp(growth_per_year * years)
    if slowdown_per_year >= 1.0:
        return 1.0
    rate = -math.log1p(-slowdown_per_year)
    return math.exp(growth_per_year * (1.0 - math.exp(-rate * years)) / rate)
