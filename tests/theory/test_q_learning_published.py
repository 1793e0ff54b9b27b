"""The experiment of Calvano et al. (2020) beyond the figures of their tables: what follows a deviation."""

import numpy as np
import pytest

from aimarket.economics.q_learning import QLearningMarket, best_responses, impulse_response, run_sessions
from aimarket.theory.benchmark import Figure, vector
from aimarket.theory.published.q_learning import BENCHMARKS


@pytest.fixture(scope="module")
def baseline():
    return run_sessions(QLearningMarket(), 100, 7, workers=2)


def test_the_benchmarks_are_named_after_their_vectors():
    assert [b.name for b in BENCHMARKS] == ["A4_grid", "A5_Q0", "AQ0_note", "AQ1", "AQ2"]
    assert all(b.source == vector(b.name)["source"] for b in BENCHMARKS)


@pytest.mark.slow
def test_a_price_cut_is_answered_by_a_price_cut_and_then_prices_come_back(baseline):
    price = impulse_response(baseline, firm=0, periods=25).price.mean(axis=0)
    before, deviation, punishment = price[0], price[1], price[2]
    assert deviation[0] < before[0] - 0.1
    assert deviation[1] == pytest.approx(before[1])
    # The rival cuts in turn and the deviator does not go back at once: its own low price would be punished.
    assert punishment[1] < before[1] - 0.1
    assert punishment[0] < before[0] - 0.1
    assert price[-1] == pytest.approx(before, abs=0.02)
    assert (np.diff(price[2:8], axis=0) > -0.02).all()


@pytest.mark.slow
def test_the_firms_are_alike_and_deviations_hardly_ever_pay(baseline):
    responses = [impulse_response(baseline, firm) for firm in (0, 1)]
    assert all(response.unprofitable.mean() > 0.9 for response in responses)
    loss = [1.0 - (r.value_deviating / r.value_staying).mean() for r in responses]
    assert loss[0] == pytest.approx(loss[1], abs=0.01)
    answer = best_responses(baseline)
    assert (answer.loss_to_best_response >= answer.loss_on_path - 1e-12).all()
    assert not answer.nash.all()


@pytest.mark.slow
def test_a_third_firm_makes_collusion_harder_but_not_impossible(baseline):
    # Calvano et al. (2020, section V.A) report 64 per cent for three firms and 56 for four.
    three = run_sessions(QLearningMarket(quality=(2.0,) * 3, cost=(1.0,) * 3), 12, 3, workers=2)
    assert three.converged.all()
    assert three.profit_gain.mean() == pytest.approx(0.64, abs=0.06)
    assert baseline.profit_gain.mean() > 0.76


def test_a_figure_of_the_wrong_collusion_level_is_not_met():
    assert not Figure.between("profit gain", 0.84872, 0.18, 0.81, 0.89).met
