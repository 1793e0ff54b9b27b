"""Settlement: every payment of the period goes through the ledger, then the books are closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aimarket.accounts import Statement, statements
from aimarket.markets.capital import rescue

if TYPE_CHECKING:
    from aimarket.agents.firm import Firm
    from aimarket.model import AIMarket

__all__ = ["settle"]

_FLOW_SMOOTHING_MONTHS = 3.0
_REVENUE_SMOOTHING_MONTHS = 2.0


def settle(model: AIMarket) -> None:
    """Pay what is owed, support subsidiaries, rescue or close the insolvent, check every identity."""
    _pay_running_costs(model)
    for account, payer, payee, amount in model.take_owed():
        model.ledger.pay(account, payer, payee, amount)
    _support_subsidiaries(model)
    rescue(model)
    _balance_investors(model)
    sheets = {firm.name: firm.balance_sheet() for firm in model.firms.values()}
    sheets[model.investors.name] = model.investors.balance_sheet()
    model.flows = model.ledger.close(model.clock.step, sheets)
    model.investors.forgiven_musd = 0.0
    model.statements = statements(model.flows, model.firms)
    for name, firm in model.firms.items():
        _remember(model, firm, model.statements[name])


def _pay_running_costs(model: AIMarket) -> None:
    clock, catalogue, world = model.clock, model.catalogue, model.world.name
    for firm in model.firms.values():
        if not firm.active:
            continue
        months = clock.months_per_period
        revenue = sum(float(catalogue.revenue[j]) for j in model.products_of.get(firm.name, ()))
        labour = sum(
            float(catalogue.served[j] * catalogue.labour[j]) / 1e6 for j in model.products_of.get(firm.name, ())
        )
        staff = firm.fixed_cost_musd_per_month * months + firm.entry.operating.share_of_revenue * revenue + labour
        model.owe("staff", firm.name, world, staff)
        model.owe("service_development", firm.name, world, getattr(firm, "effort_share", 0.0) * revenue)
        model.owe("other_income", world, firm.name, firm.other_income_musd_per_month * months)
        if firm.fleet is not None and firm.own_gpus_in_use > 0.0:
            hours = firm.own_gpus_in_use * clock.hours_per_period
            model.owe("operations", firm.name, world, hours * firm.entry.fleet.operations_usd_per_gpu_hour / 1e6)
        rate = model.investors.entry.lending_rate_per_year
        model.owe("interest", firm.name, model.investors.name, firm.debt_musd * rate * clock.years_per_period)


def _support_subsidiaries(model: AIMarket) -> None:
    """An owner covers its subsidiaries' deficits and takes nothing else from them."""
    for firm in model.firms.values():
        if firm.parent is not None and firm.alive and firm.cash_musd < 0.0:
            model.ledger.pay("parent_support", firm.parent, firm.name, -firm.cash_musd)


def _balance_investors(model: AIMarket) -> None:
    """Investors hold no cash: the rest of the world's saving flows in and out."""
    cash = model.ledger.cash_of(model.investors.name)
    if cash < 0.0:
        model.ledger.pay("savings", model.world.name, model.investors.name, -cash)
    else:
        model.ledger.pay("savings", model.investors.name, model.world.name, cash)


def _remember(model: AIMarket, firm: Firm, statement: Statement) -> None:
    """Smoothed flows per month, growth over a year, runway."""
    clock = model.clock
    months = clock.months_per_period
    if not firm.active:
        firm.runway_months = float("nan") if not firm.alive else float("inf")
        return
    weight = clock.smoothing(_FLOW_SMOOTHING_MONTHS)
    firm.operating_cash_flow_musd_per_month += weight * (
        statement.operating_cash_flow / months - firm.operating_cash_flow_musd_per_month
    )
    firm.investment_musd_per_month += weight * (statement.capex / months - firm.investment_musd_per_month)
    books = firm.books
    gross = statement.revenue - statement.fees_and_royalties - books.inference_compute_musd
    firm.gross_profit_musd_per_month += weight * (gross / months - firm.gross_profit_musd_per_month)
    compute = books.inference_compute_musd + books.training_compute_musd
    firm.compute_musd_per_month += weight * (compute / months - firm.compute_musd_per_month)
    firm.training_musd_per_month += weight * (books.training_compute_musd / months - firm.training_musd_per_month)
    weight = clock.smoothing(_REVENUE_SMOOTHING_MONTHS)
    firm.revenue_musd_per_month += weight * (statement.revenue / months - firm.revenue_musd_per_month)
    history = model.revenue_history.setdefault(firm.name, [])
    history.append(firm.revenue_musd_per_month)
    lag = max(round(12 / months), 1)
    firm.revenue_a_year_ago = history[-1 - lag] if len(history) > lag else 0.0
    burn = firm.investment_musd_per_month - firm.operating_cash_flow_musd_per_month
    firm.smoothed_burn_musd_per_month = max(burn, 0.0)
    firm.runway_months = max(firm.cash_musd, 0.0) / burn if burn > 0.0 else float("inf")
