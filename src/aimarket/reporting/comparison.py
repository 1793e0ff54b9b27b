"""Two configs under the same random draws: what differs, in numbers and in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from aimarket.reporting.wording import index, money, money_in_words, months, number, percent

if TYPE_CHECKING:
    from rich.console import Console

    from aimarket.recording.results import Results

__all__ = ["Comparison", "compare", "print_comparison"]

# Critical values of Student's t at 95 percent, two-sided, by degrees of freedom; beyond the last, normal.
_T95 = (
    12.71,
    4.30,
    3.18,
    2.78,
    2.57,
    2.45,
    2.36,
    2.31,
    2.26,
    2.23,
    2.20,
    2.18,
    2.16,
    2.14,
    2.13,
    2.12,
    2.11,
    2.10,
    2.09,
)

Show = Callable[[float | None], str]


@dataclass(frozen=True)
class Difference:
    """One measure: means over seeds, the mean paired difference and half its 95 percent interval (nan for one seed)."""

    measure: str
    first: float
    second: float
    difference: float
    half_width: float
    show: Show


@dataclass(frozen=True)
class Comparison:
    """Outcome of ``compare``; ``rows`` hold the measures, ``story`` says it in words."""

    names: tuple[str, str]
    seeds: int
    rows: tuple[Difference, ...]
    story: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """JSON-able form: money in USD million, shares and indices 0..1."""
        return {
            "configs": list(self.names),
            "seeds": self.seeds,
            "measures": [
                {
                    "measure": row.measure,
                    "first": row.first,
                    "second": row.second,
                    "difference": row.difference,
                    "half_width_95": row.half_width,
                }
                for row in self.rows
            ],
            "story": list(self.story),
        }


def _measures(results: Results, labs: Sequence[str], since: str) -> dict[str, tuple[float, Show]]:
    firms, market = results.tables["firms"], results.tables["market"]
    decisions = results.tables["decisions"].query("decision == 'finance'")
    last_year = market.iloc[-min(12, len(market)) :]
    rows: dict[str, tuple[float, Show]] = {
        "service spending, last 12 periods": (float(last_year.revenue_musd.sum()), money),
        "Lerner index of services, end": (float(market.lerner.iloc[-1]), index),
        "HHI of service revenue, end": (float(market.hhi_revenue.iloc[-1]), index),
        "open-weight share of enterprise spending, end": (float(market.open_weight_share_enterprise.iloc[-1]), percent),
        "spot price, end, USD/GPU-hour": (float(market.spot_price_usd_per_gpu_hour.iloc[-1]), number),
        "consumer surplus, last 12 periods": (float(last_year.consumer_surplus_musd.sum()), money),
        "firms in business, end": (float(market.survivors.iloc[-1]), number),
    }
    for lab in labs:
        own = firms[firms.firm == lab]
        after = own[own.date >= since]
        runway = after.runway_months.dropna()
        asks = decisions[(decisions.agent == lab) & (decisions.date >= since)].value
        rows |= {
            f"{lab}: compute and own building since {since[:7]}": (
                float(after.compute_cost_musd.sum() + after.capex_musd.sum()),
                money,
            ),
            f"{lab}: revenue since {since[:7]}": (float(after.revenue_musd.sum()), money),
            f"{lab}: funding raised since {since[:7]}": (float(after.funding_musd.sum()), money),
            f"{lab}: most asked of investors at once since {since[:7]}": (
                float(asks.max()) if len(asks) else 0.0,
                money,
            ),
            f"{lab}: shortest runway since {since[:7]}": (float(runway.min()) if len(runway) else math.nan, months),
            f"{lab}: valuation, end": (float(own.valuation_musd.iloc[-1]), money),
            f"{lab}: in business at the end": (float(own.alive.iloc[-1]), percent),
        }
    return rows


def _first_split(pairs: Sequence[tuple[Results, Results]]) -> str:
    """First period in which outstanding commitments or revenues differ; the start if they never do."""
    for one, two in pairs:
        a, b = one.tables["market"], two.tables["market"]
        size = min(len(a), len(b))
        differs = (
            a[["commitments_musd", "revenue_musd"]][:size] != b[["commitments_musd", "revenue_musd"]][:size]
        ).any(axis=1)
        if differs.any():
            return str(a.date[:size][differs].iloc[0])
    return str(pairs[0][0].tables["market"].date.iloc[0])


def compare(pairs: Sequence[tuple[Results, Results]], names: tuple[str, str]) -> Comparison:
    """Paired differences (second less first) over runs with the same seeds.

    ``pairs`` holds the results of both configs seed by seed.  Labs in both configs are compared one by
    one from the first period in which the two worlds part.
    """
    since = _first_split(pairs)
    present = [set(run.tables["firms"].query("role == 'frontier_lab'").firm) for run in pairs[0]]
    order = pairs[0][0].tables["firms"].firm.drop_duplicates()
    labs = [name for name in order if name in present[0] & present[1]]
    measured = [tuple(_measures(run, labs, since) for run in pair) for pair in pairs]
    rows = []
    for measure, (_, show) in measured[0][0].items():
        table = pd.DataFrame([[one[measure][0], two[measure][0]] for one, two in measured]).dropna()
        gap = table[1] - table[0]
        count = len(gap)
        half = math.nan
        if count > 1:
            critical = _T95[count - 2] if count - 2 < len(_T95) else 1.96
            half = critical * float(gap.std(ddof=1)) / math.sqrt(count)
        rows.append(Difference(measure, float(table[0].mean()), float(table[1].mean()), float(gap.mean()), half, show))
    return Comparison(names, len(pairs), tuple(rows), tuple(_story(rows, labs, names, since, len(pairs))))


def _story(
    rows: Sequence[Difference], labs: Sequence[str], names: tuple[str, str], since: str, seeds: int
) -> list[str]:
    """A paragraph for each lab whose spending on compute differs between the configs."""
    by_name = {row.measure: row for row in rows}
    said = []
    for lab in labs:
        cost = by_name[f"{lab}: compute and own building since {since[:7]}"]
        if not abs(cost.difference) > 0.02 * max(cost.first, cost.second, 1.0):
            continue
        raised = by_name[f"{lab}: funding raised since {since[:7]}"]
        asked = by_name[f"{lab}: most asked of investors at once since {since[:7]}"]
        runway = by_name[f"{lab}: shortest runway since {since[:7]}"]
        alive = by_name[f"{lab}: in business at the end"]
        revenue = by_name[f"{lab}: revenue since {since[:7]}"]
        spent, earned = _against(cost), _against(revenue)
        said.append(
            f"{lab}, mean of {seeds} seed{'s' if seeds > 1 else ''} since {since[:7]}, {names[1]} against {names[0]}: "
            f"compute and own building take {spent} out of a revenue of {earned}; it asks investors for up to "
            f"{_against(asked)} at once and raises {_against(raised)} in all; its runway is shortest at "
            f"{months(runway.second)} against {months(runway.first)}; it is in business at the end in "
            f"{percent(alive.second)} of runs against {percent(alive.first)}."
        )
    return said


def _against(row: Difference) -> str:
    return f"{money_in_words(row.second)} against {money_in_words(row.first)}"


def print_comparison(comparison: Comparison, console: Console) -> None:
    """The table and the story on a terminal."""
    from rich.markup import escape
    from rich.table import Table

    first, second = (escape(name) for name in comparison.names)
    table = Table(title=f"{second} less {first}, same draws, {comparison.seeds} seeds", title_justify="left", box=None)
    for heading in ("", first, second, "difference", "95% half-width"):
        table.add_column(heading, justify="left" if not heading else "right")
    for row in comparison.rows:
        shown = [row.show(value) for value in (row.first, row.second, row.difference, row.half_width)]
        table.add_row(escape(row.measure), *shown)
    console.print(table)
    for paragraph in comparison.story:
        console.print()
        console.print(paragraph, soft_wrap=False, highlight=False, markup=False)
