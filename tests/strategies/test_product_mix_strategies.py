"""How much of revenue goes into services."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aimarket.config.registry import make_strategy
from aimarket.config.schema.base import Plug
from aimarket.randomness import RandomSource
from aimarket.strategies.product_mix.interface import ProductMixView

DRAWS = RandomSource(1).draws("lab", "decide", 1)
VIEW = ProductMixView(
    firm="lab",
    revenue_api_musd_per_month=300.0,
    revenue_service_musd_per_month=700.0,
    service_appeal=0.4,
    training_scale=1.0,
    gross_margin_api=0.5,
    gross_margin_service=0.7,
)


def effort(view=VIEW, **parameters):
    return (
        make_strategy("product_mix", Plug(name="margin_seeking", **parameters), "test").decide(view, DRAWS).effort_share
    )


def test_effort_rises_with_the_margin_of_services_over_the_api():
    shares = [effort(replace(VIEW, gross_margin_service=margin)) for margin in (0.4, 0.5, 0.6, 0.7)]
    assert np.diff(shares) == pytest.approx([0.03, 0.03, 0.03])
    assert effort(replace(VIEW, gross_margin_service=0.5)) == pytest.approx(0.08)


@pytest.mark.parametrize(("margin", "share"), [(-1e6, 0.02), (1e6, 0.25)])
def test_effort_stays_within_its_bounds(margin, share):
    assert effort(replace(VIEW, gross_margin_service=margin)) == share


@pytest.mark.parametrize("missing", ["revenue_api_musd_per_month", "revenue_service_musd_per_month"])
def test_without_both_on_sale_the_usual_share_is_spent(missing):
    assert effort(replace(VIEW, **{missing: 0.0}, gross_margin_service=0.0)) == pytest.approx(0.08)


def test_the_scale_that_finance_leaves_multiplies_effort():
    assert effort(replace(VIEW, training_scale=0.5)) == pytest.approx(0.5 * effort())
