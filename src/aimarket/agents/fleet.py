"""Accelerators and data centres by vintage, with straight-line books."""

from __future__ import annotations

import numpy as np

from aimarket.config.schema.agents import Fleet as FleetEntry

__all__ = ["Fleet"]

_INITIAL_VINTAGES = 12


class Fleet:
    """What a firm owns: GPUs by vintage and the halls that house them.

    Servers (accelerator, server, network) are written off over ``depreciation_life_years`` and leave
    at ``service_life_years``; what is left in the books then is a loss.  Halls are written off over the
    data centre's life and are used again for the next servers.  Money in USD million.
    """

    def __init__(
        self,
        entry: FleetEntry,
        *,
        periods: int,
        years_per_period: float,
        server_capex_share: float,
        power_kw: float,
        hall_capex_usd_per_kw: float,
        hall_life_years: float,
    ) -> None:
        self._dt = years_per_period
        self._life = entry.depreciation_life_years
        self._service_life = entry.service_life_years
        self._hall_life = hall_life_years
        size = _INITIAL_VINTAGES + periods
        self._gpus, self._cost, self._age, self._kw, self._hall_cost = np.zeros((5, size))
        self._used = _INITIAL_VINTAGES
        share = 1.0 / _INITIAL_VINTAGES
        first = slice(0, _INITIAL_VINTAGES)
        self._gpus[first] = entry.gpus_h100e * share
        server_musd = entry.purchase_price_usd_per_gpu * (1.0 + server_capex_share) / 1e6
        self._cost[first] = self._gpus[first] * server_musd
        self._kw[first] = power_kw
        # Bought evenly over twice the mean age.
        self._age[first] = (np.arange(_INITIAL_VINTAGES) + 0.5) * share * 2.0 * entry.age_years
        self._hall_cost[first] = self._gpus[first] * power_kw * hall_capex_usd_per_kw / 1e6
        self.hall_kw = entry.gpus_h100e * power_kw
        self._retire()
        self._refresh()

    def _retire(self) -> None:
        old = self._age[: self._used] >= self._service_life - 1e-9
        self._gpus[: self._used][old] = 0.0
        self._cost[: self._used][old] = 0.0

    def _refresh(self) -> None:
        used = slice(0, self._used)
        gpus, age = self._gpus[used], self._age[used]
        self.gpus = float(gpus.sum())
        self.power_kw = float((gpus * self._kw[used]).sum())
        servers = self._cost[used] * np.maximum(1.0 - age / self._life, 0.0)
        halls = self._hall_cost[used] * np.maximum(1.0 - age / self._hall_life, 0.0)
        self.book_musd = float(servers.sum() + halls.sum())

    @property
    def power_kw_per_gpu(self) -> float:
        """Mean IT power of an accelerator, kW; 0 without any."""
        return self.power_kw / self.gpus if self.gpus > 0.0 else 0.0

    @property
    def spare_hall_kw(self) -> float:
        """Hall capacity that stands empty, kW."""
        return max(self.hall_kw - self.power_kw, 0.0)

    def retiring_within(self, months: float) -> float:
        """GPUs that will reach the end of their service life within ``months``."""
        used = slice(0, self._used)
        return float(self._gpus[used][self._age[used] + months / 12.0 >= self._service_life].sum())

    def age_one_period(self) -> float:
        """Let everything grow older; returns depreciation and write-offs, USD million."""
        before = self.book_musd
        self._age[: self._used] += self._dt
        self._retire()
        self._refresh()
        return before - self.book_musd

    def add(self, gpus: float, server_musd: float, power_kw: float, hall_musd: float, hall_kw: float) -> None:
        """Put new servers, and the halls built for them, into operation at cost."""
        if gpus <= 0.0 and hall_kw <= 0.0:
            return
        i = self._used
        if i == self._gpus.size:  # a take-over besides the deliveries of every period
            self._grow()
        self._gpus[i], self._cost[i], self._kw[i], self._age[i] = gpus, server_musd, power_kw, 0.0
        self._hall_cost[i] = hall_musd
        self.hall_kw += hall_kw
        self._used += 1
        self._refresh()

    def _grow(self) -> None:
        more = max(self._gpus.size // 2, 16)
        columns = (self._gpus, self._cost, self._age, self._kw, self._hall_cost)
        self._gpus, self._cost, self._age, self._kw, self._hall_cost = (np.append(c, np.zeros(more)) for c in columns)

    def take_over(self, other: Fleet, share: float, price_musd: float) -> None:
        """Buy ``share`` of another owner's fleet for ``price_musd``, which becomes its book value."""
        empty = other.gpus <= 0.0  # halls whose servers have all retired
        servers, halls = (0.0, price_musd) if empty else (price_musd, 0.0)
        self.add(other.gpus * share, servers, other.power_kw_per_gpu, halls, other.hall_kw * share)

    def clear(self) -> None:
        """Empty the fleet: everything has been sold."""
        self._gpus[:] = 0.0
        self._cost[:] = 0.0
        self._hall_cost[:] = 0.0
        self.hall_kw = 0.0
        self._refresh()
