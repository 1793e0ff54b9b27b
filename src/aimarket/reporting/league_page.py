"""The page of a league: one HTML file, no network, no script, the same bytes for the same league."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import yaml

from aimarket.reporting.league_drawing import graph_svg, shares_svg, swatch
from aimarket.reporting.league_words import NOTES, listed, story, with_interval
from aimarket.reporting.markup import details, grid, paragraphs, section, table
from aimarket.reporting.page import page
from aimarket.reporting.palette import firm_styles
from aimarket.reporting.wording import index, missing, money, percent

if TYPE_CHECKING:
    from aimarket.experiments.league import League

__all__ = ["league_html", "ranking_rows"]

_SECTIONS = {
    "summary": "Summary",
    "ranking": "Ranking",
    "matrix": "Who earns what against whom",
    "responses": "Best responses",
    "imitation": "Imitation",
    "failures": "Failed runs",
    "reading": "How to read this",
    "reproduce": "How to reproduce",
}
_NARROW = 0.01
_HIGH, _LOW = (0, 114, 178), (213, 94, 0)  # blue and vermilion: Okabe & Ito (2008), told apart by everybody


def league_html(league: League) -> str:
    """The whole page as text."""
    spec = league.spec
    shown = {key: name for key, name in _SECTIONS.items() if key != "failures" or league.failures}
    seeds = f"{len(spec.seeds)} seed{'s' if len(spec.seeds) > 1 else ''}"
    periods = league.description["config"]["time"]["periods"] - spec.burn_in_periods
    meta = [
        spec.description,
        f"{spec.decision} strategies in the seats of {listed(spec.seats)} of {spec.config}, {periods} periods counted, "
        f"{seeds}, {league.runs} runs, fingerprint {league.description['fingerprint']}",
    ]
    makers: dict[str, Callable[[League], str]] = {
        "summary": lambda told: paragraphs(story(told)),
        "ranking": _ranking,
        "matrix": _matrices,
        "responses": _responses,
        "imitation": _imitation,
        "failures": _failures,
        "reading": lambda _: paragraphs(NOTES),
        "reproduce": _reproduce,
    }
    body = [section(key, name, makers[key](league)) for key, name in shown.items()]
    return page(spec.name, "aimarket league", meta, shown, body)


def ranking_rows(league: League) -> tuple[list[str], list[list[str]]]:
    """Headings and cells of the rank table."""
    unit = "profit" if league.spec.payoff == "operating_profit" else "owners' gain"
    column = f"{league.spec.payoff}_musd"
    headings = [
        "rank",
        "strategy",
        "payoff",
        "behind the best",
        "against itself",
        "wins",
        "Copeland",
        f"{unit}, USD",
        "survival",
        "consumer surplus, USD",
        "equilibrium",
        "imitation",
    ]
    rows = []
    for row in league.ranking.to_dict(orient="records"):
        known = not missing(row["payoff"])
        kept = "yes, stable" if row["stable"] else "yes" if row["equilibrium"] else "no"
        rows.append(
            [
                str(row["rank"]) if known else "-",
                row["label"] if row["label"] == row["strategy"] else f"{row['label']} ({row['strategy']})",
                with_interval(row["payoff"], row["payoff_half_width"]),
                "-" if row["rank"] == 1 else with_interval(row["behind_best"], row["behind_best_half_width"]),
                with_interval(row["against_itself"], row["against_itself_half_width"]),
                f"{row['wins']} of {len(league.spec.labels) - 1}",
                f"{row['copeland']:+d}" if row["copeland"] else "0",
                money(row[column]),
                percent(row["survival"]),
                money(row["consumer_surplus_musd"]),
                kept if known else "-",
                percent(row["imitation_share"]),
            ]
        )
        if league.failures:
            rows[-1].append(f"{row['failed_matches']} of {row['matches']}")
    return headings + (["failed matches"] if league.failures else []), rows


def _ranking(league: League) -> str:
    headings, rows = ranking_rows(league)
    told = (
        "Payoff: relative payoff against the whole field. Behind the best: paired difference to the first. Wins: "
        "rivals that clearly earn less when the two meet. Copeland: rivals it outdoes against most of the field less "
        "rivals that outdo it. Equilibrium: whether no seat gains by leaving it when all play it. Imitation: share it "
        "ends with under imitation."
    )
    return table(headings, rows, text=(1, 10), caption="Best first") + f'<p class="note">{escape(told)}</p>'


def _matrices(league: League) -> str:
    payoff, half = league.payoff, league.payoff_half_width
    counts = pd.DataFrame(league.payoff_estimate.count, index=payoff.index, columns=payoff.columns)
    seeds = len(league.spec.seeds)
    best = {others: payoff[others].idxmax() for others in payoff if payoff[others].notna().any()}

    def told(row: str, column: str) -> str:
        marks = [with_interval(payoff.loc[row, column], half.loc[row, column])]
        if best.get(column) == row:
            marks.append("best")
        if counts.loc[row, column] < seeds:
            marks.append(f"{counts.loc[row, column]} of {seeds} seeds")
        return ", ".join(marks)

    first = _heat(payoff, told, "Relative payoff of a seat; 'best' marks the best response in each column")
    shown = [
        ("operating_profit_musd", "Operating profit of a seat, USD, mean over seats", money),
        ("owners_gain_musd", "Owners' gain of a seat, USD, mean over seats", money),
        ("revenue_share", "Share of all spending on services", percent),
        ("survival", "Survival: share of matches in which the seat is in business at the end", percent),
        ("consumer_surplus_musd", "Consumer surplus of the market, USD", money),
        ("lerner", "Lerner index of services", index),
    ]
    if league.spec.payoff == "operating_profit":
        del shown[1]  # a textbook's valuations mean nothing
    more = []
    for column, title, show in shown:
        found = league.mean_estimate(column)
        values = league.mean(column)
        width = pd.DataFrame(found.half_width, index=values.index, columns=values.columns)
        more.append(_heat(values, _shown(values, width, show), title))
    lead = (
        "Down: the strategy of one seat. Across: the strategy that all other seats play. Bluer is more, redder less. "
        "Behind amounts and shares an interval of less than a hundredth is left out."
    )
    return paragraphs([lead]) + first + "".join(more)


def _shown(values: pd.DataFrame, width: pd.DataFrame, show: Callable[[float], str]) -> Callable[[str, str], str]:
    def told(row: str, column: str) -> str:
        half = float(width.loc[row, column])
        text = show(float(values.loc[row, column]))
        narrow = missing(half) or half <= _NARROW * abs(float(values.loc[row, column]))
        return text if narrow else f"{text} ± {show(half)}"

    return told


def _heat(values: pd.DataFrame, told: Callable[[str, str], str], caption: str) -> str:
    """A table whose cells are shaded by their value around the mean of all; the text says everything."""
    known = values.to_numpy(dtype=float)
    middle = float(np.nanmean(known)) if np.isfinite(known).any() else 0.0
    reach = float(np.nanmax(np.abs(known - middle))) if np.isfinite(known).any() else 0.0
    head = "".join(f'<th scope="col" class="n">{escape(name)}</th>' for name in values.columns)
    rows = []
    for row in values.index:
        cells = []
        for column in values.columns:
            value = float(values.loc[row, column])
            share = 0.0 if missing(value) or reach < 1e-12 else (value - middle) / reach
            red, green, blue = _HIGH if share > 0.0 else _LOW
            shade = f' style="background:rgba({red},{green},{blue},{0.45 * abs(share):.2f})"' if share else ""
            cells.append(f'<td class="n"{shade}>{escape(told(row, column))}</td>')
        rows.append(f'<tr><th scope="row">{escape(row)}</th>{"".join(cells)}</tr>\n')
    inner = f"<caption>{escape(caption)}</caption><thead><tr><th></th>{head}</tr></thead><tbody>\n{''.join(rows)}"
    return f'<div class="scroll" tabindex="0"><table>{inner}</tbody></table></div>'


def _responses(league: League) -> str:
    graph = league.best_responses
    if not graph.number_of_edges():
        return paragraphs(["Too many runs failed to compare the strategies."])
    rows = [
        [
            others,
            "stays" if best == others else best,
            "" if best == others else with_interval(edge["gain"], edge["half_width"]),
            "yes" if edge["clear"] else "no",
        ]
        for others, best, edge in graph.edges(data=True)
    ]
    listed_ = table(["all others play", "best response", "gain over staying", "beyond chance"], rows, text=(0, 1, 3))
    drawing = graph_svg(graph, league.equilibria)
    label = f"Best responses: {'; '.join(f'{row[0]}: {row[1]}' for row in rows)}."
    note = (
        "An arrow leads from a strategy that all play to the best response of a single seat; dashed where the gain's "
        "interval includes 0. A double ring is a strategy that no seat gains by leaving."
    )
    return listed_ + grid([_figure("Where a single seat would go", drawing, label, note)])


def _imitation(league: League) -> str:
    moves, names = league.imitation, league.comparable
    if not names:
        return paragraphs(["Too many runs failed to compare the strategies."])
    styles = firm_styles(names)
    shares = {name: moves.path[:, i] for i, name in enumerate(names)}
    legend = "".join(f"<li>{swatch(styles[name])}{escape(name)}</li>" for name in names)
    ends = ", ".join(f"{name} {percent(float(share))}" for name, share in zip(names, moves.end, strict=True))
    label = f"Shares under imitation from an even start; at the end {ends}."
    note = "Time is in units in which the largest difference of payoffs lets a strategy grow by the factor e."
    moving = moves.times <= _interesting(moves.path, moves.times)
    drawing = shares_svg(moves.times[moving], {name: values[moving] for name, values in shares.items()}, styles)
    rows = [[listed(names[i] for i in alive), percent(share)] for alive, share in moves.basins.items()]
    basins = table(["survivors", "starting points that lead there"], rows, caption="200 random starting mixes")
    return grid([_figure("From an even start", drawing, label, note, legend), basins])


def _interesting(path: np.ndarray, times: np.ndarray) -> float:
    """A little beyond the last time at which shares still move."""
    moving = np.flatnonzero(np.abs(path - path[-1]).max(axis=1) > 0.005)
    return float(times[min(int(1.3 * (moving[-1] + 1)) + 1, len(times) - 1)]) if moving.size else float(times[-1])


def _figure(title: str, drawing: str, label: str, note: str, legend: str = "") -> str:
    items = f"<ul>{legend}</ul>" if legend else ""
    return (
        f'<figure><h3>{escape(title)}</h3><div role="img" aria-label="{escape(label, quote=True)}">{drawing}</div>'
        f'<figcaption>{items}<p class="note">{escape(note)}</p></figcaption></figure>'
    )


def _failures(league: League) -> str:
    rows = [[key, told] for key, told in league.failures.items()]
    return table(["run", "why"], rows, text=(0, 1), wide=True)


def _reproduce(league: League) -> str:
    text = yaml.safe_dump(league.description["spec"], sort_keys=False, allow_unicode=True, width=110)
    told = [
        "Save the spec below beside its config and say: aimarket league SPEC.yaml --out DIR",
        f"Written by aimarket {league.description['version']}; config fingerprint "
        f"{league.description['config_fingerprint']}. league.json in the directory holds the config in full.",
    ]
    plugins = league.description["plugins"]
    if plugins:
        told.append(f"Plug-ins: {', '.join(f'{name} (sha256 {hashed})' for name, hashed in plugins.items())}.")
    return paragraphs(told) + details("The spec", f"<pre>{escape(text)}</pre>")
