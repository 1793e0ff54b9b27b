"""Habits of choosing that do not weigh the same on every workload: dual sourcing, and running weights oneself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from aimarket.errors import ConfigError

__all__ = ["NEUTRAL", "Burden", "Habits", "SellerShares", "sellers_of_products", "sellers_of_shares"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# Utility lost, (products, rows), given the indices of the products and the rows of one chunk of workloads.
Burden = Callable[[IntArray, slice], FloatArray]
# Share of their firms' other workloads at each seller, (sellers, rows), given the sellers and the rows of a chunk.
SellerShares = Callable[[IntArray, slice], FloatArray]

# Usage below which hosting costs no more than at it: nobody that small hosts, and the cost stays finite.
_SMALLEST_USAGE = 1e-12


def _no_sellers() -> IntArray:
    return np.zeros(0, dtype=np.int64)


def _no_products() -> FloatArray:
    return np.zeros(0)


@dataclass(frozen=True)
class Habits:
    """How the workloads of a segment go about choosing; the default changes nothing.

    ``price_sensitivity_factor`` multiplies everybody's alpha.  ``concentration_aversion`` (A, utils) is lost
    by giving a workload to the seller that has all of the firm's other workloads, and A times the share
    that ``seller`` (J,) of the product has of these W - 1 workloads otherwise; nothing with W = 1.
    ``hosting_cost`` (J,), h, is what running a product oneself costs besides its ``price`` (J,), p: USD per Mtok
    for a workload of usage 1, so h / u for one of usage u, and 0 where the seller runs it.  It takes
    alpha (ln(p + h / u) - ln p) of utility if ``log_price``, else alpha h / u.

    Raises ``ConfigError`` for values out of bounds, and for a hosting cost without a price to add it to.
    """

    price_sensitivity_factor: float = 1.0
    concentration_aversion: float = 0.0
    seller: IntArray = field(default_factory=_no_sellers)
    hosting_cost: FloatArray = field(default_factory=_no_products)
    price: FloatArray = field(default_factory=_no_products)
    log_price: bool = True

    def __post_init__(self) -> None:
        for name, value, holds, bound in (
            ("price_sensitivity_factor", self.price_sensitivity_factor, self.price_sensitivity_factor > 0.0, "above 0"),
            ("concentration_aversion", self.concentration_aversion, self.concentration_aversion >= 0.0, "not negative"),
        ):
            if not (holds and np.isfinite(value)):
                raise ConfigError(f"must be finite and {bound}", path=name, value=value)
        if not (np.isfinite(self.hosting_cost) & (np.asarray(self.hosting_cost) >= 0.0)).all():
            raise ConfigError("must be finite and not negative", path="hosting_cost", value=self.hosting_cost)
        if self.hosts and self.log_price:
            if np.shape(self.price) != np.shape(self.hosting_cost):
                shape = np.shape(self.hosting_cost)
                raise ConfigError(f"must have shape {shape}", path="price", value=np.shape(self.price))
            if not (self.price[self.hosting_cost > 0.0] > 0.0).all():
                raise ConfigError("must be above 0 for every product hosted", path="price", value=self.price)

    @property
    def hosts(self) -> bool:
        """Whether some product costs a buyer something to run."""
        return bool(np.any(self.hosting_cost))

    def one_by_one(self, workloads_per_firm: int) -> bool:
        """Whether the workloads of a firm look at each other, and so choose one after another."""
        return self.concentration_aversion > 0.0 and workloads_per_firm > 1

    def sensitivity(self, alpha: FloatArray) -> FloatArray:
        """The price sensitivity with which workloads of price sensitivity ``alpha`` choose."""
        return alpha if self.price_sensitivity_factor == 1.0 else alpha * self.price_sensitivity_factor

    def burden(self, products: int, alpha: FloatArray, usage: FloatArray, others: SellerShares | None) -> Burden | None:
        """What weighs on n workloads that choose with sensitivity ``alpha`` (n,) and have ``usage`` (n,).

        ``others`` tells where their firms' other workloads are, None if that plays no part.  None if nothing
        weighs on them.  Raises ``ConfigError`` if the habits are not about ``products`` products.
        """
        if others is None and not self.hosts:
            return None
        for name, used in (("seller", others is not None), ("hosting_cost", self.hosts)):
            if used and np.shape(getattr(self, name)) != (products,):
                raise ConfigError(f"must have shape ({products},)", path=name, value=np.shape(getattr(self, name)))

        def lost(offered: IntArray, rows: slice) -> FloatArray:
            utility = np.zeros((offered.size, alpha[rows].size))
            if self.hosts:
                hosted = np.flatnonzero(self.hosting_cost[offered])
                cost = self.hosting_cost[offered[hosted], None] / np.maximum(usage[rows], _SMALLEST_USAGE)
                if self.log_price:
                    cost = np.log1p(cost / self.price[offered[hosted], None])
                utility[hosted] = alpha[rows] * cost
            if others is not None:
                sellers, of_product = np.unique(self.seller[offered], return_inverse=True)
                utility += self.concentration_aversion * others(sellers, rows)[of_product]
            return utility

        return lost


def sellers_of_products(product: IntArray, seller: IntArray) -> SellerShares:
    """Where workloads are that use ``product`` (n, W - 1), -1 for none, of ``seller`` (J,)."""
    seller_of = np.append(seller, -1)

    def shares(sellers: IntArray, rows: slice) -> FloatArray:
        return np.asarray((seller_of[product[rows]] == sellers[:, None, None]).mean(axis=2))

    return shares


def sellers_of_shares(held: FloatArray, turn: int, seller: IntArray) -> SellerShares:
    """Where the workloads of a firm other than workload ``turn`` are, by the shares ``held`` (F, W, 1 + J)."""
    others = np.arange(held.shape[1]) != turn

    def shares(sellers: IntArray, rows: slice) -> FloatArray:
        mean = held[rows][:, others, 1:].mean(axis=1)
        return np.stack([mean[:, seller == one].sum(axis=1) for one in sellers])

    return shares


NEUTRAL = Habits()
