"""Every pricing strategy, whatever it sees: a legal decision, a reason in words, and what mattered in numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pricing_views import decided, pricing_view

from aimarket.config.registry import strategies

NAMES = sorted(strategies()["pricing"])
KINDS = st.sampled_from(["api", "service", "open"])
MONEY = st.one_of(st.just(0.0), st.floats(1e-6, 1e6), st.floats(0.1, 50.0))
PRICE = st.one_of(st.sampled_from([1e-6, 1e-3, 1e6]), st.floats(0.1, 50.0))
SHARE = st.one_of(st.just(0.0), st.floats(0.0, 1.0))
QUALITY = st.one_of(st.floats(-50.0, 50.0), st.floats(-1.0, 4.0))
FLOW = st.one_of(st.just(0.0), st.floats(1e-6, 1e15), st.floats(1e3, 1e7))


@st.composite
def views(draw):
    count = draw(st.integers(1, 3))

    def column(values):
        return draw(st.lists(values, min_size=count, max_size=count))

    cross = st.one_of(st.just(0.0), st.floats(1e-12, 1e15), st.floats(-1e15, -1e-12))
    slope = np.array(draw(st.lists(cross, min_size=count**2, max_size=count**2))).reshape(count, count)
    slope[np.diag_indices(count)] = -np.abs(np.diag(slope))
    cost = column(MONEY)
    return pricing_view(
        kinds=tuple(column(KINDS)),
        month="2026-05",
        period_months=draw(st.sampled_from([1.0, 3.0])),
        runway_months=draw(st.sampled_from([0.0, 5.0, 30.0, 1e6])),
        quality=column(QUALITY),
        price_usd_per_mtok=column(PRICE),
        marginal_cost_usd_per_mtok=cost,
        full_cost_usd_per_mtok=[c * draw(st.floats(1.0, 3.0)) for c in cost],
        scarcity_rent_usd_per_mtok=column(MONEY),
        demand_mtok=column(FLOW),
        reconsidered_mtok=column(FLOW),
        derivatives_mtok_per_usd=slope,
        sister_gain_mtok=column(st.floats(-1e9, 1e9)),
        share_mtok=[share / count for share in column(SHARE)],
        rivals=draw(st.lists(st.tuples(KINDS, PRICE, QUALITY, SHARE), max_size=6)),
    )


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60)
@given(view=views())
def test_a_decision_is_legal_and_told_whatever_is_seen(name, view):
    decision = decided(name, view)
    assert "\n" not in decision.reason
    assert not {"nan", "inf"} & set(decision.reason.lower().replace(",", " ").split())
    assert any(character.isdigit() for character in decision.reason)
    assert decision.inputs
    assert all(type(value) is float and math.isfinite(value) for value in decision.inputs.values())


@pytest.mark.parametrize("name", [name for name in NAMES if name != "scripted"])
def test_a_decision_answers_what_is_seen(name):
    """No rule posts the same price at twice the cost and twice all prices."""
    terms = {"share_mtok": 0.1, "rivals": [("api", 5.0, 0.3, 0.9)]}
    dear = {"marginal_cost_usd_per_mtok": 8.0, "full_cost_usd_per_mtok": 9.0, "rivals": [("api", 11.0, 0.3, 0.9)]}
    usual, other = decided(name, pricing_view(**terms)), decided(name, pricing_view(**(terms | dear)))
    assert other.price_usd_per_mtok[0] > usual.price_usd_per_mtok[0]
