"""Demand with switching costs: how buyers move between options, and where they end up."""

from __future__ import annotations

from numbers import Integral

import numpy as np
import numpy.typing as npt

from aimarket.economics.errors import EconomicsError, require
from aimarket.economics.inputs import finite, numbers

__all__ = ["expected_churn", "stationary_shares", "switching_transition"]

FloatArray = npt.NDArray[np.float64]

# Rows of probabilities may miss 1 by this much.
ROUNDING = 1e-9


def switching_transition(
    utility: npt.ArrayLike, switching_cost: npt.ArrayLike, *, outside: int | None = 0
) -> FloatArray:
    """Logit probabilities (n, n) of moving from last period's option, the row, to this period's, the column.

        P_ij = exp(v_j - k_ij 1[j != i]) / sum_l exp(v_l - k_il 1[l != i])

    ``utility`` v (n,) in utils, minus infinity for an option that is gone; ``switching_cost`` k >= 0 in
    utils: a number, or (n, n) from row to column, its diagonal unused.  Option ``outside`` can be
    entered free of charge, though a vendor entered from it costs k; None charges every move.  The
    diagonal is retention (Dube, Hitsch & Rossi 2009).  Raises ``EconomicsError`` for a cost that is
    negative or of another shape, an unknown ``outside``, and where no option is left.
    """
    value, cost = numbers("utility", utility), finite("switching_cost", switching_cost)
    if value.ndim != 1 or len(value) == 0:
        raise EconomicsError("utility", value.shape, "of shape (n,) with at least one option")
    require(value < np.inf, "utility", value, "finite, or minus infinity")
    require(value.max() > -np.inf, "utility", value.max(), "finite for at least one option")
    count = len(value)
    if cost.shape not in ((), (count, count)):
        raise EconomicsError("switching_cost", cost.shape, f"a number or of shape {(count, count)}")
    require(cost >= 0.0, "switching_cost", cost, "at least 0")
    paid = np.broadcast_to(cost, (count, count)).copy()
    np.fill_diagonal(paid, 0.0)
    if outside is not None:
        if not isinstance(outside, Integral) or isinstance(outside, bool) or not 0 <= outside < count:
            raise EconomicsError("outside", outside, f"None or an option from 0 to {count - 1}")
        paid[:, outside] = 0.0
    net = value - paid
    raised = np.exp(net - net.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def stationary_shares(transition: npt.ArrayLike) -> FloatArray:
    """Shares (n,) that reproduce themselves, pi = pi P: the long-run market shares of a Markov chain.

    ``transition`` (n, n) with rows of probabilities.  Options that are left for ever get 0.  State
    reduction without subtractions keeps small shares accurate (Grassmann, Taksar & Heyman 1985).
    Raises ``EconomicsError`` for entries outside [0, 1], rows that do not sum to 1, and where the
    long run depends on the start because buyers can be locked in more than one place.
    """
    chain = _checked(transition)
    members = _recurrent(chain)
    reduced = chain[np.ix_(members, members)]
    count = len(members)
    for last in range(count - 1, 0, -1):
        leaving = reduced[last, :last].sum()
        require(leaving > 0.0, "transition", leaving, "of moves that are not vanishingly rare")
        reduced[:last, last] /= leaving
        reduced[:last, :last] += np.outer(reduced[:last, last], reduced[last, :last])
    weight = np.ones(count)
    for at in range(1, count):
        weight[at] = weight[:at] @ reduced[:at, at]
    shares = np.zeros(len(chain))
    shares[members] = weight / weight.sum()
    return shares


def expected_churn(transition: npt.ArrayLike, shares: npt.ArrayLike | None = None) -> float:
    """Part of all buyers who change their option in a period, 1 - sum_i share_i P_ii.

    ``shares`` (n,) of last period, sum 1, are the stationary ones unless given; ``transition`` as for
    ``stationary_shares``.  Raises ``EconomicsError`` where either is no distribution.
    """
    chain = _checked(transition)
    if shares is None:
        held = stationary_shares(chain)
    else:
        held = finite("shares", shares)
        if held.shape != chain.shape[:1]:
            raise EconomicsError("shares", held.shape, f"of shape {chain.shape[:1]}")
        require((held >= 0.0) & (held <= 1.0), "shares", held, "between 0 and 1")
        require(abs(held.sum() - 1.0) <= ROUNDING, "shares", held.sum(), "of sum 1")
    leaving = np.where(np.eye(len(chain)) > 0.0, 0.0, chain).sum(axis=1)
    return float(held @ leaving)


def _checked(transition: npt.ArrayLike) -> FloatArray:
    chain = finite("transition", transition)
    if chain.ndim != 2 or chain.shape[0] != chain.shape[1] or not chain.size:
        raise EconomicsError("transition", chain.shape, "of shape (n, n)")
    require(chain >= 0.0, "transition", chain, "between 0 and 1")
    total = chain.sum(axis=1)
    require(np.abs(total - 1.0) <= ROUNDING, "transition", total, "of rows with sum 1")
    return chain


def _recurrent(chain: FloatArray) -> npt.NDArray[np.intp]:
    """The options that are never left for good, which have to hang together."""
    reach = (chain > 0.0) | np.eye(len(chain), dtype=np.bool_)
    while not np.array_equal(further := reach @ reach, reach):
        reach = further
    # An option is recurrent where all it leads to leads back.
    members = np.flatnonzero((~reach | reach.T).all(axis=1))
    joined = reach[np.ix_(members, members)].all(axis=1)
    require(joined, "transition", members, "a chain with one long run, whatever the start")
    return members
