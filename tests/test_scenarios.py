"""Every shipped scenario to its horizon, and what the scenarios argue about."""

from __future__ import annotations

import pytest

from aimarket.config import shipped_configs
from aimarket.recording.results import Results
from model_fixtures import SCENARIOS, check_numbers, full_run

pytestmark = pytest.mark.slow

SEEDS = (1, 2)
PAIRED_SEEDS = (1, 2, 3, 4)


def test_every_shipped_scenario_is_covered():
    shipped = {name.removeprefix("scenarios/") for name in shipped_configs()}
    assert set(SCENARIOS) == {name for name in shipped if not name.startswith("theory/")}  # those: tests/theory


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_it_runs_to_its_end_with_closed_books_and_possible_numbers(scenario, seed):
    results = full_run(scenario, seed)  # every period closes, or this raises
    tables = results.tables
    check_numbers(tables)
    assert len(tables["market"]) == 96
    assert (tables["firms"]["cash_musd"] >= -1e-6).all()
    market = tables["market"]
    assert (market["energy_load_mw"] <= market["energy_connected_mw"] * (1 + 1e-9)).all()
    sold = tables["trades"][tables["trades"]["good"] == "compute"].groupby("step")["quantity"].sum() / 730.0
    assert (sold <= market.set_index("step")["gpu_capacity_h100e"] * (1 + 1e-9)).all()


@pytest.mark.parametrize("scenario", [name for name in SCENARIOS if name != "baseline"])
def test_it_is_the_baseline_until_it_differs(scenario):
    """Scenarios that only add or drop events from 2026 on share every month before with the baseline."""
    a, b = (full_run(name, 1).tables["market"] for name in ("baseline", scenario))
    assert not a.equals(b)
    late = ("dream_continues", "energy_crunch", "export_controls", "funding_freeze", "price_cap", "services_pivot")
    if scenario in late:
        past = a["date"] < "2026-02-01"
        assert a[past].equals(b[past])


def openai(results: Results) -> dict[str, float]:
    """OpenAI from 2026 to 2030: what it spends on compute, raises, and how close it comes to the end."""
    tables = results.tables
    firms, flows = tables["firms"], tables["flows"]
    mine = firms[(firms["firm"] == "openai") & (firms["date"] >= "2026-01-01")]
    late = flows[flows["date"] >= "2026-01-01"]
    paid = late[(late["account"] == "compute_sales") & (late["payer"] == "openai")]["amount_musd"].sum()
    raised = late[(late["account"].isin(["equity_issue", "borrowing"])) & (late["payee"] == "openai")]
    return {
        "spent": paid + mine["capex_musd"].clip(lower=0.0).sum(),
        "raised": raised["amount_musd"].sum(),
        "runway": mine["runway_months"].fillna(1e3).min(),
        "failed": float(not mine["alive"].iloc[-1]),
    }


@pytest.fixture(scope="module")
def dream_and_cut():
    return [(openai(full_run("dream_continues", seed)), openai(full_run("baseline", seed))) for seed in PAIRED_SEEDS]


def test_the_dream_costs_more_than_the_cut_plan(dream_and_cut):
    for dream, cut in dream_and_cut:
        assert dream["spent"] > cut["spent"]


def test_the_dream_strains_openais_finances(dream_and_cut):
    """More money raised, a shorter runway, or failure where the cut plan survives: in each seed one of them."""
    for dream, cut in dream_and_cut:
        assert dream["raised"] > cut["raised"] or dream["runway"] < cut["runway"] or dream["failed"] > cut["failed"]
    mean = {key: sum(d[key] - c[key] for d, c in dream_and_cut) / len(dream_and_cut) for key in dream_and_cut[0][0]}
    assert mean["raised"] > 0.0 or mean["failed"] > 0.0


def mean_of(scenario: str, table: str, column: str, since: str) -> float:
    values = []
    for seed in SEEDS:
        frame = full_run(scenario, seed).tables[table]
        values.append(frame[frame["date"] >= since][column].mean())
    return sum(values) / len(values)


def test_dear_energy_is_dear():
    struck = mean_of("energy_crunch", "market", "energy_price_usd_per_mwh", "2026-06-01")
    assert struck > 1.1 * mean_of("baseline", "market", "energy_price_usd_per_mwh", "2026-06-01")


def test_frozen_funding_is_less_funding():
    def funding(scenario, seed):
        frame = full_run(scenario, seed).tables["market"]
        return frame[frame["date"].between("2026-10-01", "2028-02-01")]["funding_musd"].sum()

    for seed in SEEDS:
        assert funding("funding_freeze", seed) < funding("baseline", seed)


def test_frontier_open_weights_take_share():
    for column in ("open_weight_share_mtok", "open_weight_share_revenue"):
        surge = mean_of("open_weights_surge", "market", column, "2026-09-01")
        assert surge > mean_of("baseline", "market", column, "2026-09-01"), column
    gap = mean_of("open_weights_surge", "market", "open_quality_gap", "2026-09-01")
    assert gap < mean_of("baseline", "market", "open_quality_gap", "2026-09-01")


def test_export_controls_take_deepseeks_own_service_and_leave_its_weights():
    for seed in SEEDS:
        sales = {}
        for name in ("baseline", "export_controls"):
            products = full_run(name, seed).tables["products"]
            late = products[(products["date"] >= "2029-01-01") & products["product"].str.startswith("deepseek@")]
            sales[name] = late.groupby("firm")["mtok"].sum()
        banned, free = sales["export_controls"], sales["baseline"]
        assert banned["deepseek"] < 0.6 * free["deepseek"]
        assert banned.drop("deepseek").sum() > 0.8 * free.drop("deepseek").sum()
        trades = full_run("export_controls", seed).tables["trades"]
        late = trades[(trades["date"] >= "2026-04-01") & (trades["buyer"] == "deepseek")]
        assert not late["good"].isin(["chips", "compute"]).any()


def test_a_cap_on_closed_tokens_holds_lowers_margins_and_takes_share_from_open_weights():
    for seed in SEEDS:
        free, capped = (full_run(name, seed).tables for name in ("baseline", "price_cap"))
        products = capped["products"]
        bound = products[(products["kind"] == "api") & products["date"].between("2026-04-01", "2028-03-01")]
        assert (bound["price_usd_per_mtok"] <= 1.5 * (1 + 1e-12)).all()
        first_year = free["market"]["date"].between("2026-04-01", "2027-03-01")
        for column, sign in (("lerner", -1), ("open_weight_share_mtok", -1), ("consumer_surplus_musd", 1)):
            change = capped["market"][column][first_year].mean() - free["market"][column][first_year].mean()
            assert sign * change > 0.0, column


def test_the_pivot_moves_openai_to_services():
    def services_share(scenario):
        shares = []
        for seed in SEEDS:
            firms = full_run(scenario, seed).tables["firms"]
            late = firms[(firms["firm"] == "openai") & (firms["date"] >= "2028-01-01")]
            shares.append(
                late["revenue_service_musd"].sum() / late[["revenue_api_musd", "revenue_service_musd"]].sum().sum()
            )
        return sum(shares) / len(shares)

    assert services_share("services_pivot") > services_share("baseline") > services_share("no_services_pivot")
