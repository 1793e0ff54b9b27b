"""Early entry: the firm sells, owes and grows from its month on."""

from __future__ import annotations

import pytest

from aimarket.config import load_config
from aimarket.errors import ConfigError
from aimarket.model import AIMarket
from model_fixtures import events_config

STRIKES = 3


def entry(**changes):
    return {"kind": "entry", "date": "2024-03", "target": "late", "cash_musd": 250.0} | changes


def run(config):
    config["population"]["choice"] = "expected"  # whatever can be bought, somebody buys
    return AIMarket(load_config(config), 1).run().tables


def test_it_sells_from_its_month_on():
    tables = run(events_config(it=entry()))
    trades = tables["trades"]
    sold = trades[(trades["seller"] == "late") & (trades["good"] == "api") & (trades["quantity"] > 0.0)]
    assert set(sold["step"]) == set(range(STRIKES, 10))
    flows = tables["flows"]
    assert flows[(flows["payer"] == "late") & (flows["account"] == "staff")]["step"].min() == STRIKES


def test_without_it_nothing_is_sold_before_the_planned_founding():
    tables = run(events_config())
    trades = tables["trades"]
    assert not (trades["seller"] == "late").any()


def test_new_equity_comes_from_the_capital_market_through_the_ledger():
    flows = run(events_config(it=entry()))["flows"]
    paid = flows[(flows["account"] == "equity_issue") & (flows["payee"] == "late") & (flows["step"] == STRIKES)]
    assert paid["payer"].tolist() == ["money"]
    assert paid["amount_musd"].sum() >= 250.0
    model = AIMarket(load_config(events_config(it=entry(cash_musd=0.0))), 1)
    for _ in range(STRIKES - 1):
        model.step()
    model._begin_period()
    model.apply_events()
    assert model.ledger.flows() == []


def test_launches_keep_their_distance_from_the_founding():
    config = events_config(it=entry())
    config["agents"]["late"]["products"]["app"]["launch"] = "2025-03"  # two months after the founding
    products = run(config)["products"]
    first = products[products["firm"] == "late"].groupby("product")["step"].min()
    assert first.to_dict() == {"late_api": STRIKES, "late_app": STRIKES + 2}


@pytest.mark.parametrize("target", ["openlab", "chipco"])
def test_makers_of_weights_and_chips_enter_too(target):
    config = events_config(it=entry(target=target))
    config["agents"][target]["founded"] = "2024-08"
    tables = run(config)
    trades = tables["trades"]
    if target == "openlab":
        products = tables["products"]
        assert products[products["product"].str.startswith("openlab@")]["step"].min() == STRIKES
    else:
        assert trades[trades["good"] == "chips"]["step"].min() in (STRIKES, STRIKES + 1)


def test_a_second_entry_finds_it_in_business():
    config = events_config(it=entry(), again=entry(date="2024-05"))
    effects = run(config)["events"]["effect"].tolist()
    assert effects[0].startswith("late enters 10 months before its planned founding with 1,750 MUSD of cash")
    assert effects[0].endswith("2 of its 2 products go on sale at once")
    assert effects[1] == "late is in business already: nothing changes"


def test_who_is_in_business_is_refused_with_its_founding():
    config = events_config(it=entry())
    for founded, word in ((None, "the start"), ("2024-02", "2024-02"), ("2024-03", "2024-03")):
        if founded is None:
            del config["agents"]["late"]["founded"]
        else:
            config["agents"]["late"]["founded"] = founded
        with pytest.raises(ConfigError) as caught:
            load_config(config)
        assert caught.value.path == "events.it.target"
        assert word in str(caught.value)
        assert "agents.late.founded" in caught.value.remedy
