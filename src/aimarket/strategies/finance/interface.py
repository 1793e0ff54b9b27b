"""Finance: a firm's books and prospects, and what it asks, pays back, pays out or cuts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aimarket.strategies.base import Decision, View

__all__ = ["FinanceDecision", "FinanceView"]


@dataclass(frozen=True, kw_only=True)
class FinanceView(View):
    """Money in USD million; flows are per month, smoothed over the last months.

    ``expected_burn`` adds to the smoothed burn what contracts and build plans call for over the next
    year beyond today's.  ``training_musd_per_month`` is the part of the burn that goes into research compute
    (at its own cost of fleet or rent), ``equity_open_musd`` the most that investors would give in one round
    now.  ``granted_share`` is what they gave of the last round asked for.
    """

    firm: str
    cash_musd: float
    debt_musd: float
    fixed_assets_musd: float
    operating_cash_flow_musd_per_month: float
    investment_musd_per_month: float
    expected_burn_musd_per_month: float
    due_next_year_musd: float
    commitments_musd: float
    valuation_musd: float
    borrowing_room_musd: float
    training_scale: float
    granted_share: float
    training_musd_per_month: float = 0.0
    equity_open_musd: float = 0.0


@dataclass(frozen=True, kw_only=True)
class FinanceDecision(Decision):
    """Money asked for, borrowed, paid back and paid out this period; what is left of spending plans.

    ``training_scale`` multiplies the research and service budgets from now on, ``cut_commitments_share`` is
    taken off all contracts and building plans at the agreed fee.
    """

    ask_equity_musd: float = 0.0
    borrow_musd: float = 0.0
    repay_musd: float = 0.0
    payout_musd: float = 0.0
    training_scale: float = 1.0
    cut_commitments_share: float = 0.0
    bounds: ClassVar = {
        "ask_equity_musd": (0.0, 1e9),
        "borrow_musd": (0.0, 1e9),
        "repay_musd": (0.0, 1e9),
        "payout_musd": (0.0, 1e9),
        "training_scale": (0.0, 1.0),
        "cut_commitments_share": (0.0, 1.0),
    }
    headline: ClassVar = "ask_equity_musd"
