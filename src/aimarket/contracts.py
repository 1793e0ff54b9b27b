"""Reserved compute: who has promised whom how much, at which price, until when."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

__all__ = ["Contract", "payment_path"]


def payment_path(total_musd: float, months: int, growth_per_year: float) -> np.ndarray:
    """Monthly payments, shape (months,), that grow at a log rate and sum to ``total_musd``."""
    weights = np.exp(growth_per_year / 12.0 * np.arange(months))
    return np.asarray(total_musd * weights / weights.sum())


@dataclass
class Contract:
    """A take-or-pay reservation.  Arrays hold one entry a month of delivery, the first at ``starts``.

    ``gpus`` is the quantity reserved (H100e available through the month) and
    ``price_usd_per_gpu_hour`` the schedule agreed at signature.
    """

    name: str
    buyer: str
    seller: str
    starts: int
    gpus: np.ndarray
    price_usd_per_gpu_hour: np.ndarray
    hours_per_month: float
    delivered_gpus: float = field(default=0.0)
    paid_musd: float = field(default=0.0)

    @classmethod
    def for_payments(
        cls,
        name: str,
        buyer: str,
        seller: str,
        starts: int,
        payments_musd: np.ndarray,
        price_usd_per_gpu_hour: float,
        price_decline_per_year: float,
        months_ahead: int,
        hours_per_month: float,
    ) -> Contract:
        """Quantities that planned payments buy at a price schedule that starts at signature."""
        age = (months_ahead + np.arange(payments_musd.size)) / 12.0
        price = price_usd_per_gpu_hour * np.exp(-price_decline_per_year * age)
        gpus = payments_musd * 1e6 / (price * hours_per_month)
        return cls(name, buyer, seller, starts, gpus, price, hours_per_month)

    @classmethod
    def for_gpus(
        cls, name: str, buyer: str, seller: str, starts: int, months: int, gpus: float, price: float, hours: float
    ) -> Contract:
        """A constant quantity at a constant price."""
        return cls(name, buyer, seller, starts, np.full(months, gpus), np.full(months, price), hours)

    @property
    def ends(self) -> int:
        """First month without delivery."""
        return self.starts + self.gpus.size

    def gpus_in(self, month: int) -> float:
        """Quantity due in ``month``."""
        return float(self.gpus[month - self.starts]) if self.starts <= month < self.ends else 0.0

    def price_in(self, month: int) -> float:
        """Price agreed for ``month``, USD per GPU-hour."""
        return float(self.price_usd_per_gpu_hour[month - self.starts])

    def due_musd(self, first: int, last: int | None = None) -> float:
        """Payments due from month ``first`` up to, not including, ``last``, USD million."""
        start = max(first - self.starts, 0)
        stop = self.gpus.size if last is None else max(min(last - self.starts, self.gpus.size), start)
        value = self.gpus[start:stop] * self.price_usd_per_gpu_hour[start:stop]
        return float(value.sum()) * self.hours_per_month / 1e6

    def scale(self, factor: float, from_month: int) -> None:
        """Multiply what is still to be delivered from ``from_month`` on."""
        if not (math.isfinite(factor) and factor >= 0.0):
            raise ValueError(f"factor must be finite and not negative, is {factor!r}")
        start = max(from_month - self.starts, 0)
        self.gpus = self.gpus.copy()
        self.gpus[start:] *= factor
