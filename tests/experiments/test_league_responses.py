"""Best responses, equilibria and ranks in games whose outcome is known by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aimarket.experiments.ranking import comparable, copeland, head_to_head_wins, ranked, standing
from aimarket.experiments.responses import best_responses, response_graph, resting_places, symmetric_equilibria

NAN = float("nan")
HAWK_DOVE = np.array([[-1.0, 4.0], [0.0, 2.0]])
PRISONERS_DILEMMA = np.array([[3.0, 0.0], [5.0, 1.0]])
ROCK_PAPER_SCISSORS = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]])


def seeds(game: np.ndarray, noise: float = 0.0) -> np.ndarray:
    """The game under three seeds; noise pushes the two off-diagonal corners of the first column apart."""
    shift = np.array([-1.0, 0.0, 1.0]) * noise
    payoffs = np.repeat(game[:, :, None], 3, axis=2)
    payoffs[1, 0] += shift
    return payoffs


def test_defection_answers_everything_and_is_the_equilibrium():
    assert best_responses(PRISONERS_DILEMMA) == [1, 1]
    assert symmetric_equilibria(PRISONERS_DILEMMA) == [1]
    graph = response_graph(seeds(PRISONERS_DILEMMA), ["cooperate", "defect"])
    assert set(graph.edges) == {("cooperate", "defect"), ("defect", "defect")}
    assert graph.edges["cooperate", "defect"]["gain"] == pytest.approx(2.0)
    assert all(edge["clear"] for _, _, edge in graph.edges(data=True))
    assert resting_places(graph) == [["defect"]]


def test_rock_paper_scissors_is_one_cycle_in_its_order():
    graph = response_graph(seeds(ROCK_PAPER_SCISSORS), ["rock", "paper", "scissors"])
    assert resting_places(graph) == [["rock", "paper", "scissors"]]
    assert symmetric_equilibria(ROCK_PAPER_SCISSORS) == []


def test_hawks_answer_doves_and_doves_hawks():
    assert best_responses(HAWK_DOVE) == [1, 0]


def test_staying_wins_ties():
    assert best_responses(np.ones((3, 3))) == [0, 1, 2]


def test_a_gain_within_its_noise_is_not_clear():
    graph = response_graph(seeds(PRISONERS_DILEMMA, noise=5.0), ["cooperate", "defect"])
    assert not graph.edges["cooperate", "defect"]["clear"]
    assert graph.edges["defect", "defect"]["clear"]


def test_an_equilibrium_is_clear_only_if_every_switch_costs():
    graph = response_graph(seeds(np.array([[3.0, 0.0], [2.5, 1.0]]), noise=4.0), ["first", "second"])
    assert not graph.edges["first", "first"]["clear"]


def test_one_seed_makes_nothing_clear():
    graph = response_graph(PRISONERS_DILEMMA[:, :, None], ["cooperate", "defect"])
    assert not any(edge["clear"] for _, _, edge in graph.edges(data=True))


def test_ranks_follow_the_payoff_against_the_field():
    found = standing(seeds(PRISONERS_DILEMMA), [0, 1])
    assert found.field.mean == pytest.approx([1.5, 3.0])
    assert found.behind.mean == pytest.approx([-1.5, 0.0])
    assert found.itself.mean == pytest.approx([3.0, 1.0])
    assert found.wins.tolist() == [0, 1]
    assert found.copeland.tolist() == [-1, 1]


def test_wins_need_a_difference_beyond_chance():
    assert head_to_head_wins(seeds(PRISONERS_DILEMMA, noise=9.0)).tolist() == [0, 0]


def test_copeland_counts_majorities_of_the_field():
    game = np.array([[9.0, 0.0, 0.0], [1.0, 1.0, 1.0], [0.5, 0.5, 0.5]])
    assert copeland(game, [0, 1, 2]).tolist() == [-2, 2, 0]


def test_a_strategy_that_always_fails_is_left_out_of_the_field():
    game = np.array([[1.0, NAN, 2.0], [NAN, NAN, NAN], [0.0, NAN, 3.0]])
    assert comparable(game) == [0, 2]
    assert comparable(np.full((2, 2), NAN)) == []
    assert comparable(PRISONERS_DILEMMA) == [0, 1]


def test_equal_payoffs_share_a_rank_and_missing_ones_come_last():
    table = ranked(pd.DataFrame({"label": ["a", "b", "c", "d"], "payoff": [1.0, NAN, 2.0, 1.0]}))
    assert table.label.tolist() == ["c", "a", "d", "b"]
    assert table["rank"].tolist() == [1, 2, 2, 4]
