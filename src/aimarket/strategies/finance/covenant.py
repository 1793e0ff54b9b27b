"""Covenant."""

from __future__ import annotations

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.finance.interface import FinanceDecision, FinanceView

__all__ = ["Covenant"]


class Covenant(Strategy):
    """Finances assets with debt within its covenant, keeps a cash buffer and pays out the rest.

    Below the buffer the firm borrows what lenders allow, then asks for equity; above twice the buffer it
    repays debt and pays out part of what is left.
    """

    decision = "finance"
    name = "covenant"
    source = "pecking order: Myers & Majluf (1984), Journal of Financial Economics 13"

    class Parameters(StrategyParameters):
        buffer_months: float = Field(6, ge=0, le=120, description="months of investment and cost held as cash")
        repay_share: float = Field(0.5, ge=0, le=1, description="share of excess cash that repays debt")
        payout_share: float = Field(0.5, ge=0, le=1, description="share of what is left that is paid out")
        ask_equity: bool = Field(True, description="asks shareholders when lenders refuse")

    def decide(self, view: FinanceView, _draws: Draws) -> FinanceDecision:
        p = self.parameters
        spending = view.investment_musd_per_month + max(-view.operating_cash_flow_musd_per_month, 0.0)
        buffer = p.buffer_months * spending
        short = max(buffer - view.cash_musd, 0.0)
        borrow = min(short, view.borrowing_room_musd)
        ask = short - borrow if p.ask_equity and view.cash_musd < buffer / 2.0 else 0.0
        excess = max(view.cash_musd - 2.0 * buffer, 0.0)
        repay = min(excess * p.repay_share, view.debt_musd)
        return FinanceDecision(
            ask_equity_musd=ask,
            borrow_musd=borrow,
            repay_musd=repay,
            payout_musd=(excess - repay) * p.payout_share,
            reason=f"cash {view.cash_musd:,.0f} against a buffer of {buffer:,.0f} MUSD, debt {view.debt_musd:,.0f}, "
            f"room to borrow {view.borrowing_room_musd:,.0f}",
            inputs={
                "cash_musd": view.cash_musd,
                "buffer_musd": buffer,
                "debt_musd": view.debt_musd,
                "borrowing_room_musd": view.borrowing_room_musd,
            },
        )
