"""Measures the compiled parts of ``aimarket.economics`` against plain loops of the same calculation.

Usage: python benchmarks/economics.py [--sessions N].  Prints a Markdown table and writes it beside this
script.  Both sides of a ratio are measured in the same run; absolute figures belong to the machine.
"""

from __future__ import annotations

import argparse
import math
import platform
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from aimarket import AIMarket, load_config
from aimarket.economics.equilibrium import bertrand_nash
from aimarket.economics.q_learning import QLearningMarket, initial_q, run_sessions

HERE = Path(__file__).parent
PLAIN_PERIODS = 200_000
STABILITY_PERIODS = 100_000
PRODUCTS = 12


def seconds(function: Callable[[], object], runs: int) -> float:
    """Median over ``runs`` calls, after one that does not count."""
    function()
    spent = []
    for _ in range(runs):
        started = time.perf_counter()
        function()
        spent.append(time.perf_counter() - started)
    return statistics.median(spent)


def plain_q_learning(market: QLearningMarket, periods: int) -> list[list[list[float]]]:
    """Two firms with one period of memory, on lists: what one would write without a compiler."""
    draw = np.random.default_rng(1).random((periods, 4)).tolist()
    points = market.price_points
    profit = market.profits.reshape(2, -1).tolist()
    start = initial_q(market.profits, market.discount_factor).tolist()
    q = [[list(start[firm]) for _ in range(points**2)] for firm in (0, 1)]
    state = 0
    for period in range(periods):
        explore = math.exp(-market.exploration_decay * period)
        action = []
        for firm in (0, 1):
            row = q[firm][state]
            random = draw[period][firm] < explore
            action.append(int(draw[period][2 + firm] * points) if random else row.index(max(row)))
        following = action[0] * points + action[1]
        for firm in (0, 1):
            target = profit[firm][following] + market.discount_factor * max(q[firm][following])
            row, own = q[firm][state], action[firm]
            row[own] = (1.0 - market.learning_rate) * row[own] + market.learning_rate * target
        state = following
    return q


def plain_bertrand(quality: np.ndarray, cost: np.ndarray, coefficient: float) -> np.ndarray:
    """Single-product firms in a logit market: the map of Morrow & Skerlos (2011) in numpy."""
    price, step = cost + 1.0 / coefficient, np.inf
    while step > 1e-12:
        weight = np.exp(quality - coefficient * price)
        share = weight / (1.0 + weight.sum())
        following = cost + 1.0 / coefficient + share * (price - cost)
        price, step = following, np.abs(following - price).max()
    return price


def measure(sessions: int) -> list[tuple[str, str, str, str]]:
    """Rows of measure, compiled, plain and ratio."""
    market = QLearningMarket()
    run_sessions(replace(market, price_points=2), 1, 1, stability_periods=1, max_periods=1)
    started = time.perf_counter()
    found = run_sessions(market, sessions, 1, stability_periods=STABILITY_PERIODS)
    spent = time.perf_counter() - started
    compiled = (found.periods_to_convergence.sum() + sessions * STABILITY_PERIODS) / spent
    plain = PLAIN_PERIODS / seconds(lambda: plain_q_learning(market, PLAIN_PERIODS), 1)
    quality, cost = np.linspace(1.0, 2.0, PRODUCTS), np.linspace(0.5, 1.0, PRODUCTS)
    quick = seconds(lambda: bertrand_nash(quality, cost, 2.0), 200)
    slow = seconds(lambda: plain_bertrand(quality, cost, 2.0), 200)
    return [
        (
            "Q-learning, 2 firms, 15 prices, million periods a second",
            f"{compiled / 1e6:.1f}",
            f"{plain / 1e6:.3f}",
            f"{compiled / plain:.0f}",
        ),
        (
            f"Bertrand-Nash prices of {PRODUCTS} products, microseconds",
            f"{quick * 1e6:.0f}",
            f"{slow * 1e6:.0f}",
            f"{slow / quick:.1f}",
        ),
        _theory_line(),
    ]


def _theory_line() -> tuple[str, str, str, str]:
    """The baseline's run with the static equilibrium of every month, over the run without."""
    config = load_config("baseline")
    with_theory = load_config("baseline", {"record.theory": True})
    slow, quick = (seconds(lambda c=c: AIMarket(c, 1).run(), 2) for c in (with_theory, config))
    return "96 months with and without `record.theory`, seconds", f"{slow:.1f}", f"{quick:.1f}", f"{slow / quick:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=10, help="Q-learning sessions (default 10)")
    rows = measure(parser.parse_args().sessions)
    lines = [
        "# Compiled economics, and the theory line",
        "",
        "`make bench` measures and rewrites this page. Figures belong to the machine named here; ratios travel.",
        "",
        f"Machine: {platform.machine()}, Python {sys.version.split()[0]}, one core.",
        "",
        "| measure | aimarket | plain | ratio |",
        "|---|---|---|---|",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]
    page = "\n".join(lines) + "\n"
    (HERE / "economics.md").write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()
