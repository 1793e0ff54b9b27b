"""One firm takes over another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from aimarket.config.schema.base import Name
from aimarket.errors import ConfigError
from aimarket.events.base import Event, EventParameters, check_target

if TYPE_CHECKING:
    from aimarket.config.schema import MarketConfig
    from aimarket.model import AIMarket

__all__ = ["Merger"]

_OWNERS = ("frontier_lab", "open_weight_provider", "compute_provider")


class Merger(Event):
    """The target becomes a subsidiary of the acquirer, paid in the acquirer's shares.

    From then on the two price as one (each minds what its price does to the other's profit), trade at
    cost and the owner covers the subsidiary's deficits.  No cost falls and no product disappears: what a
    merger without efficiencies does.  Farrell & Shapiro (1990), American Economic Review 80.
    """

    kind = "merger"

    class Parameters(EventParameters):
        target: Name = Field(description="firm that is taken over")
        acquirer: Name = Field(description="firm that takes it over")

    def check(self, config: MarketConfig, path: str) -> None:
        acquirer = self.parameters.acquirer
        check_target(config, path, self.target, _OWNERS)
        known = [name for name, entry in config.agents.items() if entry.kind in _OWNERS and name != self.target]
        if acquirer not in known:
            remedy = f"must be another firm: {', '.join(known)}"
            raise ConfigError("cannot own the target", path=f"{path}.acquirer", value=acquirer, remedy=remedy)
        owners = {getattr(entry, "parent", None) for entry in config.agents.values()}
        owners |= {event.parameters.get("acquirer") for event in config.events.values() if event.kind == self.kind}
        if self.target in owners:
            problem = "owns firms itself, and ownership over two levels is not modelled"
            raise ConfigError(problem, path=f"{path}.target", value=self.target)
        if getattr(config.agents[acquirer], "parent", None) is not None:
            remedy = f"name its owner {config.agents[acquirer].parent}"  # type: ignore[union-attr]
            raise ConfigError("is owned itself", path=f"{path}.acquirer", value=acquirer, remedy=remedy)

    def strike(self, model: AIMarket) -> str:
        target, acquirer = model.firms[self.target], model.firms[self.parameters.acquirer]
        if not (target.alive and acquirer.alive):
            failed = target if not target.alive else acquirer
            return f"{acquirer.name} does not take over {target.name}: {failed.name} has failed"
        paid = target.valuation_musd
        acquirer.valuation_musd += paid
        target.valuation_musd = 0.0
        target.parent = acquirer.name
        return f"{acquirer.name} takes over {target.name} for shares worth {paid:,.0f} MUSD"
