"""Providers of open weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aimarket.agents.operator import Operator

if TYPE_CHECKING:
    from aimarket.config.schema.agents import OpenWeightProviderEntry

__all__ = ["OpenWeightProvider"]


class OpenWeightProvider(Operator):
    """Publishes weights that any host with an edge may serve, and may sell an endpoint of its own."""

    entry: OpenWeightProviderEntry
