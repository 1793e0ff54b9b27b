"""Collects the tables of a run, a row at a time, in a fixed order."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from aimarket.recording.measures import firm_rows, market_row, product_rows, segment_rows
from aimarket.recording.tables import TABLES

if TYPE_CHECKING:
    from aimarket.model import AIMarket
    from aimarket.strategies.base import Decision, Strategy

__all__ = ["Recorder"]


class Recorder:
    """Rows by table; ``frame`` turns them into a DataFrame with the columns of ``recording.tables``."""

    def __init__(self) -> None:
        self._rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in TABLES}

    def decision(self, when: tuple[int, str], agent: str, strategy: Strategy, decision: Decision) -> None:
        inputs = json.dumps({name: float(value) for name, value in decision.inputs.items()})
        row = (agent, strategy.decision, strategy.name, decision.headline_value, inputs, decision.reason)
        self._rows["decisions"].append((*when, *row))

    def event(self, when: tuple[int, str], kind: str, target: str, size: float, effect: str) -> None:
        self._rows["events"].append((*when, kind, target, size, effect))

    def period(self, model: AIMarket) -> None:
        """Measure the period that has just been settled."""
        when = model.when
        firms = firm_rows(model)
        self._rows["firms"].extend((*when, *row) for row in firms)
        self._rows["products"].extend((*when, *row) for row in product_rows(model))
        self._rows["segments"].extend((*when, *row) for row in segment_rows(model))
        self._rows["market"].append((*when, *market_row(model)))
        self._rows["flows"].extend((*when, *flow) for flow in model.flows)
        trades = model.graph.close_period()
        for (seller, buyer, good), (quantity, value, reserved) in sorted(trades.items()):
            unit_price = value / quantity if quantity > 0.0 else float("nan")
            if good not in ("capital", "listing"):
                unit_price *= 1e6
            share = reserved / quantity if quantity > 0.0 else 0.0
            self._rows["trades"].append((*when, seller, buyer, good, quantity, unit_price, value, share))

    def latest_row(self, table: str) -> tuple[Any, ...] | None:
        """The newest row of ``table``; None before the first."""
        rows = self._rows[table]
        return rows[-1] if rows else None

    def latest(self, table: str) -> dict[str, Any]:
        """The newest row of ``table`` as a mapping; empty before the first."""
        row = self.latest_row(table)
        return dict(zip(TABLES[table].names, row, strict=True)) if row is not None else {}

    def frame(self, name: str) -> pd.DataFrame:
        """Table ``name`` so far."""
        table = TABLES[name]
        rows = self._rows[name]
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(table.columns)
        return pd.DataFrame(
            {column.name: _typed(column.kind, values) for column, values in zip(table.columns, columns, strict=True)}
        )

    def __getstate__(self) -> dict[str, Any]:
        return {"_rows": self._rows}


def _typed(kind: str, values: Any) -> Any:
    if kind == "text":
        return pd.array(list(values), dtype="str")
    dtype: Any = {"float": np.float64, "int": np.int64, "flag": np.bool_}[kind]
    return np.array(values, dtype=dtype)
