"""What many tests share: one real run, and the results of a made-up run; tests/model_fixtures.py is on the path."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from hypothesis import settings

from aimarket.config.registry import event_kinds, strategies
from aimarket.recording.results import Results
from aimarket.recording.tables import TABLES, Column
from model_fixtures import full_run


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--every-swap-seed", action="store_true", help="run each swap of strategies with all ten seeds")


@pytest.fixture(autouse=True)
def _registry_as_it_was() -> Iterator[None]:
    """What a test registers is gone after it."""
    before = {decision: dict(by_name) for decision, by_name in strategies().items()}
    kinds = dict(event_kinds())
    yield
    strategies().clear()
    strategies().update(before)
    event_kinds().clear()
    event_kinds().update(kinds)


@pytest.fixture(scope="session")
def baseline() -> Results:
    """The baseline with seed 1, to its horizon."""
    return full_run("baseline", 1)


# A shared machine may take its time: properties are judged by what holds, not by the clock.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

ROWS = 7


def _values(column: Column, rows: int) -> object:
    if column.name == "step":
        return np.arange(1, rows + 1)
    if column.name == "date":
        return [f"2023-{month:02d}-01" for month in range(1, rows + 1)]
    if column.kind == "float":
        return np.where(np.arange(rows) % 3 == 1, np.nan, np.arange(rows) * 0.1)
    if column.kind == "int":
        return np.arange(rows)
    if column.kind == "flag":
        return np.arange(rows) % 2 == 0
    return [f"{column.name} {i % 2}, 'ü'" for i in range(rows)]


@pytest.fixture(name="results")
def made_up_results() -> Results:
    """Every table and column, missing values included, without a simulation."""
    tables = {
        name: pd.DataFrame({c.name: _values(c, 0 if name == "events" else ROWS) for c in table.columns})
        for name, table in TABLES.items()
    }
    manifest = {"fingerprint": "0123456789abcdef", "seed": 7, "config": {"time": {"periods": ROWS}}}
    return Results(tables, manifest, "<graphml/>\n")
