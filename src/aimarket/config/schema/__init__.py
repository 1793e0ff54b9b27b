"""The typed schema of a config; ``MarketConfig`` is the whole."""

from aimarket.config.schema.market import MarketConfig

__all__ = ["MarketConfig"]
