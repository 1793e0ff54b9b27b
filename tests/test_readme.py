"""What the README shows works as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from aimarket.cli.main import app
from aimarket.config import load_config
from aimarket.experiments.shipped import shipped_leagues

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"^```python\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)
CONFIGS = re.findall(r"^```yaml\n(extends: .*?)^```", README, flags=re.MULTILINE | re.DOTALL)
SHARED = "import aimarket as am\n"


def test_there_are_snippets():
    assert len(SNIPPETS) >= 2
    assert len(CONFIGS) >= 2


@pytest.mark.parametrize("code", SNIPPETS, ids=lambda code: code.strip().splitlines()[-1][:40])
def test_a_snippet_runs(code):
    exec(compile(SHARED + code, "README.md", "exec"), {})  # raises what the reader would see


@pytest.mark.parametrize("text", CONFIGS)
def test_a_config_loads(text):
    assert load_config(yaml.safe_load(text)).agents


def test_what_it_says_of_the_league_in_the_duopoly_is_what_the_league_says():
    (league,) = [league for league in shipped_leagues() if league["name"] == "pricing_duopoly"]
    ranking = league["ranking"]
    assert (ranking[0]["strategy"], ranking[-1]["strategy"]) == ("target_margin", "undercut")
    halves = {row["strategy"]: row["imitation_share"] for row in ranking if row["imitation_share"] > 0.01}
    assert halves == pytest.approx({"target_margin": 0.5, "myopic_best_response": 0.5}, abs=0.05)


def test_the_verbs_it_shows_exist():
    shown = set(re.findall(r"^aimarket ([a-z-]+)", README, flags=re.MULTILINE))
    assert shown <= {command.name for command in app.registered_commands}
    assert len(shown) > 10


def test_the_prices_it_quotes_are_those_of_the_code():
    scope: dict[str, object] = {}
    (theory,) = [code for code in SNIPPETS if "bertrand_nash" in code]
    exec(compile(SHARED + theory, "README.md", "exec"), scope)
    duopoly = scope["duopoly"]
    assert duopoly.price == pytest.approx([1.47293, 1.47293], abs=5e-6)
    assert duopoly.lerner == pytest.approx([0.321, 0.321], abs=5e-4)
