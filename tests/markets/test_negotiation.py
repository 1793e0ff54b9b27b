"""What a cloud and its customers bargain over."""

from __future__ import annotations

import numpy as np
import pytest

from aimarket.markets.negotiation import gains_from_trade
from aimarket.model import AIMarket
from aimarket.theory.textbook import textbook


def settled(**overrides):
    model = AIMarket("theory/bargaining", 1, overrides={"time.periods": 120} | overrides)
    model.run()
    return model


@pytest.fixture(scope="module")
def bargained():
    return settled()


def test_a_customer_without_alternative_would_pay_its_margin(bargained):
    model = bargained
    gains = gains_from_trade(model, model.providers["cloud"])
    price = dict(zip(model.catalogue.names, model.catalogue.price, strict=True))
    assert gains.customers == ("firm_1", "firm_2")
    # One GPU-hour a Mtok, 0.1 USD of labour.
    expected = [price["firm_1_api"] - 0.1, price["firm_2_api"] - 0.1]
    assert gains.willingness_to_pay.tolist() == pytest.approx(expected)


def test_the_seller_counts_what_it_would_win_back_from_its_other_customer(bargained):
    """Logit: of a lost buyer of product 1 the share s_2 / (1 - s_1) goes to product 2."""
    model = bargained
    market = textbook(model.config)
    share = model.catalogue.served / market.market_size
    paid = model.providers["cloud"].negotiated_usd_per_gpu_hour
    gains = gains_from_trade(model, model.providers["cloud"])
    recaptured = [
        share[1] / (1.0 - share[0]) * (paid["firm_2"] - 0.2),
        share[0] / (1.0 - share[1]) * (paid["firm_1"] - 0.2),
    ]
    assert gains.opportunity_cost.tolist() == pytest.approx([0.2 + gain for gain in recaptured], rel=1e-6)
    alone = gains_from_trade(model, model.providers["second_cloud"])
    assert alone.opportunity_cost.tolist() == pytest.approx([0.2])


def test_another_seller_bounds_the_price():
    """A lab that can rent from both clouds has an alternative: it pays less than before."""
    before = settled().providers["cloud"].negotiated_usd_per_gpu_hour["firm_1"]
    model = settled(**{"supply_graph.compute.second_cloud.firm_1": {}})
    after = min(model.providers[name].negotiated_usd_per_gpu_hour["firm_1"] for name in ("cloud", "second_cloud"))
    assert after < 0.5 * before
    assert after >= 0.2 - 1e-12


def test_a_strong_buyer_pays_cost():
    model = settled(
        **{f"agents.{cloud}.strategies.compute_pricing.buyer_weight": 1.0 for cloud in ("cloud", "second_cloud")}
    )
    paid = {k: v for cloud in model.providers.values() for k, v in cloud.negotiated_usd_per_gpu_hour.items()}
    assert list(paid.values()) == pytest.approx([0.2] * 3, abs=1e-9)


def test_negotiated_prices_are_what_is_paid(bargained):
    tables = bargained.results.tables
    trades = tables["trades"]
    last = trades[(trades["good"] == "compute") & (trades["step"] == 120)].set_index("buyer")["price"]
    agreed = {k: v for cloud in bargained.providers.values() for k, v in cloud.negotiated_usd_per_gpu_hour.items()}
    assert last.to_dict() == pytest.approx(agreed)


def test_a_firm_of_the_same_owner_does_not_bargain():
    model = settled(**{"agents.firm_1.parent": "cloud"})
    assert set(model.providers["cloud"].negotiated_usd_per_gpu_hour) == {"firm_2"}


def test_a_lab_that_sells_nothing_yet_pays_cost():
    model = AIMarket(
        "theory/bargaining", 1, overrides={"agents.firm_3.products.api.launch": "2030-01", "time.periods": 3}
    )
    model.run()
    gains = gains_from_trade(model, model.providers["second_cloud"])
    assert gains.willingness_to_pay == pytest.approx(np.array([0.2]))


def test_bargaining_in_the_baseline_closes_its_books():
    overrides = {"agents.microsoft.strategies.compute_pricing": "nash_bargaining", "time.periods": 48}
    tables = AIMarket("baseline", 1, overrides=overrides).run().tables  # every period closes, or this raises
    decisions = tables["decisions"]
    told = decisions[(decisions["agent"] == "microsoft") & (decisions["decision"] == "compute_pricing")]["reason"]
    assert told.iloc[-1].count("between") >= 2  # openai and mistral at least
