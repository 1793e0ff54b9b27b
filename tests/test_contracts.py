"""Reserved compute: payments add up, prices follow the schedule, cuts touch the future only."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimarket.contracts import Contract, payment_path

HOURS = 730.0


def reserved(months=12, gpus=100.0, price=2.0, starts=50):
    return Contract.for_gpus("c", "lab", "cloud", starts, months, gpus, price, HOURS)


@given(st.floats(1.0, 1e7), st.integers(1, 360), st.floats(-1.0, 3.0))
def test_payments_sum_to_the_total_and_grow_at_the_rate(total, months, growth):
    path = payment_path(total, months, growth)
    assert path.shape == (months,)
    assert path.sum() == pytest.approx(total, rel=1e-9)
    assert (path > 0.0).all()
    np.testing.assert_allclose(np.diff(np.log(path)), growth / 12.0, atol=1e-8)


def test_quantities_are_what_the_payments_buy_at_the_price_schedule():
    payments = payment_path(120_000.0, 24, 0.3)
    contract = Contract.for_payments("c", "lab", "cloud", 100, payments, 2.5, 0.12, 6, HOURS)
    for k in (0, 11, 23):
        assert contract.price_in(100 + k) == pytest.approx(2.5 * math.exp(-0.12 * (6 + k) / 12.0))
        assert contract.gpus_in(100 + k) * contract.price_in(100 + k) * HOURS / 1e6 == pytest.approx(payments[k])
    assert contract.due_musd(0) == pytest.approx(120_000.0)


def test_a_contract_delivers_from_its_start_to_its_end_and_no_longer():
    contract = reserved(months=3, starts=50)
    assert contract.ends == 53
    assert [contract.gpus_in(month) for month in range(49, 54)] == [0.0, 100.0, 100.0, 100.0, 0.0]


def test_payments_due_by_window():
    contract, month = reserved(), 100.0 * 2.0 * HOURS / 1e6
    assert contract.due_musd(0) == pytest.approx(12 * month)
    assert contract.due_musd(55) == pytest.approx(7 * month)
    assert contract.due_musd(0, 50) == 0.0
    assert contract.due_musd(40, 52) == pytest.approx(2 * month)
    assert contract.due_musd(52, 54) == pytest.approx(2 * month)
    assert contract.due_musd(60, 55) == 0.0
    assert contract.due_musd(62) == 0.0
    assert contract.due_musd(0, 1000) == pytest.approx(12 * month)


@given(st.integers(40, 70), st.integers(40, 70))
def test_windows_add_up(first, middle):
    contract = reserved()
    first, middle = sorted((first, middle))
    whole = contract.due_musd(first)
    assert contract.due_musd(first, middle) + contract.due_musd(middle) == pytest.approx(whole, abs=1e-12)


def test_a_cut_leaves_the_past_as_it_was():
    contract = reserved()
    before = contract.due_musd(0, 55)
    contract.scale(0.25, 55)
    assert contract.due_musd(0, 55) == before
    assert contract.due_musd(55) == pytest.approx(7 * 25.0 * 2.0 * HOURS / 1e6)
    assert contract.gpus_in(54) == 100.0
    assert contract.gpus_in(55) == 25.0


def test_a_cut_before_the_start_scales_everything_and_one_after_the_end_nothing():
    contract = reserved()
    contract.scale(0.5, 0)
    assert contract.gpus.tolist() == [50.0] * 12
    contract.scale(0.0, 62)
    assert contract.gpus.tolist() == [50.0] * 12


@pytest.mark.parametrize("factor", [-0.1, math.nan, math.inf])
def test_an_impossible_factor_is_refused(factor):
    contract = reserved()
    with pytest.raises(ValueError, match="factor must be finite and not negative"):
        contract.scale(factor, 55)
    assert contract.gpus.tolist() == [100.0] * 12


def test_contracts_do_not_share_their_quantities():
    gpus = np.full(3, 10.0)
    one = Contract("a", "lab", "cloud", 0, gpus, np.ones(3), HOURS)
    two = Contract("b", "lab", "cloud", 0, gpus, np.ones(3), HOURS)
    one.scale(0.0, 0)
    assert two.gpus.tolist() == [10.0] * 3
