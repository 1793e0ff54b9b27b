"""An agent's strategies, one for each of its decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aimarket.config.registry import make_strategy

if TYPE_CHECKING:
    from aimarket.config.schema.base import Frozen
    from aimarket.strategies.base import Strategy

__all__ = ["make_strategies"]


def make_strategies(chosen: Frozen, agent: str) -> dict[str, Strategy]:
    """Decision -> strategy, for the decisions that the config entry ``chosen`` of ``agent`` names one for."""
    plugs = {decision: getattr(chosen, decision) for decision in type(chosen).model_fields}
    return {
        decision: make_strategy(decision, plug, f"agents.{agent}.strategies.{decision}")
        for decision, plug in plugs.items()
        if plug is not None
    }
