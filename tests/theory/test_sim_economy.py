"""Godley & Lavoie's SIM economy through the ledger: every identity in every period."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimarket.theory.published.finance import SIM_SECTORS, sim_economy_path

BOOK = {
    "consume_from_income": 0.6,
    "consume_from_wealth": 0.4,
    "tax_rate": 0.2,
    "government_spending": 20.0,
    "wage": 1.0,
    "money_start": 0.0,
    "periods": 100,
}

ECONOMIES = st.fixed_dictionaries(
    {
        "consume_from_income": st.floats(0.05, 0.95),
        "consume_from_wealth": st.floats(0.05, 0.95),
        "tax_rate": st.floats(0.05, 0.6),
        "government_spending": st.floats(1.0, 1e6),
        "wage": st.floats(0.1, 10.0),
        "money_start": st.floats(0.0, 1e6),
        "periods": st.just(40),
    }
)


def test_the_printed_table_of_the_book():
    path = sim_economy_path(**BOOK)
    rows = [
        [round(x, 1) for x in (at.output, at.taxes, at.disposable_income, at.consumption, at.money_held)]
        for at in (path[0], path[1], path[-1])
    ]
    assert rows == [[38.5, 7.7, 30.8, 18.5, 12.3], [47.9, 9.6, 38.3, 27.9, 22.7], [100.0, 20.0, 80.0, 80.0, 80.0]]


@settings(max_examples=50, deadline=None)
@given(ECONOMIES)
def test_every_identity_holds_in_every_period(economy):
    held = issued = economy["money_start"]
    for at in sim_economy_path(**economy):
        near = {"rel": 1e-9, "abs": 1e-9 * (at.output + at.money_held)}
        assert at.flow_matrix.sum(axis=1) == pytest.approx(np.zeros(len(at.flow_matrix)), **near)
        assert at.flow_matrix.sum(axis=0) == pytest.approx(np.zeros(len(SIM_SECTORS)), **near)
        assert at.output == pytest.approx(at.consumption + economy["government_spending"], **near)
        assert at.output == pytest.approx(economy["wage"] * at.employment, **near)
        # The equation that was not used: the government issues what households save.
        assert at.money_issued - issued == pytest.approx(at.money_held - held, **near)
        assert at.money_in_ledger == pytest.approx(at.money_held, **near)
        # The last row is the change in money: households', firms' (none) and the government's.
        saved = at.money_held - held
        assert at.flow_matrix[-1] == pytest.approx([-saved, 0.0, saved], **near)
        held, issued = at.money_held, at.money_issued


@given(ECONOMIES)
def test_the_economy_tends_to_the_steady_state_of_the_book(economy):
    # Y* = G / theta and H* = (1 - alpha1) (1 - theta) G / (alpha2 theta); H closes a constant share of its gap.
    path = sim_economy_path(**economy)
    spending, tax_rate, from_income = (
        economy[name] for name in ("government_spending", "tax_rate", "consume_from_income")
    )
    steady_output = spending / tax_rate
    saved_share = (1.0 - from_income) * (1.0 - tax_rate)
    steady_money = saved_share * steady_output / economy["consume_from_wealth"]
    kept = 1.0 - economy["consume_from_wealth"] * (1.0 - saved_share / (1.0 - from_income * (1.0 - tax_rate)))
    expected = steady_money + (economy["money_start"] - steady_money) * kept ** np.arange(1.0, len(path) + 1.0)
    assert [at.money_held for at in path] == pytest.approx(expected, rel=1e-9, abs=1e-9 * steady_output)


@pytest.mark.parametrize("unit", [0.001, 3.0])
def test_the_unit_of_money_does_not_matter(unit):
    plain = sim_economy_path(**BOOK)
    scaled = sim_economy_path(**BOOK | {"government_spending": 20.0 * unit, "wage": unit})
    for one, other in zip(plain, scaled, strict=True):
        assert other.output == pytest.approx(one.output * unit)
        assert other.employment == pytest.approx(one.employment)
        assert other.flow_matrix == pytest.approx(one.flow_matrix * unit)
