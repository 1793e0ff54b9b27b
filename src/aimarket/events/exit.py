"""A firm leaves the market in good order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from aimarket.config.schema.base import Name
from aimarket.events.base import Event, EventParameters, check_target, when_failed
from aimarket.markets.commitments import outstanding_musd
from aimarket.markets.insolvency import wind_up

if TYPE_CHECKING:
    from aimarket.config.schema import MarketConfig
    from aimarket.model import AIMarket

__all__ = ["Exit"]

_FIRMS = ("frontier_lab", "open_weight_provider", "compute_provider", "chip_maker")


class Exit(Event):
    """The target winds up its business: what it owes is paid, contracts are void, its fleet is sold.

    Debts come out of cash and proceeds, the rest goes to shareholders or the owner, and its buyers choose
    again.  Weights that it has published stay with their hosts.  Why healthy firms leave: Ghemawat &
    Nalebuff (1985), RAND Journal of Economics 16.
    """

    kind = "exit"

    class Parameters(EventParameters):
        target: Name = Field(description="firm that leaves")

    def check(self, config: MarketConfig, path: str) -> None:
        check_target(config, path, self.target, _FIRMS)

    def strike(self, model: AIMarket) -> str:
        firm = model.firms[self.target]
        failed = when_failed(model, self.target)
        if failed is not None:
            return failed
        if not firm.active:
            return f"{firm.name} has not been founded yet: nothing changes"
        _settle_dues(model, firm.name)
        month, debt = model.clock.month, firm.debt_musd
        void = outstanding_musd(model, firm)
        gpus = firm.fleet.gpus if firm.fleet is not None else 0.0
        cash, owner = model.ledger.cash_of, firm.parent or model.investors.name
        before = cash(owner)
        wind_up(model, [firm], month)
        firm.usable_gpus = firm.own_gpus_in_use = 0.0
        return (
            f"{firm.name} leaves: commitments of {void:,.0f} MUSD are void, {gpus:,.0f} GPUs are sold, "
            f"debts of {debt:,.0f} MUSD fall due and {owner} gets {cash(owner) - before:,.0f} MUSD in all"
        )


def _settle_dues(model: AIMarket, name: str) -> None:
    """Fees that other events of the month have made due are paid before the accounts close."""
    for account, payer, payee, amount in model.take_owed():
        if name in (payer, payee):
            model.ledger.pay(account, payer, payee, amount)
        else:
            model.owe(account, payer, payee, amount)
