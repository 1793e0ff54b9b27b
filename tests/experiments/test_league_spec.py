"""Specs of leagues: what is wrong is said in one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from league_fixtures import two_labs, write_league

from aimarket.errors import ConfigError
from aimarket.experiments.matches import jobs_of, matches_of
from aimarket.experiments.spec import load_spec

LEAGUES = sorted((Path(__file__).parents[2] / "experiments" / "leagues").glob("*.yaml"))


def problem(directory: Path, **changes: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        load_spec(write_league(directory, **changes))
    text = str(caught.value)
    assert "\n" not in text
    assert "league.yaml" in text
    return text


def test_a_number_of_seeds_and_a_list_of_them(tmp_path):
    assert load_spec(write_league(tmp_path, seeds=3)).spec.seeds == [1, 2, 3]
    assert load_spec(write_league(tmp_path, seeds=[7, 5])).spec.seeds == [7, 5]


def test_the_config_is_found_beside_the_spec_with_overrides_in_place(tmp_path):
    loaded = load_spec(write_league(tmp_path / "deep", overrides={"time.periods": 9}))
    assert (loaded.config.name, loaded.config.time.periods) == ("minimal", 9)


def test_a_mapping_names_a_shipped_config():
    spec = {
        "name": "shipped",
        "config": "duopoly",
        "decision": "pricing",
        "seats": ["firm_1", "firm_2"],
        "strategies": {"one": "cost_plus", "two": "target_margin"},
        "seeds": 1,
    }
    assert load_spec(spec).config.name == "theory/duopoly"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"sets": 1}, "sets: line 17: is not a known key; did you mean 'seats'?"),
        ({"seeds": 0}, "seeds: line 16: must be from 1 to 1000 seeds (got 0)"),
        ({"seeds": True}, "must be a number of seeds, or a list of them"),
        ({"seeds": [1, 1]}, "seeds holds 1 twice"),
        ({"seeds": [-1]}, "seeds must be from 0"),
        ({"seats": ["lab"]}, "seats: line 4: must have at least 2 entries"),
        ({"seats": ["lab", "lab"]}, "seats holds lab twice"),
        ({"seats": ["lab", "rivl"]}, "seats.1: line 6: is no agent of the config (got 'rivl'); did you mean 'rival'?"),
        ({"seats": ["lab", "buyers"]}, "seats.1: line 6: is no firm, which alone has a profit (got 'buyers')"),
        ({"seats": ["lab", "grid"]}, "decision: line 3: grid takes no such decision (got 'pricing')"),
        ({"decision": "prices"}, "decision: line 3: lab takes no such decision (got 'prices')"),
        ({"config": "baselin"}, "config: line 2: is neither a shipped config nor a file (got 'baselin')"),
        ({"strategies": {"one": "cost_plus"}}, "strategies: line 8: must have at least 2 entries"),
        ({"strategies": {"a": "cost_plus", "b": "undrcut"}}, "strategies.b: line 9: is no pricing strategy"),
        (
            {"strategies": {"a": "cost_plus", "b": {"name": "cost_plus", "markup": -5.0}}},
            "strategies.b.markup: line 11: input should be greater than or equal to",
        ),
        (
            {"strategies": {"a": "cost_plus", "b": {"name": "cost_plus"}}},
            "strategies.b: line 9: is the same strategy as a",
        ),
        ({"burn_in_periods": 4}, "burn_in_periods: line 14: must be below the 4 periods of a run (got 4)"),
        ({"payoff": "glory"}, "payoff: line 14: must be operating_profit or owners_gain (got 'glory')"),
    ],
)
def test_what_is_wrong_is_one_line_with_file_and_line(tmp_path, changes, told):
    said = problem(tmp_path, **changes)
    assert _without_lines(told) in _without_lines(said)


def _without_lines(text: str) -> str:
    import re

    return re.sub(r"line \d+: ", "", text)


def test_the_line_is_that_of_the_offending_value(tmp_path):
    file = write_league(tmp_path, burn_in_periods=99)
    line = next(i for i, text in enumerate(file.read_text().splitlines(), 1) if "99" in text)
    with pytest.raises(ConfigError, match=f"burn_in_periods: line {line}: must be below"):
        load_spec(file)


def test_a_wrong_override_names_its_path(tmp_path):
    with pytest.raises(ConfigError, match=r"time\.perods: is not a known key; did you mean 'periods'"):
        load_spec(write_league(tmp_path, overrides={"time.perods": 9}))


def test_a_league_without_end_is_refused(tmp_path):
    strategies = {f"s{i}": {"name": "cost_plus", "markup": 0.01 * i} for i in range(30)}
    assert "allowed are 100,000" in problem(tmp_path, strategies=strategies, seeds=1000)


def test_profiles_that_seats_share_are_run_once(tmp_path):
    loaded = load_spec(write_league(tmp_path))
    jobs = jobs_of(loaded)
    assert len(list(matches_of(loaded))) == 2 * 2 * 2 * 2
    assert len(jobs) == len({job.key for job in jobs}) == len({job.fingerprint for job in jobs}) == 2 * 2 * 2


def test_three_seats_need_a_deviation_of_each(tmp_path):
    spec = load_spec(write_league(tmp_path)).spec.model_dump()
    config = two_labs()
    config["agents"]["third"] = config["agents"]["rival"]
    for market in ("listing", "services"):
        config["supply_graph"][market]["third"] = config["supply_graph"][market]["rival"]
    config["supply_graph"]["compute"]["cloud"]["third"] = {}
    import yaml

    (tmp_path / "three.yaml").write_text(yaml.safe_dump(config))
    spec |= {"seats": ["lab", "rival", "third"], "config": str(tmp_path / "three.yaml"), "seeds": [1]}
    jobs = jobs_of(load_spec(spec))
    assert len(jobs) == 2 + 3 * 2 * 1
    played = {
        tuple(job.config["agents"][seat]["strategies"]["pricing"]["name"] for seat in spec["seats"]) for job in jobs
    }
    assert ("cost_plus", "target_margin", "target_margin") in played
    assert ("cost_plus", "cost_plus", "cost_plus") in played


@pytest.mark.parametrize("file", LEAGUES, ids=lambda file: file.stem)
def test_shipped_leagues_are_right_and_named_after_their_file(file):
    loaded = load_spec(file)
    assert loaded.spec.name == file.stem
    assert loaded.spec.description
    assert len(loaded.spec.seeds) >= 2
