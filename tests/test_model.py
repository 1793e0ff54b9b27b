"""The whole market: reproducible, closed, within its limits, and obedient to its config."""

from __future__ import annotations

import copy
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from aimarket.config import load_config
from aimarket.config.schema.base import month_index
from aimarket.errors import AccountingError, ConfigError
from aimarket.model import AIMarket
from aimarket.randomness import Draws, RandomSource
from model_fixtures import (
    baseline_mapping,
    check_numbers,
    full_run,
    minimal_config,
    small_config,
    tables_of,
)

HOURS = 730.0


# -- the same and not the same -----------------------------------------------------------------------


def digest(directory: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(directory.glob("*.parquet"))}


def saved(model: AIMarket, directory: Path) -> dict[str, str]:
    return digest(model.run().save(directory))


def test_the_same_seed_gives_the_same_bytes(baseline, tmp_path):
    first = digest(baseline.save(tmp_path / "first"))
    second = AIMarket("baseline", 1).run()
    assert len(first) == len(baseline.tables)
    assert digest(second.save(tmp_path / "second")) == first
    assert second.graphml == baseline.graphml
    drop = {"timing"}
    assert {k: v for k, v in second.manifest.items() if k not in drop} == {
        k: v for k, v in baseline.manifest.items() if k not in drop
    }


def test_another_seed_gives_other_numbers(baseline):
    other = full_run("baseline", 2).tables
    for name in ("market", "products", "segments", "flows"):
        assert not baseline.tables[name].equals(other[name]), name


def test_hash_seed_and_threads_play_no_part(tmp_path):
    script = (
        "import sys; from aimarket.model import AIMarket;"
        "AIMarket('baseline', 1, overrides={'time.periods': 40}).run().save(sys.argv[1])"
    )
    running = []
    for i, (hash_seed, threads) in enumerate((("0", "1"), ("4242", "2"))):
        environment = os.environ | {
            "PYTHONHASHSEED": hash_seed,
            "OMP_NUM_THREADS": threads,
            "OPENBLAS_NUM_THREADS": threads,
            "MKL_NUM_THREADS": threads,
            "NUMBA_NUM_THREADS": threads,
        }
        running.append(subprocess.Popen([sys.executable, "-c", script, str(tmp_path / str(i))], env=environment))
    assert [process.wait(timeout=120) for process in running] == [0, 0]
    here = saved(AIMarket("baseline", 1, overrides={"time.periods": 40}), tmp_path / "here")
    assert digest(tmp_path / "0") == digest(tmp_path / "1") == here


def test_a_longer_run_begins_with_the_shorter(baseline):
    short = tables_of("baseline", **{"time.periods": 12})
    for name in ("market", "firms", "products", "segments", "flows"):
        long = baseline.tables[name]
        pd.testing.assert_frame_equal(long[long["step"] <= 12].reset_index(drop=True), short[name])


def assert_same_market(a: dict[str, pd.DataFrame], b: dict[str, pd.DataFrame]) -> None:
    """Equal to 1e-9, whatever the order of rows."""
    keys = {
        "market": ["step"],
        "firms": ["step", "firm"],
        "products": ["step", "product"],
        "segments": ["step", "segment"],
    }
    for name, key in keys.items():
        one, two = (t[name].sort_values(key, kind="stable").reset_index(drop=True) for t in (a, b))
        assert one[key].equals(two[key]), name
        for column in one.columns:
            if one[column].dtype.kind == "f":
                np.testing.assert_allclose(
                    two[column].to_numpy(), one[column].to_numpy(), rtol=1e-9, atol=1e-7, err_msg=f"{name}.{column}"
                )


@pytest.mark.parametrize("scenario", ["baseline", "funding_freeze"])
def test_the_order_of_agents_does_not_matter(scenario):
    config = load_config(scenario).model_dump(exclude_none=True)
    turned = config | {"agents": dict(reversed(config["agents"].items()))}
    assert list(turned["agents"]) != list(config["agents"])
    assert_same_market(full_run(scenario, 1).tables, tables_of(turned))


def test_the_order_of_edges_does_not_matter(baseline):
    def reverse(value):
        return {k: reverse(v) for k, v in reversed(value.items())} if isinstance(value, dict) else value

    config = baseline_mapping(**{"time.periods": 48})
    turned = config | {"supply_graph": reverse(config["supply_graph"])}
    assert_same_market(tables_of(config), tables_of(turned))


def test_without_recorded_decisions_the_market_is_the_same(baseline):
    tables = tables_of("baseline", **{"time.periods": 24, "record.decisions": False})
    assert tables["decisions"].empty
    market = baseline.tables["market"]
    pd.testing.assert_frame_equal(tables["market"], market[market["step"] <= 24])


# -- numbers and limits ------------------------------------------------------------------------------


def test_no_number_is_missing_infinite_or_impossible(baseline):
    check_numbers(baseline.tables)
    assert len(baseline.tables["market"]) == 96
    assert baseline.tables["market"]["date"].iloc[[0, -1]].tolist() == ["2023-01-01", "2030-12-01"]


def test_cash_is_never_overdrawn(baseline):
    firms = baseline.tables["firms"]
    assert (firms["cash_musd"] >= -1e-6).all()


@pytest.fixture(scope="module")
def stepped():
    """Limits, looked at while the baseline runs: compute, power and deposits, period by period."""
    model = AIMarket("baseline", 1)
    seen = []
    while model.running:
        model.step()
        effectiveness = model.config.technology.power_usage_effectiveness
        trades = model.results.tables if model.clock.step in (1, 48, 96) else None
        seen.append(
            {
                "step": model.clock.step,
                "deposits": float(model.ledger.cash.sum()),
                "size": float(np.abs(model.ledger.cash).sum()),
                "sold": {p.name: p.sold_gpus + p.serving.capacity_gpus for p in model.providers.values()},
                "served": {f.name: (f.serving.used_gpus, f.serving.capacity_gpus) for f in model.hosts_and_operators},
                "usable": {f.name: f.usable_gpus for f in model.fleet_owners},
                "owned": {f.name: f.fleet.gpus for f in model.fleet_owners},
                "power": {
                    f.name: f.own_gpus_in_use * f.fleet.power_kw_per_gpu * effectiveness / 1e3
                    for f in model.fleet_owners
                },
                "connected": {
                    f.name: sum(r.connected_mw.get(f.name, 0.0) for r in model.regions.values())
                    for f in model.fleet_owners
                },
                "by_edge": {
                    (region.name, owner): mw
                    for region in model.regions.values()
                    for owner, mw in region.connected_mw.items()
                },
                "tables": trades,
            }
        )
    return model, seen


def test_compute_sold_never_exceeds_what_can_be_powered(stepped):
    for period in stepped[1]:
        for name, used in period["sold"].items():
            assert used <= period["usable"][name] * (1 + 1e-9) + 1e-6, (period["step"], name)
        for name, usable in period["usable"].items():
            assert 0.0 <= usable <= period["owned"][name] * (1 + 1e-12), (period["step"], name)


def test_tokens_served_never_need_more_than_the_capacity_set_aside(stepped):
    for period in stepped[1]:
        for name, (used, capacity) in period["served"].items():
            assert used <= capacity * (1 + 1e-9) + 1e-9, (period["step"], name)


def test_power_used_never_exceeds_connections(stepped):
    for period in stepped[1]:
        for name, mw in period["power"].items():
            assert mw <= period["connected"][name] * (1 + 1e-9) + 1e-9, (period["step"], name)


def test_power_bought_on_an_edge_never_exceeds_its_connection(stepped, baseline):
    trades = baseline.tables["trades"]
    power = trades[trades["good"] == "power"]
    assert len(power) > 1000
    limits = {(p["step"], *edge): mw for p in stepped[1] for edge, mw in p["by_edge"].items()}
    for row in power.itertuples():
        limit = limits[(row.step, row.seller, row.buyer)]
        assert row.quantity / HOURS <= limit * (1 + 1e-9) + 1e-9, (row.step, row.seller, row.buyer)


def test_compute_in_the_tables_stays_within_the_fleets(baseline):
    trades, firms, market = (baseline.tables[name] for name in ("trades", "firms", "market"))
    sold = trades[trades["good"] == "compute"].groupby(["step", "seller"])["quantity"].sum() / HOURS
    owned = firms.set_index(["step", "firm"])["gpus_h100e"]
    assert (sold <= owned.reindex(sold.index) * (1 + 1e-9)).all()
    assert (sold.groupby("step").sum() <= market.set_index("step")["gpu_capacity_h100e"] * (1 + 1e-9)).all()
    assert (market["energy_load_mw"] <= market["energy_connected_mw"] * (1 + 1e-9)).all()
    assert (market["gpu_utilisation"] <= 1.0 + 1e-9).all()


def test_all_deposits_cancel(stepped):
    for period in stepped[1]:
        assert abs(period["deposits"]) <= 1e-9 * period["size"], period["step"]


# -- accounts ----------------------------------------------------------------------------------------


def net_flows(tables, accounts):
    """What each firm received less what it paid under ``accounts``, by step and firm."""
    flows = tables["flows"]
    flows = flows[flows["account"].isin(accounts)]
    gains = flows.groupby(["step", "payee"])["amount_musd"].sum()
    costs = flows.groupby(["step", "payer"])["amount_musd"].sum()
    index = tables["firms"].set_index(["step", "firm"]).index
    return gains.reindex(index, fill_value=0.0) - costs.reindex(index, fill_value=0.0)


def assert_close(a, b, scale):
    gap = (a - b).abs()
    worst = (gap / scale.clip(lower=1.0)).idxmax()
    assert (gap <= 1e-8 * scale.clip(lower=1.0)).all(), f"{worst}: {a[worst]} against {b[worst]}"


@pytest.fixture(scope="module", params=["baseline", "funding_freeze"])
def books(request):
    """Tables, firms by (step, firm), and the change of a column over a period (the first left out)."""
    tables = full_run(request.param, 1).tables
    firms = tables["firms"].set_index(["step", "firm"])

    def change(column):
        return firms[column].groupby("firm").diff().dropna()

    return tables, firms, change


def test_free_cash_flow_and_funding_are_the_change_in_cash(books):
    _, firms, change = books
    moved = change("cash_musd")
    explained = (firms["free_cash_flow_musd"] + firms["funding_musd"]).reindex(moved.index)
    assert_close(moved, explained, firms["cash_musd"].abs().reindex(moved.index) + explained.abs())


def test_cash_of_the_first_period_starts_from_the_config(books):
    _, firms, _ = books
    config = load_config("baseline")
    for name in firms.loc[1].index:
        row = firms.loc[(1, name)]
        opening = config.agents[name].cash_musd
        moved = row["free_cash_flow_musd"] + row["funding_musd"]
        assert row["cash_musd"] - opening == pytest.approx(moved, rel=1e-9, abs=1e-6)


def test_net_worth_changes_by_profit_and_owners_money(books):
    """d(net worth) = net profit + shares issued - payouts + parents' support, exactly."""
    tables, firms, change = books
    moved = change("net_worth_musd")
    owners = net_flows(tables, ("equity_issue", "payout", "parent_support"))
    explained = (firms["net_profit_musd"] + owners).reindex(moved.index)
    size = firms["net_worth_musd"].abs() + firms["fixed_assets_musd"].abs() + firms["debt_musd"].abs()
    assert_close(moved, explained, size.reindex(moved.index))


def test_assets_are_debt_and_net_worth(books):
    _, firms, _ = books
    gap = firms["cash_musd"] + firms["fixed_assets_musd"] - firms["debt_musd"] - firms["net_worth_musd"]
    assert (gap.abs() <= 1e-9 * (firms["fixed_assets_musd"] + firms["cash_musd"].abs() + 1.0)).all()


def test_fixed_assets_of_survivors_change_by_investment_and_depreciation(books):
    """A survivor buys, builds and writes off; a firm that fails sells below book, which this leaves out."""
    _, firms, change = books
    moved = change("fixed_assets_musd")
    alive = firms["alive"].reindex(moved.index).astype(bool)
    explained = (firms["capex_musd"] - firms["depreciation_musd"]).reindex(moved.index)
    size = firms["fixed_assets_musd"].reindex(moved.index) + explained.abs()
    assert_close(moved[alive], explained[alive], size[alive])


def test_profit_lines_follow_from_each_other(books):
    tables, firms, _ = books
    assert_close(
        firms["ebitda_musd"] - firms["depreciation_musd"], firms["operating_profit_musd"], firms["revenue_musd"]
    )
    sales = firms[["revenue_api_musd", "revenue_service_musd", "revenue_open_musd"]].sum(axis=1)
    assert_close(net_flows_in(tables, "service_sales"), sales, firms["revenue_musd"])
    assert_close(net_flows_in(tables, "compute_sales"), firms["revenue_compute_musd"], firms["revenue_musd"])
    margin = (firms["revenue_musd"] - firms["cost_musd"]) / firms["revenue_musd"].where(firms["revenue_musd"] > 0)
    np.testing.assert_allclose(firms["gross_margin"], margin, rtol=1e-9, atol=1e-12)


def net_flows_in(tables, account):
    flows = tables["flows"]
    gains = flows[flows["account"] == account].groupby(["step", "payee"])["amount_musd"].sum()
    return gains.reindex(tables["firms"].set_index(["step", "firm"]).index, fill_value=0.0)


def test_every_agents_payments_explain_its_cash(baseline):
    """The ledger's own check, made again from the flows table alone."""
    flows, firms = baseline.tables["flows"], baseline.tables["firms"]
    paid = flows.groupby(["step", "payer"])["amount_musd"].sum()
    got = flows.groupby(["step", "payee"])["amount_musd"].sum()
    cash = firms.set_index(["step", "firm"])["cash_musd"]
    net = got.reindex(cash.index, fill_value=0.0) - paid.reindex(cash.index, fill_value=0.0)
    moved = cash.groupby("firm").diff().dropna()
    size = (got.reindex(cash.index, fill_value=0.0) + cash.abs()).reindex(moved.index)
    assert_close(moved, net.reindex(moved.index), size)
    # Buyers and investors hold nothing from one period to the next.
    for name in ("investors", *baseline.tables["segments"]["segment"].unique()):
        for step in (1, 50, 96):
            left = got.get((step, name), 0.0) - paid.get((step, name), 0.0)
            assert abs(left) <= 1e-9 * max(got.get((step, name), 1.0), 1.0), (name, step)


def test_revenue_is_the_same_wherever_it_is_counted(baseline):
    t = baseline.tables
    revenue = t["market"].set_index("step")["revenue_musd"]
    trades = t["trades"][t["trades"]["good"].isin(["api", "service", "open"])]
    flows = t["flows"][t["flows"]["account"] == "service_sales"]
    for other in (
        t["products"].groupby("step")["revenue_musd"].sum(),
        t["segments"].groupby("step")["spend_musd"].sum(),
        flows.groupby("step")["amount_musd"].sum(),
        trades.groupby("step")["value_musd"].sum(),
        t["firms"].groupby("step")[["revenue_api_musd", "revenue_service_musd", "revenue_open_musd"]].sum().sum(axis=1),
    ):
        np.testing.assert_allclose(other, revenue, rtol=1e-9)
    mtok = t["market"].set_index("step")["mtok"]
    for other in (t["products"], t["segments"]):
        np.testing.assert_allclose(other.groupby("step")["mtok"].sum(), mtok, rtol=1e-9)
    p = t["products"]
    np.testing.assert_allclose(p["price_usd_per_mtok"] * p["mtok"] / 1e6, p["revenue_musd"], rtol=1e-9)


def test_trades_and_payments_agree(baseline):
    t = baseline.tables
    accounts = {
        "power": ("power", "power_sales"),
        "chips": ("chips", "chip_sales"),
        "compute": ("compute", "compute_sales"),
        "listing": ("listing", "listing_fees"),
        "royalty": ("royalty", "royalties"),
    }
    for good, account in accounts.values():
        traded = t["trades"][t["trades"]["good"] == good].groupby("step")["value_musd"].sum()
        paid = t["flows"][t["flows"]["account"] == account].groupby("step")["amount_musd"].sum()
        traded, paid = traded[traded > 0.0], paid[paid > 0.0]
        assert len(traded), good
        pd.testing.assert_series_equal(traded, paid, rtol=1e-9, check_names=False)


def test_shares_sum_to_one(baseline):
    t = baseline.tables
    for table, columns in {
        "firms": ["share_revenue", "value_added_share"],
        "products": ["share_mtok", "share_revenue", "share_workloads"],
    }.items():
        for column in columns:
            np.testing.assert_allclose(t[table].groupby("step")[column].sum(), 1.0, rtol=1e-9, err_msg=column)
    market = t["market"]
    squares = (t["firms"]["share_revenue"] ** 2).groupby(t["firms"]["step"]).sum()
    np.testing.assert_allclose(squares, market["hhi_revenue"], rtol=1e-9)


# -- the supply graph --------------------------------------------------------------------------------

EDGE_OF = {
    "power": "power",
    "chips": "chips",
    "compute": "compute",
    "listing": "listing",
    "royalty": "weights",
    "api": "services",
    "service": "services",
    "open": "services",
}


def edges_in_trade(tables, good=None):
    trades = tables["trades"]
    trades = trades[trades["value_musd"] > 0.0]
    if good is not None:
        trades = trades[trades["good"] == good]
    return set(zip(trades["seller"], trades["buyer"], trades["good"], strict=True))


def test_trade_happens_on_open_edges_only(baseline):
    graph = load_config("baseline").supply_graph
    trades = baseline.tables["trades"]
    firms = set(baseline.tables["firms"]["firm"])
    seen = set()
    for row in trades.itertuples():
        if row.good == "capital":
            assert row.seller == "investors"
            assert row.buyer in firms
            continue
        edge = getattr(graph, EDGE_OF[row.good])[row.seller][row.buyer]
        month = month_index(row.date[:7])
        if edge.opens:
            assert month >= month_index(edge.opens), row
        if edge.closes:
            assert month < month_index(edge.closes), row
        seen.add(row.good)
    assert seen == set(EDGE_OF)


@pytest.mark.parametrize(
    ("overrides", "gone"),
    [
        (
            {"supply_graph.compute.oracle.openai": None, "agents.openai.contracts.oracle": None},
            {("oracle", "openai", "compute")},
        ),
        ({"supply_graph.services.openai.developers": None}, {("openai", "developers", "api")}),
        ({"supply_graph.listing.openai.microsoft": None}, {("openai", "microsoft", "listing")}),
        ({"supply_graph.chips.amd.microsoft": None}, {("amd", "microsoft", "chips")}),
        (
            {"supply_graph.weights.meta.amazon": None},
            set(),  # Llama is free of royalties; hosting it is checked below
        ),
    ],
)
def test_an_edge_removed_from_the_config_removes_that_trade(baseline, overrides, gone):
    periods = 48
    changed = tables_of("baseline", **overrides, **{"time.periods": periods})
    trades = baseline.tables["trades"]
    trades = trades[(trades["step"] <= periods) & (trades["value_musd"] > 0.0)]
    assert gone <= set(zip(trades["seller"], trades["buyer"], trades["good"], strict=True))
    after = edges_in_trade(changed)
    assert not gone & after
    # Edges that carry little may come and go when the market moves; those in steady use must stay.
    use = trades.groupby(["seller", "buyer", "good"])["value_musd"].agg(["size", "sum"])
    steady = set(use[(use["size"] >= 12) & (use["sum"] > 50.0)].index)
    steady = {edge for edge in steady if edge[2] != "capital"}  # who needs money changes with the market
    assert len(steady) > 60
    assert steady - after == gone
    if "supply_graph.weights.meta.amazon" in overrides:
        assert "meta@amazon" in set(baseline.tables["products"]["product"])
        assert "meta@amazon" not in set(changed["products"]["product"])


def test_an_edge_that_closes_ends_trade_in_that_month():
    tables = tables_of("baseline", **{"time.periods": 12, "supply_graph.services.openai.developers.closes": "2023-06"})
    trades = tables["trades"]
    mine = trades[(trades["seller"] == "openai") & (trades["buyer"] == "developers") & (trades["value_musd"] > 0)]
    assert mine["date"].max() == "2023-05-01"
    assert mine["date"].min() == "2023-01-01"


def test_a_provider_without_a_chip_maker_still_runs():
    tables = tables_of("baseline", **{"time.periods": 6, "supply_graph.chips.nvidia.coreweave": None})
    check_numbers(tables)


def test_a_lab_added_in_the_config_gets_customers(baseline):
    config = baseline_mapping(**{"time.periods": 24})
    agents, graph = config["agents"], config["supply_graph"]
    agents["newcomer"] = copy.deepcopy(agents["anthropic"])
    graph["compute"]["google_cloud"]["newcomer"] = {}
    graph["listing"]["newcomer"] = {"google_cloud": {"fee_share": 0.1}}
    graph["services"]["newcomer"] = copy.deepcopy(graph["services"]["anthropic"])
    tables = tables_of(config)
    firms = tables["firms"]
    new = firms[(firms["firm"] == "newcomer") & (firms["step"] == 24)].iloc[0]
    assert new["revenue_musd"] > 0.0
    assert new["share_revenue"] > 0.01
    trades = tables["trades"]
    buyers = set(trades[(trades["seller"] == "newcomer") & (trades["value_musd"] > 0)]["buyer"])
    assert {"enterprise_large", "enterprise_software"} <= buyers
    assert {("google_cloud", "newcomer", "compute"), ("newcomer", "google_cloud", "listing")} <= edges_in_trade(tables)
    check_numbers(tables)
    twin = firms[(firms["firm"] == "anthropic") & (firms["step"] == 24)].iloc[0]
    old = baseline.tables["firms"]
    before = old[(old["firm"] == "anthropic") & (old["step"] == 24)].iloc[0]
    assert twin["revenue_musd"] < before["revenue_musd"]  # its customers come from somewhere


# -- draws -------------------------------------------------------------------------------------------


class Recording(RandomSource):
    """Remembers which draws were asked for, and how they begin."""

    seen: dict[tuple[str, str, int], tuple[float, ...]]

    def draws(self, owner: str, purpose: str, period: int = 0) -> Draws:
        result = super().draws(owner, purpose, period)
        key = (owner, purpose, period)
        numbers = tuple(result.uniform(3))
        assert self.seen.setdefault(key, numbers) == numbers
        return result


def recorded(monkeypatch, **overrides):
    """A run, the draws it asked for, and the buyers' columns at its start and at its end."""
    import aimarket.model as module

    seen: dict[tuple[str, str, int], tuple[float, ...]] = {}
    monkeypatch.setattr(Recording, "seen", seen, raising=False)
    monkeypatch.setattr(module, "RandomSource", Recording)
    model = AIMarket("baseline", 1, overrides={"time.periods": 36} | overrides)
    columns = {}
    for segment in model.segments:
        population = segment.population
        for name in ("price_sensitivity", "open_taste", "home_cloud", "usage", "adopted"):
            columns[segment.name, name] = getattr(population, name).copy()
    tables = model.run().tables
    columns |= {(segment.name, "adopted at the end"): segment.population.adopted.copy() for segment in model.segments}
    columns |= {(segment.name, "usage at the end"): segment.population.usage.copy() for segment in model.segments}
    return tables, seen, columns


@pytest.mark.parametrize(
    "overrides",
    [
        {"agents.openai.strategies.pricing": {"name": "cost_plus", "markup": 2.0}},
        {"agents.anthropic.strategies.release": {"name": "lagged_release", "lag_months": 12}},
    ],
)
def test_changing_one_strategy_leaves_every_other_draw_as_it_was(monkeypatch, overrides):
    tables, draws, columns = recorded(monkeypatch)
    changed, other_draws, other_columns = recorded(monkeypatch, **overrides)
    assert not tables["market"].equals(changed["market"])  # the strategy matters
    assert len(draws) > 1000
    assert draws == other_draws
    assert set(columns) == set(other_columns)
    for key, values in columns.items():
        np.testing.assert_array_equal(values, other_columns[key], err_msg=str(key))


# -- other configs -----------------------------------------------------------------------------------


def yearly(tables):
    market = tables["market"]
    return market.groupby(market["date"].str[:4])["revenue_musd"].sum()


def test_quarters_tell_the_same_story_as_months(baseline):
    tables = tables_of("baseline", **{"time.period": "quarter", "time.periods": 32})
    check_numbers(tables)
    assert tables["market"]["date"].iloc[[0, 1, -1]].tolist() == ["2023-01-01", "2023-04-01", "2030-10-01"]
    ratio = yearly(tables) / yearly(baseline.tables)
    assert ratio.between(1 / 1.35, 1.35).all(), ratio.round(2).to_dict()


@pytest.mark.parametrize("make", [minimal_config, small_config])
def test_the_smallest_market_runs(make):
    tables = tables_of(make())
    assert len(tables["market"]) == 24
    check_numbers(tables)
    assert (tables["market"]["revenue_musd"] > 0.0).all()
    assert (tables["market"]["hhi_revenue"] <= 1.0 + 1e-12).all()


def test_a_monopolist_without_competition_from_outside_can_be_priced():
    config = minimal_config()
    lab, buyers = config["agents"]["lab"], config["agents"]["buyers"]
    lab["products"]["app"]["launch"] = "2023-06"
    lab["strategies"]["pricing"] = "myopic_best_response"
    buyers["tastes"]["outside_utility"] = -45.0
    buyers["usage"] |= {"price_elasticity": 0.0, "budget_usd_per_month": 1e9}
    check_numbers(tables_of(config))


def test_linear_prices_run():
    config = minimal_config()
    config["services"]["price_term"] = "linear"
    config["agents"]["buyers"]["tastes"]["price_sensitivity_mean"] = 0.2
    check_numbers(tables_of(config))


def test_the_accounts_cannot_be_turned_off(monkeypatch):
    from aimarket.agents.firm import Firm

    honest = Firm.balance_sheet

    def cooked(self):
        sheet = honest(self)
        if self.name == "cloud" and self.market.clock.step == 5:
            return type(sheet)(sheet.fixed_assets_musd + 1.0, sheet.debt_musd, sheet.depreciation_musd)
        return sheet

    monkeypatch.setattr(Firm, "balance_sheet", cooked)
    with pytest.raises(AccountingError) as caught:
        tables_of(minimal_config())
    assert (caught.value.agent, caught.value.account, caught.value.period) == ("cloud", "fixed assets", 5)
    assert caught.value.amount_musd == pytest.approx(1.0)


def test_an_edge_to_nobody_is_refused():
    with pytest.raises(ConfigError) as caught:
        AIMarket("baseline", 1, overrides={"supply_graph.services.openai.consumer": {}})
    assert caught.value.path == "supply_graph.services.openai.consumer"
    assert "consumers" in (caught.value.remedy or "")
