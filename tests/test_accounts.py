"""Income statements from payments."""

import pytest

from aimarket.accounts import Statement, statements
from aimarket.ledger import ACCOUNTS

FIRMS = ("lab", "cloud", "maker")


def of(*flows):
    return statements(flows, FIRMS)


def test_firms_without_payments_have_empty_statements():
    assert of() == {name: Statement() for name in FIRMS}


def test_others_have_no_statement():
    assert set(of(("staff", "lab", "world", 1.0))) == set(FIRMS)


def test_a_sale_of_compute_is_revenue_on_one_side_and_intermediate_cost_on_the_other():
    books = of(("compute_sales", "lab", "cloud", 10.0))
    assert books["cloud"] == Statement(revenue=10.0, compute_sales=10.0)
    assert books["lab"] == Statement(cash_cost=10.0, intermediate=10.0, compute_bought=10.0)


@pytest.mark.parametrize(
    ("account", "field", "intermediate"),
    [
        ("staff", "staff", 0.0),
        ("service_development", "staff", 0.0),
        ("listing_fees", "fees_and_royalties", 3.0),
        ("royalties", "fees_and_royalties", 3.0),
        ("power_sales", "power_and_operations", 3.0),
        ("operations", "power_and_operations", 3.0),
        ("chip_production", "production", 3.0),
        ("fuel", "production", 3.0),
        ("compute_sales", "compute_bought", 3.0),
    ],
)
def test_costs_by_kind(account, field, intermediate):
    lab = of((account, "lab", "world", 3.0))["lab"]
    assert lab == Statement(**{"cash_cost": 3.0, "intermediate": intermediate, field: 3.0})


def test_investment_is_no_cost_and_a_fleet_sold_is_negative_investment():
    books = of(
        ("chip_sales", "cloud", "maker", 5.0),
        ("construction", "cloud", "world", 2.0),
        ("liquidation_sale", "cloud", "lab", 1.0),
    )
    assert books["cloud"] == Statement(capex=8.0)
    assert books["maker"] == Statement(revenue=5.0)
    assert books["lab"] == Statement(capex=-1.0)


def test_funding_is_neither_revenue_nor_cost():
    lab = of(
        ("equity_issue", "bank", "lab", 10.0),
        ("borrowing", "bank", "lab", 5.0),
        ("repayment", "lab", "bank", 2.0),
        ("payout", "lab", "bank", 1.0),
        ("parent_support", "cloud", "lab", 4.0),
    )["lab"]
    assert lab == Statement(financing_net=16.0)
    assert lab.operating_cash_flow == 0.0


def test_operating_cash_flow_counts_other_income_and_interest():
    lab = of(
        ("service_sales", "buyers", "lab", 20.0),
        ("staff", "lab", "world", 6.0),
        ("other_income", "world", "lab", 3.0),
        ("interest", "lab", "bank", 1.0),
        ("cancellation_fees", "lab", "cloud", 0.5),
        ("credit_loss", "bank", "lab", 0.25),
    )["lab"]
    assert (lab.revenue, lab.service_sales, lab.cash_cost, lab.other_net) == (20.0, 20.0, 6.0, 1.75)
    assert lab.operating_cash_flow == pytest.approx(15.75)


@pytest.mark.parametrize("account", sorted(ACCOUNTS))
def test_every_account_reaches_both_cash_flow_statements(account):
    books = of((account, "lab", "cloud", 7.0))

    def cash(s):
        return s.operating_cash_flow - s.capex + s.financing_net

    assert cash(books["lab"]) == pytest.approx(-7.0)
    assert cash(books["cloud"]) == pytest.approx(7.0)
