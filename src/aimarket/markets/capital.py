"""Capital: beliefs, funding rounds, debt, and what happens when the money runs out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from aimarket.markets.commitments import due_musd, outstanding_musd, scale_commitments
from aimarket.markets.insolvency import wind_up
from aimarket.markets.valuation import gross_return_per_period, value_firms
from aimarket.strategies.base import frozen
from aimarket.strategies.beliefs.interface import BeliefsDecision, BeliefsView
from aimarket.strategies.finance.interface import FinanceDecision, FinanceView

if TYPE_CHECKING:
    from aimarket.agents.firm import Firm
    from aimarket.model import AIMarket

__all__ = ["raise_capital", "rescue", "update_beliefs"]

_ERROR_SMOOTHING_MONTHS = 12.0
_SENTIMENT_HALF_LIFE_YEARS = 1.0
# A rescue in the month of insolvency sells shares at this part of the last valuation.
_DISTRESS_DISCOUNT = 0.5
_RESCUE_MONTHS = 6.0
# What rounding leaves of an account that was emptied on purpose is no deficit: a tenth of a cent.
_SMALLEST_DEFICIT_MUSD = 1e-9


def update_beliefs(model: AIMarket) -> None:
    """Investors compare what each rule forecast a year ago with what came, and switch."""
    investors, clock = model.investors, model.clock
    revenue = sum(lab.revenue_musd_per_month for lab in model.labs if lab.active)
    before = sum(lab.revenue_a_year_ago for lab in model.labs if lab.active)
    growth = math.log(revenue / before) if revenue > 0.0 and before > 0.0 else 0.0
    investors.past_growth.append(growth)
    lag = max(round(12 / clock.months_per_period), 1)
    if len(investors.past_growth) > 2 * lag:
        then = investors.past_growth[-1 - lag]
        weight = clock.smoothing(_ERROR_SMOOTHING_MONTHS)
        faded = then * (1.0 - investors.entry.growth_fade_per_year)
        investors.narrative_squared_error += weight * ((growth - then) ** 2 - investors.narrative_squared_error)
        investors.fundamental_squared_error += weight * ((growth - faded) ** 2 - investors.fundamental_squared_error)
    investors.sentiment *= 0.5 ** (clock.years_per_period / _SENTIMENT_HALF_LIFE_YEARS)
    view = BeliefsView(
        narrative_share=investors.narrative_share,
        narrative_squared_error=investors.narrative_squared_error,
        fundamental_squared_error=investors.fundamental_squared_error,
        past_mispricing=frozen(investors.past_mispricing),
        trend_extrapolation=investors.entry.trend_extrapolation,
        gross_return=gross_return_per_period(model),
        **model.situation(),
    )
    decision = model.decide(investors.name, investors.strategies["beliefs"], view, BeliefsDecision)
    investors.narrative_share = decision.narrative_share
    value_firms(model)


def _finance_view(model: AIMarket, firm: Firm) -> FinanceView:
    month = model.clock.month
    due = due_musd(model, firm, month, month + 12)
    operating, investing = firm.operating_cash_flow_musd_per_month, firm.investment_musd_per_month
    # What the next year brings beyond today's flows.
    stepping_up = max(due / 12.0 - due_musd(model, firm, month, month + 1), 0.0)
    return FinanceView(
        firm=firm.name,
        cash_musd=firm.cash_musd,
        debt_musd=firm.debt_musd,
        fixed_assets_musd=firm.fixed_assets_musd,
        operating_cash_flow_musd_per_month=operating,
        investment_musd_per_month=investing,
        expected_burn_musd_per_month=investing - operating + stepping_up,
        due_next_year_musd=due,
        commitments_musd=outstanding_musd(model, firm),
        valuation_musd=firm.valuation_musd,
        borrowing_room_musd=model.borrowing_room_musd(firm),
        training_scale=firm.training_scale,
        granted_share=firm.granted_share,
        training_musd_per_month=firm.training_musd_per_month,
        equity_open_musd=_equity_open_musd(model, firm),
        **model.situation(firm),
    )


def _equity_open_musd(model: AIMarket, firm: Firm) -> float:
    """The most that investors would give ``firm`` in a round now, USD million."""
    investors = model.investors
    if firm.months_since_round < investors.entry.months_between_rounds:
        return 0.0
    largest = investors.entry.largest_round_share * firm.valuation_musd
    return max(min(largest, firm.equity_room_musd, investors.equity_available_musd), 0.0)


def raise_capital(model: AIMarket) -> None:
    """Firms ask; investors grant what dilution, time since the last round, spread and their means allow."""
    clock, investors = model.clock, model.investors
    decided: dict[str, FinanceDecision] = {}
    for firm in model.firms.values():
        firm.months_since_round += clock.months_per_period
        if firm.active and firm.parent is None:
            decided[firm.name] = model.decide(
                firm.name, firm.strategies["finance"], _finance_view(model, firm), FinanceDecision
            )
    supply = investors.equity_supply_musd_per_year
    # What is not invested stays available for a year.
    investors.equity_available_musd = min(investors.equity_available_musd + supply * clock.years_per_period, supply)
    for firm in model.firms.values():
        limit = supply * investors.entry.largest_share_of_supply
        firm.equity_room_musd = min(firm.equity_room_musd + limit * clock.years_per_period, limit)
    room = {name: model.borrowing_room_musd(model.firms[name]) for name in decided}
    asked: dict[str, float] = {}
    for name, decision in decided.items():
        firm = model.firms[name]
        if decision.ask_equity_musd <= 0.0 or firm.months_since_round < investors.entry.months_between_rounds:
            continue
        largest = investors.entry.largest_round_share * firm.valuation_musd
        asked[name] = min(decision.ask_equity_musd, largest, firm.equity_room_musd)
    total = sum(asked.values())
    share = min(1.0, investors.equity_available_musd / total) if total > 0.0 else 0.0
    for name, amount in asked.items():
        firm = model.firms[name]
        firm.granted_share = amount * share / decided[name].ask_equity_musd
        if amount * share > 0.0:
            _issue(model, firm, amount * share)
            firm.months_since_round = 0.0
    for name, decision in decided.items():
        firm = model.firms[name]
        firm.training_scale = decision.training_scale
        _borrow(model, firm, min(decision.borrow_musd, room[name]))
        free = max(firm.cash_musd, 0.0)
        repaid = min(decision.repay_musd, firm.debt_musd, free)
        model.ledger.pay("repayment", name, investors.name, repaid)
        firm.debt_musd -= repaid
        investors.loans_musd -= repaid
        model.ledger.pay("payout", name, investors.name, min(decision.payout_musd, max(firm.cash_musd, 0.0)))
        if decision.cut_commitments_share > 0.0:
            kept = 1.0 - decision.cut_commitments_share
            scale_commitments(model, firm, kept, kept)


def _issue(model: AIMarket, firm: Firm, amount_musd: float) -> None:
    investors = model.investors
    model.ledger.pay("equity_issue", investors.name, firm.name, amount_musd)
    model.graph.trade(investors.name, firm.name, "capital", amount_musd, amount_musd)
    investors.equity_available_musd -= amount_musd
    firm.equity_room_musd -= amount_musd
    firm.valuation_musd += amount_musd


def _borrow(model: AIMarket, firm: Firm, amount_musd: float) -> None:
    if amount_musd <= 0.0:
        return
    investors = model.investors
    model.ledger.pay("borrowing", investors.name, firm.name, amount_musd)
    model.graph.trade(investors.name, firm.name, "capital", amount_musd, amount_musd, amount_musd)
    firm.debt_musd += amount_musd
    investors.loans_musd += amount_musd


def rescue(model: AIMarket) -> None:
    """After all payments: whoever is out of cash borrows, sells shares at a discount, or fails.

    All firms in distress ask at once and share what investors have left in proportion.
    """
    investors = model.investors
    distressed = [
        f for f in model.firms.values() if f.alive and f.cash_musd < -_SMALLEST_DEFICIT_MUSD and f.parent is None
    ]
    for firm in distressed:
        _borrow(model, firm, min(-firm.cash_musd, model.borrowing_room_musd(firm)))
    asked: dict[str, float] = {}
    for firm in distressed:
        if firm.cash_musd < -_SMALLEST_DEFICIT_MUSD:
            wanted = -firm.cash_musd + _RESCUE_MONTHS * firm.smoothed_burn_musd_per_month
            limit = investors.entry.largest_round_share * firm.valuation_musd * _DISTRESS_DISCOUNT
            asked[firm.name] = min(wanted, limit, firm.equity_room_musd)
    total = sum(asked.values())
    share = min(1.0, max(investors.equity_available_musd, 0.0) / total) if total > 0.0 else 0.0
    failed = []
    for name, amount in asked.items():
        firm = model.firms[name]
        if amount * share >= -firm.cash_musd:
            _issue(model, firm, amount * share)
            firm.months_since_round = 0.0
        else:
            failed.append(firm)
    wind_up(model, failed, model.clock.month + model.clock.months_per_period)
    for firm in failed:
        model.note_exit(firm)
