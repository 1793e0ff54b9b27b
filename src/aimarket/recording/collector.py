"""Mesa's own collector, for users who know Mesa."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mesa.datacollection import DataCollector

from aimarket.recording.tables import MARKET

if TYPE_CHECKING:
    from aimarket.model import AIMarket

__all__ = ["market_collector"]


class _PeriodCollector(DataCollector):
    """Collects at the end of each period.

    Mesa before 3.5 files agents' rows under ``model.steps`` and models' rows by position, so that its
    ``batch_run`` would pair a period's agents with the next period's market; there the first period
    is row 0 of both.  Later versions keep their own list of collection steps and need no help.
    """

    def collect(self, model: Any) -> None:
        super().collect(model)
        if not hasattr(self, "_collection_steps") and model.steps in self._agent_records:
            self._agent_records[model.steps - 1] = self._agent_records.pop(model.steps)


def _reporter(place: int) -> Any:
    def report(model: AIMarket) -> Any:
        row = model.recorder.latest_row("market")
        return row[place] if row is not None else None

    return report


def market_collector(model: AIMarket) -> DataCollector:
    """Model variables: the columns of the market table.  Agent variables: name, role, cash, valuation."""
    return _PeriodCollector(
        model_reporters={name: _reporter(place) for place, name in enumerate(MARKET.names)},
        agent_reporters={
            "name": "name",
            "role": "role",
            "cash_musd": lambda agent: model.ledger.cash_of(agent.name),
            "valuation_musd": lambda agent: getattr(agent, "valuation_musd", None),
        },
    )
