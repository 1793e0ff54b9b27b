"""Runway target."""

from __future__ import annotations

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.finance.interface import FinanceDecision, FinanceView

__all__ = ["RunwayTarget"]


class RunwayTarget(Strategy):
    """Raises equity before the runway gets short, and cuts when investors refuse.

    The runway counts what contracts will call for.  Below ``ask_below_months`` the firm asks for enough
    to reach ``target_months``.  Below ``cut_below_months`` it first spends less on training; at a third
    of that it cuts commitments as well, at the fee its contracts state.
    """

    decision = "finance"
    name = "runway_target"
    source = "precautionary cash: Bates, Kahle & Stulz (2009), Journal of Finance 64"

    class Parameters(StrategyParameters):
        target_months: float = Field(24, gt=0, le=240, description="runway aimed at after a round")
        ask_below_months: float = Field(18, ge=0, le=240, description="runway below which a round is started")
        cut_below_months: float = Field(9, ge=0, le=240, description="runway below which spending is cut")
        cut_speed: float = Field(0.15, gt=0, le=1, description="share of training spending cut or restored a month")
        cut_commitments_share: float = Field(0.1, ge=0, le=1, description="share of commitments cut in an emergency")

    def decide(self, view: FinanceView, _draws: Draws) -> FinanceDecision:
        p = self.parameters
        burn = view.expected_burn_musd_per_month
        runway = view.cash_musd / burn if burn > 0.0 else float("inf")
        ask = max(p.target_months * burn - view.cash_musd, 0.0) if runway < p.ask_below_months else 0.0
        scale, cut = view.training_scale, 0.0
        if runway < p.cut_below_months:
            scale = max(scale * (1.0 - p.cut_speed) ** view.period_months, 0.05)
            if runway < p.cut_below_months / 3.0 and view.commitments_musd > 0.0:
                cut = p.cut_commitments_share
        else:
            scale = min(scale * (1.0 + p.cut_speed) ** view.period_months, 1.0)
        shown = f"{runway:.0f} months" if burn > 0.0 else "unlimited"
        return FinanceDecision(
            ask_equity_musd=ask,
            training_scale=scale,
            cut_commitments_share=cut,
            reason=f"runway {shown} on cash {view.cash_musd:,.0f} and expected burn {burn:,.0f} MUSD a month; "
            f"training at {scale:.0%}" + (f", cuts {cut:.0%} of commitments" if cut else ""),
            inputs={
                "cash_musd": view.cash_musd,
                "expected_burn_musd_per_month": burn,
                "last_training_scale": view.training_scale,
                **({"expected_runway_months": runway} if burn > 0.0 else {}),
            },
        )
