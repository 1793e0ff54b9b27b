"""Edges of the supply graph can be barred and opened again, and keep their terms."""

from __future__ import annotations

import pytest

from aimarket.config import load_config
from aimarket.config.schema.base import month_index
from aimarket.supply_graph import SupplyGraph
from model_fixtures import events_config

EDGE = [("cloud", "lab")]


@pytest.fixture
def graph():
    config = events_config()
    config["supply_graph"]["compute"]["cloud"]["lab"] = {"closes": "2024-06"}
    graph = SupplyGraph(load_config(config))
    graph.refresh(month_index("2024-01"))
    return graph


def reach(graph):
    assert ("lab" in graph.buyers("compute", "cloud")) is ("cloud" in graph.sellers("compute", "lab"))
    return "lab" in graph.buyers("compute", "cloud")


def test_a_barred_edge_is_closed_at_once_and_keeps_its_terms(graph):
    graph.close(EDGE)
    assert not reach(graph)
    assert graph.is_barred("cloud", "lab")
    assert not graph.is_barred("cloud", "openlab")
    assert graph.terms("cloud", "lab").closes == "2024-06"
    graph.refresh(month_index("2024-02"))
    assert not reach(graph)


def test_it_opens_with_the_last_bar_that_is_lifted(graph):
    graph.close(EDGE)
    graph.close(EDGE)
    graph.reopen(EDGE)
    assert not reach(graph)
    graph.reopen(EDGE)
    assert reach(graph)
    assert not graph.is_barred("cloud", "lab")


def test_dates_of_the_config_still_hold(graph):
    graph.close(EDGE)
    graph.refresh(month_index("2024-07"))
    graph.reopen(EDGE)
    assert not reach(graph)


def test_edges_by_good_seller_and_buyer(graph):
    assert set(graph.edges("compute")) == {("cloud", b) for b in ("lab", "late", "openlab", "everybody")}
    assert graph.edges("compute", "cloud", "lab") == EDGE
    assert set(graph.edges("listing", buyer="cloud")) == {("lab", "cloud"), ("late", "cloud")}
    assert graph.edges("chips", seller="cloud") == []


def test_what_is_not_there_or_not_barred_is_an_error_that_changes_nothing(graph):
    with pytest.raises(KeyError):
        graph.close([*EDGE, ("lab", "nobody")])
    with pytest.raises(KeyError):
        graph.reopen([("lab", "nobody")])
    with pytest.raises(ValueError, match="nothing bars the edge from cloud to lab"):
        graph.reopen(EDGE)
    assert reach(graph)
    assert not graph.is_barred("cloud", "lab")
