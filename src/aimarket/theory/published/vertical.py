"""Vertical relations, quantity competition and inertia."""

from __future__ import annotations

import numpy as np

from aimarket.economics.inertia import expected_churn, stationary_shares, switching_transition
from aimarket.economics.oligopoly import allaz_vila, cournot, spengler
from aimarket.economics.vertical import wholesale_bargaining
from aimarket.theory.benchmark import Benchmark, Figure, vector

__all__ = ["BENCHMARKS"]


def _wholesale(name: str) -> list[Figure]:
    entry = vector(name)
    given, expected, tolerance = entry["inputs"], entry["expected"], entry["abs_tol"]
    found = wholesale_bargaining(
        given["delta"],
        given["c_up"],
        given["c_down"],
        -given["alpha"],
        given["up"],
        given["down"],
        given["lam"],
    )
    return [
        Figure.near("wholesale price", expected["w"], found.wholesale_price, tolerance),
        Figure.near("retail price", expected["p"], found.retail_price, tolerance),
        Figure.near("share", expected["s"], found.share, tolerance),
        Figure.near("upstream profit", expected["profit_up"], found.upstream_profit, tolerance),
        Figure.near("downstream profit", expected["profit_down"], found.downstream_profit, tolerance),
    ]


def _spengler() -> list[Figure]:
    entry = vector("B10_spengler")
    given, expected, tolerance = entry["inputs"], entry["expected"], entry["abs_tol"]
    found, whole = spengler(given["c"], given["a"], given["b"]), expected["integrated"]
    return [
        Figure.near("wholesale price", expected["w"], found.wholesale_price, tolerance),
        Figure.near("price", expected["p"], found.price, tolerance),
        Figure.near("quantity", expected["q"], found.quantity, tolerance),
        Figure.near("upstream profit", expected["profit_up"], found.upstream_profit, tolerance),
        Figure.near("downstream profit", expected["profit_down"], found.downstream_profit, tolerance),
        Figure.near("integrated price", whole["p"], found.integrated_price, tolerance),
        Figure.near("integrated quantity", whole["q"], found.integrated_quantity, tolerance),
        Figure.near("integrated profit", whole["profit"], found.integrated_profit, tolerance),
    ]


def _cournot() -> list[Figure]:
    entry = vector("B13_cournot_2")
    given, expected, tolerance = entry["inputs"], entry["expected"], entry["abs_tol"]
    found, each = cournot(np.full(given["n"], given["c"]), given["a"], given["b"]), np.ones(given["n"])
    weighted = found.quantity @ found.lerner / found.quantity.sum()
    return [
        Figure.near("quantity of each firm", expected["q"] * each, found.quantity, tolerance),
        Figure.near("price", expected["P"], found.price, tolerance),
        Figure.near("profit of each firm", expected["profit"] * each, found.profit, tolerance),
        Figure.near("Lerner index of each firm", expected["lerner"] * each, found.lerner, tolerance),
        Figure.near("Herfindahl index, 0 to 10,000", expected["hhi"], 10_000.0 * found.hhi, tolerance),
        Figure.near("elasticity of demand, absolute", expected["elasticity"], -found.elasticity, tolerance),
        Figure.near("weighted Lerner index", found.hhi / -found.elasticity, weighted, tolerance),
    ]


def _allaz_vila() -> list[Figure]:
    entry = vector("B15_allaz_vila")
    given, expected, tolerance = entry["inputs"], entry["expected"], entry["abs_tol"]
    costs = [given["c"], given["c"]]
    found, without = allaz_vila(costs, given["a"], given["b"]), cournot(costs, given["a"], given["b"])
    return [
        Figure.near("forward sales of each firm", [expected["f"]] * 2, found.forward_quantity, tolerance),
        Figure.near("quantity of each firm", [expected["q"]] * 2, found.quantity, tolerance),
        Figure.near("price", expected["P"], found.price, tolerance),
        Figure.near("price without forward sales", expected["P_without_forward"], without.price, tolerance),
    ]


def _switching() -> list[Figure]:
    entry = vector("B17_switching_cost_logit")
    given, tolerance = entry["inputs"], entry["abs_tol"]
    figures = []
    for cost in given["k"]:
        expected, label = entry["expected"][str(cost)], f"switching cost {cost}"
        chain = switching_transition(given["v"], cost)
        churn = expected_churn(chain)
        figures += [
            Figure.near(f"transition, {label}", expected["transition"], chain, tolerance),
            Figure.near(f"stationary shares, {label}", expected["stationary"], stationary_shares(chain), tolerance),
            Figure.near(f"retention, {label}", expected["retention"], np.diagonal(chain), tolerance),
            Figure.near(f"churn, {label}", expected["expected_churn"], churn, tolerance),
        ]
    return figures


_BARGAINING = "(1 - λ) (π_d - π_d⁻ᵗ) = λ (π_u - π_u⁻ᵗ);  Σ_k m_fk ∂s_k/∂p_j + s_j = 0"


BENCHMARKS: tuple[Benchmark, ...] = (
    Benchmark(
        name="B7_vertical_lambda0.5",
        title="Nash-in-Nash wholesale prices, equal bargaining weights",
        equation=_BARGAINING,
        source=vector("B7_vertical_lambda0.5")["source"],
        figures=lambda: _wholesale("B7_vertical_lambda0.5"),
    ),
    Benchmark(
        name="B7_vertical_lambda1.0",
        title="Nash-in-Nash wholesale prices, retailers have all the bargaining weight",
        equation=_BARGAINING,
        source=vector("B7_vertical_lambda1.0")["source"],
        figures=lambda: _wholesale("B7_vertical_lambda1.0"),
    ),
    Benchmark(
        name="B10_spengler",
        title="Double marginalisation of successive monopolies",
        equation="w = (a + c) / 2,  P = (3a + c) / 4;  integrated P = (a + c) / 2",
        source=vector("B10_spengler")["source"],
        figures=_spengler,
    ),
    Benchmark(
        name="B13_cournot_2",
        title="Cournot duopoly and its link of concentration to markups",
        equation="q = (a - c) / ((n + 1) b);  Σ s_i L_i = HHI / |ε|",
        source=vector("B13_cournot_2")["source"],
        figures=_cournot,
    ),
    Benchmark(
        name="B15_allaz_vila",
        title="Forward sales make a duopoly more competitive",
        equation="f = (a - c) / 5b,  q = 2 (a - c) / 5b,  P = (a + 4c) / 5",
        source=vector("B15_allaz_vila")["source"],
        figures=_allaz_vila,
    ),
    Benchmark(
        name="B17_switching_cost_logit",
        title="Long-run shares and churn with switching costs",
        equation="P_ij ∝ exp(v_j - k 1[j ≠ i, j ≠ 0]);  π = π P",
        source=vector("B17_switching_cost_logit")["source"],
        figures=_switching,
    ),
)
