"""Runs that are made once for all tests, and tests/model_fixtures.py on the path."""

from __future__ import annotations

import pytest

from aimarket.recording.results import Results
from model_fixtures import full_run


@pytest.fixture(scope="session")
def baseline() -> Results:
    """The baseline with seed 1, to its horizon."""
    return full_run("baseline", 1)
