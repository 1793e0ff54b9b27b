"""The run in sentences: what became of the commitments, and who holds the pricing power."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from aimarket.reporting.frames import (
    firms_by_role,
    lerner_by_tier,
    ordered_firms,
    trailing_year,
    value_added_by_tier,
)
from aimarket.reporting.wording import index, missing, money_in_words, month, number, percent

__all__ = ["commitments", "commitments_story", "verdict"]

Tables = Mapping[str, pd.DataFrame]


def commitments(tables: Tables, when: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Numbers behind the story for every firm that ever has payments due, largest peak first.

    Amounts are USD million; those of a year are of the twelve months up to the moment, missing in a run's
    first year.
    """
    firms = tables["firms"]
    if not when or firms.empty:
        return {}
    told: dict[str, dict[str, Any]] = {}
    for firm in ordered_firms(tables):
        own = firms[firms["firm"] == firm].drop_duplicates("date").set_index("date")
        due, alive = own["commitments_musd"], own["alive"].astype(bool)
        if not due.max() > 0.0:
            continue
        year = trailing_year(own[["revenue_musd", "compute_cost_musd"]], tables)
        runway = own["runway_months"].where(alive).dropna()
        known = alive.to_numpy()
        told[firm] = {
            "peak_musd": float(due.max()),
            "peak_date": str(due.idxmax()),
            "due_musd": {label: _at(due, date) for label, date in when.items()},
            "revenue_of_year_musd": {label: _at(year["revenue_musd"], date) for label, date in when.items()},
            "compute_cost_of_year_musd": {label: _at(year["compute_cost_musd"], date) for label, date in when.items()},
            "funding_musd": float(own["funding_musd"].fillna(0.0).sum()),
            "shortest_runway_months": float(runway.min()) if len(runway) else None,
            "shortest_runway_date": str(runway.idxmin()) if len(runway) else None,
            "cash_at_end_musd": _at(own["cash_musd"], own.index[-1]),
            "survives": bool(known[-1]),
            "gone_date": None if known[-1] or not known.any() else str(own.index[len(known) - known[::-1].argmax()]),
            "events": _struck(firm, tables),
        }
    return dict(sorted(told.items(), key=lambda item: -float(item[1]["peak_musd"])))


def commitments_story(tables: Tables, when: dict[str, str]) -> list[str]:
    """A paragraph for every lab that has committed itself to payments, and one line on all other firms."""
    numbers = commitments(tables, when)
    labs = firms_by_role(tables, "frontier_lab")
    paragraphs = [_paragraph(firm, told, when) for firm, told in numbers.items() if firm in labs]
    others = [f"{firm} {money_in_words(told['peak_musd'])}" for firm, told in numbers.items() if firm not in labs]
    if others:
        more = f" and {len(others) - 6} more" if len(others) > 6 else ""
        paragraphs.append(
            f"Largest commitments of other firms: {', '.join(others[:6])}{more}. Parts of these are the same "
            "money as the labs' commitments and must not be added to them."
        )
    return paragraphs or (["No firm has committed itself to payments for compute or building."] if when else [])


def _paragraph(firm: str, told: dict[str, Any], when: dict[str, str]) -> str:
    gone = told["gone_date"]
    later = {label: date for label, date in when.items() if label != "start" and (gone is None or date < gone)}
    due = ", ".join(
        f"{money_in_words(told['due_musd'][label])} {'now' if label == 'now' else 'at the end'} ({month(date)})"
        for label, date in later.items()
    )
    peak = f"{money_in_words(told['peak_musd'])} in {month(told['peak_date'])}"
    parts = [f"{firm}: payments committed to and not yet made peak at {peak}{f'; still due are {due}' if due else ''}."]
    for label, date in later.items():
        revenue, cost = told["revenue_of_year_musd"][label], told["compute_cost_of_year_musd"][label]
        if revenue and cost:
            parts.append(
                f"In the year to {month(date)} compute costs {money_in_words(cost)}, {number(cost / revenue)} times "
                f"its revenue of {money_in_words(revenue)}."
            )
    funding = told["funding_musd"]
    verb = "raises" if funding >= 0.0 else "pays out, net of what it raises,"
    runway = "its cash never falls"
    if told["shortest_runway_months"] is not None:
        length = told["shortest_runway_months"]
        runway = f"its runway is shortest in {month(told['shortest_runway_date'])}, at {length:.1f} months"
    parts.append(f"Over the run it {verb} {money_in_words(abs(funding))}, and {runway}.")
    parts.extend(told["events"])
    if told["survives"]:
        parts.append(f"It is in business at the end, with {money_in_words(told['cash_at_end_musd'])} in cash.")
    elif told["gone_date"]:
        parts.append(f"It goes out of business in {month(told['gone_date'])}.")
    return " ".join(parts)


def _struck(firm: str, tables: Tables) -> list[str]:
    events = tables["events"]
    sentences = []
    for event in events[events["target"] == firm].itertuples():
        effect = str(getattr(event, "effect", "") or "").strip().rstrip(".")
        told = f": {effect}" if effect else ""
        sentences.append(f"Event in {month(event.date)}, {str(event.kind).replace('_', ' ')}{told}.")
    return sentences[:4] + ([f"{len(sentences) - 4} more events strike it."] if len(sentences) > 4 else [])


def verdict(tables: Tables, when: dict[str, str]) -> list[str]:
    """Who holds pricing power now (or at the end), against the start."""
    if not when:
        return []
    start, then = when["start"], when.get("now", when["end"])
    added = value_added_by_tier(tables)
    sentences = _tier_verdict(added, lerner_by_tier(tables), start, then)
    if then != when["end"] and when["end"] in added.index and added.loc[when["end"]].notna().any():
        last = added.loc[when["end"]]
        keeper = f"it is {last.idxmax()} that keep the most: {percent(float(last.max()))}"
        sentences.append(f"At the end, in {month(when['end'])}, {keeper}.")
    best = [(_highest_lerner(tables, date), month(date)) for date in (start, then)]
    told = [f"{firm} ({index(value)}) in {date}" for found, date in best if found for firm, value in [found]]
    if told:
        sentences.append(f"The highest Lerner index of a firm with at least 1% of its tier's sales: {', '.join(told)}.")
    market = tables["market"].drop_duplicates("date").set_index("date")
    path = {name: [index(_at(market[name], date)) for date in (start, then)] for name in ("lerner", "hhi_revenue")}
    sentences.append(
        f"In services the revenue-weighted Lerner index goes from {' to '.join(path['lerner'])} and the HHI of "
        f"revenue from {' to '.join(path['hhi_revenue'])}."
    )
    static = [value for date in (start, then) if (value := _at(market["lerner_nash"], date)) is not None]
    if len(static) == 2:
        sentences.append(
            "Static competition among buyers who choose afresh would make it "
            f"{' and '.join(index(value) for value in static)}; habit, slow prices, scarcity and finance do the rest."
        )
    return sentences


def _tier_verdict(added: pd.DataFrame, lerner: pd.DataFrame, start: str, then: str) -> list[str]:
    if start not in added.index or then not in added.index:
        return []
    change = (added.loc[then] - added.loc[start]).dropna()
    if change.empty:
        return []
    holder = added.loc[then].idxmax()
    if start == then:
        return [f"Of the chain's value added, {holder} keep the most: {percent(added.at[then, holder])}."]
    kept = f"The largest part is kept by {holder}: {percent(added.at[then, holder])}."
    winner, loser = change.idxmax(), change.idxmin()
    if change[winner] < 0.005:
        return [f"From {month(start)} to {month(then)} no tier's share of the chain's value added grows.", kept]
    texts = [f"{percent(added.at[start, tier])} to {percent(added.at[then, tier])}" for tier in (winner, loser)]
    power = ""
    if start in lerner.index and then in lerner.index and winner in lerner:
        before, after = _at(lerner[winner], start), _at(lerner[winner], then)
        change_of = f"{index(before)} to {index(after)}" if before is not None else index(after)
        power = f" (its Lerner index: {change_of})"
    gained = (
        f"From {month(start)} to {month(then)} the tier that gains most of the buyer's dollar is {winner}: "
        f"from {texts[0]} of the chain's value added{power}."
    )
    lost = f"The tier that gives up most is {loser}: from {texts[1]}."
    return [gained, *([lost] if change[loser] <= -0.005 else []), kept]


def _highest_lerner(tables: Tables, date: str) -> tuple[str, float] | None:
    rows = tables["firms"]
    rows = rows[(rows["date"] == date) & rows["lerner"].notna() & (rows["revenue_musd"] > 0.0)]
    tier = rows.groupby("role")["revenue_musd"].transform("sum")
    rows = rows[rows["revenue_musd"] >= 0.01 * tier]
    if rows.empty:
        return None
    best = rows.loc[rows["lerner"].idxmax()]
    return str(best["firm"]), float(best["lerner"])


def _at(values: pd.Series, date: str) -> float | None:
    """The value at ``date``; ``None`` where it is missing."""
    value = float(values.get(date, float("nan")))
    return None if missing(value) else value
