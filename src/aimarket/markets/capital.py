"""Capital: beliefs, funding rounds, debt, and what happens when the money runs out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from aimarket.agents.operator import Operator
from aimarket.markets.commitments import due_musd, outstanding_musd, scale_commitments
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
        sentiment=investors.sentiment,
        period_months=clock.months_per_period,
        past_mispricing=frozen(investors.past_mispricing),
        trend_extrapolation=investors.entry.trend_extrapolation,
        gross_return=gross_return_per_period(model),
    )
    decision = model.decide(investors.name, investors.strategy, view, BeliefsDecision)
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
        period_months=model.clock.months_per_period,
    )


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
    for firm in failed:
        _stop_trading(model, firm)
    _sell_fleets(model, failed)
    for firm in failed:
        _wind_up(model, firm)


def _stop_trading(model: AIMarket, firm: Firm) -> None:
    """Contracts are void; orders, plans and places in queues lapse."""
    firm.alive = False
    month = model.clock.month + model.clock.months_per_period
    for contract in model.contracts:
        if firm.name in (contract.buyer, contract.seller):
            contract.scale(0.0, month)
    if isinstance(firm, Operator):
        firm.planned_musd = {}
    for maker in list(firm.on_order):
        model.chip_makers[maker].backlog.pop(firm.name, None)
        del firm.on_order[maker]
    for region in model.regions.values():
        region.withdraw(firm.name)


def _sell_fleets(model: AIMarket, failed: list[Firm]) -> None:
    """Fleets go to the surviving providers in proportion to their cash, at the recovery value they can pay."""
    buyers = [provider for provider in model.providers.values() if provider.active and provider.cash_musd > 0.0]
    cash = [buyer.cash_musd for buyer in buyers]
    means = sum(cash)
    worth = sum(firm.fixed_assets_musd for firm in failed) * model.investors.entry.recovery_share
    affordable = min(1.0, means / worth) if worth > 0.0 else 0.0
    for firm in failed:
        if firm.fleet is None:
            continue
        book = firm.fleet.book_musd
        price = book * model.investors.entry.recovery_share * affordable
        for buyer, held in zip(buyers, cash, strict=True):
            share = held / means
            model.ledger.pay("liquidation_sale", buyer.name, firm.name, price * share)
            buyer.fleet.take_over(firm.fleet, share, price * share)
        firm.books.asset_gain_musd += (price if buyers else 0.0) - book
        firm.fleet.clear()


def _wind_up(model: AIMarket, firm: Firm) -> None:
    """Debts are paid as far as the cash goes, creditors bear the rest, shareholders get what is left."""
    investors = model.investors
    if firm.cash_musd < 0.0:
        model.ledger.pay("credit_loss", investors.name, firm.name, -firm.cash_musd)
    repaid = min(firm.debt_musd, firm.cash_musd)
    model.ledger.pay("repayment", firm.name, investors.name, repaid)
    firm.books.debt_forgiven_musd += firm.debt_musd - repaid
    investors.forgiven_musd += firm.debt_musd - repaid
    investors.loans_musd -= firm.debt_musd
    firm.debt_musd = 0.0
    model.ledger.pay("payout", firm.name, investors.name, firm.cash_musd)
    firm.valuation_musd = 0.0
    model.note_exit(firm)
