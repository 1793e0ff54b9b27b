"""Why an agent decided as it did in a month: its decisions, what moved them, and what had struck the market."""

from __future__ import annotations

import difflib
import json
import math
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from aimarket.config.schema.base import month_index
from aimarket.data.aggregation import months_per_period
from aimarket.errors import ConfigError
from aimarket.reporting.frames import tables_of

if TYPE_CHECKING:
    import pandas as pd

    from aimarket.recording.results import Results

__all__ = ["Explanation", "Figure", "Struck", "ToldDecision", "explain", "unit_of"]

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])(-01)?")
# table -> column that names the agent, and the figures that say how it is
_FIGURES = {
    "firms": ("firm", ("cash_musd", "runway_months", "revenue_musd", "valuation_musd", "commitments_musd")),
    "segments": ("segment", ("spend_musd", "mtok", "churn", "open_weight_share")),
}
_INVESTORS = ("narrative_share", "sentiment", "mispricing", "funding_musd")
_UNITS = {
    "_usd_per_mtok": "USD/Mtok",
    "_usd_per_gpu_hour": "USD/GPU-hour",
    "_usd_per_mwh": "USD/MWh",
    "_musd_per_month": "USD million a month",
    "_musd": "USD million",
    "_usd": "USD",
    "_gpus": "GPUs",
    "_mw": "MW",
    "_months": "months",
    "_per_year": "a year",
    "_per_month": "a month",
    "_share": "share",
    "probability": "share",
    "quality": "ln effective compute",
    "mtok": "Mtok",
}


@dataclass(frozen=True)
class Figure:
    """A number now, in the period before and a year before; ``None`` where there was none."""

    name: str
    now: float | None
    before: float | None
    year_before: float | None

    @property
    def change(self) -> float:
        """How far it has moved since the period before, 0 to 2: the change over the mean size of both."""
        if self.now is None or self.before is None:
            return 0.0
        size = (abs(self.now) + abs(self.before)) / 2.0
        return abs(self.now - self.before) / size if size > 0.0 else 0.0


@dataclass(frozen=True)
class ToldDecision:
    """A decision: ``value`` is the number decided, ``inputs`` what moved it, largest changes first."""

    decision: str
    strategy: str
    strategy_before: str | None
    unit: str
    value: Figure
    inputs: tuple[Figure, ...]
    reason: str


@dataclass(frozen=True)
class Struck:
    """A shock that is in force, since the month ``since``."""

    since: str
    kind: str
    target: str
    effect: str


@dataclass(frozen=True)
class Explanation:
    """What ``agent`` decided in the period that begins at ``date``, and in which situation."""

    run: str
    agent: str
    role: str
    date: str
    months_per_period: int
    figures: tuple[Figure, ...]
    events: tuple[Struck, ...]
    decisions: tuple[ToldDecision, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


def explain(results: Results, agent: str, month: str, decision: str | None = None) -> Explanation:
    """The story of ``agent`` in the period that holds ``month`` (YYYY-MM), of one decision or of all.

    Raises
    ------
    ConfigError
        The run recorded no decisions, or has no such agent, month or decision; says what there is.
    """
    tables = tables_of(results)
    rows = tables["decisions"]
    if rows.empty:
        raise ConfigError("the run recorded no decisions", remedy="run again with --set record.decisions=true")
    mine = rows[rows["agent"] == agent]
    if mine.empty:
        raise ConfigError(
            "decides nothing in this run", path="--agent", value=agent, remedy=_hint(agent, rows["agent"].unique())
        )
    length = round(months_per_period(tables))
    step, date = _period(tables["market"], month, length)
    now = mine[mine["step"] == step]
    if now.empty:
        active = f"{mine['date'].min()[:7]} to {mine['date'].max()[:7]}"
        raise ConfigError(f"{agent} decides nothing in {date[:7]}", path="--date", remedy=f"it decides from {active}")
    if decision is not None:
        if decision not in set(now["decision"]):
            raise ConfigError(
                f"is no decision of {agent} in {date[:7]}",
                path="--decision",
                value=decision,
                remedy=_hint(decision, now["decision"].unique()),
            )
        now = now[now["decision"] == decision]
    steps = (step, step - 1, step - max(12 // length, 1))
    config = results.manifest.get("config") or {}
    return Explanation(
        run=f"{results.manifest.get('name') or 'run'}, seed {results.manifest.get('seed')}",
        agent=agent,
        role=str((config.get("agents") or {}).get(agent, {}).get("kind", "")),
        date=date,
        months_per_period=length,
        figures=_figures(tables, agent, steps),
        events=_events(tables["events"], config.get("events") or {}, date, length),
        decisions=tuple(_told(mine, row, steps) for _, row in now.iterrows()),
    )


def unit_of(name: str) -> str:
    """The unit that the name of a number ends in, in words; empty where it has none."""
    return next((unit for ending, unit in _UNITS.items() if name.endswith(ending)), "")


def _hint(name: str, known: Iterable[str]) -> str:
    names = list(map(str, known))
    close = difflib.get_close_matches(name, names, n=1)
    return f"did you mean '{close[0]}'?" if close else f"there are: {', '.join(names)}"


def _period(market: pd.DataFrame, month: str, length: int) -> tuple[int, str]:
    """Step and date of the period that holds ``month``."""
    if not _MONTH.fullmatch(month):
        raise ConfigError("must be a month written as YYYY-MM", path="--date", value=month, remedy="e.g. 2026-03")
    for step, date in zip(market["step"], market["date"], strict=True):
        if 0 <= month_index(month) - month_index(date) < length:
            return int(step), str(date)
    first, last = str(market["date"].min())[:7], str(market["date"].max())[:7]
    raise ConfigError("is not in the run", path="--date", value=month, remedy=f"it goes from {first} to {last}")


def _told(mine: pd.DataFrame, row: pd.Series, steps: tuple[int, int, int]) -> ToldDecision:
    """One decision beside those of the same kind in the period before and a year before."""
    same = mine[mine["decision"] == row["decision"]].drop_duplicates("step", keep="last").set_index("step")
    others = [same.loc[step] if step in same.index else None for step in steps[1:]]
    moved = [_inputs(row), *(_inputs(other) if other is not None else {} for other in others)]
    quantity = _headline(str(row["decision"]))
    # The number decided is shown first by itself, and may be among what is named, e.g. where a habit stays as it is.
    names = [name for name in moved[0] if name != quantity]
    inputs = [Figure(name, *(_number(inputs.get(name)) for inputs in moved)) for name in names]
    return ToldDecision(
        decision=str(row["decision"]),
        strategy=str(row["strategy"]),
        strategy_before=None if others[0] is None else str(others[0]["strategy"]),
        unit=unit_of(quantity),
        value=Figure(quantity, *(_number(None if r is None else r["value"]) for r in (row, *others))),
        inputs=tuple(sorted(inputs, key=lambda figure: -figure.change)),
        reason=str(row["reason"]),
    )


def _inputs(row: pd.Series) -> dict[str, float]:
    return dict(json.loads(row["inputs"] or "{}"))


def _headline(decision: str) -> str:
    """Name of the number that the decisions table shows for ``decision``."""
    from aimarket.contract.views import VIEWS, contract_of

    return contract_of(decision).kind.headline if decision in VIEWS else "value"


def _number(value: object) -> float | None:
    if not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def _figures(tables: dict[str, pd.DataFrame], agent: str, steps: tuple[int, int, int]) -> tuple[Figure, ...]:
    for table, (key, columns) in _FIGURES.items():
        rows = tables[table][tables[table][key] == agent]
        if not rows.empty:
            return _from_rows(rows, columns, steps)
    return _from_rows(tables["market"], _INVESTORS, steps)


def _from_rows(rows: pd.DataFrame, columns: tuple[str, ...], steps: tuple[int, int, int]) -> tuple[Figure, ...]:
    by_step = rows.drop_duplicates("step", keep="last").set_index("step")
    return tuple(
        Figure(name, *(_number(by_step.at[step, name]) if step in by_step.index else None for step in steps))
        for name in columns
    )


def _events(struck: pd.DataFrame, scheduled: dict[str, Any], date: str, length: int) -> tuple[Struck, ...]:
    """Shocks of this period, and scheduled ones of earlier periods that are not over."""
    here = month_index(date)
    found = []
    for row in struck.itertuples():
        age = here - month_index(str(row.date))
        lasting = any(
            entry.get("kind") == row.kind
            and 0 <= month_index(entry["date"]) - month_index(str(row.date)) < length
            and (entry.get("duration_months") is None or month_index(entry["date"]) + entry["duration_months"] > here)
            for entry in scheduled.values()
        )
        if age == 0 or (age > 0 and lasting):
            found.append(Struck(str(row.date)[:7], str(row.kind), str(row.target), str(row.effect)))
    return tuple(found)
