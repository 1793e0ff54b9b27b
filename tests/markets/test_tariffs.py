"""Two-part tariffs, discounts for commitment, and buyers that run open weights themselves."""

from __future__ import annotations

import math

import numpy as np
import pytest

from aimarket.config import load_config
from aimarket.markets.demand import committed_discount, fresh_demand, offer_to
from aimarket.model import AIMarket
from model_fixtures import check_numbers, small_config


@pytest.fixture(scope="module")
def market():
    model = AIMarket("baseline", 1, overrides={"time.periods": 40})
    model.run()
    return model


def everything(model):
    return np.ones(model.catalogue.size, dtype=bool)


@pytest.mark.parametrize("fee_share", [0.0, 0.3, 5.0])
def test_a_buyer_pays_usage_and_fee_within_its_budget(market, fee_share):
    c = market.catalogue
    for segment in market.segments:
        offer = offer_to(market, segment, c.price, fee_share * c.price, everything(market), 0.0)
        assert offer.average_price == pytest.approx((1 + fee_share) * c.price)
        assert (offer.average_price * offer.intensity <= segment.budget_usd_per_usage() * (1 + 1e-12)).all()


def test_a_fee_leaves_usage_alone_until_the_budget_binds(market):
    price, nothing = market.catalogue.price, np.zeros(market.catalogue.size)
    for segment in market.segments:
        without = offer_to(market, segment, price, nothing, everything(market), 0.0)
        charged = offer_to(market, segment, price, 0.5 * price, everything(market), 0.0)
        free = charged.average_price * charged.intensity < segment.budget_usd_per_usage() * (1 - 1e-9)
        assert (charged.intensity[free] == without.intensity[free]).all()
        assert (charged.intensity <= without.intensity).all()


def test_without_fee_and_discount_the_average_price_is_the_posted_one_to_the_last_bit(market):
    price = market.catalogue.price
    offer = offer_to(market, market.segments[1], price, np.zeros(price.size), everything(market), 0.0)
    assert (offer.average_price == price).all()
    assert (offer.price_slope == 1.0).all()


def test_a_discount_is_taken_off_usage_and_fee(market):
    price = market.catalogue.price
    segment, fee = market.segments[1], 0.2 * price
    full = offer_to(market, segment, price * 0.75, fee * 0.75, everything(market), 0.0)
    less = offer_to(market, segment, price, fee, everything(market), 0.25)
    assert less.average_price == pytest.approx(full.average_price)
    assert less.intensity == pytest.approx(full.intensity)


@pytest.mark.parametrize("fee_share", [0.0, 0.3, 2.0])
def test_demand_answers_to_usage_prices_as_its_derivatives_say(market, fee_share):
    c, step = market.catalogue, 1e-6
    fee = np.where(c.is_open, 0.0, fee_share * c.price)
    demand = fresh_demand(market, c.price, c.available, fee)
    for k in np.flatnonzero(c.available)[:4]:
        low, high = (
            fresh_demand(
                market, np.where(np.arange(c.size) == k, c.price * (1 + sign * step), c.price), c.available, fee
            )
            for sign in (-1, 1)
        )
        measured = (high.quantity - low.quantity) / (2 * step * c.price[k])
        scale = np.abs(measured).max()
        assert demand.derivatives[:, k] == pytest.approx(measured, abs=1e-5 * scale)


def run(**strategies):
    """The small market with strategies replaced: agent__decision."""
    config = small_config()
    for key, value in strategies.items():
        agent, decision = key.split("__")
        config["agents"][agent]["strategies"][decision] = value
    model = AIMarket(load_config(config), 1)
    model.run()
    check_numbers(model.results.tables)
    return model


def test_fees_are_revenue_that_buyers_pay_through_the_ledger():
    model = run(lab__pricing="two_part")
    products = model.results.tables["products"]
    mine = products[(products.firm == "lab") & (products.mtok > 0)]
    charged = mine[mine.access_fee_usd_per_mtok > 0.0]
    assert len(charged) > 10
    assert (charged.average_price_usd_per_mtok > charged.price_usd_per_mtok).all()
    assert (mine.average_price_usd_per_mtok * mine.mtok / 1e6).to_numpy() == pytest.approx(mine.revenue_musd.to_numpy())
    flows = model.results.tables["flows"]
    paid = flows[(flows.account == "service_sales") & (flows.payee == "lab")].groupby("step").amount_musd.sum()
    assert paid.to_numpy() == pytest.approx(mine.groupby("step").revenue_musd.sum().to_numpy())


def test_committed_buyers_pay_less_and_move_less():
    free, bound = run(), run(buyers__choice={"name": "long_contract", "commitment_months": 36.0})
    discount = committed_discount(bound, 36.0)
    assert discount == pytest.approx(1 - math.exp(-3 * bound.config.services.commitment_discount_per_year))
    products = bound.results.tables["products"]
    sold = products[products.mtok > 0]
    assert (sold.average_price_usd_per_mtok / sold.price_usd_per_mtok).to_numpy() == pytest.approx(1 - discount)
    churn = [m.results.tables["market"].churn.iloc[3:].mean() for m in (free, bound)]
    assert churn[1] < 0.5 * churn[0]


def hosting_run():
    """Large buyers may host for themselves what the cloud sells at twice its cost."""
    return run(
        buyers__choice={"name": "self_host_at_scale", "hosting_cost_usd_per_month": 30.0},
        cloud__pricing={"name": "cost_plus", "markup": 1.0},
    )


def test_buyers_that_host_pay_what_the_gpu_hours_cost():
    model = hosting_run()
    products = model.results.tables["products"]
    hosted = products[products["product"].str.endswith("_buyer")]
    sold = hosted[hosted.mtok > 0]
    assert len(sold) > 3
    assert sold.lerner.to_numpy() == pytest.approx(0.0, abs=1e-12)
    assert (sold.firm == "cloud").all()


def test_large_workloads_host_and_small_ones_do_not():
    model = hosting_run()
    population, c = model.segments[0].population, model.catalogue
    hosts = np.isin(population.product, np.flatnonzero(c.buyer_hosted))
    rents = np.isin(population.product, np.flatnonzero(c.is_open & ~c.buyer_hosted))
    assert hosts.any()
    assert rents.any()
    assert np.median(population.usage[hosts]) > np.median(population.usage[rents])


def test_nobody_hosts_where_no_rule_hosts():
    assert not any(name.endswith("_buyer") for name in run().catalogue.names)


def test_a_rule_that_hosts_may_come_later_by_an_event():
    config = small_config()
    config["events"]["turn"] = {
        "kind": "strategy_change",
        "date": "2024-03",
        "target": "buyers",
        "decision": "choice",
        "strategy": {"name": "self_host_at_scale", "hosting_cost_usd_per_month": 1.0},
    }
    model = AIMarket(load_config(config), 1)
    products = model.run().tables["products"]
    hosted = products[products["product"].str.endswith("_buyer") & (products.mtok > 0)]
    assert "2024-03-01" <= hosted.date.min() < "2024-12-01"
    assert "2024-02-01" in set(products.date)
