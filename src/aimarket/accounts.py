"""Income statements: what a period's payments mean for each firm."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aimarket.ledger import ACCOUNTS

__all__ = ["Statement", "statements"]

_FINANCING = ("equity_issue", "payout", "borrowing", "repayment", "parent_support", "savings")


@dataclass
class Statement:
    """A firm's period in USD million, from payments alone; ``revenue`` is net of taxes on sales."""

    revenue: float = 0.0
    cash_cost: float = 0.0
    intermediate: float = 0.0
    capex: float = 0.0
    other_net: float = 0.0
    financing_net: float = 0.0
    service_sales: float = 0.0
    compute_sales: float = 0.0
    staff: float = 0.0
    fees_and_royalties: float = 0.0
    power_and_operations: float = 0.0
    production: float = 0.0
    compute_bought: float = 0.0

    @property
    def operating_cash_flow(self) -> float:
        """Cash from operations, other income and interest."""
        return self.revenue - self.cash_cost + self.other_net


def statements(flows: Iterable[tuple[str, str, str, float]], firms: Iterable[str]) -> dict[str, Statement]:
    """One ``Statement`` a firm from a period's payments (account, payer, payee, USD million)."""
    result = {name: Statement() for name in firms}
    for account, payer, payee, amount in flows:
        rules = ACCOUNTS[account]
        seller, buyer = result.get(payee), result.get(payer)
        if seller is not None:
            if rules.payee == "revenue":
                seller.revenue += amount
                if account == "service_sales":
                    seller.service_sales += amount
                elif account == "compute_sales":
                    seller.compute_sales += amount
            elif rules.payee == "other":
                seller.other_net += amount
            elif rules.payee == "asset":
                seller.capex -= amount
            if account in _FINANCING:
                seller.financing_net += amount
        if buyer is not None:
            if rules.payer == "cost":
                buyer.cash_cost += amount
                buyer.intermediate += amount if rules.intermediate else 0.0
                if account in ("staff", "service_development"):
                    buyer.staff += amount
                elif account in ("listing_fees", "royalties"):
                    buyer.fees_and_royalties += amount
                elif account in ("power_sales", "operations"):
                    buyer.power_and_operations += amount
                elif account in ("chip_production", "fuel"):
                    buyer.production += amount
                elif account == "compute_sales":
                    buyer.compute_bought += amount
            elif rules.payer == "revenue":
                buyer.revenue -= amount
            elif rules.payer == "other":
                buyer.other_net -= amount
            elif rules.payer == "asset":
                buyer.capex += amount
            if account in _FINANCING:
                buyer.financing_net -= amount
    return result
