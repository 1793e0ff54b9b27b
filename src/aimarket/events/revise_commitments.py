"""A firm revises what it has announced to spend on compute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from aimarket.config.schema.base import Month, Name, month_index
from aimarket.events.base import Event, EventParameters, check_target, when_failed
from aimarket.markets.commitments import outstanding_musd, planned_due_musd, scale_commitments

if TYPE_CHECKING:
    from aimarket.config.schema import MarketConfig
    from aimarket.model import AIMarket

__all__ = ["ReviseCommitments"]


class ReviseCommitments(Event):
    """Scales contracts and the build plan so that payments up to a date sum to a new total.

    The new total is the whole plan: what was due later is given up.  ``build_share`` of it stays for own
    data centres; the rest is procured from the present sellers in their present proportions.  Contracts
    that shrink cost the buyer the cancellation fee it agreed to.
    """

    kind = "revise_commitments"

    class Parameters(EventParameters):
        target: Name = Field(description="the buyer")
        total_musd: float = Field(ge=0, le=1e9, description="payments from now on up to `through`, USD million")
        through: Month = Field(description="last month that the total covers")
        build_share: float = Field(0.0, ge=0, le=1, description="share of the total spent on own data centres")

    @property
    def size(self) -> float:
        return float(self.parameters.total_musd)

    def check(self, config: MarketConfig, path: str) -> None:
        check_target(config, path, self.target, ("frontier_lab",))

    def strike(self, model: AIMarket) -> str:
        failed = when_failed(model, self.target)
        if failed is not None:
            return failed
        p, firm = self.parameters, model.firms[self.target]
        first, last = model.clock.month, month_index(p.through) + 1
        before = outstanding_musd(model, firm)
        reserved = sum(c.due_musd(first, last) for c in model.contracts if c.buyer == firm.name)
        planned = planned_due_musd(model, firm, first, last)
        build = p.total_musd * p.build_share
        procure = (p.total_musd - build) / reserved if reserved > 0.0 else 1.0
        scale_commitments(model, firm, procure, build / planned if planned > 0.0 else 1.0, last)
        after = outstanding_musd(model, firm)
        return (
            f"commitments go from {before / 1e3:,.0f} to {after / 1e3:,.0f} billion USD; contracts up to {p.through} "
            f"are multiplied by {procure:.2f}, own building by {build / planned if planned > 0.0 else 1.0:.2f}"
        )
