"""Commitments: contracts are signed, plans announced, and both can be revised at a price."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aimarket.agents.frontier_lab import FrontierLab
from aimarket.agents.operator import Operator
from aimarket.config.schema.base import month_index
from aimarket.contracts import Contract, payment_path
from aimarket.markets.negotiation import price_usd_per_gpu_hour

if TYPE_CHECKING:
    from aimarket.agents.firm import Firm
    from aimarket.model import AIMarket

__all__ = ["due_musd", "outstanding_musd", "planned_due_musd", "scale_commitments", "sign_contracts"]


def sign_contracts(model: AIMarket) -> None:
    """Contracts of the config become commitments in the month they are signed; those that are over are filed away.

    The planned payments buy quantities at the seller's contract price of that month, which falls over
    the term as the config says.
    """
    clock = model.clock
    before, now = clock.month - clock.months_per_period, clock.month
    for lab in model.labs:
        for name, entry in lab.entry.contracts.items():
            signed, seller = month_index(entry.signed), model.providers[entry.seller]
            is_due = signed <= now if clock.step == 1 else before < signed <= now
            barred = model.graph.is_barred(seller.name, lab.name)
            if not (is_due and lab.active and seller.active) or barred:
                continue
            starts = month_index(entry.starts)
            model.contracts.append(
                Contract.for_payments(
                    f"{lab.name}_{name}",
                    lab.name,
                    entry.seller,
                    starts,
                    payment_path(entry.total_musd, entry.months, entry.growth_per_year),
                    price_usd_per_gpu_hour(seller, lab.name, seller.contract_price_usd_per_gpu_hour),
                    model.config.compute.contract_price_decline_per_year,
                    max(starts - now, 0),
                    clock.hours_per_month,
                )
            )
    model.contracts = [contract for contract in model.contracts if contract.ends > now]


def planned_due_musd(model: AIMarket, firm: Firm, first: int, last: int | None = None) -> float:
    """What an announced build plan calls for from month ``first`` up to ``last``, USD million."""
    if not isinstance(firm, FrontierLab) or model.clock.month < firm.plan_signed:
        return 0.0
    return firm.planned_due_musd(first, last)


def due_musd(model: AIMarket, firm: Firm, first: int, last: int | None = None) -> float:
    """Payments due under contracts and build plan from month ``first`` up to ``last``, USD million."""
    if not isinstance(firm, Operator):
        return 0.0  # only labs and open-weight providers reserve compute
    reserved = sum(c.due_musd(first, last) for c in model.contracts if c.buyer == firm.name)
    return reserved + planned_due_musd(model, firm, first, last)


def outstanding_musd(model: AIMarket, firm: Firm) -> float:
    """All payments due after this period under contracts and build plan, USD million."""
    return due_musd(model, firm, model.clock.month + model.clock.months_per_period)


def scale_commitments(
    model: AIMarket, firm: Firm, contract_factor: float, build_factor: float, last: int | None = None
) -> None:
    """Scale what ``firm`` has reserved and planned from this period on, and void it from month ``last``.

    Where less is left to pay a seller than before, the buyer owes it the agreed share of the difference.
    """
    month = model.clock.month
    fee = firm.entry.cancellation_fee_share if isinstance(firm, FrontierLab) else 0.0
    for contract in model.contracts:
        if contract.buyer == firm.name:
            before = contract.due_musd(month)
            contract.scale(contract_factor, month)
            if last is not None:
                contract.scale(0.0, last)
            lost = max(before - contract.due_musd(month), 0.0)
            model.owe("cancellation_fees", firm.name, contract.seller, lost * fee)
    if isinstance(firm, FrontierLab):
        firm.planned_musd = {
            m: v * (build_factor if m >= month else 1.0)
            for m, v in firm.planned_musd.items()
            if last is None or m < last
        }
