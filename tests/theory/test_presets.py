"""The simulated market ends where theory says, from the starting points of twenty seeds."""

from __future__ import annotations

import numpy as np
import pytest
from page_fixtures import page_sections

from aimarket.config import load_config, shipped_configs
from aimarket.economics import bertrand_nash
from aimarket.errors import ConfigError
from aimarket.model import AIMarket
from aimarket.theory.benchmark import vector
from aimarket.theory.outcomes import outcome
from aimarket.theory.presets import PRESETS, run_preset
from aimarket.theory.textbook import textbook

SEEDS = 20


def test_every_preset_that_ships_is_compared_with_theory():
    assert {preset.name for preset in PRESETS} == {name for name in shipped_configs() if name.startswith("theory/")}


@pytest.mark.slow
@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_the_simulation_meets_theory_from_twenty_starting_points(preset):
    found = outcome(preset, SEEDS)
    assert [figure.name for figure in found.figures if not figure.met] == []
    assert page_sections([found]).items() <= page_sections().items(), "rewrite docs/theory.md: make theory"


def test_starting_points_differ_between_seeds_and_are_far_from_the_outcome():
    from aimarket.theory.presets import _arbitrary_start

    config = load_config("theory/duopoly")
    starts = [np.array(list(_arbitrary_start(config, seed).values())) for seed in range(1, SEEDS + 1)]
    prices = np.concatenate(starts)
    assert len(np.unique(prices)) == 2 * SEEDS
    assert prices.min() < 1.2
    assert prices.max() > 2.5


def oracle(name):
    market = textbook(load_config(name))
    found = bertrand_nash(cost=market.cost, owner=market.sellers, **market.terms)
    return dict(zip(market.products, found.price, strict=True))


@pytest.mark.parametrize(
    ("preset", "identifier", "products"),
    [
        ("duopoly", "A1", ("firm_1_api", "firm_2_api")),
        ("merger", "B1_pre", ("firm_1_api", "firm_2_api", "firm_3_api")),
        ("nested", "B4_nested_mu0.7_pre", ("firm_1_api", "firm_2_api", "firm_3_api", "open_1@open_1", "open_2@open_2")),
    ],
)
def test_a_preset_is_the_published_market(preset, identifier, products):
    expected = vector(identifier)["expected"]
    prices = oracle(f"theory/{preset}")
    published = expected.get("p", expected.get("p_nash"))
    assert [prices[product] for product in products] == pytest.approx(published, abs=1e-8)


def test_the_monopoly_and_the_brewers_are_the_published_markets():
    assert list(oracle("theory/monopoly").values()) == pytest.approx(vector("A1")["expected"]["p_monopoly"], abs=1e-8)
    brewers = ("budweiser_bud", "old_style_old_style", "miller_miller", "miller_miller_lite", "other_lite_other_lite")
    prices = oracle("theory/capacity_limited")
    published = vector("B6_beer_capacity")["expected"]["pre"]["p"]
    assert [prices[name] for name in (*brewers, "other_regular_other_regular")] == pytest.approx(published, abs=1e-7)


def test_a_preset_that_is_told_another_cost_no_longer_meets_the_old_price(monkeypatch):
    """The comparison can fail: theory and simulation are computed apart."""
    import aimarket.theory.presets as presets

    (duopoly,) = [preset for preset in PRESETS if preset.name == "theory/duopoly"]
    other = load_config("theory/duopoly", {"agents.firm_1.products.api.labour_cost_usd_per_mtok": 0.1})
    monkeypatch.setattr(presets, "textbook", lambda _: textbook(other))
    figures = run_preset(duopoly, 1)
    assert not any(figure.met for figure in figures)


@pytest.mark.parametrize(
    ("config", "path"),
    [
        ("baseline", "agents"),
        ({"services.price_term": "log"}, "services.price_term"),
        ({"agents.buyers.tastes.switching_cost": 1.0}, "agents.buyers.tastes.switching_cost"),
        ({"agents.buyers.usage.price_elasticity": 0.5}, "agents.buyers.usage.price_elasticity"),
        ({"supply_graph.compute.cloud.firm_1": None}, "supply_graph.compute.*.firm_1"),
    ],
)
def test_a_market_with_more_in_it_is_no_textbook(config, path):
    loaded = load_config(config) if isinstance(config, str) else load_config("theory/duopoly", config)
    with pytest.raises(ConfigError) as caught:
        textbook(loaded)
    assert caught.value.path == path


def test_the_same_seed_gives_the_same_figures():
    (monopoly,) = [preset for preset in PRESETS if preset.name == "theory/monopoly"]
    first, second = run_preset(monopoly, 3), run_preset(monopoly, 3)
    assert [figure.obtained.tolist() for figure in first] == [figure.obtained.tolist() for figure in second]


def test_buyers_who_draw_lots_lead_to_the_same_price_and_nearly_the_same_shares():
    """Sellers respond to expected demand, so luck moves shares only: 5 standard errors of 4,000 buyers."""
    overrides = {"population.choice": "sampled", "population.firms": 4_000, "time.periods": 60}
    model = AIMarket("theory/duopoly", 2, overrides=overrides)
    products = model.run().tables["products"]
    last = products[products["step"] == 60]
    theory = vector("A1")["expected"]
    assert last["price_usd_per_mtok"].tolist() == pytest.approx(theory["p_nash"], abs=1e-6)
    share = theory["q_nash"][0]
    error = (share * (1.0 - share) / 4_000) ** 0.5
    assert last["mtok"].to_numpy() / 1e6 == pytest.approx(theory["q_nash"], abs=5.0 * error)
