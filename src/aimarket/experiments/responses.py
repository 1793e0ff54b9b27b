"""Best responses: what a seat would switch to, given what the others play."""

from __future__ import annotations

from collections.abc import Sequence

import networkx as nx
import numpy as np
import numpy.typing as npt

from aimarket.experiments.statistics import Estimate, estimate

__all__ = ["best_responses", "response_graph", "resting_places", "symmetric_equilibria"]

FloatArray = npt.NDArray[np.float64]
_TIE = 1e-9


def best_responses(payoff: FloatArray) -> list[int]:
    """For each strategy of the others the one that pays most against it; staying wins ties.

    ``payoff`` has the shape (strategies, strategies of the others).
    """
    slack = _TIE * float(np.abs(payoff).max(initial=1.0))
    best = [int(np.argmax(column)) for column in payoff.T]
    return [j if payoff[j, j] >= payoff[i, j] - slack else i for j, i in enumerate(best)]


def symmetric_equilibria(payoff: FloatArray) -> list[int]:
    """Strategies that are best responses to themselves: symmetric Nash equilibria in pure strategies (Nash 1951)."""
    return [j for j, i in enumerate(best_responses(payoff)) if i == j]


def response_graph(payoffs: FloatArray, labels: Sequence[str]) -> nx.DiGraph:
    """Edges from each strategy, played by all, to the best response of a single seat; loops are equilibria.

    Parameters
    ----------
    payoffs : shape (strategies, strategies of the others, seeds); NaN for runs that failed.
    labels : names of the strategies, which become the nodes.

    Edges carry ``gain`` (mean paired difference of the response to staying), ``half_width`` of its
    interval, and ``clear``: the interval excludes 0, or for a loop, those of all switches are below it.
    """
    mean = estimate(payoffs).mean
    graph = nx.DiGraph()
    graph.add_nodes_from(labels)
    if not np.isfinite(mean).all():
        return graph
    for j, i in enumerate(best_responses(mean)):
        gains = estimate(payoffs[:, j] - payoffs[j, j])
        clear = _stays(gains, j) if i == j else bool(gains.apart_from_zero[i])
        graph.add_edge(
            labels[j], labels[i], gain=float(gains.mean[i]), half_width=float(gains.half_width[i]), clear=clear
        )
    return graph


def resting_places(graph: nx.DiGraph) -> list[list[str]]:
    """Where chains of best responses end: single strategies (equilibria), or cycles in their order."""
    found: list[list[str]] = []
    for start in graph.nodes if graph.number_of_edges() else ():
        walk = [start]
        while (after := next(iter(graph.successors(walk[-1])))) not in walk:
            walk.append(after)
        cycle = walk[walk.index(after) :]
        if not any(set(cycle) == set(known) for known in found):
            found.append(cycle)
    return found


def _stays(gains: Estimate, own: int) -> bool:
    others = np.arange(gains.mean.size) != own
    return bool((gains.apart_from_zero & (gains.mean < 0.0))[others].all())
