"""The page of a league and what is printed: self-contained, readable without colour, the same bytes."""

from __future__ import annotations

import io
import json
import math
import re
from html.parser import HTMLParser

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import yaml
from rich.console import Console

from aimarket.experiments.league import League
from aimarket.experiments.matches import MATCH_COLUMNS
from aimarket.experiments.outputs import as_dict
from aimarket.experiments.spec import LeagueSpec
from aimarket.reporting.league_console import print_league
from aimarket.reporting.league_drawing import graph_svg, shares_svg
from aimarket.reporting.league_page import league_html
from aimarket.reporting.league_words import listed, relative, story, with_interval
from aimarket.reporting.palette import firm_styles

HAWK_DOVE = {("hawk", "hawk"): -1.0, ("hawk", "dove"): 4.0, ("dove", "hawk"): 0.0, ("dove", "dove"): 2.0}
VOID = {"meta", "path", "rect", "circle", "polyline", "polygon", "br"}


def made_up(seeds: int = 3, failed: tuple[str, ...] = (), description: str = "Who wins?") -> League:
    """Hawks and doves in two seats of different size, without a simulation."""
    written = {
        "name": "made_up",
        "description": description,
        "config": "field",
        "decision": "pricing",
        "seats": ["left", "right"],
        "strategies": {"hawk": "undercut", "dove": {"name": "target_margin", "margin": 0.5}},
        "seeds": seeds,
    }
    spec = LeagueSpec.model_validate(written)
    rows = []
    for size, seat in ((1.0, "left"), (100.0, "right")):
        for (own, others), payoff in HAWK_DOVE.items():
            for seed in spec.seeds:
                run = f"{own}-{others}-{seed}"
                money = math.nan if run in failed else size * (payoff + 0.01 * seed)
                row = dict.fromkeys(MATCH_COLUMNS, money)
                row |= {"seat": seat, "strategy": own, "others": others, "seed": seed, "run": run}
                row |= {"survival": money * 0.0 + 1.0, "error": "lost <its> way" if run in failed else ""}
                rows.append(row)
    details = {
        "spec": spec.model_dump(),
        "config": {"time": {"periods": 24}},
        "config_fingerprint": "cafe",
        "plugins": {"mine.py": "beef"},
        "version": "0.1.0",
        "fingerprint": "f00d",
    }
    return League(spec, pd.DataFrame(rows), details)


class Reader(HTMLParser):
    """Fails on tags that are not closed; remembers what could reach out."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.reaching: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.reaching += [value for key, value in attrs if key in ("src", "href") and not value.startswith("#")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    return reader


def test_the_page_is_whole_and_reaches_nothing_outside():
    page = league_html(made_up())
    reader = read(page)
    assert reader.reaching == []
    assert "script" not in reader.tags
    assert "default-src 'none'; style-src 'unsafe-inline'" in page
    assert "http" not in page.replace("http-equiv", "")
    anchors = re.findall(r'href="#([a-z]+)"', page)
    assert anchors
    assert all(f'<section id="{anchor}">' in page for anchor in anchors)


def test_equal_leagues_give_equal_pages():
    assert league_html(made_up()) == league_html(made_up())


def test_text_of_the_spec_and_of_failures_is_escaped():
    page = league_html(made_up(failed=("hawk-dove-2",), description="<script>alert(1)</script>"))
    assert "<script>" not in page
    assert "lost &lt;its&gt; way" in page
    assert "2 of 3 seeds" in page
    assert "1 of 12 runs failed" in page


def test_shaded_cells_say_their_number_in_text():
    page = league_html(made_up())
    shaded = re.findall(r'<td class="n" style="background:rgba\([^)]*\)">([^<]*)</td>', page)
    assert len(shaded) > 10
    assert all(re.search(r"\d", text) for text in shaded)
    assert sum("best" in text for text in shaded) == 2


def test_the_spec_on_the_page_can_be_played_again():
    page = league_html(made_up())
    text = re.search(r"<pre>(.*?)</pre>", page, re.DOTALL)
    assert text is not None
    assert LeagueSpec.model_validate(yaml.safe_load(text.group(1))) == made_up().spec


def test_the_story_names_the_mix_of_hawks_and_doves():
    told = " ".join(story(made_up()))
    assert "Imitation from an even start settles at hawk 67%, dove 33%" in told
    assert "Best responses run in circles: hawk -> dove -> hawk." in told


def test_one_seed_has_no_interval_and_no_certainty():
    page = league_html(made_up(seeds=1))
    assert "±" not in "".join(re.findall(r"<td[^>]*>([^<]*)</td>", page))
    assert 'stroke-dasharray="6 4"' in page


def test_a_league_in_which_everything_failed_has_a_page_all_the_same():
    runs = tuple(f"{own}-{others}-{seed}" for own, others in HAWK_DOVE for seed in (1, 2, 3))
    league = made_up(failed=runs)
    assert league.comparable == league.survivors == league.equilibria == league.stable == []
    assert league.ranking.payoff.isna().all()
    json.dumps(as_dict(league), allow_nan=False)
    page = league_html(league)
    read(page)
    assert "No strategy can be compared with the others: too many runs failed." in page
    print_league(league, Console(file=io.StringIO()))


def test_a_strategy_that_always_fails_leaves_the_others_their_game():
    runs = tuple(f"{own}-{others}-{seed}" for own, others in HAWK_DOVE for seed in (1, 2, 3) if "dove" in own + others)
    league = made_up(failed=runs)
    assert league.comparable == ["hawk"]
    assert league.ranking.label.tolist() == ["hawk", "dove"]
    assert league.ranking.failed_matches.tolist() == [6, 12]
    assert "12 of 12" in league_html(league)


def test_the_terminal_shows_the_ranks():
    text = io.StringIO()
    print_league(made_up(failed=("hawk-dove-2",)), Console(file=text, width=120))
    shown = text.getvalue()
    assert "rank" in shown
    assert shown.index("hawk (undercut)") < shown.index("dove (target_margin)")
    assert "failed: run hawk-dove-2: lost <its> way" in shown


def test_arrows_are_dashed_where_it_may_be_chance_and_equilibria_have_two_rings():
    graph = nx.DiGraph()
    graph.add_edge("a", "b", gain=1.0, half_width=2.0, clear=False)
    graph.add_edge("b", "b", gain=0.0, half_width=0.0, clear=True)
    drawn = graph_svg(graph, ["b"])
    assert drawn.count("<polygon") == 1
    assert drawn.count("stroke-dasharray") == 1
    assert drawn.count("<circle") == 3


@pytest.mark.parametrize("count", [1, 2, 30])
def test_drawings_hold_any_number_of_strategies(count):
    names = [f"s{i}" for i in range(count)]
    graph = nx.DiGraph()
    graph.add_nodes_from(names)
    for i, name in enumerate(names):
        graph.add_edge(name, names[(i + 1) % count], gain=0.1, half_width=0.0, clear=True)
    assert "nan" not in graph_svg(graph, [])
    shares = {name: np.full(3, 1.0 / count) for name in names}
    drawn = shares_svg(np.array([0.0, 1.0, 2.0]), shares, firm_styles(names))
    assert drawn.count("<polyline") == count
    read(f"<div>{drawn}</div>")


def test_numbers_are_said_with_their_sign():
    assert [relative(x) for x in (0.123, -0.05, 0.0, -1e-9, float("nan"))] == ["+12%", "-5.0%", "+0.0%", "+0.0%", "-"]
    assert with_interval(0.5, 0.031) == "+50% ± 3.1%"
    assert with_interval(0.5, float("nan")) == "+50%"
    assert [listed(x) for x in ([], ["a"], ["a", "b", "c"])] == ["none", "a", "a, b and c"]
