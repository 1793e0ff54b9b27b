"""The matches of a league, the runs they need, and what each firm got in them."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from aimarket.config.canonical import to_plain
from aimarket.experiments.jobs import Job, Measure, Receipt, digest
from aimarket.experiments.spec import LoadedSpec
from aimarket.recording.results import Results

__all__ = ["MATCH_COLUMNS", "Match", "jobs_of", "match_table", "matches_of", "measure_firms", "measure_of"]

MATCH_COLUMNS = {
    "seat": "firm whose strategy is looked at",
    "strategy": "label of its strategy",
    "others": "label of the strategy that all other seats play",
    "seed": "seed of every draw",
    "run": "key of the run, runs/KEY.json",
    "payoff_musd": "what strategies compete for, USD million; missing where the run failed",
    "operating_profit_musd": "operating profit of the seat, summed over periods, not discounted, USD million",
    "owners_gain_musd": "rise of the seat's valuation plus payouts less what owners paid in, USD million",
    "revenue_musd": "revenue of the seat, USD million",
    "revenue_share": "seat's share of all spending on services, 0..1",
    "survival": "1 in business at the end, 0 failed",
    "consumer_surplus_musd": "consumer surplus of the market, USD million",
    "lerner": "Lerner index of services, revenue-weighted mean over periods",
    "error": "why the run failed; empty where it did not",
}


@dataclass(frozen=True)
class Match:
    """One seat with one strategy against one strategy of all other seats, under one seed."""

    seat: str
    strategy: str
    others: str
    seed: int

    def profile(self, seats: list[str]) -> tuple[str, ...]:
        """Strategy of each seat."""
        return tuple(self.strategy if seat == self.seat else self.others for seat in seats)


def matches_of(loaded: LoadedSpec) -> Iterator[Match]:
    """Every match of the league: seats by strategies by strategies of the others by seeds."""
    spec = loaded.spec
    for seat in spec.seats:
        for strategy in spec.strategies:
            for others in spec.strategies:
                for seed in spec.seeds:
                    yield Match(seat, strategy, others, seed)


def _run_key(profile: tuple[str, ...], seed: int) -> str:
    return f"seed{seed}-{digest(profile)}"


def jobs_of(loaded: LoadedSpec) -> list[Job]:
    """The runs that the matches need, seed by seed; matches of the same profile and seed share one.

    Every run of a seed has the same draws (common random numbers).  Decisions and theory are not recorded.
    """
    spec = loaded.spec
    base = to_plain(loaded.config)
    base["record"] = {**base["record"], "decisions": False, "theory": False}
    profiles = dict.fromkeys(match.profile(spec.seats) for match in matches_of(loaded))
    configs = {profile: _with_strategies(base, loaded, profile) for profile in profiles}
    return [Job(_run_key(profile, seed), configs[profile], seed) for seed in spec.seeds for profile in profiles]


def _with_strategies(base: dict[str, Any], loaded: LoadedSpec, profile: tuple[str, ...]) -> dict[str, Any]:
    config = {**base, "agents": dict(base["agents"])}
    for seat, label in zip(loaded.spec.seats, profile, strict=True):
        entry = copy.deepcopy(base["agents"][seat])
        entry["strategies"][loaded.spec.decision] = loaded.strategy(label)
        config["agents"][seat] = entry
    return config


def measure_of(loaded: LoadedSpec) -> Measure:
    """What a league keeps of a run."""
    return partial(measure_firms, firms=tuple(loaded.spec.seats), burn_in_periods=loaded.spec.burn_in_periods)


def measure_firms(results: Results, *, firms: tuple[str, ...], burn_in_periods: int = 0) -> dict[str, Any]:
    """Sums over the periods after ``burn_in_periods`` for each of ``firms``, and the market's surplus.

    Money in USD million, not discounted.  ``owners_gain_musd`` is the valuation of equity at the end (0 for a
    failed firm) less that before the first period counted, plus payouts, less what owners paid in between:
    new shares and support of a parent.
    """
    market = results.tables["market"]
    market = market[market.step > burn_in_periods]
    table, flows = results.tables["firms"], results.tables["flows"]
    flows = flows[flows.step > burn_in_periods]
    spending = float(market.revenue_musd.sum())
    weighted = (market.lerner * market.revenue_musd).sum()
    measured: dict[str, Any] = {
        "consumer_surplus_musd": float(market.consumer_surplus_musd.sum()),
        "producer_profit_musd": float(market.producer_profit_musd.sum()),
        "lerner": float(weighted) / spending if spending > 0.0 else None,
        "firms": {},
    }
    for name in firms:
        own = table[table.firm == name]
        before, own = own[own.step <= burn_in_periods], own[own.step > burn_in_periods]
        alive = bool(own.alive.iloc[-1])
        opening = float(before.valuation_musd.iloc[-1]) if len(before) else _opening_valuation(results, name)
        closing = float(own.valuation_musd.iloc[-1]) if alive else 0.0
        services = own[["revenue_api_musd", "revenue_service_musd", "revenue_open_musd"]].to_numpy().sum()
        measured["firms"][name] = {
            "operating_profit_musd": float(own.operating_profit_musd.sum()),
            "owners_gain_musd": closing - opening - _paid_in(flows, name),
            "revenue_musd": float(own.revenue_musd.sum()),
            "revenue_share": float(services) / spending if spending > 0.0 else 0.0,
            "survival": float(alive),
        }
    return measured


def _paid_in(flows: pd.DataFrame, firm: str) -> float:
    """What owners paid into ``firm`` less what it paid out to them."""
    given = flows[(flows.payee == firm) & flows.account.isin(("equity_issue", "parent_support"))]
    taken = flows[(flows.payer == firm) & (flows.account == "payout")]
    return float(given.amount_musd.sum()) - float(taken.amount_musd.sum())


def _opening_valuation(results: Results, firm: str) -> float:
    return float(results.manifest["config"]["agents"][firm]["valuation_musd"])


def match_table(loaded: LoadedSpec, receipts: Mapping[str, Receipt]) -> pd.DataFrame:
    """One row a match, columns ``MATCH_COLUMNS``, in the order of ``matches_of``."""
    rows = []
    for match in matches_of(loaded):
        key = _run_key(match.profile(loaded.spec.seats), match.seed)
        rows.append(_row(match, receipts[key], f"{loaded.spec.payoff}_musd"))
    frame = pd.DataFrame(rows, columns=list(MATCH_COLUMNS))
    numbers = [name for name in MATCH_COLUMNS if name.endswith("_musd") or name in _SHARES]
    return frame.astype(dict.fromkeys(numbers, "float64"))


_SHARES = ("revenue_share", "survival", "lerner")


def _row(match: Match, receipt: Receipt, payoff: str) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(MATCH_COLUMNS, math.nan)
    row |= {"seat": match.seat, "strategy": match.strategy, "others": match.others, "seed": match.seed}
    row |= {"run": receipt.key, "error": receipt.error or ""}
    if receipt.values is not None:
        own, market = receipt.values["firms"][match.seat], receipt.values
        row |= own | {"payoff_musd": own[payoff], "consumer_surplus_musd": market["consumer_surplus_musd"]}
        row["lerner"] = math.nan if market["lerner"] is None else market["lerner"]
    return row
