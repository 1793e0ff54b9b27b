"""Pricing algorithms that learn to collude: Calvano, Calzolari, Denicolo & Pastorello (2020)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from aimarket.economics.q_learning import (
    QLearningMarket,
    QLearningSessions,
    best_responses,
    initial_q,
    price_grid,
    run_sessions,
)
from aimarket.theory.benchmark import Benchmark, Figure, vector

__all__ = ["BENCHMARKS"]

FloatArray = npt.NDArray[np.float64]

SEED = 1
# Sessions: fewer than the 1,000 published where they are long, and the intervals are wider for it.
LONG, SHORT = 200, 1_000
STANDARD_ERRORS = 4.0


def _market(inputs: dict[str, Any]) -> QLearningMarket:
    firms = inputs["n"]
    return QLearningMarket(
        quality=(inputs["a"],) * firms,
        cost=(inputs["c"],) * firms,
        outside_quality=inputs["a0"],
        differentiation=inputs["mu"],
        price_points=inputs["m"],
        grid_margin=inputs["xi"],
        memory=inputs["k"],
        discount_factor=inputs["delta"],
        learning_rate=inputs["alpha"],
        exploration_decay=inputs["beta"],
    )


@lru_cache(maxsize=1)
def _baseline() -> QLearningMarket:
    return _market(vector("AQ1")["inputs"])


def _sample(name: str, expected: npt.ArrayLike, obtained: npt.ArrayLike, spread: npt.ArrayLike, n: float) -> Figure:
    """Two samples agree, ours of ``n`` and the published one of 1,000, of this standard deviation."""
    error = STANDARD_ERRORS * np.asarray(spread) * np.sqrt(1.0 / n + 1.0 / 1_000)
    return Figure.between(name, expected, obtained, np.asarray(expected) - error, np.asarray(expected) + error)


def _shares(name: str, expected: npt.ArrayLike, obtained: npt.ArrayLike, n: float) -> Figure:
    share = np.asarray(expected)
    return _sample(name, share, obtained, np.sqrt(share * (1.0 - share)), n)


def _deviation(name: str, expected: float, values: npt.ArrayLike) -> Figure:
    """Standard deviations; their own standard error allows for fatter tails than the normal distribution's."""
    sample = np.asarray(values, dtype=np.float64)
    return _sample(name, expected, sample.std(ddof=1), expected, sample.size)


def _grid() -> list[Figure]:
    entry = vector("A4_grid")
    tolerance, inputs, market = entry["abs_tol"], entry["inputs"], _baseline()
    printed = vector("A1")["published"]
    rounded = price_grid(printed["p_nash"], printed["p_monopoly"], inputs["m"], inputs["xi"])
    return [
        Figure.near("prices", entry["expected"]["grid"], market.prices[0], tolerance),
        Figure.near("prices printed by the authors, from prices of 5 decimals", entry["published"], rounded, tolerance),
    ]


def _first_values() -> list[Figure]:
    entry = vector("A5_Q0")
    values = initial_q(_baseline().profits, entry["inputs"]["delta"])
    expected = entry["expected"]["Q0_by_action"]
    return [Figure.near(f"Q values of firm {firm + 1}", expected, values[firm], entry["abs_tol"]) for firm in (0, 1)]


def _pooling() -> list[Figure]:
    # The entry tells its numbers in words only; all but the second firm's cost is the baseline.
    market = QLearningMarket(cost=(1.0, 0.5))
    found = run_sessions(market, LONG, SEED, workers=2)
    single = (found.profit - market.nash_profit) / (market.monopoly_profit - market.nash_profit)
    pooled, averaged = found.profit_gain, single.mean(axis=1)
    return [
        Figure.near("firm 1's profit at Nash", 0.1223, market.nash_profit[0], 5e-5),
        Figure.near("firm 1's profit at joint monopoly", 0.1131, market.monopoly_profit[0], 5e-5),
        _sample("profit gain, pooled", 0.759, pooled.mean(), pooled.std(), LONG),
        _sample("profit gain, pooled, independent program", 0.756, pooled.mean(), pooled.std(), LONG),
        _sample("profit gain, firm by firm", -4.99, averaged.mean(), averaged.std(), LONG),
    ]


def _cycles(found: QLearningSessions) -> dict[str, npt.NDArray[np.bool_]]:
    one, symmetric = found.cycle_length == 1, found.price[:, 0] == found.price[:, 1]
    return {
        "1-sym": one & symmetric,
        "1-asym": one & ~symmetric,
        "1": one,
        "2": found.cycle_length == 2,
        ">=3": found.cycle_length >= 3,
    }


def _collusion() -> list[Figure]:
    entry, market = vector("AQ1"), _baseline()
    known, again = entry["published"], entry["recomputed"]
    found = run_sessions(market, LONG, SEED, workers=2)
    answer = best_responses(found)
    gain, periods, cycles = found.profit_gain, found.periods_to_convergence, _cycles(found)
    frequency, by_cycle = known["frequency_by_cycle"], known["Delta_by_cycle"]
    within = np.array([cycles[name].mean() for name in by_cycle])
    profit_spread = known["sd"] * float((market.monopoly_profit - market.nash_profit).mean())
    on_path, everywhere = answer.loss_on_path.mean(axis=1), answer.loss_all_states.mean(axis=1)
    shares = [again[name] for name in ("share_cycle1", "share_cycle2", "share_cycle3plus", "sym_const")]
    return [
        Figure.between("profit gain", known["Delta"], gain.mean(), 0.81, 0.89),
        _deviation("its standard deviation", known["sd"], gain),
        Figure.near("share converged", known["converged"] / known["n_sessions"], found.converged.mean(), 0.0),
        Figure.between(
            "periods to convergence", known["mean_time_to_convergence_periods"], periods.mean(), 1.6e6, 2.0e6
        ),
        _deviation("their standard deviation", known["sd_ttc"], periods),
        _sample("profit of a firm", known["avg_profit"], found.profit.mean(), profit_spread, LONG),
        _shares(
            "shares of the cycles: 1 symmetric, 1 asymmetric, 1, 2, 3 or more",
            [frequency[name] for name in cycles],
            [cycle.mean() for cycle in cycles.values()],
            LONG,
        ),
        _sample(
            "profit gain in cycles of 1, 2, 3 or more",
            list(by_cycle.values()),
            [gain[cycles[name]].mean() for name in by_cycle],
            known["sd"] / np.sqrt(within),
            LONG,
        ),
        _shares("share of equilibria on the path", known["nash_equilibria"], answer.equilibrium_on_path.mean(), LONG),
        _sample("Q loss on the path", known["Q_loss_on_path"], on_path.mean(), on_path.std(), LONG),
        _sample("Q loss in all states", known["Q_loss_all_states"], everywhere.mean(), everywhere.std(), LONG),
        _sample("profit gain, independent program", again["Delta"], gain.mean(), again["sd"], LONG),
        _deviation("its standard deviation, independent program", again["sd"], gain),
        _shares(
            "shares of the cycles 1, 2, 3 or more, 1 symmetric, independent program",
            shares,
            [cycles[name].mean() for name in ("1", "2", ">=3", "1-sym")],
            LONG,
        ),
        _sample(
            "periods with those of stability, independent program",
            again["iterations_incl_stability_mean"],
            periods.mean() + 100_000,
            known["sd_ttc"],
            LONG,
        ),
        Figure.near("sessions not converged", again["nonconverged"], (~found.converged).sum(), 0.0),
    ]


def _competition() -> list[Figure]:
    entry = vector("AQ2")
    known, again, market = entry["published"], entry["recomputed"], _market(entry["inputs"])
    found = run_sessions(market, SHORT, SEED, workers=2)
    answer, gain = best_responses(found), found.profit_gain
    # The authors average over the sessions in which every firm loses something.
    lost = answer.loss_all_states[(answer.loss_all_states > 0.0).all(axis=1)].mean(axis=1)
    over_nash = found.profit / market.nash_profit
    ratio, firm_spread = over_nash[:, 0].mean() / over_nash[:, 1].mean(), (over_nash[:, 0] - over_nash[:, 1]).std()
    return [
        Figure.between("profit gain", known["Delta"], gain.mean(), 0.15, 0.22),
        _shares("share of equilibria", known["nash_play"], answer.nash.mean(), SHORT),
        _sample("Q loss where every firm has one", known["Q_gap"], lost.mean(), lost.std(), lost.size),
        _sample("profit gain, independent program", again["Delta"], gain.mean(), again["sd"], SHORT),
        _deviation("its standard deviation, independent program", again["sd"], gain),
        _sample(
            "periods with those of stability, independent program",
            again["iterations_mean"],
            found.periods_to_convergence.mean() + 100_000,
            found.periods_to_convergence.std(),
            SHORT,
        ),
        Figure.near("share of cycles of 1", again["share_cycle1"], (found.cycle_length == 1).mean(), 0.0),
        _sample("profit of firm 1 over firm 2", again["ratio_profit_over_nash_1_to_2"], ratio, firm_spread, SHORT),
        Figure.near("share not converged", again["nonconverged"], (~found.converged).mean(), 0.0),
    ]


BENCHMARKS: tuple[Benchmark, ...] = (
    Benchmark(
        "A4_grid",
        "Price grid of the Q-learning experiment",
        "m equally spaced prices on [p_N - xi (p_M - p_N), p_M + xi (p_M - p_N)]",
        vector("A4_grid")["source"],
        _grid,
    ),
    Benchmark(
        "A5_Q0",
        "Q values before learning",
        "Q_0(s, a_i) = mean over the rivals' prices of profit_i(a_i, a_-i) / (1 - delta)",
        vector("A5_Q0")["source"],
        _first_values,
    ),
    Benchmark(
        "AQ0_note",
        "Profit gain of firms with unequal costs",
        "Delta = (mean profit_i - mean profit_i^N) / (mean profit_i^M - mean profit_i^N), means over the firms",
        vector("AQ0_note")["source"],
        _pooling,
        slow=True,
    ),
    Benchmark(
        "AQ1",
        "Q-learning firms that remember one period collude",
        "Q_i(s, a_i) <- (1 - alpha) Q_i(s, a_i) + alpha (profit_i + delta max_b Q_i(s', b)), "
        "a random price with probability exp(-beta t)",
        vector("AQ1")["source"],
        _collusion,
        slow=True,
    ),
    Benchmark(
        "AQ2",
        "Q-learning firms without memory or foresight hardly do",
        "Q_i(a_i) <- (1 - alpha) Q_i(a_i) + alpha profit_i, a random price with probability exp(-beta t)",
        vector("AQ2")["source"],
        _competition,
        slow=True,
    ),
)
