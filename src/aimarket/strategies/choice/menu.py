"""What buyers of a segment look at, and the decision to look at that."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from aimarket.strategies.choice.interface import ChoiceDecision, ChoiceView

__all__ = ["choose_among", "count", "run_by_sellers", "within"]

BoolArray = npt.NDArray[np.bool_]


def run_by_sellers(view: ChoiceView) -> BoolArray:
    """Flags (J,) of the products that buyers need not run themselves."""
    return ~np.array(view.buyer_hosted, dtype=np.bool_)


def within(field: str, value: float) -> float:
    """``value``, or the nearest number that ``field`` of a decision may hold."""
    lowest, highest = ChoiceDecision.bounds[field]
    return min(max(value, lowest), highest)


def count(view: ChoiceView, considered: BoolArray) -> str:
    """In words, how many of the products on offer are ``considered`` (J,)."""
    return f"{np.count_nonzero(considered)} of {len(view.products)} products on offer"


def choose_among(
    view: ChoiceView, considered: BoolArray, *, reason: str, inputs: Mapping[str, float], **settings: object
) -> ChoiceDecision:
    """A decision to consider the products flagged (J,), with the segment's own inertia unless ``settings`` differ.

    ``settings`` are fields of ``ChoiceDecision``.  The products offered and considered, the switching cost
    and the hazard are added to ``inputs``.
    """
    own = {
        "utility_shift": (0.0,) * len(view.products),
        "switching_cost": within("switching_cost", view.switching_cost),
        "reconsider_per_year": within("reconsider_per_year", view.reconsider_per_year),
    }
    common = {
        "products_offered": float(len(view.products)),
        "products_considered": float(np.count_nonzero(considered)),
        "switching_cost_utils": view.switching_cost,
        "reconsider_per_year": view.reconsider_per_year,
    }
    return ChoiceDecision(
        considered=tuple(considered.astype(np.float64).tolist()),
        reason=reason,
        inputs={**common, **inputs},
        **{**own, **settings},  # type: ignore[arg-type]  # checked with every decision, as all fields are
    )
