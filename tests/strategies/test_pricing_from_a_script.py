"""Scripted prices: what the path says, when it says it."""

from __future__ import annotations

import pytest
from pricing_views import decided, price_of, pricing_view

from aimarket.config.registry import make_strategy
from aimarket.config.schema.base import Plug
from aimarket.errors import ConfigError

PATH = {"openai_0": {"2026-03": 8.0, "2026-09": 2.5}, "openai_mini": {"2026-01": 1.0}}


@pytest.mark.parametrize(
    ("month", "price"),
    [("2026-02", 4.0), ("2026-03", 8.0), ("2026-08", 8.0), ("2026-09", 2.5), ("2031-01", 2.5)],
)
def test_a_price_holds_from_its_month_until_the_next(month, price):
    assert price_of("scripted", pricing_view(month=month), path=PATH) == price


def test_a_price_due_within_a_quarter_is_posted_in_that_quarter():
    assert price_of("scripted", pricing_view(month="2026-01", period_months=3.0), path=PATH) == 8.0


def test_products_without_a_script_keep_their_price():
    view = pricing_view(kinds=("api", "service"), month="2026-04")
    assert decided("scripted", view, path=PATH).price_usd_per_mtok == (8.0, 4.0)
    assert decided("scripted", view).price_usd_per_mtok == (4.0, 4.0)


@pytest.mark.parametrize(
    ("path", "at"),
    [
        ({"openai_api": {"2026-13": 1.0}}, "path.openai_api.2026-13"),
        ({"openai_api": {"March": 1.0}}, "path.openai_api.March"),
        ({"openai_api": {"2026-01": 0.0}}, "path.openai_api.2026-01"),
        ({"openai_api": {"2026-01": 2e6}}, "path.openai_api.2026-01"),
        ({"openai_api": {"2026-01": float("nan")}}, "path.openai_api.2026-01"),
        ({"openai_api": 3.0}, "path.openai_api"),
    ],
)
def test_a_wrong_path_is_refused_where_it_is_wrong(path, at):
    with pytest.raises(ConfigError) as caught:
        make_strategy("pricing", Plug(name="scripted", path=path), "agents.openai.strategies.pricing")
    assert caught.value.path.startswith(f"agents.openai.strategies.pricing.{at}")
