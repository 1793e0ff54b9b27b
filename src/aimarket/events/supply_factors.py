"""Shocks to supply that multiply a factor of their targets while they last: energy, grid, chips."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from aimarket.config.schema.base import Name
from aimarket.events.base import Event, EventParameters, check_target, when_failed

if TYPE_CHECKING:
    from aimarket.config.schema import MarketConfig
    from aimarket.model import AIMarket

__all__ = ["ChipSupplyShock", "EnergyPriceShock", "GridDelay"]


class _Parameters(EventParameters):
    target: Name | None = Field(None, description="supplier; none: all of them")
    factor: float = Field(gt=0, le=100, description="what the quantity is multiplied by")


def _multiply(model: AIMarket, event: Event, role: str, attribute: str, factor: float, words: str) -> str:
    failed = when_failed(model, event.target)
    if failed is not None:
        return failed
    for firm in model.firms.values():
        if firm.role == role and event.target in ("", firm.name):
            setattr(firm, attribute, getattr(firm, attribute) * factor)
    return f"{words} of {event.target or 'all'} is multiplied by {factor:.2f}"


class _Factor(Event):
    Parameters = _Parameters
    role: ClassVar[str]
    attribute: ClassVar[str]
    words: ClassVar[str]

    @property
    def size(self) -> float:
        return float(self.parameters.factor)

    def check(self, config: MarketConfig, path: str) -> None:
        check_target(config, path, self.target, (self.role,))

    def strike(self, model: AIMarket) -> str:
        return _multiply(model, self, self.role, self.attribute, self.parameters.factor, self.words)

    def end(self, model: AIMarket) -> str:
        return _multiply(model, self, self.role, self.attribute, 1.0 / self.parameters.factor, self.words)


class EnergyPriceShock(_Factor):
    """Multiplies the cost of every plant of a region."""

    kind = "energy_price_shock"
    role, attribute, words = "energy_supplier", "cost_factor", "cost of power plants"


class GridDelay(_Factor):
    """Multiplies the rate at which a region builds connections."""

    kind = "grid_delay"
    role, attribute, words = "energy_supplier", "build_factor", "speed of grid connections"


class ChipSupplyShock(_Factor):
    """Multiplies the output of a chip maker."""

    kind = "chip_supply_shock"
    role, attribute, words = "chip_maker", "output_factor", "output of chips"
