"""An orderly exit leaves nothing on sale, nothing owed and nothing in the accounts."""

from __future__ import annotations

import pytest

from aimarket.config import load_config
from aimarket.model import AIMarket
from model_fixtures import check_numbers, events_config

STRIKES = 3
FIRMS = ("lab", "cloud", "openlab", "chipco")


def market(target, **more):
    config = events_config(it={"kind": "exit", "date": "2024-03", "target": target}, **more)
    cloud = config["agents"]["cloud"]
    cloud["debt_musd"] = 300.0
    config["agents"]["second"] = cloud | {"debt_musd": 0.0, "cash_musd": 5000.0}
    graph = config["supply_graph"]
    graph["power"]["grid"]["second"] = {"connected_mw": 80, "expansion_share": 1.0}
    graph["chips"]["chipco"]["second"] = {}
    graph["compute"]["second"] = {"lab": {}, "openlab": {}, "everybody": {}}
    graph["weights"]["openlab"]["second"] = {}
    graph["services"]["second"] = {"buyers": {}}
    return AIMarket(load_config(config), 1)


@pytest.fixture(scope="module", params=FIRMS)
def left(request):
    model = market(request.param)
    return request.param, model, model.run().tables


def test_nothing_is_on_sale_and_nobody_trades_with_it(left):
    name, _, tables = left
    products, trades = tables["products"], tables["trades"]
    assert not ((products["firm"] == name) & (products["step"] >= STRIKES)).any()
    mine = trades[(trades["seller"] == name) | (trades["buyer"] == name)]
    assert mine["step"].max() == STRIKES - 1


def test_its_accounts_are_empty_from_then_on(left):
    name, model, tables = left
    firms, flows = tables["firms"], tables["flows"]
    mine = firms[(firms["firm"] == name) & (firms["step"] >= STRIKES)]
    assert not mine["alive"].any()
    for column in ("cash_musd", "debt_musd", "fixed_assets_musd", "valuation_musd", "commitments_musd", "gpus_h100e"):
        assert (mine[column].abs() < 1e-9).all(), column
    late = flows[flows["step"] > STRIKES]
    assert not ((late["payer"] == name) | (late["payee"] == name)).any()
    assert model.firms[name].on_order_gpus == 0.0
    assert all(name not in maker.backlog for maker in model.chip_makers.values())
    check_numbers(tables)


def test_debts_are_paid_and_shareholders_get_the_rest(left):
    name, _, tables = left
    flows, firms = tables["flows"], tables["firms"]
    now = flows[(flows["step"] == STRIKES) & ((flows["payer"] == name) | (flows["payee"] == name))]
    by = now.groupby("account")["amount_musd"].sum()
    assert set(by.index) <= {"liquidation_sale", "repayment", "payout"}
    before = firms[(firms["firm"] == name) & (firms["step"] == STRIKES - 1)].iloc[0]
    assert by.get("repayment", 0.0) == pytest.approx(before["debt_musd"])
    left_over = before["cash_musd"] + by.get("liquidation_sale", 0.0) - before["debt_musd"]
    assert by["payout"] == pytest.approx(left_over)
    if name == "cloud":
        assert by["liquidation_sale"] == pytest.approx(0.4 * before["fixed_assets_musd"])


def test_buyers_choose_again():
    tables = market("lab").run().tables
    trades = tables["trades"]
    bought = trades[(trades["buyer"] == "buyers") & (trades["step"] == STRIKES)]
    assert set(bought["seller"]) <= {"cloud", "second", "openlab"}
    churn = tables["market"].set_index("step")["churn"]
    assert churn.loc[STRIKES] > 2.0 * churn.loc[STRIKES - 1]


def test_published_weights_outlive_their_maker():
    tables = market("openlab").run().tables
    products = tables["products"]
    last = products[products["step"] == products["step"].max()]
    assert {"openlab@cloud", "openlab@second"} <= set(last["product"])
    assert "openlab@openlab" not in set(last["product"])


def test_a_cloud_that_is_gone_earns_no_fees():
    flows = market("cloud").run().tables["flows"]
    fees = flows[flows["account"] == "listing_fees"]
    assert set(fees["step"]) == set(range(1, STRIKES))


def test_fees_of_the_month_are_paid_before_the_accounts_close():
    revise = {
        "kind": "revise_commitments",
        "date": "2024-03",
        "target": "lab",
        "total_musd": 10.0,
        "through": "2024-12",
    }
    model = market("lab")
    config = model.config.model_dump(exclude_none=True)
    config["events"] = {"a": revise} | config["events"]
    flows = AIMarket(load_config(config), 1).run().tables["flows"]
    fees = flows[flows["account"] == "cancellation_fees"]
    assert {(row.step, row.payer) for row in fees.itertuples()} == {(STRIKES, "lab")}


def test_an_owner_gets_what_its_subsidiary_leaves_and_a_subsidiary_loses_its_owner():
    config = market("lab").config.model_dump(exclude_none=True)
    config["agents"]["lab"]["parent"] = "cloud"
    tables = AIMarket(load_config(config), 1).run().tables
    flows = tables["flows"]
    paid = flows[(flows["step"] == STRIKES) & (flows["payer"] == "lab") & (flows["account"] == "payout")]
    assert paid["payee"].tolist() == ["cloud"]
    assert "cloud gets" in tables["events"]["effect"].iloc[0]
    config["events"]["it"]["target"] = "cloud"
    model = AIMarket(load_config(config), 1)
    for _ in range(STRIKES):
        model.step()
    assert model.firms["lab"].parent is None


def test_who_has_not_been_founded_cannot_leave():
    model = market("late")
    for _ in range(STRIKES):
        model.step()
    assert model.recorder.latest("events")["effect"] == "late has not been founded yet: nothing changes"
    assert model.firms["late"].alive


def test_it_is_no_end_for_want_of_cash():
    events = market("lab").run().tables["events"]
    assert events["kind"].tolist()[:1] == ["exit"]
    assert events["effect"].iloc[0].startswith("lab leaves: commitments of")
    assert not events["effect"].str.contains("lab runs out of cash").any()
