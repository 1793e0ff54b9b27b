"""Drawings of a league as SVG: the graph of best responses, and shares of strategies over time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

import networkx as nx
import numpy as np

from aimarket.reporting.palette import INK, Style
from aimarket.reporting.ticks import linear_ticks
from aimarket.reporting.wording import number

__all__ = ["graph_svg", "shares_svg", "swatch"]

_RADIUS, _NODE = 150, 7
_LETTER = 7.8  # width of one in a label, generously
_CHART = (560, 300)
_LEFT, _TOP, _BOTTOM = 40, 12, 34
_LABEL_GAP = 13


def graph_svg(graph: nx.DiGraph, equilibria: Sequence[str]) -> str:
    """Strategies on a circle, an arrow from each to the best response to it; dashed where it may be chance.

    Equilibria have a double ring and no arrow.
    """
    names = list(graph.nodes)
    width, height = 2 * (_RADIUS + 25 + _LETTER * max(map(len, names), default=0)), 2 * (_RADIUS + 45)
    place = {
        name: (
            width / 2 + _RADIUS * math.sin(2 * math.pi * i / len(names)),
            height / 2 - _RADIUS * math.cos(2 * math.pi * i / len(names)),
        )
        for i, name in enumerate(names)
    }
    arrows = [
        _arrow(place[start], place[end], dashed=not edge["clear"], both=graph.has_edge(end, start))
        for start, end, edge in graph.edges(data=True)
        if start != end
    ]
    nodes = [_node(name, place[name], width / 2, name in equilibria) for name in names]
    return f'<svg viewBox="0 0 {width:.0f} {height}" aria-hidden="true">{"".join(arrows)}{"".join(nodes)}</svg>'


def _node(name: str, at: tuple[float, float], centre: float, doubled: bool) -> str:
    x, y = at
    ring = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_NODE + 4}" fill="none" stroke="{INK}"/>' if doubled else ""
    side = x - centre
    anchor = "middle" if abs(side) < 12 else "start" if side > 0 else "end"
    away = 0 if anchor == "middle" else math.copysign(_NODE + 9, side)
    down = 4 if anchor != "middle" else -_NODE - 9 if y < _RADIUS + 45 else _NODE + 19
    text = f'<text x="{x + away:.1f}" y="{y + down:.1f}" text-anchor="{anchor}" font-size="13">{escape(name)}</text>'
    return f'{ring}<circle cx="{x:.1f}" cy="{y:.1f}" r="{_NODE}" fill="{INK}"/>{text}'


def _arrow(start: tuple[float, float], end: tuple[float, float], *, dashed: bool, both: bool) -> str:
    """A line with a head; two that run against each other bend apart."""
    (x0, y0), (x1, y1) = start, end
    length = math.hypot(x1 - x0, y1 - y0)
    along = ((x1 - x0) / length, (y1 - y0) / length)
    bend = 16.0 if both else 0.0
    middle = ((x0 + x1) / 2 - along[1] * bend, (y0 + y1) / 2 + along[0] * bend)
    out = math.hypot(x1 - middle[0], y1 - middle[1])
    into = ((x1 - middle[0]) / out, (y1 - middle[1]) / out)
    tip = (x1 - into[0] * (_NODE + 6), y1 - into[1] * (_NODE + 6))
    back = (tip[0] - into[0] * 10, tip[1] - into[1] * 10)
    wings = [(back[0] - side * into[1] * 4.5, back[1] + side * into[0] * 4.5) for side in (1, -1)]
    head = " ".join(f"{x:.1f},{y:.1f}" for x, y in (tip, *wings))
    dashes = ' stroke-dasharray="6 4"' if dashed else ""
    return (
        f'<path d="M{x0:.1f} {y0:.1f}Q{middle[0]:.1f} {middle[1]:.1f} {back[0]:.1f} {back[1]:.1f}" fill="none" '
        f'stroke="#666" stroke-width="1.6"{dashes}/><polygon points="{head}" fill="#666"/>'
    )


def shares_svg(times: np.ndarray, shares: Mapping[str, np.ndarray], styles: Mapping[str, Style]) -> str:
    """Shares of strategies over time, each line named at its end; the time axis is that of the dynamics."""
    width, height = _CHART
    right = width - 14 - 0.85 * _LETTER * max(map(len, shares), default=0)
    last = max(float(times[-1]), 1e-9)

    def x(time: float) -> float:
        return _LEFT + time / last * (right - _LEFT)

    def y(share: float) -> float:
        return height - _BOTTOM - share * (height - _TOP - _BOTTOM)

    parts = [
        f'<path d="M{_LEFT} {y(s):.1f}H{right:.1f}" stroke="#e4e4e4"/>'
        f'<text x="{_LEFT - 6}" y="{y(s) + 4:.1f}" text-anchor="end" font-size="11">{100 * s:.0f}%</text>'
        for s in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]
    parts += [
        f'<text x="{x(t):.1f}" y="{height - _BOTTOM + 16}" text-anchor="middle" font-size="11">{number(t)}</text>'
        for t in linear_ticks(0.0, last)
    ]
    for name, values in shares.items():
        style = styles[name]
        points = " ".join(f"{x(t):.1f},{y(v):.1f}" for t, v in zip(times, values, strict=True))
        dashes = f' stroke-dasharray="{" ".join(f"{2 * d:g}" for d in style.dashes)}"' if style.dashes else ""
        parts.append(f'<polyline points="{points}" fill="none" stroke="{style.colour}" stroke-width="2"{dashes}/>')
    ends = [(name, y(float(values[-1]))) for name, values in shares.items() if values[-1] > 0.01]
    for name, height_of_label in _apart(ends):
        parts.append(f'<text x="{right + 6:.1f}" y="{height_of_label + 4:.1f}" font-size="11">{escape(name)}</text>')
    return f'<svg viewBox="0 0 {width} {height}" aria-hidden="true">{"".join(parts)}</svg>'


def swatch(style: Style) -> str:
    """A short piece of a line, for legends."""
    dashes = f' stroke-dasharray="{" ".join(f"{2 * dash:g}" for dash in style.dashes)}"' if style.dashes else ""
    stroke = f'<path d="M0 5H26" stroke="{style.colour}" stroke-width="2.4"{dashes}/>'
    return f'<svg width="26" height="10" viewBox="0 0 26 10" aria-hidden="true">{stroke}</svg>'


def _apart(labels: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """Labels moved up until none covers the one below."""
    placed: list[tuple[str, float]] = []
    for name, height in sorted(labels, key=lambda item: -item[1]):
        limit = placed[-1][1] - _LABEL_GAP if placed else math.inf
        placed.append((name, min(height, limit)))
    return placed
