"""What a strategy's parameters are: which are numbers, their bounds, and examples of those without default."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, get_args

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from aimarket.config.registry import ANY, strategies
from aimarket.config.schema.base import Plug
from aimarket.contract.views import contract_of

if TYPE_CHECKING:
    from aimarket.strategies.base import Strategy

__all__ = ["bounds", "bounds_text", "example_parameters", "extremes", "numeric_type"]

_INSIDE = 1e-6  # how far from an open bound the nearest parameter tried lies, as a share of the range


def numeric_type(field: FieldInfo) -> type | None:
    """``int`` or ``float`` where a parameter is a number, or a number or nothing."""
    options = [option for option in get_args(field.annotation) or (field.annotation,) if option is not type(None)]
    return options[0] if len(options) == 1 and options[0] in (int, float) else None


def bounds(field: FieldInfo) -> tuple[tuple[float, bool] | None, tuple[float, bool] | None]:
    """Lower and upper bound of a number, each with whether the bound itself is legal; ``None`` without one."""
    low = high = None
    for item in field.metadata:  # bounds are typed as anything that compares; those of numbers are numbers
        if isinstance(item, Ge | Gt):
            low = (float(item.ge), True) if isinstance(item, Ge) else (float(item.gt), False)  # type: ignore[arg-type]
        elif isinstance(item, Le | Lt):
            high = (float(item.le), True) if isinstance(item, Le) else (float(item.lt), False)  # type: ignore[arg-type]
    return low, high


def bounds_text(field: FieldInfo) -> str:
    """The bounds in words, e.g. "0 to 1", "above 0, to 5"; empty where there are none."""
    low, high = bounds(field)
    if low is None or high is None:
        return ""
    start = f"{low[0]:g}" if low[1] else f"above {low[0]:g},"
    return f"{start} to {high[0]:g}" if high[1] else f"{start} to below {high[0]:g}"


def extremes(model: type[BaseModel]) -> Iterator[dict[str, Any]]:
    """Parameters with one number each at its smallest or largest legal value, or just inside an open bound."""
    for name, field in model.model_fields.items():
        number, (low, high) = numeric_type(field), bounds(field)
        if number is None or low is None or high is None:
            continue
        inside = _INSIDE * (high[0] - low[0]) if number is float else 1
        yield {name: number(low[0] if low[1] else low[0] + inside)}
        yield {name: number(high[0] if high[1] else high[0] - inside)}


def example_parameters(cls: type[Strategy], decision: str) -> dict[str, Any]:
    """Parameters with which ``cls`` can be made for ``decision``, beside its defaults.

    The first of a field's ``examples``; for a strategy made of others, other strategies of the decision and
    a date in the midst of the example views.
    """
    chosen: dict[str, Any] = {}
    known = strategies().get(decision, {})
    parts = [name for name, other in known.items() if other is not cls and not _required(other)]
    for name, field in cls.Parameters.model_fields.items():
        if field.examples:
            chosen[name] = field.examples[0]
        elif field.annotation is Plug and field.is_required() and parts:
            chosen[name] = parts.pop(0) if len(parts) > 1 else parts[0]
        elif name == "date" and cls.decision == ANY:
            chosen[name] = contract_of(decision).usual.month
    return chosen


def _required(cls: type[Strategy]) -> bool:
    return any(field.is_required() for field in cls.Parameters.model_fields.values())
