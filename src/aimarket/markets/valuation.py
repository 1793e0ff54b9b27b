"""What investors hold firms to be worth: a mix of stories and of discounted cash flows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from aimarket.economics.finance import discounted_cash_flow_value

if TYPE_CHECKING:
    from aimarket.agents.firm import Firm
    from aimarket.model import AIMarket

__all__ = ["gross_return_per_period", "value_firms"]

_HORIZON_YEARS = 15
_MARGIN_HALF_LIFE_YEARS = 3.0


def gross_return_per_period(model: AIMarket) -> float:
    """What investors ask of one USD by the end of the period, at their discount rate."""
    return float((1.0 + model.investors.entry.discount_rate_per_year) ** model.clock.years_per_period)


def value_firms(model: AIMarket) -> None:
    """Equity is worth what the mix of narrative and fundamental investors thinks, and never below zero.

    Fundamental value is discounted free cash flow with fading growth, and net cash.  Only labs have a
    narrative: either a growth story, a multiple of revenue and of compute in use that grows with growth,
    or a trend, the last mispricing taken further (Brock & Hommes 1998: value V and fundamental F follow
    V_t / F_t - 1 = omega_t (g / R) (V_{t-1} / F_{t-1} - 1) with the share omega of trend followers).
    """
    entry, investors = model.investors.entry, model.investors
    weight = model.clock.smoothing(entry.valuation_smoothing_months)
    firms = [firm for firm in model.firms.values() if firm.active and firm.parent is None]
    share = investors.narrative_share
    for firm, fundamental in zip(firms, _fundamental_values(model, firms), strict=True):
        value = fundamental
        if firm.role == "frontier_lab":
            value = share * _narrative_value(model, firm, fundamental) + (1.0 - share) * fundamental
        firm.fundamental_musd = fundamental
        firm.valuation_musd += weight * (max(value, 0.0) - firm.valuation_musd)
    investors.past_mispricing.append(_mispricing(model))


def _fundamental_values(model: AIMarket, firms: list[Firm]) -> list[float]:
    entry = model.investors.entry
    revenue = np.array([firm.revenue_musd_per_month * 12.0 for firm in firms])
    growth = np.array([_growth_per_year(model, firm) for firm in firms])
    free_cash = np.array([f.operating_cash_flow_musd_per_month - f.investment_musd_per_month for f in firms])
    margin = np.divide(free_cash * 12.0, revenue, out=np.zeros_like(revenue), where=revenue > 0.0)
    value = discounted_cash_flow_value(
        revenue,
        np.clip(growth, -0.5, entry.largest_growth_valued_per_year),
        entry.growth_fade_per_year,
        np.clip(margin, -0.5, 0.6),
        entry.long_run_margin,
        _MARGIN_HALF_LIFE_YEARS,
        entry.discount_rate_per_year,
        entry.terminal_growth_per_year,
        _HORIZON_YEARS,
    )
    return [float(value[i]) + firm.cash_musd - firm.debt_musd for i, firm in enumerate(firms)]


def _growth_per_year(model: AIMarket, firm: Firm) -> float:
    start_up = model.investors.entry.start_up_growth_per_year
    return firm.growth_per_year if firm.revenue_a_year_ago > 0.0 else start_up


def _narrative_value(model: AIMarket, firm: Firm, fundamental: float) -> float:
    entry = model.investors.entry
    if entry.narrative == "trend":
        before = firm.fundamental_musd if firm.fundamental_musd is not None else fundamental
        gap = firm.valuation_musd / before - 1.0 if before > 0.0 else 0.0
        return fundamental * (1.0 + entry.trend_extrapolation / gross_return_per_period(model) * gap)
    revenue, compute = firm.revenue_musd_per_month * 12.0, firm.compute_musd_per_month * 12.0
    scale = (1.0 - entry.narrative_compute_share) * revenue + entry.narrative_compute_share * compute
    told = min(_growth_per_year(model, firm), entry.largest_growth_told_per_year)
    multiple = entry.narrative_base_multiple * math.exp(entry.narrative_growth_multiple * told)
    return scale * multiple * math.exp(model.investors.sentiment)


def _mispricing(model: AIMarket) -> float:
    """Value of all labs over their fundamental value, less one; NaN where that is not above zero."""
    labs = [lab for lab in model.labs if lab.active and lab.parent is None and lab.fundamental_musd is not None]
    fundamental = sum(lab.fundamental_musd or 0.0 for lab in labs)
    return sum(lab.valuation_musd for lab in labs) / fundamental - 1.0 if fundamental > 0.0 else float("nan")
