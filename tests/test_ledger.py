"""The ledger: every wrong payment is refused whole, every broken identity is named."""

import math
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimarket.errors import AccountingError, SimulationError
from aimarket.ledger import ACCOUNTS, BalanceSheet, Ledger

AGENTS = ("lab", "cloud", "bank", "world")
OPENING = {"lab": 100.0, "cloud": 50.0}
PERIOD = 7


def sheets(assets=10.0, debt=20.0, **changes):
    """Books in which the cloud owns ``assets`` and owes ``debt`` to the bank."""
    books = {
        "lab": BalanceSheet(0.0, 0.0),
        "cloud": BalanceSheet(assets, debt),
        "bank": BalanceSheet(0.0, -debt),
    }
    return books | changes


@pytest.fixture
def ledger():
    ledger = Ledger(AGENTS, OPENING, "world")
    ledger.open_books(sheets())
    return ledger


def state(ledger):
    return ledger.cash.tolist(), ledger.flows()


def test_the_external_agent_holds_the_negative_of_all_deposits(ledger):
    assert [ledger.cash_of(agent) for agent in AGENTS] == [100.0, 50.0, 0.0, -150.0]


def test_a_payment_moves_cash_and_is_booked(ledger):
    ledger.pay("compute_sales", "lab", "cloud", 30.0)
    ledger.pay("compute_sales", "lab", "cloud", 10.0)
    ledger.pay("staff", "cloud", "world", 5.0)
    assert [ledger.cash_of(agent) for agent in AGENTS] == [60.0, 85.0, 0.0, -145.0]
    assert ledger.flows() == [("compute_sales", "lab", "cloud", 40.0), ("staff", "cloud", "world", 5.0)]


def test_a_payment_of_nothing_leaves_no_trace(ledger):
    before = state(ledger)
    ledger.pay("staff", "lab", "world", 0.0)
    assert state(ledger) == before


@pytest.mark.parametrize(
    ("account", "payer", "payee", "amount"),
    [
        ("staff", "lab", "world", -1.0),
        ("staff", "lab", "world", -1e-300),
        ("staff", "lab", "world", math.nan),
        ("staff", "lab", "world", math.inf),
        ("staff", "lab", "world", -math.inf),
        ("staff", "lab", "lab", 1.0),
        ("bribes", "lab", "world", 1.0),
    ],
)
def test_a_wrong_payment_is_refused_and_changes_nothing(ledger, account, payer, payee, amount):
    ledger.pay("staff", "cloud", "world", 2.0)
    before = state(ledger)
    with pytest.raises(SimulationError) as caught:
        ledger.pay(account, payer, payee, amount)
    for part in (account, payer, payee, repr(amount)):
        assert part in str(caught.value)
    assert state(ledger) == before


@pytest.mark.parametrize(("payer", "payee"), [("lab", "nobody"), ("nobody", "lab")])
def test_an_unknown_agent_is_refused_and_nobody_pays(ledger, payer, payee):
    before = state(ledger)
    with pytest.raises((KeyError, SimulationError)):
        ledger.pay("staff", payer, payee, 1.0)
    assert state(ledger) == before


def test_cash_of_an_unknown_agent_is_an_error(ledger):
    with pytest.raises(KeyError):
        ledger.cash_of("nobody")


def test_closing_returns_the_payments_and_opens_an_empty_period(ledger):
    ledger.pay("staff", "lab", "world", 5.0)
    assert ledger.close(PERIOD, sheets()) == [("staff", "lab", "world", 5.0)]
    assert ledger.flows() == []
    assert ledger.close(PERIOD + 1, sheets()) == []


def raised(ledger, books):
    with pytest.raises(AccountingError) as caught:
        ledger.close(PERIOD, books)
    return caught.value


def check_error(error, agent, account, amount):
    assert (error.agent, error.account, error.period) == (agent, account, PERIOD)
    assert error.amount_musd == pytest.approx(amount)
    for part in (agent, account, f"period {PERIOD}", f"{error.amount_musd:.6g}"):
        assert part in str(error)


def test_cash_that_no_payment_explains_is_found(ledger):
    ledger.pay("staff", "lab", "world", 5.0)
    ledger.cash[0] += 3.0
    ledger.cash[3] -= 3.0  # all deposits still cancel: only the agent's own identity can see it
    check_error(raised(ledger, sheets()), "lab", "cash", 3.0)


def test_deposits_that_do_not_cancel_are_found():
    ledger = Ledger(AGENTS, OPENING, "world")
    ledger.cash[2] += 4.0  # before the books are opened
    ledger._opening = ledger.cash.copy()
    ledger.open_books(sheets())
    check_error(raised(ledger, sheets()), "world", "deposits", 4.0)


def test_fixed_assets_that_were_not_paid_for_are_found(ledger):
    ledger.pay("chip_sales", "cloud", "world", 6.0)
    check_error(raised(ledger, sheets(assets=18.0)), "cloud", "fixed assets", 2.0)


def test_fixed_assets_paid_for_and_not_in_the_books_are_found(ledger):
    ledger.pay("chip_sales", "cloud", "world", 6.0)
    check_error(raised(ledger, sheets()), "cloud", "fixed assets", -6.0)


def test_depreciation_that_was_not_written_off_is_found(ledger):
    books = sheets(cloud=BalanceSheet(10.0, 20.0, depreciation_musd=1.5))
    check_error(raised(ledger, books), "cloud", "fixed assets", 1.5)


def test_debt_that_was_not_borrowed_is_found(ledger):
    check_error(raised(ledger, sheets(debt=25.0)), "cloud", "debt", 5.0)


def test_forgiveness_that_the_debtor_does_not_show_is_found(ledger):
    books = sheets(cloud=BalanceSheet(10.0, 20.0, debt_forgiven_musd=2.0))
    check_error(raised(ledger, books), "cloud", "debt", 2.0)


def test_debts_owed_must_equal_loans_held():
    ledger = Ledger(AGENTS, OPENING, "world")
    wrong = sheets(bank=BalanceSheet(0.0, -17.0))
    ledger.open_books(wrong)
    check_error(raised(ledger, wrong), "world", "debt owed against loans held", 3.0)


def test_a_period_with_every_side_of_the_books_closes(ledger):
    ledger.pay("chip_sales", "cloud", "lab", 6.0)
    ledger.pay("borrowing", "bank", "cloud", 8.0)
    ledger.pay("repayment", "cloud", "bank", 3.0)
    ledger.pay("liquidation_sale", "lab", "cloud", 2.0)
    ledger.pay("savings", "world", "bank", 5.0)
    books = {
        "lab": BalanceSheet(2.0, 0.0),
        # 10 + 6 bought - 2 sold at a loss of 1 - 0.5 written off
        "cloud": BalanceSheet(12.5, 24.0, depreciation_musd=0.5, asset_gain_musd=-1.0, debt_forgiven_musd=1.0),
        "bank": BalanceSheet(0.0, -24.0, debt_forgiven_musd=-1.0),
    }
    ledger.close(PERIOD, books)


def test_the_tolerance_is_relative_and_tight():
    ledger = Ledger(AGENTS, {"lab": 1e6}, "world")
    ledger.open_books(sheets())
    ledger.cash[0] += 1e6 * 5e-10
    ledger.cash[3] -= 1e6 * 5e-10
    ledger.close(1, sheets())
    ledger.cash[0] += 1e6 * 2e-9
    ledger.cash[3] -= 1e6 * 2e-9
    assert raised(ledger, sheets()).account == "cash"


def test_errors_survive_pickling(ledger):
    error = raised(ledger, sheets(debt=25.0))
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.agent, copy.account, copy.period, copy.amount_musd) == (
        str(error),
        error.agent,
        error.account,
        error.period,
        error.amount_musd,
    )


def test_every_account_books_both_sides_of_one_kind():
    sides = {"revenue", "cost", "asset", "debt", "equity", "other"}
    for name, account in ACCOUNTS.items():
        assert {account.payer, account.payee} <= sides, name
        assert account.meaning, name
        # What finances one side finances the other, so that no payment turns debt into income.
        for side in ("debt", "equity", "other"):
            assert (account.payer == side) == (account.payee == side), name


PAYMENT = st.tuples(
    st.sampled_from(sorted(name for name, a in ACCOUNTS.items() if a.payer not in ("asset", "debt"))),
    st.sampled_from(AGENTS),
    st.sampled_from(AGENTS),
    st.floats(0.0, 1e7, allow_nan=False),
).filter(lambda payment: payment[1] != payment[2])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(PAYMENT, max_size=15), min_size=1, max_size=4))
def test_any_payments_close_in_any_period(periods):
    ledger = Ledger(AGENTS, OPENING, "world")
    ledger.open_books(sheets())
    for number, payments in enumerate(periods, 1):
        before = ledger.cash.copy()
        net = dict.fromkeys(AGENTS, 0.0)
        for account, payer, payee, amount in payments:
            ledger.pay(account, payer, payee, amount)
            net[payer] -= amount
            net[payee] += amount
        flows = ledger.close(number, sheets())
        scale = max(150.0, sum(amount for *_, amount in payments), np.abs(ledger.cash).max(), np.abs(before).max())
        assert sum(amount for *_, amount in flows) == pytest.approx(sum(p[3] for p in payments), rel=1e-12)
        assert np.abs(ledger.cash - before - [net[a] for a in AGENTS]).max() <= 1e-12 * scale
        assert abs(ledger.cash.sum()) <= 1e-9 * scale


@settings(max_examples=40, deadline=None)
@given(st.lists(PAYMENT, min_size=1, max_size=8), st.permutations(range(8)))
def test_the_order_of_payments_does_not_matter(payments, order):
    books = []
    for sequence in (payments, [payments[i] for i in order if i < len(payments)]):
        ledger = Ledger(AGENTS, OPENING, "world")
        for payment in sequence:
            ledger.pay(*payment)
        books.append(([key[:3] for key in ledger.flows()], ledger.cash))
    assert books[0][0] == books[1][0]
    np.testing.assert_allclose(books[0][1], books[1][1], rtol=1e-9, atol=1e-6)
