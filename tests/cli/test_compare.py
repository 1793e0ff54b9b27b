"""``aimarket compare``: status, words and JSON on short real runs."""

from __future__ import annotations

import json

import pytest

from aimarket.cli.main import main

SHORT = ("--seeds", "1", "--set", "time.periods=3", "--set", "population.firms=200")


def test_a_config_compared_with_itself_differs_in_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "baseline", "baseline", *SHORT, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["configs"] == ["baseline", "baseline"]
    assert answer["story"] == []
    assert {row["difference"] for row in answer["measures"]} <= {0.0, None}


def test_wrong_input_is_one_line_and_status_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "baseline", "no_such_config", *SHORT]) == 2
    assert main(["compare", "baseline", "baseline", "--seeds", "0"]) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 2
    assert "no_such_config" in lines[0]
