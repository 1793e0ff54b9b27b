"""One run of an experiment: what to simulate, what to keep of it, and what came of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from aimarket.errors import AimarketError
from aimarket.recording.results import Results

__all__ = ["Job", "Measure", "Receipt", "digest", "perform"]

Measure = Callable[[Results], Mapping[str, Any]]
"""What to keep of a run: JSON-able numbers and text.  Picklable, so a function of a module or a partial of one."""


@dataclass(frozen=True)
class Job:
    """A config and a seed; ``key`` names its receipt, so it is short and holds nothing a file name cannot."""

    key: str
    config: Mapping[str, Any]
    seed: int

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen hex digits that differ when the config or the seed does."""
        return digest({"config": self.config, "seed": self.seed})


@dataclass(frozen=True)
class Receipt:
    """What came of a job: ``values`` where it was done, one line of ``error`` where it failed."""

    key: str
    values: Mapping[str, Any] | None = None
    error: str | None = None


def digest(value: object) -> str:
    """Sixteen hex digits of any JSON-able value, whatever the order of its keys."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def perform(job: Job, measure: Measure) -> Receipt:
    """Simulate ``job`` and measure it; whatever the model or a plug-in raises becomes the receipt's error."""
    from aimarket.config import load_config
    from aimarket.model import AIMarket

    try:
        measured = measure(AIMarket(load_config(job.config), job.seed).run())
        return Receipt(job.key, values=json.loads(json.dumps(measured, allow_nan=False)))  # as it is read back
    except AimarketError as error:
        told = str(error)
    except (Exception, SystemExit) as error:
        told = f"unexpected {type(error).__name__}: {error}"
    return Receipt(job.key, error=" ".join(told.split())[:500])
