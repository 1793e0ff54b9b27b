"""One ledger, double entry, for every payment of a run.

Agents are columns, accounts are rows.  Every payment has a payer and a payee, so each row of the
period's transaction-flow matrix sums to zero by construction; what can go wrong is that an agent's own
books (its fleet, its debt, its profit) tell another story than its payments.  ``close`` holds the two
against each other in every period of every run and raises ``AccountingError`` where they differ.

The method is the stock-flow consistent accounting of Godley & Lavoie (2007), "Monetary Economics".
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from aimarket.errors import AccountingError, SimulationError

__all__ = ["ACCOUNTS", "Account", "BalanceSheet", "Ledger"]

RELATIVE_TOLERANCE: Final = 1e-9


@dataclass(frozen=True)
class Account:
    """A kind of payment and how each side books it.

    ``payee`` and ``payer`` are "revenue", "cost" (of revenue or running), "asset" (buys or sells fixed
    assets), "debt", "equity" or "other" (income and losses outside operations).  A payer's "revenue" is a
    deduction: what a seller collects for the state was never its own (IFRS 15.47, and output at basic
    prices in SNA 2008).  ``intermediate`` marks goods used up in production, which value added leaves out.
    """

    payer: str
    payee: str
    meaning: str
    intermediate: bool = False


ACCOUNTS: Final[Mapping[str, Account]] = {
    "service_sales": Account("cost", "revenue", "buyers pay for intelligent services and tokens"),
    "compute_sales": Account("cost", "revenue", "labs and others pay for GPU-hours", intermediate=True),
    "power_sales": Account("cost", "revenue", "owners of fleets pay for energy", intermediate=True),
    "listing_fees": Account("cost", "revenue", "labs pay the cloud through which they sell", intermediate=True),
    "royalties": Account("cost", "revenue", "hosts pay for a licence to open weights", intermediate=True),
    "chip_sales": Account("asset", "revenue", "builders pay for accelerators"),
    "construction": Account("asset", "revenue", "builders pay for servers, network, halls and power equipment"),
    "chip_production": Account(
        "cost", "revenue", "chip makers pay for wafers, memory and packaging", intermediate=True
    ),
    "fuel": Account("cost", "revenue", "energy suppliers pay for fuel", intermediate=True),
    "operations": Account("cost", "revenue", "operators pay for running their data centres", intermediate=True),
    "taxes": Account("revenue", "revenue", "sellers pass on the sales tax that is in the price"),
    "staff": Account("cost", "revenue", "staff, marketing and overhead"),
    "service_development": Account("cost", "revenue", "staff who build intelligent services"),
    "buyer_income": Account("other", "other", "buyers' own revenue that pays for AI"),
    "other_income": Account("other", "other", "owners' and other business's cash for AI"),
    "parent_support": Account("equity", "equity", "an owner covers its subsidiary's deficit"),
    "interest": Account("other", "other", "interest on debt"),
    "cancellation_fees": Account("other", "other", "fee for a contract that is cut"),
    "equity_issue": Account("equity", "equity", "investors buy new shares"),
    "payout": Account("equity", "equity", "dividends and buy-backs"),
    "borrowing": Account("debt", "debt", "new debt"),
    "repayment": Account("debt", "debt", "debt paid back"),
    "liquidation_sale": Account("asset", "asset", "fleet of an insolvent firm changes hands"),
    "credit_loss": Account("other", "other", "creditors bear what an insolvent firm cannot pay"),
    "savings": Account("equity", "equity", "the rest of the world's saving, paid in to or out of the capital market"),
}


@dataclass(frozen=True)
class BalanceSheet:
    """What an agent's own books say at the end of a period, all in USD million.

    ``depreciation_musd`` and ``asset_gain_musd`` (loss if negative) are the changes of book value that
    no payment explains; ``debt_forgiven_musd`` the fall of debt that no payment explains.  A lender's
    loans are negative debt.
    """

    fixed_assets_musd: float
    debt_musd: float
    depreciation_musd: float = 0.0
    asset_gain_musd: float = 0.0
    debt_forgiven_musd: float = 0.0


class Ledger:
    """Cash of every agent and this period's payments.

    ``external`` names the agent that stands for everybody else (the rest of the world): its cash is the
    negative of all deposits, may be negative, and is never used to close another account.
    """

    def __init__(self, agents: Sequence[str], opening_cash_musd: Mapping[str, float], external: str) -> None:
        self.agents = tuple(agents)
        self.external = external
        self._column = {name: i for i, name in enumerate(self.agents)}
        self.cash = np.array([opening_cash_musd.get(name, 0.0) for name in self.agents])
        self.cash[self._column[external]] -= self.cash.sum()
        self._opening = self.cash.copy()
        self._amounts: dict[tuple[str, str, str], float] = {}
        self._sheets: dict[str, BalanceSheet] = {}

    def open_books(self, sheets: Mapping[str, BalanceSheet]) -> None:
        """The books on the start date, against which the first period is checked."""
        self._sheets = dict(sheets)

    def cash_of(self, agent: str) -> float:
        """Cash of ``agent``, USD million."""
        return float(self.cash[self._column[agent]])

    def pay(self, account: str, payer: str, payee: str, amount_musd: float) -> None:
        """Move ``amount_musd`` from ``payer`` to ``payee`` and book it; all or nothing.

        Raises
        ------
        SimulationError
            The amount is negative or not a number, an agent pays itself, or account or agent are unknown.
        """
        known = account in ACCOUNTS and payer in self._column and payee in self._column
        if not (known and math.isfinite(amount_musd) and amount_musd >= 0.0) or payer == payee:
            raise SimulationError(f"{account}: {payer} cannot pay {payee} {amount_musd!r} MUSD")
        if amount_musd == 0.0:
            return
        column_payer, column_payee = self._column[payer], self._column[payee]
        key = (account, payer, payee)
        self._amounts[key] = self._amounts.get(key, 0.0) + amount_musd
        self.cash[column_payer] -= amount_musd
        self.cash[column_payee] += amount_musd

    def flows(self) -> list[tuple[str, str, str, float]]:
        """This period's payments (account, payer, payee, USD million), in a fixed order."""
        return [(*key, self._amounts[key]) for key in sorted(self._amounts)]

    def close(self, period: int, sheets: Mapping[str, BalanceSheet]) -> list[tuple[str, str, str, float]]:
        """Check every identity of the period, then open the next; returns the period's payments.

        Checked, each to 1e-9 of the larger of the sums involved: an agent's change in cash is its net
        inflow; an agent's fixed assets and debt change by what it paid for them, what it wrote off and
        what it was forgiven, so that assets equal liabilities plus net worth; debts owed equal loans held;
        all deposits and the external agent's position cancel.
        """
        flows = self.flows()
        gross = np.zeros(len(self.agents))
        net = np.zeros(len(self.agents))
        assets: dict[str, float] = {}
        debts: dict[str, float] = {}
        for account, payer, payee, amount in flows:
            for agent, sign, side in ((payer, -1.0, ACCOUNTS[account].payer), (payee, 1.0, ACCOUNTS[account].payee)):
                column = self._column[agent]
                gross[column] += amount
                net[column] += sign * amount
                if side == "asset":
                    assets[agent] = assets.get(agent, 0.0) - sign * amount
                elif side == "debt":
                    debts[agent] = debts.get(agent, 0.0) + sign * amount
        gaps = np.abs(self.cash - self._opening - net)
        scale = np.maximum(np.maximum(gross, np.abs(self.cash)), 1.0)
        for column in np.flatnonzero(gaps > RELATIVE_TOLERANCE * scale).tolist():
            raise AccountingError(self.agents[column], "cash", period, float(gaps[column]))
        for agent, sheet in sheets.items():
            self._check_sheet(agent, sheet, assets.get(agent, 0.0), debts.get(agent, 0.0), period)
        total, size = float(self.cash.sum()), float(np.abs(self.cash).sum())
        if abs(total) > RELATIVE_TOLERANCE * max(size, 1.0):
            raise AccountingError(self.external, "deposits", period, total)
        owed, lent = (sum(max(s * sheet.debt_musd, 0.0) for sheet in sheets.values()) for s in (1.0, -1.0))
        if abs(owed - lent) > RELATIVE_TOLERANCE * max(owed, 1.0):
            raise AccountingError(self.external, "debt owed against loans held", period, owed - lent)
        self._sheets = dict(sheets)
        self._opening = self.cash.copy()
        self._amounts = {}
        return flows

    def _check_sheet(self, agent: str, now: BalanceSheet, bought: float, borrowed: float, period: int) -> None:
        before = self._sheets[agent]
        change = now.fixed_assets_musd - before.fixed_assets_musd
        gap = change - (bought - now.depreciation_musd + now.asset_gain_musd)
        scale = max(now.fixed_assets_musd, before.fixed_assets_musd, abs(bought), 1.0)
        if abs(gap) > RELATIVE_TOLERANCE * scale:
            raise AccountingError(agent, "fixed assets", period, gap)
        gap = now.debt_musd - before.debt_musd - (borrowed - now.debt_forgiven_musd)
        scale = max(now.debt_musd, before.debt_musd, abs(borrowed), 1.0)
        if abs(gap) > RELATIVE_TOLERANCE * scale:
            raise AccountingError(agent, "debt", period, gap)
