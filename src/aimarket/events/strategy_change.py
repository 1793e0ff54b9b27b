"""An agent changes its mind about how it decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from aimarket.config.registry import make_strategy
from aimarket.config.schema.base import Name, Strategy
from aimarket.errors import ConfigError
from aimarket.events.base import Event, EventParameters, check_target

if TYPE_CHECKING:
    from aimarket.config.schema import MarketConfig
    from aimarket.model import AIMarket

__all__ = ["StrategyChange"]

_FIRMS = ("frontier_lab", "open_weight_provider", "compute_provider", "chip_maker", "energy_supplier")


class StrategyChange(Event):
    """Replaces the strategy that a firm uses for one decision."""

    kind = "strategy_change"

    class Parameters(EventParameters):
        target: Name = Field(description="firm")
        decision: Name = Field(description="decision, e.g. pricing")
        strategy: Strategy = Field(description="the new strategy")

    def check(self, config: MarketConfig, path: str) -> None:
        p = self.parameters
        check_target(config, path, self.target, _FIRMS)
        chosen = config.agents[self.target].strategies  # type: ignore[union-attr]
        known = [decision for decision in type(chosen).model_fields if getattr(chosen, decision) is not None]
        if p.decision not in known:
            raise ConfigError(
                f"is no decision of {self.target}",
                path=f"{path}.decision",
                value=p.decision,
                remedy=f"must be one of: {', '.join(known)}",
            )
        make_strategy(p.decision, p.strategy, f"{path}.strategy")

    def strike(self, model: AIMarket) -> str:
        p = self.parameters
        firm = model.firms[self.target]
        before = firm.strategies[p.decision].name
        firm.strategies[p.decision] = make_strategy(p.decision, p.strategy, f"events.{self.kind}.strategy")
        return f"{firm.name} decides {p.decision} by {p.strategy.name} instead of {before}"
