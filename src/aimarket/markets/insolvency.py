"""Winding up: contracts are void, fleets are sold, creditors and shareholders get what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aimarket.agents.chip_maker import ChipMaker
from aimarket.agents.operator import Operator

if TYPE_CHECKING:
    from aimarket.agents.firm import Firm
    from aimarket.model import AIMarket

__all__ = ["wind_up"]


def wind_up(model: AIMarket, firms: list[Firm], void_from_month: int) -> None:
    """Take ``firms`` out of business: nobody trades with them again, and their accounts are emptied.

    What they were to deliver or receive from ``void_from_month`` on is void without a fee.  Fleets fetch the
    recovery value as far as surviving providers can pay it; all fleets are sold at once, so that no result
    depends on the order of ``firms``.  Debts are paid as far as cash goes.
    """
    for firm in firms:
        _stop_trading(model, firm, void_from_month)
    _sell_fleets(model, firms)
    for firm in firms:
        _pay_out(model, firm)


def _stop_trading(model: AIMarket, firm: Firm, void_from_month: int) -> None:
    """Contracts are void; orders, plans, places in queues and the fees of a closed channel lapse."""
    firm.alive = False
    for contract in model.contracts:
        if firm.name in (contract.buyer, contract.seller):
            contract.scale(0.0, void_from_month)
    if isinstance(firm, Operator):
        firm.planned_musd = {}
    if isinstance(firm, ChipMaker):
        for buyer in list(firm.backlog):
            del firm.backlog[buyer], model.firms[buyer].on_order[firm.name]
    for maker in list(firm.on_order):
        del model.chip_makers[maker].backlog[firm.name], firm.on_order[maker]
    for region in model.regions.values():
        region.withdraw(firm.name)
    model.graph.close(model.graph.edges("listing", buyer=firm.name))
    for other in model.firms.values():
        if other.parent == firm.name:
            other.parent = None  # on its own from now on


def _sell_fleets(model: AIMarket, firms: list[Firm]) -> None:
    """Fleets go to the surviving providers in proportion to their cash, at the recovery value they can pay."""
    buyers = [provider for provider in model.providers.values() if provider.active and provider.cash_musd > 0.0]
    cash = [buyer.cash_musd for buyer in buyers]
    means = sum(cash)
    worth = sum(firm.fixed_assets_musd for firm in firms) * model.investors.entry.recovery_share
    affordable = min(1.0, means / worth) if worth > 0.0 else 0.0
    for firm in firms:
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


def _pay_out(model: AIMarket, firm: Firm) -> None:
    """Debts are paid as far as the cash goes, creditors bear the rest, the owner gets what is left."""
    investors = model.investors
    if firm.cash_musd < 0.0:
        model.ledger.pay("credit_loss", investors.name, firm.name, -firm.cash_musd)
    repaid = min(firm.debt_musd, firm.cash_musd)
    model.ledger.pay("repayment", firm.name, investors.name, repaid)
    firm.books.debt_forgiven_musd += firm.debt_musd - repaid
    investors.forgiven_musd += firm.debt_musd - repaid
    investors.loans_musd -= firm.debt_musd
    firm.debt_musd = 0.0
    model.ledger.pay("payout", firm.name, firm.parent or investors.name, firm.cash_musd)
    firm.valuation_musd = 0.0
