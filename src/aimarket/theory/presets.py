"""Textbook markets run by the whole simulation: the outcome must be the theoretical one, wherever prices start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aimarket.config import load_config
from aimarket.config.registry import make_strategy
from aimarket.randomness import RandomSource
from aimarket.theory.benchmark import Figure
from aimarket.theory.textbook import FloatArray, Textbook, textbook

if TYPE_CHECKING:
    import pandas as pd

    from aimarket.config.schema import MarketConfig

__all__ = ["PRESETS", "Preset", "run_preset"]

Run = Callable[..., "Mapping[str, pd.DataFrame]"]


@dataclass(frozen=True)
class Preset:
    """A config of ``configs/theory`` and what theory says of it.

    ``compare(config, run)`` returns the figures; ``run(**overrides)`` simulates the preset from the seed's
    starting prices and returns its tables.
    """

    name: str
    title: str
    equation: str
    source: str
    compare: Callable[[MarketConfig, Run], list[Figure]]


def run_preset(preset: Preset, seed: int) -> list[Figure]:
    """Both sides of ``preset``, simulated from prices and valuations that ``seed`` chooses."""
    from aimarket.model import AIMarket

    config = load_config(preset.name)
    start = _arbitrary_start(config, seed)

    def run(**overrides: Any) -> Mapping[str, pd.DataFrame]:
        changes = start | {path.replace("__", "."): value for path, value in overrides.items()}
        return AIMarket(config, seed, overrides=changes).run().tables

    return preset.compare(config, run)


def _arbitrary_start(config: MarketConfig, seed: int) -> dict[str, Any]:
    """First prices between 1.02 and 3 times cost, and first valuations within 15 percent of the config's."""
    market, start = textbook(config), {}
    source = RandomSource(seed)
    for product, seller, cost in zip(market.products, market.sellers, market.cost, strict=True):
        price = cost * (1.02 + 1.98 * source.draws(product, "first price").uniform(1)[0])
        if "@" in product:
            start[f"agents.{seller}.price_usd_per_mtok"] = float(price)
        else:
            key = product.removeprefix(f"{seller}_")
            start[f"agents.{seller}.products.{key}.price_usd_per_mtok"] = float(price)
    for firm in sorted(set(market.sellers)):
        value = getattr(config.agents[firm], "valuation_musd", 0.0)
        if value > 0.0:
            factor = 0.85 + 0.3 * source.draws(firm, "first valuation").uniform(1)[0]
            start[f"agents.{firm}.valuation_musd"] = float(value * factor)
    return start


def _parameters(config: MarketConfig, agent: str, decision: str) -> Any:
    """Parameters, defaults included, of the strategy that ``agent`` decides by."""
    plug = getattr(getattr(config.agents[agent], "strategies", None), decision)
    return make_strategy(decision, plug, f"agents.{agent}.strategies.{decision}").parameters


def _column(tables: Mapping[str, pd.DataFrame], name: str, products: tuple[str, ...], step: int = -1) -> FloatArray:
    """Column ``name`` of the products table in period ``step`` (negative: from the end), in the order given."""
    table = tables["products"]
    wanted = step if step > 0 else int(table["step"].max()) + 1 + step
    row = table[table["step"] == wanted].set_index("product")[name]
    return np.asarray(row.loc[list(products)], dtype=np.float64)


def _sold(market: Textbook, tables: Mapping[str, pd.DataFrame], step: int = -1) -> FloatArray:
    """Share of the potential market that each product sells."""
    return _column(tables, "mtok", market.products, step) / market.market_size


def _bertrand(config: MarketConfig, run: Run) -> list[Figure]:
    from aimarket.economics import bertrand_nash

    market, tables = textbook(config), run()
    theory = bertrand_nash(cost=market.cost, owner=market.sellers, **market.terms)
    return [
        Figure.near("price", theory.price, _column(tables, "price_usd_per_mtok", market.products), 1e-6),
        Figure.near("market share", theory.share, _sold(market, tables), 1e-6),
        Figure.near("Lerner index", theory.lerner, _column(tables, "lerner", market.products), 1e-6),
    ]


def _owners_after(config: MarketConfig, market: Textbook) -> tuple[str, ...]:
    """Who owns each product once the mergers among the config's events have struck."""
    mergers = [event.parameters for event in config.events.values() if event.kind == "merger"]
    owner = {event["target"]: event["acquirer"] for event in mergers}
    return tuple(owner.get(seller, seller) for seller in market.sellers)


def _merger(config: MarketConfig, run: Run) -> list[Figure]:
    from aimarket.economics import merger

    market, tables = textbook(config), run()
    theory = merger(
        cost=market.cost,
        owner_before=market.sellers,
        owner_after=_owners_after(config, market),
        **market.terms,
    )
    struck = int(tables["events"].set_index("kind").loc["merger", "step"])
    figures = []
    for when, found, step in (("before", theory.before, struck - 1), ("after", theory.after, -1)):
        _require_slack_pools(market, found.quantity)
        price, rent = (
            _column(tables, name, market.products, step)
            for name in ("price_usd_per_mtok", "scarcity_rent_usd_per_mtok")
        )
        figures += [
            Figure.near(f"price {when}", found.price, price, 1e-7),
            Figure.near(f"market share {when}", found.share, _sold(market, tables, step), 1e-6),
        ]
        if np.isfinite(market.capacity).any():
            figures.append(Figure.near(f"scarcity rent {when}", found.shadow_price, rent, 1e-7))
    return figures


def _require_slack_pools(market: Textbook, quantity: FloatArray) -> None:
    """A firm's capacity is pooled in the simulation and a limit to each product in theory: the same if not full."""
    for seller in {s for s in market.sellers if market.sellers.count(s) > 1}:
        own = [j for j, s in enumerate(market.sellers) if s == seller]
        if quantity[own].sum() >= market.capacity[own[0]]:
            raise ValueError(f"{seller} pools its capacity over {len(own)} products and fills it")


def _bargaining(config: MarketConfig, run: Run) -> list[Figure]:
    from aimarket.economics import wholesale_bargaining

    market, tables = textbook(config), run()
    weights = [_parameters(config, cloud, "compute_pricing").buyer_weight for cloud in market.suppliers]
    theory = wholesale_bargaining(
        market.quality,
        market.compute_cost,
        market.other_cost,
        market.price_coefficient,
        market.suppliers,
        market.sellers,
        weights,
        outside_utility=market.outside_utility,
    )
    paid = _column(tables, "marginal_cost_usd_per_mtok", market.products) - market.other_cost
    return [
        Figure.near("wholesale price", theory.wholesale_price, paid, 1e-6),
        Figure.near("retail price", theory.retail_price, _column(tables, "price_usd_per_mtok", market.products), 1e-6),
        Figure.near("market share", theory.share, _sold(market, tables), 1e-6),
    ]


def _double_marginalisation(config: MarketConfig, run: Run) -> list[Figure]:
    from aimarket.economics import monopoly, wholesale_bargaining

    market = textbook(config)
    apart = wholesale_bargaining(
        market.quality,
        market.compute_cost,
        market.other_cost,
        market.price_coefficient,
        market.suppliers,
        market.sellers,
        0.0,
        timing="sequential",
        outside_utility=market.outside_utility,
    )
    together = monopoly(cost=market.cost, **market.terms)
    tables = run()
    integrated = run(**{f"agents__{market.sellers[0]}__parent": market.suppliers[0]})
    held = _parameters(config, market.suppliers[0], "compute_pricing").trial_months
    # The cloud tries two prices in turn; its base lies half-way between the last of each.
    paid, charged = (
        (_column(tables, name, market.products) + _column(tables, name, market.products, -1 - held)) / 2.0
        for name in ("marginal_cost_usd_per_mtok", "price_usd_per_mtok")
    )
    joint = _column(integrated, "price_usd_per_mtok", market.products)
    return [
        Figure.near("wholesale price", apart.wholesale_price, paid - market.other_cost, 1e-3),
        Figure.near("retail price", apart.retail_price, charged, 1e-3),
        Figure.near("retail price of one owner", together.price, joint, 1e-6),
    ]


def _brock_hommes(config: MarketConfig, run: Run) -> list[Figure]:
    from aimarket.economics import trend_follower_pitchfork_intensity, trend_follower_steady_state

    (name,) = [agent for agent, entry in config.agents.items() if entry.kind == "capital_market"]
    investors = config.agents[name]
    assert investors.kind == "capital_market"
    rule = _parameters(config, name, "beliefs")
    years = config.time.months_per_period / 12.0
    gross_return = (1.0 + investors.discount_rate_per_year) ** years
    trend, cost = investors.trend_extrapolation, rule.information_cost
    path = f"agents__{name}__strategies__beliefs__intensity"
    steady = trend_follower_steady_state(rule.intensity, trend, gross_return, cost)
    pitchfork = trend_follower_pitchfork_intensity(trend, gross_return, cost)
    above, below = run(), run(**{path: 0.8 * pitchfork, "time__periods": 350})
    unit = rule.risk**0.5
    last = above["market"].iloc[-1]
    return [
        Figure.near("mispricing", steady, abs(last["mispricing"]) / unit, 1e-6),
        Figure.near("share of trend followers", gross_return / trend, last["narrative_share"], 1e-6),
        Figure.near("mispricing below the pitchfork", 0.0, below["market"].iloc[-1]["mispricing"] / unit, 1e-6),
    ]


PRESETS: tuple[Preset, ...] = (
    Preset(
        "theory/duopoly",
        "Price competition of two firms with logit demand",
        "p - c = 1 / (alpha (1 - s))",
        "Calvano, Calzolari, Denicolo & Pastorello, AER 110(10) 2020, 3267-3297: 1.47293",
        _bertrand,
    ),
    Preset(
        "theory/monopoly",
        "Both products in one hand",
        "p - c = 1 / (alpha s_0)",
        "Calvano, Calzolari, Denicolo & Pastorello, AER 110(10) 2020, 3267-3297: 1.92498",
        _bertrand,
    ),
    Preset(
        "theory/nested",
        "Nested logit, closed and open products",
        "(Omega . ds/dp) (p - c) + s = 0",
        "mergersim vignette (CC0); Panhans & Wiemer (2026): 3.24702, 3.71216, 4.88060",
        _bertrand,
    ),
    Preset(
        "theory/merger",
        "A merger during the run",
        "(Omega . ds/dp) (p - c) + s = 0 with the owners before and after",
        "mergersim vignette (CC0); Panhans & Taragin (2023), IJIO: 1.48236 to 1.79308 for the acquirer",
        _merger,
    ),
    Preset(
        "theory/capacity_limited",
        "Limited capacity and a merger: scarcity rent apart from market power",
        "(Omega . ds/dp) (p - c - lambda) + s = 0, 0 <= lambda, q <= K, lambda (K - q) = 0",
        "Froeb, Tschantz & Crooke (2003) on the beer data of Epstein & Rubinfeld (2004); R package antitrust",
        _merger,
    ),
    Preset(
        "theory/double_marginalisation",
        "Successive monopolies, and what one owner would charge",
        "w maximises (w - c) s(p(w)), p(w) maximises (p - w) s(p)",
        "Spengler (1950), JPE 58, with logit demand",
        _double_marginalisation,
    ),
    Preset(
        "theory/bargaining",
        "Clouds and labs bargain over the price of compute",
        "(1 - lambda) (buyer's gain from trade) = lambda (seller's gain from trade), for each pair",
        "Sheu & Taragin (2021), RAND J. Econ. 52, 596-632",
        _bargaining,
    ),
    Preset(
        "theory/brock_hommes",
        "Trend followers against fundamentalists in the capital market",
        "R x_t = n_t g x_{t-1}; |x*| = sqrt((C + ln(g / R - 1) / beta) / ((R - 1) g))",
        "Brock & Hommes (1998), JEDC 22, 1235-1274, section 4.1",
        _brock_hommes,
    ),
)
