"""The model as Mesa users expect it: agents, collector, batch_run, seeds."""

import inspect

import mesa
import numpy as np
import pandas as pd
import pytest

from aimarket.agents.buyer_segment import BuyerSegment
from aimarket.agents.frontier_lab import FrontierLab
from aimarket.config import load_config
from aimarket.errors import ConfigError
from aimarket.model import AIMarket
from aimarket.recording.tables import MARKET
from model_fixtures import minimal_config


def batch(parameters, seeds=(1,)):
    """``mesa.batch_run`` with given seeds: an argument ``rng`` from Mesa 3.5 on, a parameter before."""
    options = {"number_processes": 1, "data_collection_period": 1, "display_progress": False}
    frames = []
    for seed in seeds:
        if "rng" in inspect.signature(mesa.batch_run).parameters:
            rows = mesa.batch_run(AIMarket, parameters, rng=[seed], **options)
        else:
            rows = mesa.batch_run(AIMarket, {**parameters, "seed": [seed]}, **options)
        frames.append(pd.DataFrame(rows).assign(seed=seed))
    return pd.concat(frames, ignore_index=True)


@pytest.fixture(scope="module")
def rows():
    return batch({"config": ["baseline"], "overrides": [{"time.periods": 3}]}, seeds=(1, 2))


@pytest.fixture(scope="module")
def stepped():
    model = AIMarket("baseline", 1, overrides={"time.periods": 5})
    model.run()
    return model


def test_batch_run_gives_a_row_for_each_period_and_agent(rows):
    agents = len(AIMarket("baseline", 1).agents)
    counts = rows.groupby(["seed", "Step"]).size()
    periods = [step for step in sorted(rows["Step"].unique()) if counts[1, step] == agents]
    assert len(periods) == 3
    assert rows.groupby("seed")["name"].nunique().tolist() == [agents, agents]


def test_batch_run_pairs_the_market_with_agents_of_the_same_period(rows):
    for seed in (1, 2):
        tables = AIMarket("baseline", seed, overrides={"time.periods": 3}).run().tables
        mine = rows[rows["seed"] == seed]
        firms = tables["firms"].set_index(["step", "firm"])
        assert set(mine["step"]) == {1, 2, 3}
        for row in mine.itertuples():
            assert row.revenue_musd == tables["market"]["revenue_musd"][row.step - 1]
            if (row.step, row.name) in firms.index:
                assert row.cash_musd == firms.loc[(row.step, row.name), "cash_musd"]
                assert row.valuation_musd == firms.loc[(row.step, row.name), "valuation_musd"]


def test_batch_run_sweeps_any_path_of_the_config():
    rows = batch(
        {
            "config": ["baseline"],
            "time.periods": [2],
            "agents.openai.cash_musd": [6000.0, 9000.0],
        }
    )
    cash = rows[(rows["name"] == "openai") & (rows["step"] == 1)].set_index("agents.openai.cash_musd")["cash_musd"]
    assert cash[9000.0] - cash[6000.0] == pytest.approx(3000.0, rel=0.02)  # richer, it trains a little more


def test_batch_run_refuses_an_unknown_path():
    with pytest.raises(ConfigError):
        batch({"config": ["baseline"], "agents.openai.cash": [1.0]})


def test_agents_are_mesa_agents(stepped):
    assert isinstance(stepped, mesa.Model)
    assert {agent.name for agent in stepped.agents} == set(stepped.config.agents)
    assert len(stepped.agents) == len(stepped.config.agents)
    assert all(isinstance(agent, mesa.Agent) for agent in stepped.agents)
    ids = [agent.unique_id for agent in stepped.agents]
    assert len(set(ids)) == len(ids)
    assert all(agent.model is stepped for agent in stepped.agents)


def test_agents_by_type_and_select(stepped):
    kinds = [entry.kind for entry in stepped.config.agents.values()]
    assert len(stepped.agents_by_type[FrontierLab]) == kinds.count("frontier_lab")
    assert len(stepped.agents_by_type[BuyerSegment]) == kinds.count("buyer_segment")
    labs = stepped.agents.select(lambda agent: agent.role == "frontier_lab")
    assert set(labs.get("name")) == {"openai", "anthropic", "google", "xai"}


def test_the_collector_holds_the_market_table(stepped):
    frame = stepped.datacollector.get_model_vars_dataframe()
    market = stepped.results.tables["market"]
    assert tuple(frame.columns) == MARKET.names
    assert len(frame) == 5
    for column in MARKET.names:
        np.testing.assert_array_equal(frame[column].to_numpy(), market[column].to_numpy(), err_msg=column)


def test_the_collector_holds_agents_of_every_period(stepped):
    frame = stepped.datacollector.get_agent_vars_dataframe()
    assert len(frame) == 5 * len(stepped.agents)
    assert {"name", "role", "cash_musd", "valuation_musd"} <= set(frame.columns)
    last = frame.xs(frame.index.get_level_values(0).max(), level=0).set_index("name")
    for name, firm in stepped.firms.items():
        assert last.loc[name, "cash_musd"] == firm.cash_musd


def test_steps_and_running(stepped):
    assert stepped.steps == 5
    assert stepped.running is False
    model = AIMarket("baseline", 1, overrides={"time.periods": 2})
    assert model.running
    model.step()
    assert (model.steps, model.clock.step, model.running) == (1, 1, True)
    model.step()
    assert not model.running


def test_rng_is_another_name_of_seed():
    config = load_config(minimal_config(), {"time.periods": 3})
    by_seed, by_rng = AIMarket(config, seed=5).run(), AIMarket(config, rng=5).run()
    assert by_rng.manifest["seed"] == 5
    for name, table in by_seed.tables.items():
        pd.testing.assert_frame_equal(table, by_rng.tables[name])


def test_no_seed_draws_one_and_keeps_it():
    config = load_config(minimal_config(), {"time.periods": 2})
    first, second = AIMarket(config), AIMarket(config)
    assert first.seed != second.seed
    again = AIMarket(config, first.seed).run()
    pd.testing.assert_frame_equal(first.run().tables["market"], again.tables["market"])


@pytest.mark.parametrize("seed", [-1, 1.5, "1", True, 2**63, float("nan")])
def test_a_seed_that_is_no_whole_number_is_refused(seed):
    with pytest.raises(ConfigError) as caught:
        AIMarket("baseline", seed)
    assert caught.value.path == "seed"


def test_a_single_buyer_can_be_looked_at(stepped):
    segment = next(s for s in stepped.segments if s.name == "enterprise_large")
    buyer = segment.firm(0)
    assert buyer["segment"] == "enterprise_large"
    assert buyer["home_cloud"] in segment.clouds
    assert len(buyer["usage"]) == len(buyer["product"]) == 3
    assert all(product is None or product in stepped.catalogue.names for product in buyer["product"])
    with pytest.raises(IndexError):
        segment.firm(segment.population.firms)
