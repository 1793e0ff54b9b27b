"""What every event is: a kind, bounded parameters, a strike and perhaps an end."""

from __future__ import annotations

import difflib
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from aimarket.config.registry import make_event
from aimarket.config.schema.base import month_index
from aimarket.errors import ConfigError

if TYPE_CHECKING:
    from aimarket.config.schema import MarketConfig
    from aimarket.model import AIMarket

__all__ = ["Event", "EventParameters", "check_target", "in_force", "when_failed"]


class EventParameters(BaseModel):
    """Parameters of an event; ``duration_months`` says when it ends, if it does."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    duration_months: int | None = Field(None, ge=1, le=1200, description="months until it ends; none: it stays")


class Event(ABC):
    """Base of all events.  ``strike`` changes the world and says in one sentence what it changed.

    The same object ends what it has struck, and may remember in between what that was.  Where its target
    has failed before, an event changes nothing and says so.
    """

    kind: ClassVar[str]
    Parameters: ClassVar[type[EventParameters]] = EventParameters

    def __init__(self, parameters: Any) -> None:
        self.parameters = parameters

    @property
    def target(self) -> str:
        """Agent it strikes; empty for all of a kind."""
        return str(getattr(self.parameters, "target", None) or "")

    @property
    def size(self) -> float:
        """The number shown in the events table."""
        return float("nan")

    def check(self, config: MarketConfig, path: str) -> None:
        """Raise ``ConfigError`` where the event refers to something that the config does not have."""

    @abstractmethod
    def strike(self, model: AIMarket) -> str:
        """Change the world; returns what changed."""

    def end(self, model: AIMarket) -> str:
        """Undo what does not last; returns what changed.  Called ``duration_months`` after the strike."""
        raise NotImplementedError(f"{self.kind} has no end: leave out duration_months")


E = TypeVar("E", bound=Event)


def in_force(model: AIMarket, cls: type[E]) -> list[E]:
    """Events of kind ``cls`` that have struck by this period and are not over, in the order of the config.

    Where several of a kind may overlap, strike and end both set the world to what this list calls for, so
    that it does not matter which came first.
    """
    now = model.clock.month + model.clock.months_per_period
    found = []
    for name, entry in model.config.events.items():
        struck = month_index(entry.date)
        if entry.kind == cls.kind and model.clock.start <= struck < now:
            event = make_event(entry.kind, entry.parameters, f"events.{name}")
            duration = event.parameters.duration_months
            if isinstance(event, cls) and (duration is None or struck + duration >= now):
                found.append(event)
    return found


def when_failed(model: AIMarket, name: str) -> str | None:
    """What an event says that finds firm ``name`` wound up; None where it is alive, or no firm."""
    firm = model.firms.get(name)
    return None if firm is None or firm.alive else f"{name} has failed before: nothing changes"


def check_target(config: MarketConfig, path: str, target: str, kinds: tuple[str, ...]) -> None:
    """Raise ``ConfigError`` unless ``target`` is empty or an agent of one of ``kinds``."""
    known = [name for name, entry in config.agents.items() if entry.kind in kinds]
    if target and target not in known:
        close = difflib.get_close_matches(target, known, n=1)
        hint = f"did you mean '{close[0]}'?" if close else f"must be one of: {', '.join(known)}"
        raise ConfigError(f"is no {' or '.join(kinds)}", path=f"{path}.target", value=target, remedy=hint)
