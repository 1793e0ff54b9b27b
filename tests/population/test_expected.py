"""The mean field is the sampled population without its luck."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from test_choice import OFFER, TASTES, J

from aimarket.population import ExpectedPopulation, Habits, Population
from aimarket.randomness import RandomSource

COLUMNS = {
    "name": "buyers",
    "workloads_per_firm": 2,
    "price_sensitivity_mean": 0.4,
    "price_sensitivity_log_sd": 0.4,
    "open_taste_mean": 0.2,
    "open_taste_sd": 0.6,
    "usage_log_sd": 0.7,
    "cloud_shares": [0.5, 0.3, 0.2],
    "adopted_share": 0.6,
}
SOURCE = RandomSource(11)


def population(kind, firms=400, **changes):
    return kind(firms=firms, source=SOURCE, **(COLUMNS | changes))


NOTHING = Habits()
# Product 1 is one that buyers run themselves.
HOSTING = {"hosting_cost": np.where(np.arange(J) == 1, 2.0, 0.0), "price": np.exp(OFFER.price_term)}
BY_SELLER = {"seller": np.array([0, 0, 1, 1, 2, 3, 2])}


def period(buyers, step, probability=0.3, offer=OFFER, tastes=TASTES, habits=NOTHING):
    buyers.adopt(0.05, SOURCE.draws("buyers", "adoption", step))
    who, which = SOURCE.draws("buyers", "reconsider", step), SOURCE.draws("buyers", "choice", step)
    return buyers.reconsider(probability, offer, tastes, who, which, habits)


@pytest.mark.parametrize("switching_cost", [0.0, 0.8])
@pytest.mark.parametrize(
    "habits",
    [
        NOTHING,
        Habits(price_sensitivity_factor=1.7, **HOSTING),
        Habits(concentration_aversion=0.6, **BY_SELLER, **HOSTING),
    ],
    ids=["no habits", "hosting", "aversion"],
)
def test_both_agree_in_the_mean(switching_cost, habits):
    """After twelve periods with inertia, adoption and a product that goes, for 40,000 workloads: 5 standard errors."""
    tastes = replace(TASTES, switching_cost=switching_cost)
    sampled, expected = (population(kind, firms=20_000) for kind in (Population, ExpectedPopulation))
    gone = replace(OFFER, available=OFFER.available & (np.arange(J) != 2))
    for step in range(1, 13):
        offer = OFFER if step < 8 else gone
        seen, mean = (period(buyers, step, offer=offer, tastes=tastes, habits=habits) for buyers in (sampled, expected))
    assert np.array_equal(sampled.adopted, expected.adopted)
    use, mean_use = sampled.usage_by_product(J), expected.usage_by_product(J)
    weight = np.repeat(sampled.adopted, 2) * sampled.usage
    share = mean_use / weight.sum()
    error = np.sqrt((weight**2).sum() * share * (1.0 - share))
    assert (np.abs(use - mean_use) <= 5.0 * error + 1e-9).all()
    assert mean_use[2] == mean_use[5] == 0.0
    for name in ("usage_reconsidered", "usage_switched", "surplus"):
        assert getattr(seen, name) == pytest.approx(getattr(mean, name), rel=0.05), name
    assert seen.expected_usage == pytest.approx(mean.expected_usage, rel=0.05)
    if habits.concentration_aversion == 0.0:
        # Otherwise workloads of a firm are not independent, which shares alone do not show.
        assert sampled.providers_per_firm(np.arange(J)) == pytest.approx(
            expected.providers_per_firm(np.arange(J)), rel=0.02
        )
    clouds = sampled.usage_by_cloud(3, J), expected.usage_by_cloud(3, J)
    assert clouds[0].sum(axis=0) == pytest.approx(use)
    assert clouds[1].sum(axis=0) == pytest.approx(mean_use)
    assert clouds[0].sum(axis=1) == pytest.approx(clouds[1].sum(axis=1), rel=0.05)


def test_shares_are_shares_in_every_period():
    buyers = population(ExpectedPopulation)
    for step in range(1, 6):
        period(buyers, step)
        assert (buyers.shares >= 0.0).all()
        assert buyers.shares.sum(axis=1) == pytest.approx(np.ones(buyers.workloads), abs=1e-12)
        assert (buyers.shares[~np.repeat(buyers.adopted, 2), 1:] == 0.0).all()


@pytest.mark.parametrize(
    "habits",
    [
        NOTHING,
        Habits(price_sensitivity_factor=2.0),
        Habits(**HOSTING),
        Habits(log_price=False, **HOSTING),
        Habits(concentration_aversion=3.0, **BY_SELLER),
        Habits(concentration_aversion=3.0, **BY_SELLER, **HOSTING),
    ],
)
def test_everybody_choosing_without_inertia_is_the_demand_system(habits):
    tastes = replace(TASTES, switching_cost=0.0)
    buyers = population(ExpectedPopulation, adopted_share=1.0)
    measures = period(buyers, 1, probability=1.0, tastes=tastes, habits=habits)
    assert measures.expected_usage == pytest.approx(buyers.usage_by_product(J))
    afresh, _ = buyers.expect_afresh(OFFER, tastes, habits)
    assert afresh.expected_usage == pytest.approx(measures.expected_usage)
    assert afresh.price_derivatives == pytest.approx(measures.price_derivatives)
    assert afresh.surplus == pytest.approx(measures.surplus)


def test_one_pass_without_inertia_is_what_a_pass_for_each_incumbent_gives():
    nearly = replace(TASTES, switching_cost=1e-13)
    buyers, others = (population(ExpectedPopulation) for _ in range(2))
    for step in (1, 2, 3):
        one = period(buyers, step, tastes=replace(TASTES, switching_cost=0.0))
        many = period(others, step, tastes=nearly)
    assert buyers.shares == pytest.approx(others.shares, abs=1e-10)
    assert one.usage_switched == pytest.approx(many.usage_switched, rel=1e-9)
    assert one.price_derivatives == pytest.approx(many.price_derivatives, rel=1e-9, abs=1e-12)


def test_nothing_is_drawn():
    class NoLuck:
        def uniform(self, count):
            raise AssertionError("the mean field draws nothing")

    buyers = population(ExpectedPopulation)
    buyers.reconsider(0.5, OFFER, TASTES, NoLuck(), NoLuck())
    assert buyers.shares[:, 1:].any()


def test_before_anything_is_chosen_nobody_uses_anything():
    buyers = population(ExpectedPopulation)
    assert not buyers.usage_by_product(J).any()
    assert buyers.providers_per_firm(np.arange(J)) == 0.0


def test_a_buyer_shows_its_shares():
    buyers = population(ExpectedPopulation)
    period(buyers, 1)
    row = buyers.firm(3)
    assert "product" not in row
    assert [sum(workload) for workload in row["shares"]] == pytest.approx([1.0, 1.0])


def test_steepness_of_fresh_demand_by_hand():
    """Two equal buyers, one product: P = 1/2, alpha = 2, sigma = 0 gives 2 x 2 x 1/2."""
    buyers = population(
        ExpectedPopulation,
        firms=2,
        workloads_per_firm=1,
        adopted_share=1.0,
        price_sensitivity_mean=2.0,
        price_sensitivity_log_sd=0.0,
        open_taste_sd=0.0,
        usage_log_sd=0.0,
        cloud_shares=[],
    )
    offer = replace(
        OFFER,
        common_utility=np.array([2.0]),
        price_term=np.array([1.0]),
        is_open=np.array([False]),
        available=np.array([True]),
        listed=np.ones((0, 1), dtype=bool),
    )
    measures, steepness = buyers.expect_afresh(offer, replace(TASTES, nesting=0.0, outside_utility=0.0))
    assert measures.expected_usage == pytest.approx([1.0])
    assert steepness == pytest.approx([2.0])
    assert measures.price_derivatives == pytest.approx(np.array([[-1.0]]))
