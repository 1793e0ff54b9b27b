"""Keyed draws: a pure function of who, why, when and which item."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimarket.randomness import Draws, RandomSource

N = 200_000
TEXT = st.text(max_size=12)


def draws(seed=1, owner="openai", purpose="choice", period=3):
    return RandomSource(seed).draws(owner, purpose, period)


def test_the_same_key_gives_the_same_numbers():
    for method in ("uniform", "normal"):
        np.testing.assert_array_equal(getattr(draws(), method)(50), getattr(draws(), method)(50))
    np.testing.assert_array_equal(draws().generator().random(5), draws().generator().random(5))


def test_numbers_are_pinned():
    # A change of these is a change of every published run.
    assert draws().uniform(3).tolist() == [0.17488346934284438, 0.17197493144890708, 0.49414414830341713]


@pytest.mark.parametrize("method", ["uniform", "normal"])
def test_a_longer_request_begins_with_the_shorter(method):
    long = getattr(draws(), method)(1000)
    for count in (0, 1, 7, 999):
        np.testing.assert_array_equal(getattr(draws(), method)(count), long[:count])


def test_asking_twice_does_not_move_anything():
    d = draws()
    first = d.uniform(10)
    d.normal(100)
    d.generator().random(100)
    np.testing.assert_array_equal(d.uniform(10), first)


def correlation(a, b):
    return abs(np.corrcoef(a, b)[0, 1])


@pytest.mark.parametrize(
    "change", [{"seed": 2}, {"owner": "openaj"}, {"purpose": "choicf"}, {"period": 4}, {"seed": 2**63 - 1}]
)
def test_another_key_gives_independent_numbers(change):
    a, b = draws().uniform(N), draws(**change).uniform(N)
    assert not np.isin(a[:1000], b).any()
    # Standard error of the correlation of independent columns is 1/sqrt(n).
    assert correlation(a, b) < 5 / np.sqrt(N)
    assert correlation(draws().normal(N), draws(**change).normal(N)) < 5 / np.sqrt(N)


def test_periods_of_one_owner_are_independent_of_each_other():
    table = np.array([draws(period=period).uniform(400) for period in range(200)])
    assert np.abs(np.corrcoef(table) - np.eye(200)).max() < 6 / np.sqrt(400)
    assert table.mean(axis=1).std() == pytest.approx(np.sqrt(1 / 12 / 400), rel=0.25)


def test_parts_of_the_key_cannot_be_confused():
    keys = [("a", "bc", 1), ("ab", "c", 1), ("a", "b", 11), ("a", "b1", 1), ("a1", "b", 1), ("", "ab", 1)]
    first = {RandomSource(1).draws(*key).uniform(1)[0] for key in keys}
    assert len(first) == len(keys)
    assert RandomSource(1).draws("1", "x").uniform(1) != RandomSource(11).draws("", "x").uniform(1)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**63 - 1), TEXT, TEXT, st.integers(0, 10_000))
def test_uniform_numbers_stay_inside_the_open_interval(seed, owner, purpose, period):
    d = RandomSource(seed).draws(owner, purpose, period)
    u = d.uniform(64)
    assert ((u > 0.0) & (u < 1.0)).all()
    assert np.isfinite(d.normal(64)).all()


@pytest.mark.parametrize("origin", [0, 1, 2**63, 2**64 - 1])
def test_no_origin_is_special(origin):
    d = Draws(origin)
    u = d.uniform(10_000)
    assert ((u > 0.0) & (u < 1.0)).all()
    assert np.unique(u).size == 10_000
    assert u.mean() == pytest.approx(0.5, abs=5 * np.sqrt(1 / 12 / 10_000))
    assert np.isfinite(d.normal(10_000)).all()


def test_uniform_numbers_are_uniform():
    u = np.sort(draws().uniform(N))
    distance = np.abs(u - (np.arange(N) + 0.5) / N).max() + 0.5 / N
    assert distance < 1.95 / np.sqrt(N)  # Kolmogorov-Smirnov, 0.1 percent
    assert correlation(draws().uniform(N)[:-1], draws().uniform(N)[1:]) < 5 / np.sqrt(N)


def test_normal_numbers_are_normal():
    z = draws().normal(N)
    assert z.mean() == pytest.approx(0.0, abs=5 / np.sqrt(N))
    assert z.var() == pytest.approx(1.0, abs=5 * np.sqrt(2 / N))
    assert (z**3).mean() == pytest.approx(0.0, abs=5 * np.sqrt(15 / N))
    assert (z**4).mean() == pytest.approx(3.0, abs=5 * np.sqrt(96 / N))
    assert correlation(z[:-1], z[1:]) < 5 / np.sqrt(N)


def test_global_random_state_plays_no_part():
    np.random.seed(1)  # noqa: NPY002
    before = draws().uniform(10)
    np.random.seed(2)  # noqa: NPY002
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    np.testing.assert_array_equal(draws().uniform(10), before)
    draws().generator().random(3)
    np.testing.assert_array_equal(np.random.get_state()[1], state)  # noqa: NPY002
