"""Building blocks of the schema: frozen strict models, bounded numbers, months, strategy choices."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

__all__ = [
    "Factor",
    "Frozen",
    "Month",
    "Name",
    "NonNegative",
    "Plug",
    "Positive",
    "Rate",
    "Share",
    "Strategy",
    "month_index",
]


class Frozen(BaseModel):
    """Base of every config model: immutable, strictly typed, no unknown keys, no NaN or infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


def _month(value: str) -> str:
    try:
        date.fromisoformat(value + "-01")
    except ValueError as error:
        raise ValueError("must be a month written as YYYY-MM, e.g. 2026-03") from error
    return value


def month_index(month: str) -> int:
    """Months since year 0 of ``YYYY-MM``, so that differences count months."""
    return int(month[:4]) * 12 + int(month[5:7]) - 1


Month = Annotated[str, AfterValidator(_month)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
# Money, prices and quantities stay far below the range where float64 would lose the accounts' closure.
NonNegative = Annotated[float, Field(ge=0, le=1e12)]
Positive = Annotated[float, Field(gt=0, le=1e12)]
Share = Annotated[float, Field(ge=0, le=1)]
Rate = Annotated[float, Field(ge=-1, le=10)]
Factor = Annotated[float, Field(gt=0, le=1000)]


class Plug(Frozen):
    """A registered name and its parameters; the registry checks both against the plugged-in class."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True, allow_inf_nan=False)

    name: Annotated[str, Field(description="registered name")]

    @property
    def parameters(self) -> dict[str, Any]:
        return dict(self.model_extra or {})


def _named(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


Strategy = Annotated[
    Plug,
    BeforeValidator(_named),
    Field(description="a strategy's name, or a mapping of its name and parameters"),
]
