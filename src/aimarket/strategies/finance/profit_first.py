"""Profit first."""

from __future__ import annotations

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters, per_period
from aimarket.strategies.finance.interface import FinanceDecision, FinanceView

__all__ = ["ProfitFirst"]


class ProfitFirst(Strategy):
    """Holds research to what the firm's own cash carries for a long time, and asks investors only in need.

        allowed burn = cash / target months
        training goes towards training x (training - (burn - allowed burn)) / training

    A burn above the allowed one is taken out of training, slack put back, part of the way each month.  Below
    ``cut_below_months`` of runway commitments are cut at the fee their contracts state; below
    ``need_below_months`` it borrows and then asks for equity, up to the runway at which it would not have to cut.
    """

    decision = "finance"
    name = "profit_first"
    source = (
        "investment held to internal funds: Fazzari, Hubbard & Petersen (1988), Brookings Papers 1; Jensen (1986), AER"
    )

    class Parameters(StrategyParameters):
        target_months: float = Field(60, gt=0, le=240, description="months that cash has to last at the allowed burn")
        adjustment: float = Field(0.3, gt=0, le=1, description="share of the gap in training scale closed in a month")
        smallest_scale: float = Field(0.05, ge=0, le=1, description="training that is kept, as a share of plans")
        cut_below_months: float = Field(12, ge=0, le=240, description="runway below which commitments are cut")
        cut_share: float = Field(0.1, ge=0, le=1, description="share of commitments cut a month when short")
        need_below_months: float = Field(6, ge=0, le=240, description="runway below which it asks for money")

    def decide(self, view: FinanceView, _draws: Draws) -> FinanceDecision:
        p, cash, burn = self.parameters, view.cash_musd, view.expected_burn_musd_per_month
        excess = burn - max(cash, 0.0) / p.target_months
        if view.training_musd_per_month > 0.0:
            affordable = max(view.training_musd_per_month - excess, 0.0)
            target = view.training_scale * affordable / view.training_musd_per_month
        else:
            target = 0.0 if excess > 0.0 else 1.0
        target = max(min(target, 1.0), p.smallest_scale)
        moved = per_period(p.adjustment, view.period_months)
        scale = view.training_scale + moved * (target - view.training_scale)
        short = burn > 0.0 and cash < p.cut_below_months * burn and view.commitments_musd > 0.0
        in_need = burn > 0.0 and cash < p.need_below_months * burn
        missing = max(max(p.cut_below_months, p.need_below_months) * burn - cash, 0.0) if in_need else 0.0
        borrow = min(missing, view.borrowing_room_musd)
        cut = per_period(p.cut_share, view.period_months) if short else 0.0
        acts = [f"training at {scale:.0%} of plans"]
        acts += [f"cuts {cut:.0%} of commitments"] if cut > 0.0 else []
        acts += [f"needs {missing:,.0f} MUSD"] if missing > 0.0 else []
        return FinanceDecision(
            ask_equity_musd=missing - borrow,
            borrow_musd=borrow,
            training_scale=scale,
            cut_commitments_share=cut,
            reason=f"expected burn of {burn:,.0f} MUSD a month is {abs(excess):,.0f} "
            f"{'above' if excess > 0.0 else 'below'} what cash of {cash:,.0f} carries for {p.target_months:g} months; "
            f"{', '.join(acts)}",
            inputs={
                "cash_musd": cash,
                "expected_burn_musd_per_month": burn,
                "excess_burn_musd_per_month": excess,
                "training_musd_per_month": view.training_musd_per_month,
                "last_training_scale": view.training_scale,
                "commitments_musd": view.commitments_musd,
            },
        )
