"""Imitation and stability in games whose outcome is known by hand."""

from __future__ import annotations

import numpy as np
import pytest

from aimarket.experiments.evolution import evolutionarily_stable, imitation, interior_mixes, replicator_path

HAWK_DOVE = np.array([[-1.0, 4.0], [0.0, 2.0]])  # V = 4, C = 6: hawks are V / C = 2/3
PRISONERS_DILEMMA = np.array([[3.0, 0.0], [5.0, 1.0]])  # cooperate, defect
ROCK_PAPER_SCISSORS = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]])
COORDINATION = np.array([[2.0, 0.0], [0.0, 1.0]])  # the border is at 1/3 of the first


def test_hawks_and_doves_settle_at_the_mix_of_the_textbook():
    found = imitation(HAWK_DOVE)
    assert found.settled
    assert found.end == pytest.approx([2 / 3, 1 / 3], abs=1e-6)
    assert found.basins == {(0, 1): 1.0}


def test_defection_drives_out_cooperation():
    found = imitation(PRISONERS_DILEMMA)
    assert found.settled
    assert found.end == pytest.approx([0.0, 1.0], abs=1e-6)
    assert found.basins == {(1,): 1.0}


def test_rock_paper_scissors_keeps_its_distance_and_never_settles():
    start = np.array([[0.5, 0.3, 0.2]])
    times, path = replicator_path(ROCK_PAPER_SCISSORS, start)
    assert times[-1] > 1000
    product = path[:, 0].prod(axis=1)  # the constant of motion, Hofbauer & Sigmund 1998
    assert product == pytest.approx(np.full(len(times), 0.03), rel=1e-3)
    assert np.abs(np.diff(path[-50:, 0], axis=0)).max() > 0.05


def test_an_orbit_averages_the_mixed_equilibrium():
    tilted = ROCK_PAPER_SCISSORS.copy()
    found = imitation(np.pad(tilted, ((0, 1), (0, 1)), constant_values=-3.0))  # a fourth that always loses
    assert found.basins == {(0, 1, 2): 1.0}
    assert found.end == pytest.approx([1 / 3, 1 / 3, 1 / 3, 0.0], abs=1e-3)


def test_basins_of_coordination_have_the_sizes_of_the_textbook():
    found = imitation(COORDINATION, starts=2000)
    assert list(found.basins) == [(0,), (1,)]
    assert found.basins[(0,)] == pytest.approx(2 / 3, abs=0.03)
    assert sum(found.basins.values()) == pytest.approx(1.0)


def test_equal_payoffs_move_nothing():
    found = imitation(np.full((3, 3), 0.1))
    assert found.settled
    assert found.end == pytest.approx([1 / 3] * 3)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e9])
def test_units_and_a_common_amount_do_not_matter(scale):
    found = imitation(scale * (HAWK_DOVE + 7.0), starts=20)
    assert found.end == pytest.approx([2 / 3, 1 / 3], abs=1e-5)


def test_shares_stay_shares():
    _, path = replicator_path(np.array([[1.0, 0.0], [5.0, 3.0]]), interior_mixes(50, 2))
    assert path.min() >= 0.0
    assert path.sum(axis=2) == pytest.approx(1.0)


def test_starting_points_are_the_same_at_every_call_and_cover_the_simplex():
    first = interior_mixes(4000, 3)
    assert (first == interior_mixes(4000, 3)).all()
    assert first.mean(axis=0) == pytest.approx([1 / 3] * 3, abs=0.01)
    assert (first[:, 0] > 0.5).mean() == pytest.approx(0.25, abs=0.02)  # a quarter of the triangle's area


@pytest.mark.parametrize(
    ("game", "stable"),
    [(HAWK_DOVE, []), (PRISONERS_DILEMMA, [1]), (ROCK_PAPER_SCISSORS, []), (COORDINATION, [0, 1])],
)
def test_stable_strategies_are_those_of_the_textbook(game, stable):
    assert evolutionarily_stable(game) == stable


def test_an_equal_reply_is_stable_only_if_it_beats_the_mutant_at_home():
    game = np.array([[1.0, 2.0], [1.0, 1.0]])  # both earn 1 against the first; against the second 2 beats 1
    assert evolutionarily_stable(game) == [0]
