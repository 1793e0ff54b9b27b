"""A tax on sales is paid through the ledger and passed on in part; several add up."""

from __future__ import annotations

import pytest

from aimarket.accounts import statements
from aimarket.config import load_config
from aimarket.errors import ConfigError
from aimarket.model import AIMarket
from model_fixtures import events_config

STRIKES, RATE = 3, 0.3
SALES = {"services": "service_sales", "compute": "compute_sales", "energy": "power_sales"}


def tax(base, rate=RATE, date="2024-03", **more):
    return {"kind": "tax", "date": date, "base": base, "rate": rate} | more


def run(**events):
    config = events_config(**events)
    config["time"]["periods"] = 15
    return AIMarket(load_config(config), 1).run().tables


@pytest.fixture(scope="module")
def untaxed():
    return run()


@pytest.fixture(scope="module", params=sorted(SALES))
def taxed(request):
    return request.param, run(it=tax(request.param))


def paid(tables, account, by):
    flows = tables["flows"]
    mine = flows[(flows["account"] == account) & (flows["step"] >= STRIKES)]
    return mine.groupby(["step", by])["amount_musd"].sum()


def test_sellers_owe_the_rate_on_what_buyers_pay(taxed):
    base, tables = taxed
    due = paid(tables, "taxes", "payer")
    sales = paid(tables, SALES[base], "payee")
    assert due.index.equals(sales.index)
    assert due.to_numpy() == pytest.approx(RATE * sales.to_numpy())
    flows = tables["flows"]
    assert set(flows[flows["account"] == "taxes"]["payee"]) == {"everybody"}
    assert flows[flows["account"] == "taxes"]["step"].min() == STRIKES


def price_of(base, tables):
    if base == "services":
        products = tables["products"]
        return products[products["product"] == "lab_api"].set_index("step")["price_usd_per_mtok"]
    column = {"compute": "spot_price_usd_per_gpu_hour", "energy": "energy_price_usd_per_mwh"}[base]
    return tables["market"].set_index("step")[column]


def test_it_is_passed_on_in_part(taxed, untaxed):
    base, tables = taxed
    before, after = price_of(base, untaxed), price_of(base, tables)
    assert after.loc[: STRIKES - 1].equals(before.loc[: STRIKES - 1])
    late = slice(STRIKES + 3, None)
    ratio = (after.loc[late] / before.loc[late]).mean()
    assert 1.02 < ratio < 1.0 / (1.0 - RATE) * 1.1


def test_power_costs_what_the_marginal_plant_asks_for_after_tax(untaxed):
    price = price_of("energy", run(it=tax("energy", 0.2)))
    free = price_of("energy", untaxed)
    assert price.loc[STRIKES] == pytest.approx(free.loc[STRIKES] / 0.8)


def test_revenue_is_net_of_it_and_cash_flow_as_well():
    flows = [
        ("service_sales", "buyers", "lab", 100.0),
        ("taxes", "lab", "world", 30.0),
        ("staff", "lab", "world", 20.0),
    ]
    lab = statements(flows, ("lab",))["lab"]
    assert (lab.revenue, lab.service_sales, lab.cash_cost, lab.intermediate) == (70.0, 100.0, 20.0, 0.0)
    assert lab.operating_cash_flow == 50.0


def test_the_firms_table_shows_revenue_net_of_it():
    tables = run(it=tax("energy"))
    flows, firms = tables["flows"], tables["firms"]
    last = flows[flows["step"] == flows["step"].max()]
    sold = last[(last["payee"] == "grid") & (last["account"] == "power_sales")]["amount_musd"].sum()
    grid = firms[(firms["firm"] == "grid") & (firms["step"] == firms["step"].max())].iloc[0]
    assert grid["revenue_musd"] == pytest.approx((1.0 - RATE) * sold)


def test_rates_add_up_and_end_one_by_one():
    config = events_config(
        first=tax("energy", 0.1, duration_months=4),
        second=tax("energy", 0.2, "2024-05", duration_months=4),
        other=tax("compute", 0.4, "2024-04"),
    )
    model = AIMarket(load_config(config), 1)
    rates = []
    for _ in range(9):
        model.step()
        rates.append(model.tax_rates.get("energy", 0.0))
    assert rates == pytest.approx([0.0, 0.0, 0.1, 0.1, 0.3, 0.3, 0.2, 0.2, 0.0])
    assert rates[-1] == 0.0  # to the last bit: a rest below zero would be a payment below zero
    assert model.tax_rates["compute"] == 0.4


def test_taxes_that_leave_sellers_nothing_are_refused():
    for changes, path in (
        ({"rate": 0.95}, "it.rate"),
        ({"rate": -0.1}, "it.rate"),
        ({"base": "chips"}, "it.base"),
        ({"rate": 0.5}, "second.rate"),
    ):
        second = tax("services", 0.5, "2024-05")
        with pytest.raises(ConfigError) as caught:
            load_config(events_config(it=tax("services") | changes, second=second))
        assert caught.value.path == f"events.{path}"
    load_config(events_config(it=tax("services", 0.6, duration_months=2), second=tax("services", 0.6, "2024-05")))
    load_config(events_config(it=tax("services", 0.6), second=tax("compute", 0.6)))
