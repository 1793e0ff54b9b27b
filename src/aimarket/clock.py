"""Where a run is in time: step, month, years since the start."""

from __future__ import annotations

from datetime import date

from aimarket.config.schema.base import month_index
from aimarket.config.schema.world import HOURS_PER_MONTH, Time

__all__ = ["Clock"]


class Clock:
    """Turns steps into dates and yearly rates into rates of a period.

    ``step`` 0 is the start before the first period, step 1 covers the configured start month.
    ``month`` is the first month of the period, counted as ``month_index`` does.
    """

    def __init__(self, time: Time) -> None:
        self.start = month_index(time.start)
        self.periods = time.periods
        self.months_per_period = time.months_per_period
        self.years_per_period = self.months_per_period / 12.0
        self.hours_per_month = HOURS_PER_MONTH
        self.hours_per_period = HOURS_PER_MONTH * self.months_per_period
        self.step = 0
        self.month = self.start

    def advance(self) -> None:
        """Begin the next period."""
        self.step += 1
        self.month = self.start + (self.step - 1) * self.months_per_period

    @property
    def years(self) -> float:
        """Years from the start date to the beginning of the period."""
        return (self.month - self.start) / 12.0

    def date_of(self, step: int) -> date:
        """First day of period ``step``."""
        month = self.start + (step - 1) * self.months_per_period
        return date(month // 12, month % 12 + 1, 1)

    def label(self) -> str:
        """The period's first month as YYYY-MM."""
        return self.date_of(max(self.step, 1)).isoformat()[:7]

    def smoothing(self, months: float) -> float:
        """Weight of the newest observation in an exponential average over ``months``."""
        return min(1.0, self.months_per_period / max(months, self.months_per_period))
