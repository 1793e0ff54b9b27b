"""Dates and rates of a period, by month and by quarter."""

from datetime import date

import pytest

from aimarket.clock import Clock
from aimarket.config.schema.base import month_index
from aimarket.config.schema.world import Time


def clock(period="month", start="2023-01", periods=24, steps=0):
    result = Clock(Time(start=start, periods=periods, period=period))
    for _ in range(steps):
        result.advance()
    return result


def test_before_the_first_period_time_stands_at_the_start():
    c = clock()
    assert (c.step, c.month, c.years) == (0, month_index("2023-01"), 0.0)
    assert c.label() == "2023-01"


def test_months():
    c = clock(steps=1)
    assert (c.step, c.years, c.label()) == (1, 0.0, "2023-01")
    c = clock(steps=13)
    assert (c.step, c.years, c.label()) == (13, 1.0, "2024-01")
    assert c.hours_per_period == 730.0
    assert c.years_per_period == pytest.approx(1 / 12)


def test_quarters():
    c = clock("quarter", start="2023-11", steps=2)
    assert (c.step, c.label()) == (2, "2024-02")
    assert c.month == month_index("2024-02")
    assert c.years == pytest.approx(0.25)
    assert (c.months_per_period, c.years_per_period, c.hours_per_period) == (3, 0.25, 2190.0)
    assert c.hours_per_month == 730.0


@pytest.mark.parametrize("period", ["month", "quarter"])
def test_a_year_has_the_same_hours_however_it_is_cut(period):
    c = clock(period)
    assert c.hours_per_period / c.years_per_period == pytest.approx(8760.0)


def test_dates_of_steps():
    c = clock("quarter")
    assert [c.date_of(step) for step in (1, 2, 5)] == [date(2023, 1, 1), date(2023, 4, 1), date(2024, 1, 1)]
    assert clock(start="2023-12").date_of(2) == date(2024, 1, 1)


def test_smoothing_weights():
    month, quarter = clock(), clock("quarter")
    assert month.smoothing(4.0) == 0.25
    assert quarter.smoothing(12.0) == 0.25
    assert month.smoothing(0.0) == 1.0  # no memory shorter than a period
    assert quarter.smoothing(2.0) == 1.0
