import numpy as np
import pytest

from aimarket.economics.concentration import herfindahl
from aimarket.economics.demand import consumer_surplus, diversion_ratios, mean_utilities, price_derivatives
from aimarket.economics.equilibrium import bertrand_nash
from aimarket.economics.errors import EconomicsError
from aimarket.economics.mergers import (
    compensating_cost_reductions,
    gross_upward_pricing_pressure_index,
    implied_marginal_costs,
    merger,
    upward_pricing_pressure,
)

QUALITY = np.array([2.0, 1.5, 3.0, 2.5])
COST = np.array([1.0, 0.8, 1.4, 1.1])
BEFORE, AFTER = [0, 1, 2, 3], [0, 0, 2, 3]
OPTIONS = [{}, {"nest": [0, 0, 1, 1], "nesting": 0.5}, {"outside_utility": None}, {"price_term": "log"}]


@pytest.mark.parametrize("options", OPTIONS)
def test_effects_are_the_differences_of_two_equilibria(options):
    found = merger(QUALITY, COST, 2.5, BEFORE, AFTER, market_size=50.0, **options)
    old = bertrand_nash(QUALITY, COST, 2.5, owner=BEFORE, market_size=50.0, **options)
    new = bertrand_nash(QUALITY, COST, 2.5, owner=AFTER, market_size=50.0, **options)
    assert found.price_change == pytest.approx(new.price - old.price, abs=1e-11)
    assert found.relative_price_change == pytest.approx(new.price / old.price - 1.0, abs=1e-11)
    lost = consumer_surplus(QUALITY, new.price, 2.5, **options) - consumer_surplus(QUALITY, old.price, 2.5, **options)
    assert found.consumer_surplus_change == pytest.approx(float(lost), abs=1e-11)
    assert found.consumer_surplus_change < 0.0
    firms = [new.share[0] + new.share[1], new.share[2], new.share[3]]
    assert found.herfindahl_before == pytest.approx(float(herfindahl(old.share)))
    assert found.herfindahl_after == pytest.approx(float(herfindahl(firms)))


def test_a_merger_of_nobody_changes_nothing():
    found = merger(QUALITY, COST, 2.5, BEFORE, ["d", "c", "b", "a"])
    assert found.price_change == pytest.approx(np.zeros(4), abs=1e-14)
    assert found.consumer_surplus_change == pytest.approx(0.0, abs=1e-14)


@pytest.mark.parametrize("options", OPTIONS)
def test_costs_are_recovered_from_equilibrium_prices(options):
    found = bertrand_nash(QUALITY, COST, 2.5, owner=AFTER, market_size=70.0, **options)
    slopes = 70.0 * price_derivatives(QUALITY, found.price, 2.5, **options)
    assert implied_marginal_costs(found.price, found.quantity, slopes, AFTER) == pytest.approx(COST, rel=1e-11)


@pytest.mark.parametrize("options", OPTIONS)
def test_qualities_are_recovered_from_prices_and_shares(options):
    found = bertrand_nash(QUALITY, COST, 2.5, **options)
    recovered = mean_utilities(found.share, found.price, 2.5, **options)
    level = QUALITY[0] if options.get("outside_utility", 0.0) is None else 0.0
    assert recovered == pytest.approx(QUALITY - level, abs=1e-11)


@pytest.mark.parametrize("options", OPTIONS)
def test_compensating_cost_reductions_leave_prices_alone(options):
    old = bertrand_nash(QUALITY, COST, 2.5, owner=BEFORE, **options)
    slopes = price_derivatives(QUALITY, old.price, 2.5, **options)
    cut, part = compensating_cost_reductions(old.price, old.share, slopes, BEFORE, AFTER)
    assert (cut[:2] > 0.0).all()
    assert cut[2:] == pytest.approx(np.zeros(2), abs=1e-12)
    assert part == pytest.approx(cut / COST)
    found = merger(QUALITY, COST, 2.5, BEFORE, AFTER, cost_after=COST - cut, **options)
    assert found.price_change == pytest.approx(np.zeros(4), abs=1e-11)
    assert found.consumer_surplus_change == pytest.approx(0.0, abs=1e-11)


def test_the_compensating_cut_of_two_single_product_firms_is_werdens():
    # Werden (1996): (m1 D12 D21 p1 + m2 D12 p2) / (1 - D12 D21) in money, m relative margins.
    old = bertrand_nash(QUALITY, COST, 2.5)
    ratio = diversion_ratios(QUALITY, old.price, 2.5)
    slopes = price_derivatives(QUALITY, old.price, 2.5)
    cut, _ = compensating_cost_reductions(old.price, old.share, slopes, BEFORE, AFTER)
    there, back = ratio[0, 1], ratio[1, 0]
    expected = (old.markup[0] * there * back + old.markup[1] * there) / (1.0 - there * back)
    assert cut[0] == pytest.approx(expected, rel=1e-11)


def test_upward_pressure_by_hand():
    price, cost = [10.0, 20.0, 5.0], [6.0, 15.0, 1.0]
    diversion = [[0.0, 0.2, 0.3], [0.4, 0.0, 0.1], [0.0, 0.0, 0.0]]
    owners = [0, 1, 2], [0, 0, 2]
    assert upward_pricing_pressure(price, cost, diversion, *owners) == pytest.approx([1.0, 1.6, 0.0])
    net = upward_pricing_pressure(price, cost, diversion, *owners, efficiency=0.1)
    assert net == pytest.approx([1.0 - 0.6, 1.6 - 1.5, 0.0])
    index = gross_upward_pricing_pressure_index(price, cost, diversion, *owners)
    assert index == pytest.approx([0.1, 0.08, 0.0])


def test_part_of_the_shares_gives_part_of_the_pressure():
    stake = [[1.0, 0.25, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    diversion = [[0.0, 0.2, 0.3], [0.4, 0.0, 0.1], [0.0, 0.0, 0.0]]
    found = upward_pricing_pressure([10.0, 20.0, 5.0], [6.0, 15.0, 1.0], diversion, None, stake)
    assert found == pytest.approx([0.25, 0.0, 0.0])


def test_the_partner_s_pressure_is_a_cost_rise_of_that_size():
    # First order: price changes are the pass-through of the pressure; exact in the limit of small diversion.
    found = merger(np.full(4, -4.0), COST, 1.0, BEFORE, AFTER)
    ratio = diversion_ratios(np.full(4, -4.0), found.before.price, 1.0)
    pressure = upward_pricing_pressure(found.before.price, COST, ratio, BEFORE, AFTER)
    assert found.price_change[:2] == pytest.approx(pressure[:2], rel=0.03)


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"price": [1.0, 0.0]}, "price"),
        ({"price": 1.0}, "price"),
        ({"cost": [1.0]}, "cost"),
        ({"diversion": [[0.0, 1.2], [0.1, 0.0]]}, "diversion"),
        ({"diversion": [[0.3, 0.2], [0.1, 0.0]]}, "diversion"),
        ({"diversion": [[0.0, np.nan], [0.1, 0.0]]}, "diversion"),
        ({"diversion": [0.1, 0.1]}, "diversion"),
        ({"owner_after": [0, 0, 0]}, "owner"),
        ({"efficiency": 1.5}, "efficiency"),
        ({"efficiency": "some"}, "efficiency"),
    ],
)
def test_wrong_pressure_input_names_the_parameter(changes, parameter):
    arguments = {"price": [2.0, 2.0], "cost": [1.0, 1.0], "diversion": [[0.0, 0.2], [0.1, 0.0]]}
    arguments |= {"owner_before": None, "owner_after": [0, 0]} | changes
    with pytest.raises(EconomicsError) as caught:
        upward_pricing_pressure(**arguments)
    assert caught.value.parameter == parameter


def test_a_row_of_diversion_above_one_is_refused():
    with pytest.raises(EconomicsError) as caught:
        gross_upward_pricing_pressure_index(
            [1.0] * 3, [0.5] * 3, [[0, 0.6, 0.6], [0, 0, 0], [0, 0, 0]], None, [0, 0, 1]
        )
    assert caught.value.parameter == "diversion"


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"quantity": [0.0, 0.3]}, "quantity"),
        ({"quantity": [0.3]}, "quantity"),
        ({"derivatives": [[0.0, 0.1], [0.1, -1.0]]}, "derivatives"),
        ({"derivatives": [[-1.0, 1.0], [1.0, -1.0]]}, "derivatives"),
        ({"derivatives": [[-1.0, np.nan], [1.0, -1.0]]}, "derivatives"),
        ({"owner": [0, 0, 0]}, "owner"),
    ],
)
def test_wrong_calibration_input_names_the_parameter(changes, parameter):
    arguments = {"price": [2.0, 2.0], "quantity": [0.3, 0.3], "derivatives": [[-1.0, 0.2], [0.1, -1.0]]}
    with pytest.raises(EconomicsError) as caught:
        implied_marginal_costs(**arguments | {"owner": [0, 0]} | changes)
    assert caught.value.parameter == parameter
