"""Published numbers, met by the functions of ``aimarket.economics`` at their stated tolerance."""

from __future__ import annotations

import numpy as np
import pytest
from page_fixtures import page_sections

from aimarket.errors import ConfigError
from aimarket.theory.benchmark import Benchmark, Figure, vector_ids
from aimarket.theory.outcomes import PUBLISHED, named, outcome
from aimarket.theory.page import section, tolerance_text, values_text
from aimarket.theory.presets import PRESETS

# Reproduced by the library that experiment batches will use: tests/theory/test_sensitivity_reference.py.
ELSEWHERE = {"F1_ishigami"}


def test_every_published_result_that_ships_is_computed():
    assert {benchmark.name for benchmark in PUBLISHED} | ELSEWHERE == set(vector_ids())
    assert len({benchmark.name for benchmark in PUBLISHED}) == len(PUBLISHED)


@pytest.mark.parametrize(
    "benchmark",
    [pytest.param(b, id=b.name, marks=[pytest.mark.slow] if b.slow else []) for b in PUBLISHED],
)
def test_a_published_result_is_met_and_the_page_says_so(benchmark):
    found = outcome(benchmark)
    assert found.figures
    assert [figure.name for figure in found.figures if not figure.met] == []
    # Another processor's last bits send a learning session another way: its statistics are met, not repeated.
    mine, written = (
        without_obtained(page) if benchmark.slow else page for page in (page_sections([found]), page_sections())
    )
    assert mine.items() <= written.items(), "rewrite docs/theory.md: make theory"


def without_obtained(page):
    """The sections without the third cell of their tables' rows."""
    rows = {name: [line.split(" | ") for line in text.splitlines()] for name, text in page.items()}
    return {name: [cells[:2] + cells[3:] for cells in lines] for name, lines in rows.items()}


def test_the_page_has_a_section_for_everything_and_nothing_else():
    assert set(page_sections()) == {item.name for item in (*PRESETS, *PUBLISHED)}


def test_a_figure_is_missed_beyond_its_tolerance_and_where_it_is_no_number():
    assert Figure.near("p", [1.0, 2.0], [1.0, 2.0 + 9e-7], 1e-6).met
    assert not Figure.near("p", [1.0, 2.0], [1.0, 2.0 + 2e-6], 1e-6).met
    assert not Figure.near("p", 1.0, np.nan, 1e9).met
    assert Figure.between("gain", 0.85, 0.82, 0.81, 0.89).met
    assert not Figure.between("gain", 0.85, 0.80, 0.81, 0.89).met
    with pytest.raises(ValueError, match="shape"):
        Figure.near("p", [1.0, 2.0], [1.0], 1e-6)


def test_figures_are_shown_to_the_digits_that_are_compared():
    figure = Figure.near("p", [1.23456789, -1e-12], [1.23456711, 0.0], 1e-6)
    assert values_text(figure, figure.expected) == "1.2345679, 0.0000000"
    assert tolerance_text(figure) == "1e-06"
    assert tolerance_text(Figure.between("gain", 0.84, 0.82, 0.81, 0.89)) == "0.81 to 0.89"
    long = Figure.near("p", np.arange(9.0), np.arange(9.0), 0.1)
    assert values_text(long, long.expected).endswith("... (9)")


def test_a_missed_figure_is_shouted():
    missed = Benchmark("x", "A title", "1 = 2", "nobody", lambda: [Figure.near("one", 2.0, 1.0, 1e-3)])
    assert "| one | 2.00000 | 1.00000 | 0.001 | MISSED |" in section(outcome(missed))


def test_an_unknown_name_is_answered_with_the_nearest():
    assert named("duopoly") is named("theory/duopoly")
    assert named("B1_pre").name == "B1_pre"
    with pytest.raises(ConfigError) as caught:
        named("duoploy")
    assert caught.value.remedy == "did you mean 'duopoly'?"
