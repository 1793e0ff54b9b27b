"""Fleets: straight-line books, retirement at the end of service, halls that outlive servers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimarket.agents.fleet import Fleet
from aimarket.config.schema.agents import Fleet as FleetEntry

HALL_USD_PER_KW = 10_000.0


def fleet(gpus=1200.0, price=20_000.0, age=0.0, service=6.0, life=4.0, dt=1 / 12, periods=200):
    entry = FleetEntry(
        gpus_h100e=gpus,
        purchase_price_usd_per_gpu=price,
        age_years=age,
        service_life_years=service,
        depreciation_life_years=life,
        operations_usd_per_gpu_hour=0.2,
    )
    return Fleet(
        entry,
        periods=periods,
        years_per_period=dt,
        server_capex_share=0.25,
        power_kw=1.5,
        hall_capex_usd_per_kw=HALL_USD_PER_KW,
        hall_life_years=15.0,
    )


SERVERS = 1200 * 20_000 * 1.25 / 1e6  # 30 MUSD
HALLS = 1200 * 1.5 * HALL_USD_PER_KW / 1e6  # 18 MUSD


def test_a_new_fleet_is_worth_what_it_cost():
    f = fleet()
    assert f.gpus == pytest.approx(1200.0)
    assert f.power_kw == pytest.approx(1800.0)
    assert f.power_kw_per_gpu == pytest.approx(1.5)
    assert f.book_musd == pytest.approx(SERVERS + HALLS)
    assert f.spare_hall_kw == 0.0


@pytest.mark.parametrize(("dt", "steps"), [(1 / 12, 12), (0.25, 4)])
def test_books_fall_in_a_straight_line(dt, steps):
    f = fleet(dt=dt)
    written_off = [f.age_one_period() for _ in range(steps)]
    assert written_off == pytest.approx([(SERVERS / 4 + HALLS / 15) * dt] * steps)
    assert f.book_musd == pytest.approx(SERVERS * 3 / 4 + HALLS * 14 / 15)


def test_servers_written_off_stay_in_service_until_their_time_is_up():
    f = fleet(service=6.0, life=4.0)
    for _ in range(5 * 12):
        f.age_one_period()
    assert f.gpus == pytest.approx(1200.0)
    assert f.book_musd == pytest.approx(HALLS * 10 / 15)
    for _ in range(12):
        f.age_one_period()
    assert f.gpus == 0.0
    assert f.power_kw == 0.0
    assert f.hall_kw == pytest.approx(1800.0)
    assert f.spare_hall_kw == pytest.approx(1800.0)


def test_what_is_left_in_the_books_at_retirement_is_a_loss():
    f = fleet(service=2.0, life=4.0)
    for _ in range(23):
        f.age_one_period()
    usual = SERVERS / 4 / 12 + HALLS / 15 / 12
    # A month before the end 25/48 are left; the last month writes all of it off.
    assert f.age_one_period() == pytest.approx(SERVERS * 25 / 48 + HALLS / 15 / 12)
    assert f.age_one_period() == pytest.approx(usual - SERVERS / 4 / 12)


def test_a_fleet_of_mean_age_was_bought_evenly_over_twice_that_time():
    f = fleet(age=2.0, service=6.0, life=4.0)
    assert f.gpus == pytest.approx(1200.0)
    assert f.book_musd == pytest.approx(SERVERS * (1 - 2.0 / 4.0) + HALLS * (1 - 2.0 / 15.0))
    gone = f.retiring_within(36.0)
    assert gone == pytest.approx(1200.0 * 0.25)  # older than 3 of 4 years
    for _ in range(36):
        f.age_one_period()
    assert f.gpus == pytest.approx(1200.0 - gone)


def test_a_fleet_older_than_its_service_life_starts_without_the_oldest():
    f = fleet(age=4.0, service=6.0)
    assert f.gpus == pytest.approx(900.0)
    assert f.spare_hall_kw == pytest.approx(450.0)


def test_retirement_is_foreseen():
    f = fleet(service=3.0)
    assert f.retiring_within(35.0) == 0.0
    assert f.retiring_within(36.0) == pytest.approx(1200.0)
    for _ in range(12):
        f.age_one_period()
    assert f.retiring_within(23.0) == 0.0
    assert f.retiring_within(24.0) == pytest.approx(1200.0)


def test_deliveries_enter_at_cost_and_age_on_their_own():
    f = fleet(gpus=0.0, price=0.0, age=0.0)
    assert (f.gpus, f.book_musd, f.power_kw_per_gpu) == (0.0, 0.0, 0.0)
    f.add(100.0, 4.0, 1.0, 3.0, 100.0)
    for _ in range(12):
        f.age_one_period()
    f.add(50.0, 2.0, 0.8, 0.0, 0.0)
    assert f.gpus == pytest.approx(150.0)
    assert f.power_kw == pytest.approx(140.0)
    assert f.book_musd == pytest.approx(4.0 * 3 / 4 + 3.0 * 14 / 15 + 2.0)
    assert f.hall_kw == 100.0
    for _ in range(60):
        f.age_one_period()
    assert f.gpus == pytest.approx(50.0)  # the first have served six years
    assert f.spare_hall_kw == pytest.approx(60.0)


def test_nothing_delivered_changes_nothing():
    f = fleet()
    before = (f.gpus, f.book_musd, f.hall_kw)
    f.add(0.0, 0.0, 1.0, 0.0, 0.0)
    assert (f.gpus, f.book_musd, f.hall_kw) == before


def test_spare_halls_take_the_next_servers():
    f = fleet(service=1.0, life=4.0)
    for _ in range(12):
        f.age_one_period()
    assert f.spare_hall_kw == pytest.approx(1800.0)
    f.add(1000.0, 10.0, 1.2, 0.0, 0.0)
    assert f.spare_hall_kw == pytest.approx(600.0)
    assert f.hall_kw == pytest.approx(1800.0)


def test_a_take_over_books_the_price_paid_and_moves_everything():
    seller = fleet()
    buyers = [fleet(gpus=10.0), fleet(gpus=0.0, price=0.0)]
    before = [b.book_musd for b in buyers]
    for buyer, share, price in zip(buyers, (0.25, 0.75), (5.0, 15.0), strict=True):
        buyer.take_over(seller, share, price)
    gain = [b.book_musd - old for b, old in zip(buyers, before, strict=True)]
    assert gain == pytest.approx([5.0, 15.0])
    assert [b.gpus for b in buyers] == pytest.approx([310.0, 900.0])
    assert sum(b.power_kw for b in buyers) == pytest.approx(1800.0 + 15.0)
    assert sum(b.hall_kw for b in buyers) == pytest.approx(1800.0 + 15.0)
    seller.clear()
    assert (seller.gpus, seller.book_musd, seller.power_kw, seller.hall_kw) == (0.0, 0.0, 0.0, 0.0)
    assert seller.age_one_period() == 0.0


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0.0, 1e6), st.floats(0.0, 1e5), st.floats(0.1, 3.0)), max_size=30),
    st.floats(0.0, 5.0),
    st.floats(0.5, 8.0),
    st.floats(0.5, 8.0),
)
def test_books_never_rise_by_ageing_and_always_balance(deliveries, age, service, life):
    f = fleet(age=age, service=service, life=life)
    for gpus, musd, kw in deliveries:
        before = f.book_musd
        lost = f.age_one_period()
        assert lost >= -1e-9 * max(before, 1.0)
        assert f.book_musd == pytest.approx(before - lost, rel=1e-9, abs=1e-9)
        middle = f.book_musd
        f.add(gpus, musd, kw, 0.0, 0.0)
        paid = musd if gpus > 0.0 else 0.0
        assert f.book_musd == pytest.approx(middle + paid, rel=1e-9, abs=1e-6)
        assert f.gpus >= 0.0
        assert f.book_musd >= 0.0


def test_a_take_over_of_empty_halls_is_worth_its_price():
    seller, buyer = fleet(service=1.0, life=4.0), fleet(gpus=10.0)
    for _ in range(12):
        seller.age_one_period()
    assert seller.gpus == 0.0
    before = buyer.book_musd
    buyer.take_over(seller, 1.0, 3.0)
    assert buyer.book_musd - before == pytest.approx(3.0)
    assert buyer.gpus == 10.0
    assert buyer.hall_kw == pytest.approx(1800.0 + 15.0)
