import numpy as np
import pytest

from aimarket.errors import ConfigError
from aimarket.population import ChoiceSet, Population, Tastes
from aimarket.randomness import Draws, RandomSource

SEGMENT = {
    "name": "enterprise",
    "firms": 500,
    "workloads_per_firm": 3,
    "price_sensitivity_mean": 0.4,
    "price_sensitivity_log_sd": 0.6,
    "open_taste_mean": -0.5,
    "open_taste_sd": 0.7,
    "usage_log_sd": 1.0,
    "cloud_shares": [0.5, 0.3, 0.2],
    "adopted_share": 0.4,
    "source": RandomSource(7),
}
J = 4
OFFER = ChoiceSet(
    common_utility=np.array([2.0, 1.5, 1.0, 1.8]),
    price_term=np.array([3.0, 1.0, 0.5, 2.0]),
    is_open=np.array([False, False, True, False]),
    available=np.ones(J, dtype=bool),
    listed=np.ones((3, J), dtype=bool),
)
TASTES = Tastes(switching_cost=0.5, integration_cost=0.2, nesting=0.2, outside_utility=0.0)
EVERYTHING = np.ones(J, dtype=bool)


def segment(**changes):
    return Population(**SEGMENT | changes)


def draws(purpose, period=1):
    return RandomSource(7).draws("enterprise", purpose, period)


def settled(**changes):
    """A segment in which everybody has adopted and chosen."""
    population = segment(adopted_share=1.0, **changes)
    rows = population.reconsidering(0.0, EVERYTHING, draws("reconsider"))
    population.choose(rows, OFFER, TASTES, draws("choose"))
    return population


def test_columns_have_the_moments_they_were_asked_for():
    population = segment(firms=200_000, workloads_per_firm=1)
    alpha = population.price_sensitivity
    # Standard error of the mean of a lognormal: mean sqrt(exp(sd^2) - 1) / sqrt(n).
    assert alpha.mean() == pytest.approx(0.4, abs=4 * 0.4 * np.sqrt(np.expm1(0.36) / 200_000))
    assert np.log(alpha).std() == pytest.approx(0.6, rel=0.01)
    assert population.open_taste.mean() == pytest.approx(-0.5, abs=4 * 0.7 / np.sqrt(200_000))
    assert population.open_taste.std() == pytest.approx(0.7, rel=0.01)
    assert population.usage.mean() == pytest.approx(1.0, abs=4 * np.sqrt(np.expm1(1.0) / 200_000))
    shares = np.bincount(population.home_cloud, minlength=3) / 200_000
    assert shares == pytest.approx([0.5, 0.3, 0.2], abs=4 * 0.5 / np.sqrt(200_000))
    assert population.adopted.mean() == pytest.approx(0.4, abs=4 * 0.5 / np.sqrt(200_000))


def test_without_spread_all_firms_are_the_mean():
    population = segment(price_sensitivity_log_sd=0.0, open_taste_sd=0.0, usage_log_sd=0.0)
    assert (population.price_sensitivity == 0.4).all()
    assert (population.open_taste == -0.5).all()
    assert (population.usage == 1.0).all()


def test_columns_are_unrelated_to_each_other():
    population = segment(firms=50_000, workloads_per_firm=1)
    table = [np.log(population.price_sensitivity), population.open_taste, population.home_cloud]
    table += [population.adopted, np.log(population.usage)]
    correlation = np.corrcoef(table) - np.eye(5)
    assert np.abs(correlation).max() < 5 / np.sqrt(50_000)


def test_a_larger_segment_begins_with_the_smaller_one():
    small, large = segment(firms=100), segment(firms=300)
    for column in ("price_sensitivity", "open_taste", "home_cloud"):
        assert np.array_equal(getattr(small, column), getattr(large, column)[:100])
    assert np.array_equal(small.usage, large.usage[:300])


def test_names_and_seeds_make_different_segments():
    base = segment()
    assert np.array_equal(base.usage, segment().usage)
    assert not np.array_equal(base.usage, segment(name="consumers").usage)
    assert not np.array_equal(base.usage, segment(source=RandomSource(8)).usage)


def test_memory_for_a_workload():
    assert segment(firms=10_000, workloads_per_firm=1).bytes_per_workload <= 32
    assert segment(firms=10_000, workloads_per_firm=3).bytes_per_workload <= 20


def test_a_segment_that_does_not_fit_is_refused_before_anything_is_allocated():
    with pytest.raises(ConfigError) as caught:
        segment(firms=10**12)
    assert caught.value.path == "enterprise.firms"
    assert caught.value.value == 10**12
    assert "GiB" in caught.value.problem
    assert caught.value.remedy.startswith("use at most ")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("firms", 0),
        ("firms", 2.5),
        ("firms", True),
        ("workloads_per_firm", -1),
        ("price_sensitivity_mean", 0.0),
        ("price_sensitivity_mean", np.nan),
        ("price_sensitivity_log_sd", -0.1),
        ("open_taste_mean", np.inf),
        ("open_taste_sd", -1.0),
        ("usage_log_sd", np.nan),
        ("cloud_shares", [0.5, 0.4]),
        ("cloud_shares", [1.5, -0.5]),
        ("cloud_shares", [np.nan]),
        ("adopted_share", 1.1),
    ],
)
def test_values_out_of_bounds_are_refused(field, value):
    with pytest.raises(ConfigError) as caught:
        segment(**{field: value})
    assert caught.value.path == f"enterprise.{field}"


def test_home_clouds_without_share_have_no_firms():
    assert set(segment(cloud_shares=[0.0, 1.0, 0.0]).home_cloud.tolist()) == {1}
    assert set(segment(cloud_shares=[]).home_cloud.tolist()) == {-1}


def test_a_uniform_above_the_rounded_sum_of_shares_still_meets_a_cloud_with_a_share(monkeypatch):
    monkeypatch.setattr(Draws, "uniform", staticmethod(lambda count: np.full(count, 1.0 - 2.0**-53)))
    population = segment(cloud_shares=[0.5, 0.5 - 1e-10, 0.0])
    assert set(population.home_cloud.tolist()) == {1}


def test_the_firms_with_the_smallest_draws_adopt_and_their_number_is_the_expected_one():
    population = segment(adopted_share=0.0)
    assert population.live_workloads == 0
    uniform = draws("adopt").uniform(501)
    expected = int(0.3 * 500 + uniform[-1])
    assert population.adopt(0.3, draws("adopt")) == expected
    assert set(np.flatnonzero(population.adopted)) == set(np.argsort(uniform[:500])[:expected])
    assert population.live_workloads == 3 * expected
    assert population.adopt(1.0, draws("adopt")) == 500 - expected
    assert population.adopt(1.0, draws("adopt")) == 0


def test_every_firm_adopts_with_the_stated_probability():
    share = 0.013
    trials = [segment(adopted_share=0.0) for _ in range(400)]
    counts = [population.adopt(share, draws("adopt", period)) for period, population in enumerate(trials)]
    assert set(counts) == {6, 7}  # 500 firms times 0.013
    assert np.mean(counts) == pytest.approx(6.5, abs=4 * 0.5 / np.sqrt(400))
    by_firm = np.sum([population.adopted for population in trials], axis=0)
    assert by_firm[:250].sum() == pytest.approx(by_firm[250:].sum(), abs=4 * np.sqrt(400 * 6.5))


def test_new_firms_choose_at_once_and_only_once():
    population = segment(adopted_share=0.0)
    assert population.reconsidering(1.0, EVERYTHING, draws("reconsider")).size == 0
    population.adopt(0.3, draws("adopt"))
    rows = population.reconsidering(0.0, EVERYTHING, draws("reconsider"))
    assert np.array_equal(rows, np.flatnonzero(np.repeat(population.adopted, 3)))
    population.choose(rows, OFFER, TASTES, draws("choose"))
    assert population.reconsidering(0.0, EVERYTHING, draws("reconsider", 2)).size == 0


def test_adopters_of_before_the_start_choose_first_too():
    population = segment()
    rows = population.reconsidering(0.0, EVERYTHING, draws("reconsider"))
    assert np.array_equal(rows, np.flatnonzero(np.repeat(population.adopted, 3)))


def test_reconsidering_uses_the_draw_of_each_workload():
    population = settled()
    rows = population.reconsidering(0.25, EVERYTHING, draws("reconsider", 2))
    assert np.array_equal(rows, np.flatnonzero(draws("reconsider", 2).uniform(1_500) < 0.25))


def test_users_of_a_product_that_left_must_reconsider():
    population = settled()
    available = np.array([True, False, True, True])
    rows = population.reconsidering(0.0, available, draws("reconsider", 2))
    assert np.array_equal(rows, np.flatnonzero(population.product == 1))
    assert rows.size > 0


def test_choosing_writes_the_product_and_returns_what_it_was():
    population = settled()
    before = population.product.copy()
    rows = population.reconsidering(0.5, EVERYTHING, draws("reconsider", 2))
    outcome = population.choose(rows, OFFER, TASTES, draws("choose", 2))
    assert np.array_equal(outcome.previous, before[rows])
    assert np.array_equal(population.product[rows], outcome.chosen)
    others = np.setdiff1d(np.arange(1_500), rows)
    assert np.array_equal(population.product[others], before[others])
    assert outcome.usage_reconsidered == pytest.approx(population.usage[rows].sum())


def test_the_luck_of_a_workload_does_not_depend_on_who_else_reconsiders():
    few, many = settled(), settled()
    rows = np.arange(0, 1_500, 7)
    some = few.choose(rows, OFFER, TASTES, draws("choose", 2))
    everybody = many.choose(np.arange(1_500), OFFER, TASTES, draws("choose", 2))
    assert np.array_equal(some.chosen, everybody.chosen[rows])


def test_usage_by_product_counts_live_workloads_once():
    population = segment()
    assert population.usage_by_product(J).tolist() == [0.0] * J
    rows = population.reconsidering(0.0, EVERYTHING, draws("reconsider"))
    population.choose(rows, OFFER, TASTES, draws("choose"))
    usage = population.usage_by_product(J)
    by_hand = [population.usage[population.product == j].sum() for j in range(J)]
    assert usage == pytest.approx(by_hand)
    assert usage.sum() < population.usage[np.repeat(population.adopted, 3)].sum() + 1e-9
    assert population.usage_by_product(J + 2)[J:].tolist() == [0.0, 0.0]


def test_adopted_share_by_usage():
    population = segment(firms=4, workloads_per_firm=2)
    population.usage[:] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]
    population.adopted[:] = [True, False, False, True]
    assert population.adopted_share_by_usage() == pytest.approx(18.0 / 36.0)
    population.adopted[:] = True
    assert population.adopted_share_by_usage() == 1.0


def test_providers_per_firm_by_hand():
    population = segment(firms=4, workloads_per_firm=3)
    # Products 0 and 1 belong to provider 0, 2 to provider 1, 3 to provider 2.
    population.product[:] = [0, 1, 0, 0, 2, 3, -1, -1, -1, -1, 2, 1]
    assert population.providers_per_firm(np.array([0, 0, 1, 2])) == pytest.approx((1 + 3 + 2) / 3)
    population.product[:] = -1
    assert population.providers_per_firm(np.array([0, 0, 1, 2])) == 0.0


def test_single_firms_can_be_looked_at():
    population = settled()
    firm = population.firm(41)
    assert firm["segment"] == "enterprise"
    assert firm["firm"] == 41
    assert firm["adopted"] is True
    assert firm["price_sensitivity"] == population.price_sensitivity[41]
    assert firm["home_cloud"] == population.home_cloud[41]
    assert firm["usage"] == population.usage[123:126].tolist()
    assert firm["product"] == population.product[123:126].tolist()
    for index in (-1, 500):
        with pytest.raises(IndexError, match="firms 0 to 499"):
            population.firm(index)


def test_a_choice_set_needs_a_row_for_every_home_cloud():
    population = segment()
    narrow = ChoiceSet(OFFER.common_utility, OFFER.price_term, OFFER.is_open, OFFER.available, OFFER.listed[:2])
    with pytest.raises(ConfigError) as caught:
        population.choose(np.arange(3), narrow, TASTES, draws("choose"))
    assert caught.value.path == "enterprise.listed"
