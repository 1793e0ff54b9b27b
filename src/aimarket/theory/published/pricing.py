"""Published price equilibria, merger simulations and capacity-constrained markets."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from aimarket.economics.concentration import herfindahl
from aimarket.economics.demand import (
    consumer_surplus,
    diversion_ratios,
    mean_utilities,
    price_derivatives,
    price_elasticities,
)
from aimarket.economics.equilibrium import PriceEquilibrium, bertrand_nash, monopoly
from aimarket.economics.mergers import compensating_cost_reductions, implied_marginal_costs, merger
from aimarket.theory.benchmark import Benchmark, Figure, vector

__all__ = ["BENCHMARKS"]

GUIDELINES_SCALE = 10_000.0
SECOND_DECIMAL = 0.005
"""What rounding to the percentages' second decimal hides; the package's solver stops early."""


WORDS = {
    "p": "price",
    "s": "market share",
    "q": "quantity",
    "p_nash": "Nash price",
    "q_nash": "Nash quantity",
    "profit_nash": "Nash profit",
    "p_monopoly": "monopoly price",
    "q_monopoly": "monopoly quantity",
    "profit_monopoly": "monopoly profit",
    "lerner": "Lerner index",
    "lerner_nash": "Nash Lerner index",
    "lerner_monopoly": "monopoly Lerner index",
    "inside_share_nash": "Nash share of sales",
    "hhi_inside_nash": "Nash HHI of sales",
    "cs_logsum": "consumer surplus",
    "zeta_iterations_from_cost_tol1e_12": "zeta iterations from cost to 1e-12",
    "diversion_from_row_to_col": "diversion ratios",
    "meanval_rel_to_BUD": "mean utilities relative to the first",
    "mc": "implied marginal costs",
    "p_post": "price after",
    "s_post": "market share after",
    "price_change_pct": "price change, percent",
    "own_elasticity_pre": "own elasticity before",
    "cv_loss": "consumers' loss",
    "hhi_pre_quantity": "HHI before",
    "hhi_post_quantity": "HHI after",
}


def _figures(
    expected: Mapping[str, Any], obtained: Mapping[str, npt.ArrayLike], tolerance: float, when: str = ""
) -> list[Figure]:
    """A figure for everything that is expected, named in words."""
    return [
        Figure.near(f"{WORDS.get(name, name.replace('_', ' '))}{when}", value, obtained[name], tolerance)
        for name, value in expected.items()
    ]


def _calvano(identifier: str) -> list[Figure]:
    entry = vector(identifier)
    inputs, expected, tolerance = entry["inputs"], entry["expected"], entry["abs_tol"]
    scale = inputs["mu"]
    data = np.asarray(inputs["a"]) / scale, inputs["c"], 1.0 / scale
    nash = bertrand_nash(*data, outside_utility=inputs["a0"] / scale)
    joint = monopoly(*data, outside_utility=inputs["a0"] / scale)
    obtained = {
        "p_nash": nash.price,
        "q_nash": nash.quantity,
        "profit_nash": nash.profit,
        "p_monopoly": joint.price,
        "q_monopoly": joint.quantity,
        "profit_monopoly": joint.profit,
        "lerner_nash": nash.lerner,
        "lerner_monopoly": joint.lerner,
        "inside_share_nash": nash.share / nash.share.sum(),
        "hhi_inside_nash": GUIDELINES_SCALE * herfindahl(nash.share),
    }
    return _figures(expected, obtained, tolerance)


def _logit(identifier: str) -> list[Figure]:
    entry = vector(identifier)
    inputs, expected, tolerance = entry["inputs"], entry["expected"], entry["abs_tol"]
    found = bertrand_nash(
        inputs["delta"], inputs["cost"], -inputs["alpha"], owner=inputs["owner"], start=inputs["cost"], tolerance=1e-12
    )
    coefficient = -inputs["alpha"]
    obtained: dict[str, npt.ArrayLike] = {
        "p": found.price,
        "s": found.share,
        "margin": found.markup,
        "lerner": found.lerner,
        # The published figure is the inclusive value over the price coefficient.
        "cs_logsum": found.consumer_surplus,
        "zeta_iterations_from_cost_tol1e_12": found.iterations,
    }
    figures = _figures(expected, obtained, tolerance)
    again = consumer_surplus(inputs["delta"], found.price, coefficient)
    return [*figures, Figure.near("consumer surplus at these prices", expected["cs_logsum"], again, tolerance)]


def _nested(identifier: str) -> list[Figure]:
    entry = vector(identifier)
    inputs, expected, tolerance = entry["inputs"], entry["expected"], entry["abs_tol"]
    nests: dict[str, Any] = {"nest": inputs["nest"], "nesting": 1.0 - inputs["mu"]}
    owner = [1, 1, 1, 2, 3] if identifier.endswith("_post") else None
    found = bertrand_nash(inputs["delta"], inputs["cost"], -inputs["alpha"], owner=owner, **nests)
    diversion = diversion_ratios(inputs["delta"], found.price, -inputs["alpha"], notion="price", **nests)
    obtained = {"p": found.price, "s": found.share, "diversion_from_row_to_col": diversion}
    return _figures(expected, obtained, tolerance)


def _beer_merger() -> list[Figure]:
    entry = vector("B5_beer_merger")
    inputs, expected, tolerance = entry["inputs"], entry["expected"], entry["abs_tol"]
    price, share, coefficient = np.asarray(inputs["price"]), np.asarray(inputs["share"]), -inputs["alpha"]
    before, after, size = inputs["owner_pre"], inputs["owner_post"], inputs["inside_size"]
    quality = mean_utilities(share, price, coefficient, outside_utility=None)
    slopes = price_derivatives(quality, price, coefficient, outside_utility=None)
    cost = implied_marginal_costs(price, share, slopes, before)
    effects = merger(quality, cost, coefficient, before, after, outside_utility=None, market_size=size)
    elasticity = price_elasticities(quality, price, coefficient, outside_utility=None)
    _, cuts = compensating_cost_reductions(price, share, slopes, before, after)
    index = [GUIDELINES_SCALE * effects.herfindahl_before, GUIDELINES_SCALE * effects.herfindahl_after]
    loss = -size * effects.consumer_surplus_change
    change = 100.0 * effects.relative_price_change
    obtained = {
        "meanval_rel_to_BUD": quality,
        "mc": cost,
        "p_post": effects.after.price,
        "s_post": effects.after.share,
        "price_change_pct": change,
        "own_elasticity_pre": np.diagonal(elasticity),
        "cv_loss": loss,
        "hhi_pre_quantity": index[0],
        "hhi_post_quantity": index[1],
    }
    figures = _figures(expected, obtained, tolerance)
    package = entry["package_output"]
    return [
        *figures,
        Figure.near("prices before", price, effects.before.price, tolerance),
        Figure.near("price after, package", package["p_post"], effects.after.price, tolerance),
        Figure.near("price change of the package, percent", package["price_change_pct"], change, SECOND_DECIMAL),
        Figure.near(
            "compensating cost reductions of the package, percent",
            package["cmcr_pct"],
            100.0 * cuts[:2],
            SECOND_DECIMAL,
        ),
    ]


def _beer_capacity() -> list[Figure]:
    entry = vector("B6_beer_capacity")
    inputs, tolerance = entry["inputs"], entry["abs_tol"]

    def equilibrium(owner: list[int]) -> PriceEquilibrium:
        return bertrand_nash(
            inputs["meanval"],
            inputs["mc"],
            -inputs["alpha"],
            owner=owner,
            outside_utility=None,
            capacity=inputs["capacity"],
            market_size=inputs["market_size"],
        )

    figures = []
    for when, key in (("before", "pre"), ("after", "post")):
        found, expected = equilibrium(inputs[f"owner_{key}"]), entry["expected"][key]
        obtained = {
            "p": found.price,
            "q": found.quantity,
            "binding": found.shadow_price > 0.0,
            "shadow_price": found.shadow_price,
        }
        figures += _figures(expected, obtained, tolerance, f" {when} merger")
    return figures


ZETA = "p = c + zeta(p),  zeta = Λ⁻¹(Ω∘Γ)ᵀ(p - c) - Λ⁻¹s"
LOGIT = "s_j = exp(V_j) / (exp(V_0) + Σ_k exp(V_k)),  V_j = quality_j - alpha p_j;  " + ZETA

BENCHMARKS: tuple[Benchmark, ...] = (
    *(
        Benchmark(name, title, LOGIT, vector(name)["source"], partial(_calvano, name))
        for name, title in (
            ("A1", "Nash and monopoly prices of a symmetric logit duopoly"),
            ("A1_n3", "Nash and monopoly prices of three symmetric logit firms"),
            ("A2_c2_0.75", "Logit duopoly with unequal costs"),
            ("A3_mu_0.5", "Logit duopoly with more differentiated products"),
        )
    ),
    *(
        Benchmark(name, title, LOGIT, vector(name)["source"], partial(_logit, name))
        for name, title in (
            ("B1_pre", "Bertrand-logit oligopoly of three products"),
            ("B1_post", "Bertrand-logit oligopoly after a merger of two firms"),
        )
    ),
    *(
        Benchmark(
            name,
            title,
            "s_j = exp(V_j/μ) I_g^(μ-1) / (1 + Σ_h I_h^μ),  I_g = Σ_{k in g} exp(V_k/μ);  " + ZETA,
            vector(name)["source"],
            partial(_nested, name),
        )
        for name, title in (
            ("B4_nested_mu1.0_pre", "Nested logit without correlation within nests"),
            ("B4_nested_mu0.7_pre", "Nested-logit oligopoly of two nests"),
            ("B4_nested_mu0.7_post", "Nested-logit oligopoly after a merger within a nest"),
        )
    ),
    Benchmark(
        "B5_beer_merger",
        "Merger of two beers, calibrated to prices and shares",
        "c = p + (Ω∘Dᵀ)⁻¹s;  " + ZETA + ";  cost cuts = markups wanted at old prices - old markups",
        vector("B5_beer_merger")["source"],
        _beer_merger,
    ),
    Benchmark(
        "B6_beer_capacity",
        "Merger of two beers with capacities",
        "p = c + λ + zeta(p),  0 <= λ,  q <= K,  λ (K - q) = 0",
        vector("B6_beer_capacity")["source"],
        _beer_capacity,
    ),
)
