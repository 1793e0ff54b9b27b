"""The sensitivity library meets the closed-form indices of the Ishigami function before batches build on it."""

import itertools

import numpy as np
import pytest
from SALib.analyze import morris as morris_analysis
from SALib.analyze import sobol as sobol_analysis
from SALib.sample import morris as morris_sample
from SALib.sample import sobol as sobol_sample

from aimarket.theory.benchmark import vector

PUBLISHED = vector("F1_ishigami")
EXPECTED, TOLERANCE = PUBLISHED["expected"], PUBLISHED["abs_tol"]
A, B = PUBLISHED["inputs"]["a"], PUBLISHED["inputs"]["b"]
PROBLEM = {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[-np.pi, np.pi]] * 3}
LEVELS, TRAJECTORIES = 4, 1_000


def ishigami(x):
    return np.sin(x[..., 0]) + A * np.sin(x[..., 1]) ** 2 + B * x[..., 2] ** 4 * np.sin(x[..., 0])


def test_the_published_indices_are_the_closed_forms():
    # Variances of the terms in x1, in x2, and in x1 and x3 together.
    first = 0.5 * (1.0 + B * np.pi**4 / 5.0) ** 2
    second = A**2 / 8.0
    both = 8.0 * B**2 * np.pi**8 / 225.0
    variance = first + second + both
    assert EXPECTED["variance"] == pytest.approx(variance, rel=1e-12)
    assert EXPECTED["mean"] == A / 2.0
    assert EXPECTED["S1"] == pytest.approx([first / variance, second / variance, 0.0], rel=1e-12)
    assert EXPECTED["ST"] == pytest.approx(np.array([first + both, second, both]) / variance, rel=1e-12)
    assert EXPECTED["S13"] == pytest.approx(both / variance, rel=1e-12)


@pytest.fixture(scope="module")
def sobol():
    sample = sobol_sample.sample(PROBLEM, 2**14, calc_second_order=True, seed=1)
    value = ishigami(sample)
    return value, sobol_analysis.analyze(PROBLEM, value, calc_second_order=True, num_resamples=10, seed=1)


def test_first_order_and_total_indices(sobol):
    _, indices = sobol
    assert indices["S1"] == pytest.approx(EXPECTED["S1"], abs=TOLERANCE)
    assert indices["ST"] == pytest.approx(EXPECTED["ST"], abs=TOLERANCE)


def test_the_only_interaction_is_that_of_the_first_and_third_input(sobol):
    _, indices = sobol
    found = [indices["S2"][pair] for pair in ((0, 1), (0, 2), (1, 2))]
    assert found == pytest.approx([0.0, EXPECTED["S13"], 0.0], abs=TOLERANCE)


def test_mean_and_variance_of_the_sample(sobol):
    value, _ = sobol
    assert value.mean() == pytest.approx(EXPECTED["mean"], abs=TOLERANCE)
    # The tolerance is one of indices, that is of shares of the variance.
    assert value.var() / EXPECTED["variance"] == pytest.approx(1.0, abs=TOLERANCE)


def elementary_effects_of_the_grid():
    """Every move of half the grid, for each input: what a Morris design draws from; shape (3, moves)."""
    grid = np.linspace(0.0, 1.0, LEVELS)
    step = LEVELS / (2.0 * (LEVELS - 1.0))
    effects = []
    for moved in range(3):
        low = [grid if i != moved else grid[grid + step <= 1.0 + 1e-12] for i in range(3)]
        start = np.array(list(itertools.product(*low)))
        end = start.copy()
        end[:, moved] += step
        effects.append((ishigami(np.pi * (2.0 * end - 1.0)) - ishigami(np.pi * (2.0 * start - 1.0))) / step)
    return np.array(effects)


def test_mean_absolute_elementary_effects():
    sample = morris_sample.sample(PROBLEM, N=TRAJECTORIES, num_levels=LEVELS, seed=1)
    found = morris_analysis.analyze(PROBLEM, sample, ishigami(sample), num_levels=LEVELS, seed=1)
    size = np.abs(elementary_effects_of_the_grid())
    # Trajectories are independent draws of one effect per input, so the standard error is exact.
    error = size.std(axis=1) / np.sqrt(TRAJECTORIES)
    assert (np.abs(found["mu_star"] - size.mean(axis=1)) <= 4.0 * error + 1e-9).all()
    # The published figures are another design of the same size: the difference of two draws.
    published = np.array(EXPECTED["morris_mu_star_SALib_N1000"])
    assert (np.abs(found["mu_star"] - published) <= 4.0 * np.sqrt(2.0) * error + 1e-6).all()
    assert (np.abs(published - size.mean(axis=1)) <= 4.0 * error + 1e-6).all()
