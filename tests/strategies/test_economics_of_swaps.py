"""What economics says about a swap, measured in the whole market under the same draws."""

from __future__ import annotations

import numpy as np
import pytest

from aimarket.model import AIMarket

pytestmark = pytest.mark.slow
SEEDS = (1, 2, 3)
TURN, MONTHS = "2025-01", 36


def tables(seed, **overrides):
    return AIMarket("baseline", seed, overrides={"time.periods": MONTHS} | overrides).run().tables


def turned(target, decision, strategy):
    """The override that lets ``target`` change its strategy at the turn."""
    event = {"kind": "strategy_change", "date": TURN, "target": target, "decision": decision, "strategy": strategy}
    return {"events.turn": event}


def own_products(run, firm, months=6):
    products = run["products"]
    first = int(products.step[products.date >= f"{TURN}-01"].min())
    return products[(products.firm == firm) & products.step.between(first, first + months - 1)]


@pytest.mark.parametrize("seed", SEEDS)
def test_undercutting_lowers_the_own_margin_and_raises_the_own_share_in_the_short_run(seed):
    before = own_products(tables(seed), "anthropic")
    after = own_products(tables(seed, **turned("anthropic", "pricing", "undercut")), "anthropic")
    margin = [np.average(p.lerner, weights=p.revenue_musd) for p in (before, after)]
    assert margin[1] < margin[0]
    assert after.share_mtok.sum() > before.share_mtok.sum()
    assert after.share_workloads.sum() > before.share_workloads.sum()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("firm", ["openai", "anthropic"])
def test_profit_first_lengthens_the_runway(seed, firm):
    runway = []
    for change in ({}, turned(firm, "finance", "profit_first")):
        firms = tables(seed, **change)["firms"]
        mine = firms[(firms.firm == firm) & (firms.date > f"{TURN}-01")].runway_months.fillna(1e3)  # none: no burn
        runway.append(mine.median())
    assert runway[1] > runway[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_foreclosing_raises_the_price_that_rivals_pay_for_compute(seed):
    paid = []
    for change in ({}, {"agents.google_cloud.strategies.compute_pricing": "foreclose"}):
        trades = tables(seed, **change)["trades"]
        sold = trades[(trades.seller == "google_cloud") & (trades.buyer == "anthropic") & (trades.good == "compute")]
        paid.append(sold.value_musd.sum() / sold.quantity.sum())
    assert paid[1] > paid[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_buyers_that_look_at_open_weights_first_raise_their_share(seed):
    rule = {"agents.enterprise_large.strategies.choice": "open_first"}
    shares = []
    for change in ({}, rule):
        segments = tables(seed, **change)["segments"]
        shares.append(segments[segments.segment == "enterprise_large"].open_weight_share_mtok.iloc[-12:].mean())
    assert shares[1] > shares[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_more_loyal_buyers_raise_the_lerner_index(seed):
    segments = ("consumers", "enterprise_large", "enterprise_software", "enterprise_regulated", "enterprise_small")
    loyal = {f"agents.{name}.strategies.choice": "loyal" for name in segments}
    lerner = [tables(seed, **change)["market"].lerner.iloc[-12:].mean() for change in ({}, loyal)]
    assert lerner[1] > lerner[0]
