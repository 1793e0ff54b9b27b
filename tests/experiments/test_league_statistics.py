"""Intervals over seeds and payoffs free of a seat's size, against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from aimarket.experiments.statistics import estimate, over_seats, relative_payoff

NAN = float("nan")


def test_the_interval_is_students_t():
    found = estimate(np.array([[1.0, 2.0, 3.0, 4.0]]))  # s = 1.29099, t(0.975, 3) = 3.18245
    assert found.mean == pytest.approx([2.5])
    assert found.half_width == pytest.approx([3.18245 * 1.29099 / 2.0], rel=1e-4)
    assert found.count.tolist() == [4]


def test_failed_runs_are_left_out_of_means_and_counts():
    found = estimate(np.array([[1.0, NAN, 3.0], [NAN, NAN, NAN], [NAN, 5.0, NAN]]))
    assert found.mean[[0, 2]] == pytest.approx([2.0, 5.0])
    assert np.isnan(found.mean[1])
    assert found.half_width[0] == pytest.approx(12.7062 * np.sqrt(2.0) / np.sqrt(2.0), rel=1e-4)
    assert np.isnan(found.half_width[1:]).all()
    assert found.count.tolist() == [2, 0, 1]


def test_one_seed_is_never_apart_from_zero():
    assert not estimate(np.array([[7.0]])).apart_from_zero.any()


@pytest.mark.parametrize(
    ("values", "apart"),
    [([1.0, 1.1, 0.9], True), ([1.0, -1.0, 1.0], False), ([2.0, 2.0], True), ([1e-13, 1e-13], False)],
)
def test_apart_from_zero_means_that_the_interval_excludes_it(values, apart):
    assert estimate(np.array([values])).apart_from_zero.tolist() == [apart]


def test_common_noise_leaves_paired_differences():
    noise = np.array([100.0, -80.0, 40.0, -60.0])
    first, second = 3.0 + noise, 2.0 + noise
    assert not estimate(np.array([first])).apart_from_zero.any()
    paired = estimate(np.array([first - second]))
    assert paired.mean == pytest.approx([1.0])
    assert paired.apart_from_zero.all()


def test_relative_payoffs_do_not_know_the_size_of_a_seat():
    small = np.array([[1.0, 2.0], [3.0, 6.0]]).reshape(1, 2, 2, 1)  # mean 3
    both = relative_payoff(np.concatenate([small, 1000.0 * small]))
    assert both[0] == pytest.approx(both[1])
    assert both[0, :, :, 0] == pytest.approx(np.array([[-2 / 3, -1 / 3], [0.0, 1.0]]))
    assert over_seats(both)[:, :, 0] == pytest.approx(both[0, :, :, 0])


def test_a_seat_that_loses_money_is_ranked_by_its_money():
    payoff = np.array([[-10.0, -20.0], [-30.0, -40.0]]).reshape(1, 2, 2, 1)
    relative = relative_payoff(payoff)[0, :, :, 0]
    assert relative == pytest.approx(np.array([[0.6, 0.2], [-0.2, -0.6]]))


def test_a_seat_without_payoffs_is_zero_and_a_failed_run_is_missing():
    assert relative_payoff(np.zeros((1, 2, 2, 3))) == pytest.approx(0.0)
    payoff = np.array([[1.0, NAN], [3.0, 2.0]]).reshape(1, 2, 2, 1)
    relative = relative_payoff(payoff)[0, :, :, 0]
    assert np.isnan(relative[0, 1])
    assert relative[1, 0] == pytest.approx(0.5)
