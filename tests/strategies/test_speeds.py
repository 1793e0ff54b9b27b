"""Speeds of adjustment are per month, whatever the length of a period."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimarket.strategies.base import per_period
from aimarket.strategies.pricing.adjustment import move_towards

SHARES = st.floats(0.01, 0.99)
PRICES = st.floats(0.1, 100.0)


@given(SHARES)
def test_a_month_is_a_month(share: float) -> None:
    assert per_period(share, 1.0) == share


@given(SHARES, PRICES, PRICES)
def test_a_quarter_moves_as_far_as_three_months(share: float, start: float, goal: float) -> None:
    current, target = np.array([start]), np.array([goal])
    monthly = current
    for _ in range(3):
        monthly = move_towards(monthly, target, share, 100.0, 1.0)
    assert move_towards(current, target, share, 100.0, 3.0) == pytest.approx(monthly, rel=1e-9)


def test_no_price_moves_further_than_the_bound_a_month() -> None:
    moved = move_towards(np.array([1.0]), np.array([1000.0]), 1.0, 0.1, 3.0)
    assert np.log(moved) == pytest.approx([0.3])
