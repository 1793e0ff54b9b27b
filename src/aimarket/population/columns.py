"""The buyers of one segment, held as columns: no object and no Python loop per buyer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from aimarket.errors import ConfigError
from aimarket.population.afresh import choose_afresh
from aimarket.population.choice import (
    BoolArray,
    ChoiceMeasures,
    ChoiceOutcome,
    ChoiceSet,
    FloatArray,
    IntArray,
    Tastes,
    add_measures,
    choose_products,
)
from aimarket.population.habits import NEUTRAL, Habits, SellerShares, sellers_of_products
from aimarket.population.making import check_memory, home_clouds, unit_lognormal
from aimarket.randomness import Draws, RandomSource

__all__ = ["Population"]

# Columns of a workload, plus the arrays that live for a moment while one is drawn.
_WORKLOAD_BYTES, _DRAWING_BYTES = 11, 64
_MOST_PRODUCTS = 2**15 - 1


class Population:
    """The firms of a segment and their workloads, and which product each workload uses.

    Columns of firms, shape (F,): ``price_sensitivity`` (alpha, utils per unit of the price term,
    lognormal with the given mean), ``open_taste`` (gamma, utils, normal), ``home_cloud`` (index of a
    cloud, -1 for none), ``adopted``.  Columns of workloads, shape (F W,), workload k of firm i at
    i W + k: ``usage`` (lognormal with mean 1: Mtok relative to the segment's mean), ``product``
    (-1: the outside option, or none yet) and ``must_choose`` (new).

    A firm's tastes depend on the seed, the segment's name and the firm's index only, so a larger
    population begins with the smaller one.  Raises ``ConfigError`` for values out of bounds and,
    before anything is allocated, for a population that does not fit into ``MEMORY_LIMIT_BYTES``.
    """

    def __init__(
        self,
        *,
        name: str,
        firms: int,
        workloads_per_firm: int,
        price_sensitivity_mean: float,
        price_sensitivity_log_sd: float,
        open_taste_mean: float,
        open_taste_sd: float,
        usage_log_sd: float,
        cloud_shares: Sequence[float],
        adopted_share: float,
        source: RandomSource,
    ) -> None:
        self.name = name
        self.firms = firms
        self.workloads_per_firm = workloads_per_firm
        self._check_size()
        self._check(price_sensitivity_mean > 0, "price_sensitivity_mean", price_sensitivity_mean, "above 0")
        for field, spread in (
            ("price_sensitivity_log_sd", price_sensitivity_log_sd),
            ("open_taste_sd", open_taste_sd),
            ("usage_log_sd", usage_log_sd),
        ):
            self._check(spread >= 0, field, spread, "at least 0")
        self._check(True, "open_taste_mean", open_taste_mean, "finite")
        self._check(0 <= adopted_share <= 1, "adopted_share", adopted_share, "between 0 and 1")
        workloads = firms * workloads_per_firm

        def draws(purpose: str) -> Draws:
            return source.draws(name, f"population {purpose}")

        self.price_sensitivity = price_sensitivity_mean * unit_lognormal(
            price_sensitivity_log_sd, draws("price sensitivity"), firms
        )
        self.open_taste: FloatArray = open_taste_mean + open_taste_sd * draws("open taste").normal(firms)
        self.home_cloud = home_clouds(name, firms, cloud_shares, draws("home cloud"))
        self.adopted: BoolArray = np.zeros(firms, dtype=np.bool_)
        self.usage = unit_lognormal(usage_log_sd, draws("usage"), workloads)
        self.product: npt.NDArray[np.int16] = np.full(workloads, -1, dtype=np.int16)
        self.must_choose: BoolArray = np.zeros(workloads, dtype=np.bool_)
        self.adopt(adopted_share, draws("first adoption"))

    def _check(self, holds: bool, field: str, value: float, bound: str) -> None:
        if not (holds and np.isfinite(value)):
            raise ConfigError(f"must be {bound} and finite", path=f"{self.name}.{field}", value=value)

    def _check_size(self) -> None:
        for field in ("firms", "workloads_per_firm"):
            value = getattr(self, field)
            if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
                raise ConfigError("must be a whole number of at least 1", path=f"{self.name}.{field}", value=value)
            setattr(self, field, int(value))
        check_memory(self.name, self.firms, self.workloads_per_firm, _WORKLOAD_BYTES + _DRAWING_BYTES)

    @property
    def workloads(self) -> int:
        """Number of workloads F W, live or not."""
        return self.firms * self.workloads_per_firm

    @property
    def live_workloads(self) -> int:
        """Number of workloads of firms that have adopted."""
        return int(np.count_nonzero(self.adopted)) * self.workloads_per_firm

    @property
    def bytes_per_workload(self) -> float:
        """Memory of all columns, divided by the number of workloads."""
        columns = (
            self.price_sensitivity,
            self.open_taste,
            self.home_cloud,
            self.adopted,
            self.usage,
            self.product,
            self.must_choose,
        )
        return sum(column.nbytes for column in columns) / self.workloads

    def adopt(self, probability: float, draws: Draws) -> int:
        """Let each firm that has not adopted do so with ``probability``; return how many did.

        A simulated firm stands for many real ones, so the number is the expected one, rounded up or down
        at random, and the firms with the smallest draws adopt (systematic sampling: every firm has the
        stated probability, their number hardly varies).  Firm i uses draw i.  Every workload of a new
        firm must choose at the next opportunity.
        """
        waiting = np.flatnonzero(~self.adopted)
        uniform = draws.uniform(self.firms + 1)
        count = min(int(probability * waiting.size + uniform[-1]), waiting.size)
        if count == 0:
            return 0
        new = waiting[np.argsort(uniform[waiting], kind="stable")[:count]]
        self.adopted[new] = True
        rows = new[:, None] * self.workloads_per_firm + np.arange(self.workloads_per_firm)
        self.must_choose[rows.ravel()] = True
        return count

    def reconsider(
        self,
        probability: float,
        choice_set: ChoiceSet,
        tastes: Tastes,
        who: Draws,
        which: Draws,
        habits: Habits = NEUTRAL,
    ) -> ChoiceMeasures:
        """A period's choices: who reconsiders is drawn from ``who``, what they choose from ``which``."""
        rows = self.reconsidering(probability, choice_set.available, who)
        return self.choose(rows, choice_set, tastes, which, habits)

    def reconsidering(self, probability: float, available: BoolArray, draws: Draws) -> IntArray:
        """Indices of the workloads that choose this period, ascending.

        A live workload chooses if it is new, if its product is not available (J,) any more, or with
        ``probability`` (Calvo 1983).  Workload r uses draw r.
        """
        # The added last entry answers for product -1, which is always to be had.
        gone = ~np.append(np.asarray(available, dtype=np.bool_), True)[self.product]
        chooses = self.must_choose | gone | (draws.uniform(self.workloads) < probability)
        chooses &= np.repeat(self.adopted, self.workloads_per_firm)
        return np.flatnonzero(chooses)

    def choose(
        self, rows: IntArray, choice_set: ChoiceSet, tastes: Tastes, draws: Draws, habits: Habits = NEUTRAL
    ) -> ChoiceOutcome:
        """Let the workloads ``rows`` choose from ``choice_set``, and remember what they chose.

        Workload r uses draw r, so its luck does not depend on who else reconsiders.  Where firms shun
        concentration, the first workloads of all firms choose first, then the second ones, and each
        sees where the firm's others are by then.
        """
        if choice_set.products > _MOST_PRODUCTS:
            raise ConfigError(f"must be at most {_MOST_PRODUCTS}", path="products", value=choice_set.products)
        if self.home_cloud.size and int(self.home_cloud.max()) >= choice_set.listed.shape[0]:
            raise ConfigError(
                f"needs a row for each of the home clouds 0 to {int(self.home_cloud.max())}",
                path=f"{self.name}.listed",
                value=choice_set.listed.shape,
            )
        rows = np.asarray(rows, dtype=np.int64)
        uniform = draws.uniform(self.workloads)[rows]
        if not habits.one_by_one(self.workloads_per_firm):
            return self._choose(rows, choice_set, tastes, uniform, habits, None)
        chosen, previous = np.empty_like(rows), np.empty_like(rows)
        parts = []
        for turn in range(self.workloads_per_firm):
            mine = np.flatnonzero(rows % self.workloads_per_firm == turn)
            product = self.product.reshape(self.firms, -1)[rows[mine] // self.workloads_per_firm]
            others = sellers_of_products(np.delete(product, turn, axis=1), habits.seller)
            part = self._choose(rows[mine], choice_set, tastes, uniform[mine], habits, others)
            chosen[mine], previous[mine] = part.chosen, part.previous
            parts.append(part)
        total = add_measures(parts, choice_set.products)
        return ChoiceOutcome(**vars(total), chosen=chosen, previous=previous)

    def _choose(
        self,
        rows: IntArray,
        choice_set: ChoiceSet,
        tastes: Tastes,
        uniform: FloatArray,
        habits: Habits,
        others: SellerShares | None,
    ) -> ChoiceOutcome:
        firm, usage = rows // self.workloads_per_firm, self.usage[rows]
        alpha = habits.sensitivity(self.price_sensitivity[firm])
        outcome = choose_products(
            choice_set,
            tastes,
            price_sensitivity=alpha,
            open_taste=self.open_taste[firm],
            home_cloud=self.home_cloud[firm].astype(np.int64),
            previous=self.product[rows].astype(np.int64),
            usage=usage,
            uniform=uniform,
            burden=habits.burden(choice_set.products, alpha, usage, others),
        )
        self.product[rows] = outcome.chosen
        self.must_choose[rows] = False
        return outcome

    def expect_afresh(
        self, choice_set: ChoiceSet, tastes: Tastes, habits: Habits = NEUTRAL
    ) -> tuple[ChoiceMeasures, FloatArray]:
        """What all live workloads would choose in the mean, had none of them a product to stay with.

        The second part (J,) is minus the derivative of expected usage in the product's own price term while
        the attraction of the alternatives is held, sum over i of usage_i alpha_i P_ij / (1 - sigma).
        Where firms shun concentration, a firm's workloads choose in turn, each knowing the chances of
        those before it.
        """
        return choose_afresh(
            choice_set,
            tastes,
            habits,
            price_sensitivity=self.price_sensitivity[self.adopted],
            open_taste=self.open_taste[self.adopted],
            home_cloud=self.home_cloud[self.adopted].astype(np.int64),
            usage=self.usage.reshape(self.firms, self.workloads_per_firm)[self.adopted],
        )

    def usage_by_product(self, products: int) -> FloatArray:
        """Usage of live workloads by product, shape (products,); the outside option is left out."""
        # A workload that is not live has product -1.
        index = self.product.astype(np.int64) + 1
        total = np.bincount(index, weights=self.usage, minlength=products + 1)
        return np.asarray(total[1 : products + 1], dtype=np.float64)

    def usage_by_cloud(self, clouds: int, products: int) -> FloatArray:
        """Usage of live workloads by home cloud and product, shape (clouds, products)."""
        home = np.repeat(self.home_cloud.astype(np.int64), self.workloads_per_firm)
        index = home * (products + 1) + self.product + 1
        used = home >= 0
        total = np.bincount(index[used], weights=self.usage[used], minlength=clouds * (products + 1))
        return np.asarray(total.reshape(clouds, products + 1)[:, 1:], dtype=np.float64)

    def adopted_share_by_usage(self) -> float:
        """Share of firms that have adopted, each weighted with the usage of its workloads."""
        by_firm = self.usage.reshape(self.firms, self.workloads_per_firm).sum(axis=1)
        return float(by_firm[self.adopted].sum() / by_firm.sum())

    def providers_per_firm(self, firm_of_product: IntArray) -> float:
        """Multi-homing: how many providers a buying firm uses on average.

        ``firm_of_product`` (J,) says who sells each product.  Firms that use no product do not count;
        0 where no firm uses one.
        """
        provider = np.append(np.asarray(firm_of_product, dtype=np.int64), -1)[self.product]
        provider = np.sort(provider.reshape(self.firms, self.workloads_per_firm), axis=1)
        first = np.ones((self.firms, 1), dtype=np.bool_)
        distinct = np.concatenate((first, provider[:, 1:] != provider[:, :-1]), axis=1) & (provider >= 0)
        used = distinct.sum(axis=1)
        buying = np.count_nonzero(used)
        return float(used.sum() / buying) if buying else 0.0

    def firm(self, index: int) -> Mapping[str, object]:
        """Firm ``index`` by itself: its tastes, and the usage and product of each of its workloads."""
        if not 0 <= index < self.firms:
            raise IndexError(f"{self.name} has firms 0 to {self.firms - 1}, not {index}")
        own = slice(index * self.workloads_per_firm, (index + 1) * self.workloads_per_firm)
        return {
            "segment": self.name,
            "firm": index,
            "price_sensitivity": float(self.price_sensitivity[index]),
            "open_taste": float(self.open_taste[index]),
            "home_cloud": int(self.home_cloud[index]),
            "adopted": bool(self.adopted[index]),
            "usage": self.usage[own].tolist(),
            "product": self.product[own].tolist(),
        }
