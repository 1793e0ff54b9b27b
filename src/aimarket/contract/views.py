"""Which decisions there are, what their views and decisions look like, and example views of each."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module

from aimarket.contract import firm_views, seller_views, world_views
from aimarket.contract.errors import ContractError
from aimarket.strategies.base import Decision, View

__all__ = ["VIEWS", "Contract", "contract_of"]

# decision -> label -> view; the first is the usual case.
VIEWS: Mapping[str, Mapping[str, View]] = {
    "adoption": world_views.ADOPTION,
    "beliefs": world_views.BELIEFS,
    "capacity": firm_views.CAPACITY,
    "chip_pricing": world_views.CHIP_PRICING,
    "choice": seller_views.CHOICE,
    "compute_pricing": seller_views.COMPUTE_PRICING,
    "finance": firm_views.FINANCE,
    "grid_expansion": world_views.GRID_EXPANSION,
    "pricing": seller_views.PRICING,
    "procurement": firm_views.PROCUREMENT,
    "product_mix": firm_views.PRODUCT_MIX,
    "release": firm_views.RELEASE,
    "training": firm_views.TRAINING,
}


@dataclass(frozen=True)
class Contract:
    """What a strategy of ``decision`` sees (``view``), must return (``kind``), and is tried on (``views``)."""

    decision: str
    view: type[View]
    kind: type[Decision]
    views: Mapping[str, View]

    @property
    def usual(self) -> View:
        """The view of an ordinary month."""
        return next(iter(self.views.values()))


@lru_cache(maxsize=len(VIEWS))
def contract_of(decision: str) -> Contract:
    """The contract of strategies for ``decision``.

    Raises
    ------
    ContractError
        No such decision; names the nearest one.
    """
    views = VIEWS.get(decision)
    if views is None:
        close = difflib.get_close_matches(decision, VIEWS, n=1)
        hint = f"did you mean '{close[0]}'?" if close else f"must be one of: {', '.join(VIEWS)}"
        raise ContractError(f"'{decision}' is no decision; {hint}")
    view = type(next(iter(views.values())))
    module = import_module(view.__module__)
    (kind,) = (item for item in vars(module).values() if _is_decision_of(item, view.__module__))
    return Contract(decision, view, kind, views)


def _is_decision_of(item: object, module: str) -> bool:
    return isinstance(item, type) and issubclass(item, Decision) and item.__module__ == module
