"""Charts of firms: margins, labs' finances, commitments against revenue."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from aimarket.reporting.charts import Chart, Line, Mark
from aimarket.reporting.frames import Tables, firms_by_role, ordered_firms, trailing_year, wide
from aimarket.reporting.palette import firm_styles, measure_style

__all__ = ["commitment_charts", "lab_charts", "lerner_charts"]

_LONGEST_RUNWAY = 60.0


def lerner_charts(tables: Tables, marks: Sequence[Mark]) -> list[Chart]:
    """Lerner index by firm, sellers of models apart from their suppliers."""
    groups = {
        "Lerner index: labs and open-weight providers": ("frontier_lab", "open_weight_provider"),
        "Lerner index: clouds": ("compute_provider",),
        "Lerner index: chips and energy": ("chip_maker", "energy_supplier"),
    }
    return [_by_firm(tables, marks, title, "(p - c)/p", "lerner", roles, floor=-1.0) for title, roles in groups.items()]


def lab_charts(tables: Tables, marks: Sequence[Mark]) -> list[Chart]:
    """Cash, runway, valuation, funding and revenue of the labs."""
    labs = ("frontier_lab",)
    return [
        _by_firm(
            tables,
            marks,
            "Revenue, last twelve months",
            "USD billion",
            "revenue_musd",
            labs,
            1e-3,
            year=True,
            log=True,
        ),
        _by_firm(tables, marks, "Cash", "USD billion", "cash_musd", labs, 1e-3),
        _by_firm(
            tables,
            marks,
            "Runway",
            "months",
            "runway_months",
            labs,
            floor=0.0,
            ceiling=_LONGEST_RUNWAY,
            note="No line where cash does not fall.",
        ),
        _by_firm(tables, marks, "Valuation", "USD billion", "valuation_musd", labs, 1e-3, log=True),
        _by_firm(tables, marks, "Funding raised so far", "USD billion", "funding_musd", labs, 1e-3, so_far=True),
        _by_firm(tables, marks, "Compute in use", "million H100e", "gpus_in_use_h100e", labs, 1e-6, log=True),
    ]


def commitment_charts(tables: Tables, marks: Sequence[Mark]) -> list[Chart]:
    """Commitments against revenue and compute cost, one chart for each lab that has any."""
    charts = []
    firms = tables["firms"]
    for firm in firms_by_role(tables, "frontier_lab"):
        own = firms[firms["firm"] == firm].drop_duplicates("date").set_index("date")
        if not own["commitments_musd"].max() > 0.0:
            continue
        year = trailing_year(own[["revenue_musd", "compute_cost_musd"]], tables)
        lines = {
            "commitments outstanding": own["commitments_musd"],
            "revenue, last twelve months": year["revenue_musd"],
            "compute cost, last twelve months": year["compute_cost_musd"],
        }
        shown = [Line(label, values * 1e-3, measure_style(i)) for i, (label, values) in enumerate(lines.items())]
        shown = [line for line in shown if (line.values > 0.0).any()]
        charts.append(Chart(f"Commitments against revenue: {firm}", "USD billion", shown, marks=marks, log=True))
    return charts


def _by_firm(
    tables: Tables,
    marks: Sequence[Mark],
    title: str,
    unit: str,
    column: str,
    roles: Sequence[str],
    scale: float = 1.0,
    *,
    year: bool = False,
    so_far: bool = False,
    log: bool = False,
    floor: float | None = None,
    ceiling: float | None = None,
    note: str = "",
) -> Chart:
    """One line a firm while it is in business."""
    styles = firm_styles(ordered_firms(tables))
    firms = tables["firms"]
    values = wide(firms, "firm", column) * scale
    if year:
        values = trailing_year(values, tables)
    if so_far:
        values = values.fillna(0.0).cumsum()
    values = values.where(wide(firms, "firm", "alive").eq(True))
    lines = []
    for firm in firms_by_role(tables, *roles):
        known = values[firm].to_numpy(dtype=float)
        if np.isfinite(known).any() and not (log and np.nanmax(known) <= 0.0):
            lines.append(Line(firm, values[firm], styles[firm]))
    return Chart(title, unit, lines, marks=marks, log=log, floor=floor, ceiling=ceiling, note=note)
