"""Pricing strategies in the whole simulation: what economics says of them holds there."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from aimarket.model import AIMarket
from aimarket.theory.benchmark import vector


@lru_cache(maxsize=8)
def short_run(lab: str, pricing: str | None) -> tuple[float, float]:
    """Gross margin and share of all tokens that ``lab`` has in the first two years of the baseline."""
    changes = {"time.periods": 24} | ({f"agents.{lab}.strategies.pricing": pricing} if pricing else {})
    products = AIMarket("baseline", 1, overrides=changes).run().tables["products"]
    sold = products[products["mtok"] > 0.0]
    own = sold[sold["firm"] == lab]
    cost = (own["marginal_cost_usd_per_mtok"] * own["mtok"]).sum() / 1e6
    return 1.0 - cost / own["revenue_musd"].sum(), own["mtok"].sum() / sold["mtok"].sum()


@pytest.mark.parametrize("lab", ["openai", "anthropic", "google", "xai"])
def test_undercutting_lowers_the_margin_and_raises_the_share_of_any_lab(lab):
    margin, share = short_run(lab, None)
    lower, larger = short_run(lab, "undercut")
    assert lower < margin
    assert larger > share


def test_penetration_buys_share_with_margin():
    margin, share = short_run("anthropic", None)
    lower, larger = short_run("anthropic", "penetration")
    assert lower < margin
    assert larger > share


@pytest.mark.parametrize("first_price", [1.05, 1.9, 3.0])
def test_two_who_look_for_the_equilibrium_find_it(first_price):
    changes = {f"agents.firm_{i}.strategies.pricing": "bertrand_nash" for i in (1, 2)}
    changes |= {"agents.firm_2.products.api.price_usd_per_mtok": first_price}
    products = AIMarket("theory/duopoly", 1, overrides=changes).run().tables["products"]
    last = products[products["step"] == 120]
    assert last["price_usd_per_mtok"].tolist() == pytest.approx(vector("A1")["expected"]["p_nash"], abs=1e-6)


def test_two_who_undercut_each_other_sell_at_cost():
    changes = {f"agents.firm_{i}.strategies.pricing": "undercut" for i in (1, 2)}
    products = AIMarket("theory/duopoly", 1, overrides=changes | {"time.periods": 60}).run().tables["products"]
    last = products[products["step"] == 60]
    np.testing.assert_allclose(last["price_usd_per_mtok"], 1.0, rtol=1e-9)


def test_a_two_part_tariff_earns_its_margin_on_full_cost_and_sells_usage_at_cost():
    changes = {"agents.anthropic.strategies.pricing": {"name": "two_part", "margin": 0.6}, "time.periods": 24}
    products = AIMarket("baseline", 1, overrides=changes).run().tables["products"]
    late = products[(products["firm"] == "anthropic") & (products["step"] > 12)]
    assert (late["access_fee_usd_per_mtok"] > 0.0).all()
    usage = late["marginal_cost_usd_per_mtok"] + late["scarcity_rent_usd_per_mtok"]
    # What is recorded of costs is the period's, prices were posted on the costs at its beginning.
    assert (late["price_usd_per_mtok"] / usage).median() == pytest.approx(1.0, abs=0.05)
    assert (late["average_price_usd_per_mtok"] > 1.5 * late["price_usd_per_mtok"]).all()
