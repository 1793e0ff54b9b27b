"""A tax on sales along the chain."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from aimarket.config.registry import make_event
from aimarket.config.schema.base import month_index
from aimarket.errors import ConfigError
from aimarket.events.base import Event, EventParameters, in_force

if TYPE_CHECKING:
    from aimarket.config.schema import MarketConfig
    from aimarket.model import AIMarket

__all__ = ["Tax"]

_LARGEST_RATE = 0.9
_FOREVER = 10**9  # months


class Tax(Event):
    """Sellers owe a share of the price buyers pay to the rest of the world while it lasts; rates add up.

    A seller keeps (1 - t) p of a price p, and so prices as if its cost c were c / (1 - t): how much of it
    buyers bear depends on demand.  Anderson, de Palma & Kreider (2001), Journal of Public Economics 81.
    """

    kind = "tax"

    class Parameters(EventParameters):
        base: Literal["services", "compute", "energy"] = Field(description="the sales that are taxed")
        rate: float = Field(ge=0, le=_LARGEST_RATE, description="share of the price that the buyer pays")

    @property
    def size(self) -> float:
        return float(self.parameters.rate)

    def check(self, config: MarketConfig, path: str) -> None:
        p = self.parameters
        strikes = month_index(config.events[path.removeprefix("events.")].date)
        total = 0.0
        for name, entry in config.events.items():
            if entry.kind == self.kind:
                other = make_event(entry.kind, entry.parameters, f"events.{name}").parameters
                age = strikes - month_index(entry.date)
                if other.base == p.base and 0 <= age < (other.duration_months or _FOREVER):
                    total += other.rate
        if total > _LARGEST_RATE + 1e-12:
            problem = f"makes taxes on {p.base} add up to {total:.2f} of the price"
            remedy = f"let all that are in force together stay within {_LARGEST_RATE}"
            raise ConfigError(problem, path=f"{path}.rate", value=p.rate, remedy=remedy)

    def strike(self, model: AIMarket) -> str:
        return self._apply(model, f"a tax of {self.parameters.rate:.1%} of the price on {self.parameters.base} begins")

    def end(self, model: AIMarket) -> str:
        return self._apply(model, f"the tax of {self.parameters.rate:.1%} on {self.parameters.base} ends")

    def _apply(self, model: AIMarket, words: str) -> str:
        base = self.parameters.base
        before = model.tax_rates.get(base, 0.0)
        rates = [tax.parameters.rate for tax in in_force(model, Tax) if tax.parameters.base == base]
        model.tax_rates[base] = math.fsum(rates)
        return f"{words}; rates on {base} go from {before:.1%} to {model.tax_rates[base]:.1%} in all"
