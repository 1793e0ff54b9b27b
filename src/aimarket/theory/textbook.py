"""A config read as a textbook market: the few numbers that decide its equilibrium."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from aimarket.config.schema.agents import FrontierLabEntry, OpenWeightProviderEntry
from aimarket.config.schema.world import HOURS_PER_MONTH
from aimarket.errors import ConfigError

if TYPE_CHECKING:
    from aimarket.config.schema import MarketConfig
    from aimarket.config.schema.agents import Fleet
    from aimarket.config.schema.buyers import BuyerSegmentEntry

__all__ = ["Textbook", "textbook"]

FloatArray = npt.NDArray[np.float64]

_NEVER_TAKEN = -40.0


@dataclass(frozen=True, eq=False)
class Textbook:
    """J products of a market with one segment, (nested) logit demand, fixed qualities and constant costs.

    In the order of the catalogue: ``products``, ``sellers``, ``suppliers`` (who provides the compute: a
    cloud, or the seller's own fleet), ``quality`` (J,) in utils, ``compute_cost`` and ``other_cost`` (J,) in
    USD per Mtok, ``nest`` (J,), ``capacity`` (J,) in Mtok a month, infinite where compute is rented.
    """

    products: tuple[str, ...]
    sellers: tuple[str, ...]
    suppliers: tuple[str, ...]
    quality: FloatArray
    compute_cost: FloatArray
    other_cost: FloatArray
    nest: npt.NDArray[np.int64]
    capacity: FloatArray
    price_coefficient: float
    nesting: float
    outside_utility: float
    market_size: float

    @property
    def terms(self) -> dict[str, Any]:
        """Everything but costs and owners, as ``bertrand_nash`` and its kin take it; the outside option may be none."""
        return {
            "quality": self.quality,
            "price_coefficient": self.price_coefficient,
            "nest": self.nest,
            "nesting": self.nesting,
            # One that nobody would ever take is as good as none.
            "outside_utility": self.outside_utility if self.outside_utility > _NEVER_TAKEN else None,
            "capacity": self.capacity,
            "market_size": self.market_size,
        }

    @property
    def cost(self) -> FloatArray:
        """Marginal cost where compute sells at cost, USD per Mtok."""
        return self.compute_cost + self.other_cost


def textbook(config: MarketConfig) -> Textbook:
    """The textbook market that ``config`` is.

    Raises
    ------
    ConfigError
        The config has more in it than a textbook: several segments, tastes that differ between buyers,
        inertia, usage that depends on the price, a log price.
    """
    segments = {name: entry for name, entry in config.agents.items() if entry.kind == "buyer_segment"}
    if len(segments) != 1:
        raise ConfigError("is no textbook market: needs one buyer segment", path="agents", value=len(segments))
    (name, segment), *_ = segments.items()
    assert segment.kind == "buyer_segment"
    _require_textbook(config, name, segment)
    rows = []
    for firm, entry in config.agents.items():
        if isinstance(entry, FrontierLabEntry):
            for key, product in entry.products.items():
                appeal = product.appeal.get(name, 0.0)
                rows.append(
                    (
                        f"{firm}_{key}",
                        firm,
                        entry.quality + product.quality_offset,
                        appeal,
                        product.compute_intensity,
                        product.labour_cost_usd_per_mtok,
                        0,
                        entry.fleet,
                    )
                )
        elif isinstance(entry, OpenWeightProviderEntry) and entry.self_hosted:
            appeal = entry.appeal.get(name, 0.0)
            rows.append((f"{firm}@{firm}", firm, entry.quality, appeal, entry.compute_intensity, 0.0, 1, entry.fleet))
    rows.sort(key=lambda row: row[0])
    suppliers, compute, capacity = [], [], []
    for _, firm, _, _, intensity, _, _, fleet in rows:
        supplier, price, limit = _compute(config, firm, fleet)
        hours = config.technology.serving_gpu_hours_per_mtok * intensity
        suppliers.append(supplier)
        compute.append(price * hours)
        capacity.append(limit / hours)
    taste = segment.tastes
    return Textbook(
        products=tuple(row[0] for row in rows),
        sellers=tuple(row[1] for row in rows),
        suppliers=tuple(suppliers),
        quality=np.array([taste.quality_weight * row[2] + row[3] + taste.open_taste_mean * row[6] for row in rows]),
        compute_cost=np.array(compute),
        other_cost=np.array([row[5] for row in rows]),
        nest=np.array([row[6] for row in rows], dtype=np.int64),
        capacity=np.array(capacity),
        price_coefficient=taste.price_sensitivity_mean,
        nesting=taste.nesting,
        outside_utility=taste.outside_utility,
        market_size=segment.buyers * config.population.workloads_per_firm * segment.usage.mtok_per_month,
    )


def _require_textbook(config: MarketConfig, name: str, segment: BuyerSegmentEntry) -> None:
    taste, use = segment.tastes, segment.usage
    if config.services.price_term != "linear":
        raise ConfigError("is no textbook market", path="services.price_term", value="log", remedy="must be linear")
    if segment.strategies.choice.name != "logit":
        path = f"agents.{name}.strategies.choice"
        raise ConfigError(
            "is no textbook market", path=path, value=segment.strategies.choice.name, remedy="must be logit"
        )
    zero = {
        "tastes.price_sensitivity_log_sd": taste.price_sensitivity_log_sd,
        "tastes.open_taste_sd": taste.open_taste_sd,
        "tastes.switching_cost": taste.switching_cost,
        "tastes.integration_cost": taste.integration_cost,
        "tastes.rationing_aversion": taste.rationing_aversion,
        "usage.price_elasticity": use.price_elasticity,
        "usage.growth_per_year": use.growth_per_year,
        "usage.log_sd": use.log_sd,
    }
    for path, value in zero.items():
        if value != 0.0:
            raise ConfigError("is no textbook market", path=f"agents.{name}.{path}", value=value, remedy="must be 0")


def _compute(config: MarketConfig, firm: str, fleet: Fleet | None) -> tuple[str, float, float]:
    """Who provides the compute of ``firm``, at which cost in USD per GPU-hour, and how many GPU-hours a month."""
    if fleet is not None and fleet.gpus_h100e > 0.0:
        return firm, fleet.operations_usd_per_gpu_hour, fleet.gpus_h100e * HOURS_PER_MONTH
    clouds = [cloud for cloud, row in config.supply_graph.compute.items() if firm in row]
    if len(clouds) != 1:
        path = f"supply_graph.compute.*.{firm}"
        raise ConfigError("is no textbook market: needs one supplier of compute", path=path, value=len(clouds))
    entry = config.agents[clouds[0]]
    assert entry.kind == "compute_provider"
    return clouds[0], entry.fleet.operations_usd_per_gpu_hour, np.inf
