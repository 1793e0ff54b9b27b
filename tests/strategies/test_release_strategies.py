"""When trained models are published, and when never again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aimarket.config.registry import make_strategy
from aimarket.config.schema.base import Plug
from aimarket.randomness import RandomSource
from aimarket.strategies.base import frozen
from aimarket.strategies.release.interface import ReleaseView

DRAWS = RandomSource(1).draws("meta", "decide", 1)
VIEW = ReleaseView(
    firm="meta",
    month="2026-03",
    trained_quality=1.2,
    released_quality=0.5,
    months_since_release=6.0,
    frontier_quality_history=frozen([0.0, 0.5, 1.0, 1.5, 2.0]),
)


def decide(name, view=VIEW, **parameters):
    return make_strategy("release", Plug(name=name, **parameters), "test").decide(view, DRAWS)


def quality(name, view=VIEW, **parameters):
    return decide(name, view, **parameters).quality


def test_a_complement_is_given_away_at_any_step_as_often_as_allowed():
    tiny = replace(VIEW, trained_quality=0.501, months_since_release=1.0)
    assert quality("commoditise_complement", tiny) == 0.501
    assert quality("frontier_release", tiny) == 0.5
    assert quality("commoditise_complement", tiny, shortest_months=2) == 0.5


def test_nobody_publishes_a_worse_model():
    assert quality("commoditise_complement", replace(VIEW, trained_quality=0.1)) == 0.5


@pytest.mark.parametrize(("month", "published"), [("2025-12", 1.2), ("2026-01", 0.5), ("2030-01", 0.5)])
def test_closing_up_ends_releases_for_good(month, published):
    assert quality("close_up", replace(VIEW, month=month), from_month="2026-01") == published


def test_closing_up_without_a_month_is_at_once():
    assert quality("close_up", replace(VIEW, month="2023-01", trained_quality=9.0)) == 0.5


@pytest.mark.parametrize("view", [VIEW, replace(VIEW, trained_quality=0.8), replace(VIEW, months_since_release=1.0)])
def test_before_it_closes_up_it_releases_like_the_frontier(view):
    assert quality("close_up", view, from_month="2099-01") == quality("frontier_release", view)


def test_a_lagged_release_says_when_the_frontier_is_not_known_for_so_long():
    decision = decide("lagged_release", lag_months=6)
    assert decision.quality == 0.5
    assert "only 5 months" in decision.reason
    assert quality("lagged_release", lag_months=1) == 1.5
