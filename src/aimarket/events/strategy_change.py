"""An agent changes its mind about how it decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from aimarket.config.registry import make_strategy
from aimarket.config.schema.base import Name, Strategy
from aimarket.errors import ConfigError
from aimarket.events.base import Event, EventParameters, check_target, when_failed

if TYPE_CHECKING:
    from aimarket.config.schema import MarketConfig
    from aimarket.model import AIMarket
    from aimarket.strategies.base import Strategy as StrategyType

__all__ = ["StrategyChange"]

_MINDS = (
    "frontier_lab",
    "open_weight_provider",
    "compute_provider",
    "chip_maker",
    "energy_supplier",
    "buyer_segment",
    "capital_market",
)


class StrategyChange(Event):
    """Replaces the strategy that a firm, a segment of buyers or the capital market uses for one decision."""

    kind = "strategy_change"

    class Parameters(EventParameters):
        target: Name = Field(description="firm, segment of buyers or capital market")
        decision: Name = Field(description="decision, e.g. pricing")
        strategy: Strategy = Field(description="the new strategy")

    def check(self, config: MarketConfig, path: str) -> None:
        p = self.parameters
        check_target(config, path, self.target, _MINDS)
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
        failed = when_failed(model, self.target)
        if failed is not None:
            return failed
        strategies = _strategies(model, self.target)
        if strategies is None:
            return f"{self.target} holds no share of the buyers: nothing changes"
        before = strategies[p.decision].name
        strategies[p.decision] = make_strategy(p.decision, p.strategy, f"events.{self.kind}.strategy")
        return f"{self.target} decides {p.decision} by {p.strategy.name} instead of {before}"


def _strategies(model: AIMarket, name: str) -> dict[str, StrategyType] | None:
    """The strategies of agent ``name``; None of a segment that the model leaves out because nobody is in it."""
    if name in model.firms:
        return model.firms[name].strategies
    if name == model.investors.name:
        return model.investors.strategies
    return next((segment.strategies for segment in model.segments if segment.name == name), None)
