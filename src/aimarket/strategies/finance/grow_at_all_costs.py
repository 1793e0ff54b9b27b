"""Grow at all costs."""

from __future__ import annotations

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.finance.interface import FinanceDecision, FinanceView

__all__ = ["GrowAtAllCosts"]


class GrowAtAllCosts(Strategy):
    """Takes all the money that investors and lenders give while it could spend it; never cuts, repays or pays out.

        asks for all if cash < chest months x max(investment + operating losses, expected burn)

    Speed goes before efficiency: the chest is filled while the market is open, and training is never held back.
    When investors refuse there is nothing to fall back on.
    """

    decision = "finance"
    name = "grow_at_all_costs"
    source = "blitzscaling: Kuratko, Holt & Neubert (2020), Business Horizons 63; O'Reilly (2019), Quartz"

    class Parameters(StrategyParameters):
        chest_months: float = Field(36, gt=0, le=240, description="months of spending up to which it takes money")

    def decide(self, view: FinanceView, _draws: Draws) -> FinanceDecision:
        losses = max(-view.operating_cash_flow_musd_per_month, 0.0)
        spending = max(view.investment_musd_per_month + losses, view.expected_burn_musd_per_month, 0.0)
        hungry = view.cash_musd < self.parameters.chest_months * spending
        ask = view.equity_open_musd if hungry else 0.0
        borrow = view.borrowing_room_musd if hungry else 0.0
        return FinanceDecision(
            ask_equity_musd=ask,
            borrow_musd=borrow,
            training_scale=1.0,
            reason=f"cash {view.cash_musd:,.0f} against spending of {spending:,.0f} MUSD a month: "
            f"{'takes' if hungry else 'needs'} {ask:,.0f} MUSD of equity and {borrow:,.0f} of debt, cuts nothing",
            inputs={
                "cash_musd": view.cash_musd,
                "spending_musd_per_month": spending,
                "equity_open_musd": view.equity_open_musd,
                "borrowing_room_musd": view.borrowing_room_musd,
            },
        )
