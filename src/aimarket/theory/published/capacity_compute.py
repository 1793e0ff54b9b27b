"""Learning curves, merit order, reserved against spot capacity, and what a GPU-hour costs."""

from __future__ import annotations

from aimarket.economics.dispatch import merit_order_dispatch
from aimarket.economics.procurement import reserve_newsvendor
from aimarket.economics.technology import (
    capital_recovery_factor,
    energy_cost_usd_per_gpu_hour,
    straight_line_depreciation_usd_per_gpu_hour,
    straight_line_depreciation_usd_per_year,
    wright_exponent,
    wright_unit_cost,
)
from aimarket.theory.benchmark import Benchmark, Figure, vector

__all__ = ["BENCHMARKS"]


def _wright() -> list[Figure]:
    published = vector("E1_wright_20")
    inputs, expected, tolerance = published["inputs"], published["expected"], published["abs_tol"]
    cost = wright_unit_cost(inputs["c0"], 1.0, inputs["ratio"], inputs["LR"])
    return [
        Figure.near("exponent", expected["b"], wright_exponent(inputs["LR"]), tolerance),
        Figure.near("unit cost at the ratios of cumulative output", expected["c"], cost, tolerance),
    ]


def _merit_order() -> list[Figure]:
    published = vector("E3_merit_order")
    inputs, tolerance = published["inputs"], published["abs_tol"]
    cleared = merit_order_dispatch(inputs["capacity"], inputs["marginal_cost"], inputs["demand"], inputs["voll"])
    expected = [published["expected"][str(demand)] for demand in inputs["demand"]]
    return [
        Figure.near(
            f"{name.replace('_', ' ')} at the demands", [at[name] for at in expected], getattr(cleared, name), tolerance
        )
        for name in ("price", "dispatch", "unserved", "inframarginal_rent")
    ]


def _reserved_or_spot() -> list[Figure]:
    published = vector("E5_reserved_spot")
    expected, tolerance = published["expected"], published["abs_tol"]
    rates = published["inputs"]
    # The vector's demand, N(100, 20^2), is in its description.
    best = reserve_newsvendor([case["r"] for case in rates], [case["s"] for case in rates], 100.0, 20.0)
    return [
        Figure.near("reserve", [case["K"] for case in expected], best.reserved, tolerance),
        Figure.near("expected cost", [case["cost"] for case in expected], best.expected_cost, tolerance),
    ]


def _gpu_hour() -> list[Figure]:
    published = vector("E6_gpu_cost")
    price, expected, tolerance = published["inputs"]["P"], published["expected"], published["abs_tol"]
    per_year, per_hour, annuity = expected["straight_line"], expected["per_gpu_hour_u60"], expected["annuity"]
    # Keys such as r10_n4: per cent a year, years.
    terms = [key.removeprefix("r").split("_n") for key in annuity]
    payment = price * capital_recovery_factor([int(r) / 100 for r, _ in terms], [int(n) for _, n in terms])
    return [
        Figure.near(
            "straight-line depreciation, USD a year",
            list(per_year.values()),
            straight_line_depreciation_usd_per_year(price, [float(life) for life in per_year]),
            tolerance,
        ),
        Figure.near(
            "straight-line depreciation, USD per GPU-hour at 60% utilisation",
            list(per_hour.values()),
            straight_line_depreciation_usd_per_gpu_hour(price, [float(life) for life in per_hour], 0.6),
            tolerance,
        ),
        Figure.near("annuity, USD a year", list(annuity.values()), payment, tolerance),
        Figure.near(
            "energy of 0.7 kW at a PUE of 1.3 and 80 USD/MWh, USD per GPU-hour",
            expected["power_usd_per_gpu_hour_0p7kW_pue1p3_80usd_MWh"],
            energy_cost_usd_per_gpu_hour(0.7, 1.3, 80.0),
            tolerance,
        ),
    ]


BENCHMARKS: tuple[Benchmark, ...] = (
    Benchmark(
        "E1_wright_20",
        "Learning curve: 20% cheaper with each doubling",
        "c(Q) = c0 (Q / Q0)^-b,  b = -log2(1 - learning rate)",
        vector("E1_wright_20")["source"],
        _wright,
    ),
    Benchmark(
        "E3_merit_order",
        "Merit order: the last unit served sets the price",
        "min Σ c_i q_i + VOLL u  s.t.  Σ q_i + u = D, 0 ≤ q_i ≤ K_i;  price = dual of the balance",
        vector("E3_merit_order")["source"],
        _merit_order,
    ),
    Benchmark(
        "E5_reserved_spot",
        "Reserved or spot capacity: the critical fractile",
        "P(D ≤ K) = 1 - r / s",
        vector("E5_reserved_spot")["source"],
        _reserved_or_spot,
    ),
    Benchmark(
        "E6_gpu_cost",
        "Cost of a GPU-hour: depreciation, annuity, energy",
        "P / L,  P / (8760 u L),  P r / (1 - (1 + r)^-n),  kW · PUE · p / 1000",
        vector("E6_gpu_cost")["source"],
        _gpu_hour,
    ),
)
