"""The shipped series: complete, readable, and helpful about wrong names."""

from __future__ import annotations

import io
from importlib.resources import files

import pandas as pd
import pytest

from aimarket.data import loader
from aimarket.errors import ConfigError


def test_every_series_has_dates_values_units_and_sources() -> None:
    assert len(loader.names()) > 100
    for name in loader.names():
        rows = loader.series(name)
        assert list(rows.columns) == list(loader.COLUMNS)
        assert len(rows) > 0
        assert rows["date"].is_monotonic_increasing
        assert rows[["date", "value", "entity", "unit"]].notna().all().all()
        assert (rows["source"] != "").all(), name
        bounded = rows.dropna(subset=["low", "high"])
        assert (bounded["low"] <= bounded["value"]).all(), name
        assert (bounded["value"] <= bounded["high"]).all(), name


def test_every_row_of_every_file_is_reached() -> None:
    csv = [file for file in files("aimarket.data").iterdir() if file.name.endswith(".csv")]
    assert len(csv) == 9
    written = sum(len(pd.read_csv(io.StringIO(file.read_text(encoding="utf-8")))) for file in csv)
    assert sum(len(loader.series(name)) for name in loader.names()) == written


def test_one_entity() -> None:
    revenue = loader.series("revenue_annual", "OpenAI").set_index("date")["value"]
    assert revenue[pd.Timestamp("2025-12-31")] == pytest.approx(13.07)
    assert "xAI" in loader.entities("revenue_annual")
    assert "xAI" not in set(loader.series("revenue_annual", "OpenAI")["entity"])


def test_a_series_in_two_files_is_one_series() -> None:
    assert {"xAI", "Oracle"} <= set(loader.entities("capex_annual"))


def test_the_frame_is_the_callers_own() -> None:
    mine = loader.series("revenue_annual")
    mine["value"] = 0.0
    assert (loader.series("revenue_annual")["value"] > 0.0).all()


def test_sources_are_named_once_and_in_order() -> None:
    sources = loader.source_of("revenue_run_rate", "OpenAI")
    assert len(sources) == len(set(sources)) > 1
    assert "Friar" in sources[0]


@pytest.mark.parametrize(
    ("name", "entity", "hint"),
    [
        ("revenue_anual", None, "did you mean 'revenue_annual'?"),
        ("revenue_annual", "openai", "did you mean 'OpenAI'?"),
        ("zzzz", None, "known: "),
    ],
)
def test_unknown_names_name_the_nearest(name: str, entity: str | None, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        loader.series(name, entity)
    assert hint in str(caught.value)
    assert caught.value.value == (entity or name)
    with pytest.raises(ConfigError):
        loader.source_of(name, entity)


def test_unknown_series_in_entities() -> None:
    with pytest.raises(ConfigError, match="revenue_annual"):
        loader.entities("revenue_anual")
