"""aimarket: who keeps pricing power in the AI industry, and who survives.

The public surface is loaded on first use, so that importing the package stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aimarket import economics
    from aimarket.api import run
    from aimarket.config.loading import config_schema, load_config, shipped_configs
    from aimarket.config.schema import MarketConfig
    from aimarket.errors import (
        AccountingError,
        AimarketError,
        ConfigError,
        ResultsError,
        SimulationError,
        StrategyError,
    )
    from aimarket.experiments.league import run_league
    from aimarket.model import AIMarket
    from aimarket.recording.results import Results

__all__ = [
    "AIMarket",
    "AccountingError",
    "AimarketError",
    "ConfigError",
    "MarketConfig",
    "Results",
    "ResultsError",
    "SimulationError",
    "StrategyError",
    "config_schema",
    "economics",
    "load_config",
    "run",
    "run_league",
    "shipped_configs",
]

_HOME = {
    "AIMarket": "aimarket.model",
    "MarketConfig": "aimarket.config.schema",
    "Results": "aimarket.recording.results",
    "config_schema": "aimarket.config.loading",
    "load_config": "aimarket.config.loading",
    "run": "aimarket.api",
    "run_league": "aimarket.experiments.league",
    "shipped_configs": "aimarket.config.loading",
}


def __getattr__(name: str) -> Any:
    if name == "economics":
        return import_module("aimarket.economics")
    home = _HOME.get(name) or ("aimarket.errors" if name in __all__ else None)
    if home is None:
        raise AttributeError(f"module 'aimarket' has no attribute {name!r}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
