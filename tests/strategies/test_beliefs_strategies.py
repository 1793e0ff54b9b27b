"""Investors who come to believe in stories, in the books, or who never change their minds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aimarket.config.registry import make_strategy
from aimarket.config.schema.base import Plug
from aimarket.randomness import RandomSource
from aimarket.strategies.beliefs.interface import BeliefsView

DRAWS = RandomSource(1).draws("investors", "decide", 1)
VIEW = BeliefsView(narrative_share=0.6, narrative_squared_error=0.1, fundamental_squared_error=0.01)


def share(name, view=VIEW, **parameters):
    return make_strategy("beliefs", Plug(name=name, **parameters), "test").decide(view, DRAWS).narrative_share


@pytest.mark.parametrize(("name", "end"), [("narrative", 1.0), ("fundamentals", 0.0), ("frozen", 0.6)])
def test_beliefs_go_where_they_must_whatever_the_forecasts_were(name, end):
    view = VIEW
    for _ in range(200):
        view = replace(view, narrative_share=share(name, view))
    assert view.narrative_share == pytest.approx(end, abs=1e-6)


@pytest.mark.parametrize(("name", "moved"), [("narrative", 0.6 + 0.4 * 0.2), ("fundamentals", 0.6 - 0.6 * 0.2)])
def test_a_share_of_the_money_comes_over_each_month(name, moved):
    assert share(name, speed=0.2) == pytest.approx(moved)
    view = VIEW
    for _ in range(3):
        view = replace(view, narrative_share=share(name, view, speed=0.2))
    assert share(name, replace(VIEW, period_months=3.0), speed=0.2) == pytest.approx(view.narrative_share)
