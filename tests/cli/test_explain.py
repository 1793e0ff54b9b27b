"""``aimarket explain``: what it makes of a run, real and made up."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from aimarket.cli.main import main
from aimarket.config import load_config
from aimarket.errors import ConfigError
from aimarket.model import AIMarket
from aimarket.recording.results import Results
from aimarket.recording.tables import TABLES
from aimarket.reporting.explanation import Figure, explain, unit_of
from model_fixtures import small_config

Capture = pytest.CaptureFixture[str]


def decisions(*rows: tuple[int, str, str, str, float, dict[str, float]]) -> pd.DataFrame:
    """Rows (step, agent, decision, strategy, value, inputs) as the table holds them."""
    names = ("step", "agent", "decision", "strategy", "value", "inputs")
    frame = pd.DataFrame([dict(zip(names, row, strict=True)) for row in rows])
    frame["inputs"] = frame["inputs"].map(json.dumps)
    frame["reason"] = "because of 1"
    frame["date"] = [f"{2024 + (step - 1) // 12}-{(step - 1) % 12 + 1:02d}-01" for step in frame["step"]]
    return frame


def made_up(table: pd.DataFrame, **manifest: object) -> Results:
    months = pd.DataFrame({"step": range(1, 14), "date": [*(f"2024-{m:02d}-01" for m in range(1, 13)), "2025-01-01"]})
    market = months.reindex(columns=list(TABLES["market"].names))
    return Results({"decisions": table, "market": market}, {"name": "made up", "seed": 3, **manifest})


TWO_YEARS = made_up(
    decisions(
        (1, "lab", "pricing", "cost_plus", 9.0, {"cost_usd_per_mtok": 4.0, "share": 0.5, "gone": 1.0}),
        (12, "lab", "pricing", "cost_plus", 6.0, {"cost_usd_per_mtok": 2.0, "share": 0.5}),
        (13, "lab", "pricing", "undercut", 3.0, {"share": 0.49, "cost_usd_per_mtok": 1.0, "new": 7.0}),
        (13, "lab", "finance", "covenant", 0.0, {"cash_musd": 5.0}),
        (13, "other", "pricing", "cost_plus", 8.0, {"cost_usd_per_mtok": 1.0}),
    )
)


class TestStory:
    def test_inputs_are_beside_those_of_the_month_and_the_year_before_largest_changes_first(self) -> None:
        pricing, finance = explain(TWO_YEARS, "lab", "2025-01").decisions
        assert (pricing.strategy, pricing.strategy_before) == ("undercut", "cost_plus")
        assert pricing.value == Figure("price_usd_per_mtok", 3.0, 6.0, 9.0)
        assert pricing.unit == "USD/Mtok"
        assert pricing.inputs == (
            Figure("cost_usd_per_mtok", 1.0, 2.0, 4.0),
            Figure("share", 0.49, 0.5, 0.5),
            Figure("new", 7.0, None, None),
        )
        assert pricing.reason == "because of 1"
        assert finance.value == Figure("ask_equity_musd", 0.0, None, None)

    def test_one_decision_can_be_asked_for(self) -> None:
        told = explain(TWO_YEARS, "lab", "2025-01", "finance")
        assert [decision.decision for decision in told.decisions] == ["finance"]

    @pytest.mark.parametrize(
        ("arguments", "path", "words"),
        [
            (("labb", "2025-01"), "--agent", "did you mean 'lab'?"),
            (("zzz", "2025-01"), "--agent", "there are: lab, other"),
            (("lab", "2026-01"), "--date", "it goes from 2024-01 to 2025-01"),
            (("lab", "January"), "--date", "e.g. 2026-03"),
            (("other", "2024-12"), "--date", "it decides from 2025-01 to 2025-01"),
            (("lab", "2025-01", "release"), "--decision", "there are: pricing, finance"),
        ],
    )
    def test_what_is_not_there_is_refused_with_what_is(self, arguments: tuple[str, ...], path: str, words: str) -> None:
        with pytest.raises(ConfigError) as caught:
            explain(TWO_YEARS, *arguments)
        assert caught.value.path == path
        assert words in str(caught.value)

    def test_a_run_without_decisions_says_how_to_get_them(self) -> None:
        nothing = Results({"decisions": TWO_YEARS.tables["decisions"].iloc[:0]}, {})
        with pytest.raises(ConfigError, match=r"record\.decisions=true"):
            explain(nothing, "lab", "2025-01")

    def test_units_are_read_off_names(self) -> None:
        assert unit_of("ask_equity_musd") == "USD million"
        assert unit_of("spot_price_usd_per_gpu_hour") == "USD/GPU-hour"
        assert unit_of("effort_share") == "share"
        assert unit_of("sentiment") == ""

    def test_a_change_has_no_direction_and_no_scale(self) -> None:
        assert Figure("x", 2.0, 1.0, None).change == Figure("x", 1.0, 2.0, None).change
        assert Figure("x", 2e6, 1e6, None).change == Figure("x", 2.0, 1.0, None).change
        assert Figure("x", 0.0, 0.0, None).change == 0.0
        assert Figure("x", 1.0, -1.0, None).change == 2.0


def event(date: str, **entry: object) -> dict[str, object]:
    return {"kind": "energy_price_shock", "date": date, "factor": 2.0, **entry}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fifteen months of the small market with one shock that lasts and one that does not."""
    config = small_config()
    config["time"]["periods"] = 15
    config["events"] = {"short": event("2024-03", duration_months=3), "long": event("2024-09")}
    results = AIMarket(load_config(config), 1).run()
    return results.save(tmp_path_factory.mktemp("runs") / "run")


class TestVerb:
    def test_it_tells_the_story(self, run: Path, capsys: Capture) -> None:
        assert main(["explain", str(run), "--agent", "lab", "--date", "2025-02"]) == 0
        text = capsys.readouterr().out
        assert text.startswith("lab (frontier_lab) in February 2025; small, seed 1\n")
        assert "\npricing by target_margin: " in text
        for name in ("cash_musd", "runway_months", "month before", "year before"):
            assert name in text

    def test_json_holds_the_numbers_of_the_tables(self, run: Path, capsys: Capture) -> None:
        assert (
            main(["explain", str(run), "--agent", "lab", "--date", "2025-02", "--decision", "finance", "--json"]) == 0
        )
        told = json.loads(capsys.readouterr().out)
        tables = Results.load(run).tables
        firm = tables["firms"].query("firm == 'lab'").set_index("step")
        cash = next(figure for figure in told["figures"] if figure["name"] == "cash_musd")
        assert [cash["now"], cash["before"], cash["year_before"]] == firm.loc[[14, 13, 2], "cash_musd"].tolist()
        (row,) = tables["decisions"].query("agent == 'lab' and decision == 'finance' and step == 14").itertuples()
        (finance,) = told["decisions"]
        assert {figure["name"]: figure["now"] for figure in finance["inputs"]} == json.loads(row.inputs)
        assert finance["reason"] == row.reason

    @pytest.mark.parametrize(
        ("month", "since"),
        [("2024-02", []), ("2024-03", ["2024-03"]), ("2024-05", ["2024-03"]), ("2024-10", ["2024-09"])],
    )
    def test_events_are_told_while_they_last(self, month: str, since: list[str], run: Path, capsys: Capture) -> None:
        assert main(["explain", str(run), "--agent", "grid", "--date", month, "--json"]) == 0
        assert [struck["since"] for struck in json.loads(capsys.readouterr().out)["events"]] == since

    def test_the_end_of_an_event_is_told_in_its_month(self, run: Path, capsys: Capture) -> None:
        assert main(["explain", str(run), "--agent", "grid", "--date", "2024-06", "--json"]) == 0
        (ended,) = json.loads(capsys.readouterr().out)["events"]
        assert ended["since"] == "2024-06"

    @pytest.mark.parametrize(("agent", "figure"), [("buyers", "spend_musd"), ("money", "narrative_share")])
    def test_buyers_and_investors_have_figures_of_their_own(
        self, agent: str, figure: str, run: Path, capsys: Capture
    ) -> None:
        assert main(["explain", str(run), "--agent", agent, "--date", "2024-10"]) == 0
        assert f"\n{figure} " in capsys.readouterr().out

    def test_a_month_inside_a_quarter_is_that_quarter(self) -> None:
        config = small_config()
        config["time"] |= {"period": "quarter", "periods": 6}
        told = explain(AIMarket(load_config(config), 1).run(), "lab", "2025-06")
        assert (told.date, told.months_per_period) == ("2025-04-01", 3)
        cash = told.figures[0]
        assert cash.year_before is not None

    def test_wrong_input_is_one_line_and_status_2(self, run: Path, tmp_path: Path, capsys: Capture) -> None:
        assert main(["explain", str(run), "--agent", "laab", "--date", "2024-05"]) == 2
        assert main(["explain", str(tmp_path / "absent"), "--agent", "lab", "--date", "2024-05"]) == 2
        assert main(["explain", str(run), "--agent", "lab"]) == 2
        lines = capsys.readouterr().err.splitlines()
        assert len(lines) == 3
        assert lines[0] == "aimarket: --agent: decides nothing in this run (got 'laab'); did you mean 'lab'?"
