"""Running a config in one call."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from aimarket.model import AIMarket

if TYPE_CHECKING:
    from aimarket.config.schema import MarketConfig
    from aimarket.recording.results import Results

__all__ = ["run"]


def run(
    config: MarketConfig | str | os.PathLike[str] = "baseline",
    seed: int | None = None,
    *,
    overrides: Mapping[str, Any] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Results:
    """Run ``config`` to its horizon and return its tables.

    Arguments and errors are those of ``AIMarket``; ``progress`` is called after every period with the
    periods done and in all.
    """
    return AIMarket(config, seed, overrides=overrides).run(progress)
