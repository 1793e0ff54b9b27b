"""Pieces of HTML: every text that comes from a run is escaped here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np

from aimarket.reporting.charts import Chart
from aimarket.reporting.drawing import draw
from aimarket.reporting.palette import Style
from aimarket.reporting.wording import number

__all__ = ["details", "figure", "grid", "paragraphs", "section", "table"]


def table(
    headers: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    caption: str = "",
    text: Sequence[int] = (0,),
    wide: bool = False,
) -> str:
    """A table in a box that scrolls sideways; columns ``text`` are left-aligned, the others are numbers.

    In a ``wide`` table only the last column breaks its lines.
    """

    def cell(tag: str, place: int, value: object) -> str:
        kind = "" if place in text else ' class="n"'
        scope = ' scope="col"' if tag == "th" else ""
        return f"<{tag}{scope}{kind}>{escape(str(value))}</{tag}>"

    head = "".join(cell("th", i, header) for i, header in enumerate(headers))
    body = "".join(f"<tr>{''.join(cell('td', i, v) for i, v in enumerate(row))}</tr>\n" for row in rows)
    name = f"<caption>{escape(caption)}</caption>" if caption else ""
    inner = f"<table>{name}<thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table>"
    return f'<div class="scroll{" wide" if wide else ""}" tabindex="0">{inner}</div>'


def section(anchor: str, title: str, *parts: str, lead: str = "") -> str:
    intro = f'<p class="lead">{escape(lead)}</p>' if lead else ""
    inner = "\n".join(part for part in parts if part)
    return f'<section id="{escape(anchor)}"><h2>{escape(title)}</h2>{intro}\n{inner}\n</section>'


def paragraphs(texts: Iterable[str]) -> str:
    return "\n".join(f"<p>{escape(text)}</p>" for text in texts)


def grid(parts: Iterable[str], kind: str = "charts") -> str:
    return f'<div class="{kind}">\n' + "\n".join(parts) + "\n</div>"


def details(title: str, inner: str) -> str:
    """``inner`` behind a click."""
    return f"<details><summary>{escape(title)}</summary>\n{inner}\n</details>"


def figure(chart: Chart, name: str) -> str:
    """A chart with its title, legend and a description for those who cannot see it."""
    heading = f"<h3>{escape(chart.title)}</h3>"
    if chart.empty:
        return f'<figure class="empty">{heading}<p>No data in this run.</p></figure>'
    dots = {points.label: _dot(points.style) for points in chart.points}
    legend = [
        f"<li>{_swatch(line.style, chart.stacked)}{dots.get(line.label, '')}{escape(line.label)}</li>"
        for line in chart.lines
    ]
    limits = [f"below {number(chart.floor)}"] if chart.floor else []
    limits += [f"above {number(chart.ceiling)}"] if chart.ceiling else []
    told = f"{chart.note} Cut off {' and '.join(limits)}.".strip() if chart.cut else chart.note
    note = f'<p class="note">{escape(told)}</p>' if told else ""
    label = escape(_description(chart), quote=True)
    drawing = f'<div role="img" aria-label="{label}">{draw(chart, name)}</div>'
    return f"<figure>{heading}{drawing}<figcaption><ul>{''.join(legend)}</ul>{note}</figcaption></figure>"


def _description(chart: Chart) -> str:
    told = []
    for line in chart.lines[:6]:
        values = line.values.to_numpy(dtype=float)
        known = values[np.isfinite(values)]
        if known.size:
            told.append(f"{line.label} from {number(float(known[0]))} to {number(float(known[-1]))}")
    scale = ", logarithmic scale" if chart.log else ""
    more = f" and {len(chart.lines) - 6} more" if len(chart.lines) > 6 else ""
    return f"{chart.title}, in {chart.unit}{scale}: {'; '.join(told)}{more}."


def _swatch(style: Style, area: bool) -> str:
    if area:
        shape = f'<rect width="14" height="10" fill="{style.colour}"/>'
        if style.hatch:
            shape += '<path d="M2 10L9 0M7 10L14 0" stroke="#fff" stroke-width="1.2"/>'
        return f'<svg width="14" height="10" viewBox="0 0 14 10" aria-hidden="true">{shape}</svg>'
    dashes = f' stroke-dasharray="{" ".join(f"{2 * dash:g}" for dash in style.dashes)}"' if style.dashes else ""
    stroke = f'<path d="M0 5H26" stroke="{style.colour}" stroke-width="2.4"{dashes}/>'
    return f'<svg width="26" height="10" viewBox="0 0 26 10" aria-hidden="true">{stroke}</svg>'


def _dot(style: Style) -> str:
    circle = f'<circle cx="5" cy="5" r="3.6" fill="#fff" stroke="{style.colour}" stroke-width="1.6"/>'
    return f'<svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">{circle}</svg>'
