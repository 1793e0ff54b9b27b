"""The supply graph: edges open, close and go; trade off the graph is impossible; GraphML keeps it all."""

import io

import networkx as nx
import pytest

from aimarket.config import load_config
from aimarket.config.schema.base import month_index
from aimarket.config.schema.graph import ListingEdge
from aimarket.errors import ConfigError
from aimarket.supply_graph import GOODS, SupplyGraph
from model_fixtures import small_config


def graph(month="2024-01", **terms):
    config = small_config()
    config["supply_graph"]["compute"]["cloud"]["lab"] = terms
    result = SupplyGraph(load_config(config))
    result.refresh(month_index(month))
    return result


def test_it_is_a_directed_graph_of_all_agents():
    g = graph()
    config = small_config()
    assert isinstance(g.graph, nx.DiGraph)
    assert {name: data["kind"] for name, data in g.graph.nodes(data=True)} == {
        name: entry["kind"] for name, entry in config["agents"].items()
    }
    assert {data["good"] for _, _, data in g.graph.edges(data=True)} == set(GOODS)


def test_every_edge_of_the_config_is_there_and_no_other():
    g, config = graph(), small_config()["supply_graph"]
    edges = {(s, b, good) for good, rows in config.items() for s, row in rows.items() for b in row}
    funded = {"grid", "chipco", "cloud", "lab", "openlab"}
    edges |= {("money", firm, "capital") for firm in funded}
    assert {(s, b, data["good"]) for s, b, data in g.graph.edges(data=True)} == edges


def test_buyers_and_sellers():
    g = graph()
    assert set(g.buyers("compute", "cloud")) == {"lab", "openlab", "everybody"}
    assert g.sellers("compute", "lab") == ("cloud",)
    assert set(g.sellers("services", "buyers")) == {"lab", "openlab", "cloud"}
    assert g.buyers("chips", "cloud") == ()
    assert g.sellers("power", "nobody") == ()


def test_terms_are_the_entry_of_the_config():
    terms = graph().terms("lab", "cloud")
    assert isinstance(terms, ListingEdge)
    assert terms.fee_share == 0.1


@pytest.mark.parametrize(
    ("month", "is_open"),
    [("2023-12", False), ("2024-02", False), ("2024-03", True), ("2024-08", True), ("2024-09", False)],
)
def test_edges_open_and_close_by_month(month, is_open):
    g = graph(month, opens="2024-03", closes="2024-09")
    assert ("lab" in g.buyers("compute", "cloud")) is is_open
    assert (g.sellers("compute", "lab") == ("cloud",)) is is_open


@pytest.mark.parametrize("step", [1, 3, 7])
def test_edges_open_and_close_as_time_goes_by(step):
    g = graph("2024-01", opens="2024-03", closes="2024-09")
    start = month_index("2024-01")
    for month in range(start, start + 14, step):
        g.refresh(month)
        expected = month_index("2024-03") <= month < month_index("2024-09")
        assert ("lab" in g.buyers("compute", "cloud")) is expected, month


def test_removal_ends_trade_at_once_and_for_good():
    g = graph()
    g.remove("cloud", "lab")
    assert "lab" not in g.buyers("compute", "cloud")
    assert g.sellers("compute", "lab") == ()
    with pytest.raises(KeyError):
        g.trade("cloud", "lab", "compute", 1.0, 1.0)
    g.refresh(month_index("2030-01"))
    assert "lab" not in g.buyers("compute", "cloud")
    assert g.sellers("compute", "openlab") == ("cloud",)


def test_removing_what_is_not_there_is_an_error():
    with pytest.raises(nx.NetworkXError):
        graph().remove("lab", "grid")


@pytest.mark.parametrize(("seller", "buyer"), [("lab", "grid"), ("cloud", "nobody"), ("buyers", "lab")])
def test_trade_off_the_graph_raises_and_books_nothing(seller, buyer):
    g = graph()
    with pytest.raises(KeyError):
        g.trade(seller, buyer, "compute", 1.0, 1.0)
    assert g.close_period() == {}


def test_flows_add_up_by_good_and_last_a_period():
    g = graph()
    g.trade("cloud", "lab", "compute", 100.0, 3.0, 60.0)
    g.trade("cloud", "lab", "compute", 50.0, 1.0)
    g.trade("lab", "buyers", "api", 7.0, 2.0)
    g.trade("lab", "buyers", "service", 3.0, 4.0)
    done = g.close_period()
    assert done == {
        ("cloud", "lab", "compute"): (150.0, 4.0, 60.0),
        ("lab", "buyers", "api"): (7.0, 2.0, 0.0),
        ("lab", "buyers", "service"): (3.0, 4.0, 0.0),
    }
    assert g.graph.edges["cloud", "lab"]["flows"] == {"compute": (150.0, 4.0, 60.0)}
    assert set(g.graph.edges["lab", "buyers"]["flows"]) == {"api", "service"}
    assert g.close_period() == {}
    assert g.graph.edges["cloud", "lab"]["flows"] == {}


def test_graphml_survives_a_round_trip():
    g = graph(opens="2023-05")
    g.trade("cloud", "lab", "compute", 150.0, 4.5, 60.0)
    g.trade("lab", "buyers", "api", 7.0, 2.0)
    g.trade("lab", "buyers", "service", 3.0, 4.0)
    g.close_period()
    read = nx.read_graphml(io.BytesIO(g.graphml().encode()))
    assert isinstance(read, nx.DiGraph)
    assert set(read.nodes) == set(g.graph.nodes)
    assert set(read.edges) == set(g.graph.edges)
    assert read.nodes["cloud"]["kind"] == "compute_provider"
    assert read.edges["cloud", "lab"] == {
        "good": "compute",
        "quantity": 150.0,
        "value_musd": 4.5,
        "price": pytest.approx(0.03),
        "contract_share": pytest.approx(0.4),
    }
    assert read.edges["lab", "buyers"]["quantity"] == 10.0
    assert read.edges["lab", "buyers"]["value_musd"] == 6.0
    assert read.edges["grid", "cloud"]["price"] == 0.0


def test_graphml_is_the_same_text_every_time():
    texts = set()
    for _ in range(2):
        g = graph()
        g.trade("cloud", "lab", "compute", 1.0, 0.1)
        g.close_period()
        texts |= {g.graphml(), g.graphml()}
    assert len(texts) == 1


def test_two_goods_on_one_edge_are_refused():
    config = small_config()
    config["supply_graph"]["services"]["lab"]["cloud"] = {}
    with pytest.raises(ConfigError) as caught:
        load_config(config)
    assert caught.value.path.startswith("supply_graph.")
