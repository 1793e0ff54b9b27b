"""An export ban ends trade on its edges from its month on, and contracts and orders with it."""

from __future__ import annotations

import pytest

from aimarket.config import load_config
from aimarket.errors import ConfigError
from aimarket.model import AIMarket
from model_fixtures import events_config

STRIKES = 3
EDGES = {
    "chips": ("chipco", "cloud", {"chips"}),
    "compute": ("cloud", "lab", {"compute"}),
    "weights": ("openlab", "cloud", {"royalty"}),
    "services": ("lab", "buyers", {"api", "service"}),
}


def ban(good, date="2024-03", **more):
    return {"kind": "export_ban", "date": date, "good": good} | more


def market(**events):
    config = events_config(**events)
    config["agents"]["openlab"]["royalty_share"] = 0.1
    # A fleet that is wanted, so that chips are traded from the first month on.
    config["agents"]["everybody"]["compute_demand"]["gpus_h100e"] = 60_000
    return AIMarket(load_config(config), 1)


def steps(tables, seller, buyer, goods):
    trades = tables["trades"]
    rows = trades[(trades["seller"] == seller) & (trades["buyer"] == buyer) & trades["good"].isin(goods)]
    return set(rows["step"])


@pytest.mark.parametrize("good", sorted(EDGES))
@pytest.mark.parametrize("side", ["both", "seller", "buyer"])
def test_no_trade_on_the_edge_from_its_month_until_its_end(good, side):
    seller, buyer, goods = EDGES[good]
    named = {"seller": seller, "buyer": buyer} if side == "both" else {side: {"seller": seller, "buyer": buyer}[side]}
    during = set(range(STRIKES, STRIKES + 3))
    free = steps(market().run().tables, seller, buyer, goods)
    assert free & during
    tables = market(it=ban(good, duration_months=3, **named)).run().tables
    banned = steps(tables, seller, buyer, goods)
    assert not banned & during
    assert {step for step in free if step < STRIKES} == {step for step in banned if step < STRIKES}
    assert banned - set(range(STRIKES + 3))  # trade comes back


def test_contracts_over_the_edge_are_void_without_a_fee():
    model = market(it=ban("compute", seller="cloud", buyer="lab", duration_months=2))
    for _ in range(STRIKES - 1):
        model.step()
    assert sum(c.due_musd(model.clock.month + 1) for c in model.contracts if c.buyer == "lab") > 0.0
    model.step()
    assert sum(c.due_musd(model.clock.month) for c in model.contracts if c.buyer == "lab") == 0.0
    assert not [flow for flow in model.flows if flow[0] == "cancellation_fees"]
    assert "MUSD are void" in model.recorder.latest("events")["effect"]


def test_contracts_of_others_stay():
    model = market(it=ban("compute", buyer="openlab"))
    for _ in range(STRIKES):
        model.step()
    assert sum(c.due_musd(model.clock.month) for c in model.contracts if c.buyer == "lab") > 0.0


def test_a_contract_of_the_config_is_not_signed_over_a_closed_edge():
    config = events_config(it=ban("compute", seller="cloud", buyer="lab"))
    contracts = config["agents"]["lab"]["contracts"]
    contracts["later"] = contracts["big"] | {"signed": "2024-05", "starts": "2024-06"}
    model = AIMarket(load_config(config), 1)
    tables = model.run().tables
    assert not {step for step in steps(tables, "cloud", "lab", {"compute"}) if step >= STRIKES}
    assert not [contract for contract in model.contracts if contract.name == "lab_later"]


def test_orders_of_chips_lapse():
    model = market(it=ban("chips", seller="chipco"))
    for _ in range(STRIKES - 1):
        model.step()
    assert model.chip_makers["chipco"].backlog
    model.step()
    assert not model.chip_makers["chipco"].backlog
    assert model.firms["cloud"].on_order_gpus == 0.0
    assert "GPUs lapse" in model.recorder.latest("events")["effect"]


def test_buyers_of_a_banned_seller_choose_others():
    tables = market(it=ban("services", seller="lab")).run().tables
    trades = tables["trades"]
    after = trades[(trades["step"] > STRIKES) & (trades["buyer"] == "buyers")]
    assert set(after["seller"]) == {"cloud", "openlab"}


def test_an_edge_under_two_bans_opens_when_both_are_over():
    model = market(
        first=ban("compute", seller="cloud", duration_months=3),
        second=ban("compute", "2024-05", buyer="lab", duration_months=3),
    )
    reach = []
    for _ in range(9):
        model.step()
        reach.append(tuple(name in model.graph.buyers("compute", "cloud") for name in ("lab", "openlab")))
    assert [lab for lab, _ in reach] == [True] * 2 + [False] * 5 + [True] * 2
    assert [other for _, other in reach] == [True] * 2 + [False] * 3 + [True] * 4


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({}, "seller"),
        ({"seller": "lab"}, "seller"),
        ({"buyer": "chipco"}, "buyer"),
        ({"seller": "cloud", "buyer": "buyers"}, "buyer"),
        ({"good": "power", "seller": "grid"}, "good"),
    ],
)
def test_edges_that_do_not_exist_are_refused(changes, path):
    with pytest.raises(ConfigError) as caught:
        load_config(events_config(it=ban("compute") | changes))
    assert caught.value.path == f"events.it.{path}"
    if path != "good":
        assert caught.value.remedy


def test_a_pair_that_does_not_trade_is_refused():
    config = events_config(it=ban("weights", seller="openlab", buyer="other"))
    config["agents"]["other"] = config["agents"]["cloud"]
    config["supply_graph"]["power"]["grid"]["other"] = {"connected_mw": 1, "expansion_share": 1.0}
    config["agents"]["second"] = config["agents"]["openlab"]
    config["supply_graph"]["weights"]["second"] = {"other": {}}
    with pytest.raises(ConfigError) as caught:
        load_config(config)
    assert caught.value.path == "events.it.buyer"
    assert caught.value.remedy == "openlab sells to: cloud"
