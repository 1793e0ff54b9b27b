"""Configs: reading, laying over each other, checking, fingerprinting.

Names are imported on first use, so that ``import aimarket.config`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aimarket.deferred import deferred

if TYPE_CHECKING:
    from aimarket.config.canonical import config_schema, fingerprint, to_yaml
    from aimarket.config.loading import load_config
    from aimarket.config.overrides import parse_assignment
    from aimarket.config.schema import MarketConfig
    from aimarket.config.sources import shipped_configs

__all__ = [
    "MarketConfig",
    "config_schema",
    "fingerprint",
    "load_config",
    "parse_assignment",
    "shipped_configs",
    "to_yaml",
]

_HOMES = {
    "MarketConfig": "schema",
    "config_schema": "canonical",
    "fingerprint": "canonical",
    "load_config": "loading",
    "parse_assignment": "overrides",
    "shipped_configs": "sources",
    "to_yaml": "canonical",
}

__getattr__, __dir__ = deferred(__name__, __all__, _HOMES)
