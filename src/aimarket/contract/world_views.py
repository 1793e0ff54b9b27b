"""Example views of chip makers, grids, investors and adopters: the usual case, and extreme ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from aimarket.strategies.adoption.interface import AdoptionView
from aimarket.strategies.base import View, frozen
from aimarket.strategies.beliefs.interface import BeliefsView
from aimarket.strategies.chip_pricing.interface import ChipPricingView
from aimarket.strategies.grid_expansion.interface import GridExpansionView

__all__ = ["ADOPTION", "BELIEFS", "CHIP_PRICING", "GRID_EXPANSION"]

_CHIP = ChipPricingView(month="2026-03", firm="nvidia", price_usd=3e4, unit_cost_usd=9e3, backlog_months=5.0)
CHIP_PRICING: Mapping[str, View] = {
    "usual": _CHIP,
    "zero demand": replace(_CHIP, backlog_months=0.0),
    "no capacity": replace(_CHIP, backlog_months=1e6),
    "insolvency next period": replace(_CHIP, runway_months=0.5),
    "below cost": replace(_CHIP, price_usd=100.0),
    "cheap": replace(_CHIP, price_usd=1.0, unit_cost_usd=0.5),
    "a quarter": replace(_CHIP, period_months=3.0),
}

_GRID = GridExpansionView(month="2026-03", firm="pjm", queue_mw=900.0, ripe_mw=400.0, buildable_mw=250.0)
GRID_EXPANSION: Mapping[str, View] = {
    "usual": _GRID,
    "zero demand": replace(_GRID, queue_mw=0.0, ripe_mw=0.0),
    "no capacity": replace(_GRID, buildable_mw=0.0),
    "insolvency next period": replace(_GRID, runway_months=0.5),
    "huge queue": replace(_GRID, queue_mw=1e7, ripe_mw=1e7, buildable_mw=1e6),
    "a quarter": replace(_GRID, period_months=3.0),
}

_BELIEFS = BeliefsView(
    month="2026-03",
    sentiment=0.1,
    narrative_share=0.7,
    narrative_squared_error=0.04,
    fundamental_squared_error=0.06,
)
BELIEFS: Mapping[str, View] = {
    "usual": _BELIEFS,
    "all believe": replace(_BELIEFS, narrative_share=1.0, sentiment=5.0),
    "nobody believes": replace(_BELIEFS, narrative_share=0.0, sentiment=-5.0),
    "no error": replace(_BELIEFS, narrative_squared_error=0.0, fundamental_squared_error=0.0),
    "huge errors": replace(_BELIEFS, narrative_squared_error=1e6, fundamental_squared_error=1.0),
    "bubble": replace(_BELIEFS, past_mispricing=frozen([0.1, 0.3, 0.6]), trend_extrapolation=1.2, gross_return=1.01),
    "crash": replace(_BELIEFS, past_mispricing=frozen([9.0, 3.0, -0.9]), gross_return=1.1),
    "no fundamental value": replace(_BELIEFS, past_mispricing=frozen([np.nan, 0.1, 0.2])),
    "a quarter": replace(_BELIEFS, period_months=3.0),
}

_ADOPTION = AdoptionView(month="2026-03", segment="consumers", adopted_share=0.2)
ADOPTION: Mapping[str, View] = {
    "usual": _ADOPTION,
    "zero demand": replace(_ADOPTION, adopted_share=0.0),
    "everybody": replace(_ADOPTION, adopted_share=1.0),
    "a quarter": replace(_ADOPTION, period_months=3.0),
}
