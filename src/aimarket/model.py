"""The market: a Mesa model whose step is the period's table of contents."""

from __future__ import annotations

import math
import os
import platform
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, TypeVar

import mesa
import numpy as np

from aimarket.agents.buyer_segment import BuyerSegment
from aimarket.agents.capital_market import CapitalMarket
from aimarket.agents.chip_maker import ChipMaker
from aimarket.agents.compute_provider import ComputeProvider
from aimarket.agents.energy_supplier import EnergySupplier
from aimarket.agents.firm import Firm
from aimarket.agents.frontier_lab import FrontierLab
from aimarket.agents.open_weight_provider import OpenWeightProvider
from aimarket.agents.operator import Operator
from aimarket.agents.rest_of_world import RestOfWorld
from aimarket.clock import Clock
from aimarket.config import fingerprint, load_config
from aimarket.config.registry import make_event
from aimarket.config.schema import MarketConfig
from aimarket.config.schema.base import month_index
from aimarket.contracts import Contract
from aimarket.economics.growth import fading_growth
from aimarket.errors import ConfigError, SimulationError
from aimarket.ledger import Ledger
from aimarket.markets import capital, chips, commitments, compute, compute_prices, energy, service_prices, services
from aimarket.markets.catalogue import Catalogue
from aimarket.markets.static_equilibrium import StaticEquilibrium, static_equilibrium
from aimarket.randomness import RandomSource
from aimarket.recording.collector import market_collector
from aimarket.recording.recorder import Recorder
from aimarket.recording.results import Results
from aimarket.recording.tables import TABLES
from aimarket.research import budget_research, release_models, train_models
from aimarket.settlement import settle
from aimarket.strategies.base import Decision, Strategy, View, checked_decision
from aimarket.supply_graph import SupplyGraph

if TYPE_CHECKING:
    from aimarket.accounts import Statement
    from aimarket.events.base import Event

__all__ = ["AIMarket"]

D = TypeVar("D", bound=Decision)
_LARGEST_SEED = 2**63 - 1
_ENDLESS_MONTHS = 1e6


class AIMarket(mesa.Model):
    """The AI industry from power plant to buyer, month by month.

    Parameters
    ----------
    config : a ``MarketConfig``, the name of a shipped config, or a path.
    seed : seed of every draw; the same config and seed give the same run.  None draws one from the
        operating system (kept in ``seed``).  ``rng`` is Mesa's newer name for the same argument.
    overrides : dotted path -> value, applied to the config; further keyword arguments are overrides
        too, so that ``mesa.batch_run`` can sweep any path of the config.

    Raises ``ConfigError`` for wrong input, ``AccountingError`` where the books do not close and
    ``SimulationError`` where a period produces something impossible.
    """

    def __init__(
        self,
        config: MarketConfig | str | os.PathLike[str] = "baseline",
        seed: int | None = None,
        *,
        rng: int | None = None,
        overrides: Mapping[str, Any] | None = None,
        **paths: Any,
    ) -> None:
        self.seed = _checked_seed(seed if seed is not None else rng)
        super().__init__(rng=self.seed)
        changes = {**(overrides or {}), **paths}
        if not isinstance(config, MarketConfig):
            self.config = load_config(config, changes)
        elif changes:
            self.config = load_config(config.model_dump(exclude_none=True), changes)
        else:
            self.config = config
        self.source = RandomSource(self.seed)
        self.clock = Clock(self.config.time)
        self.recorder = Recorder()
        self.graph = SupplyGraph(self.config)
        self.flows: list[tuple[str, str, str, float]] = []
        self.statements: dict[str, Statement] = {}
        self.contracts: list[Contract] = []
        self.revenue_history: dict[str, list[float]] = {}
        self.compute_shortage_gpus = 0.0
        self.spot_price_usd_per_gpu_hour = math.nan
        self.contract_price_usd_per_gpu_hour = math.nan
        self.price_index = 1.0
        self.tax_rates: dict[str, float] = {}
        self.breakthroughs: dict[str, float] = {}
        self.serving_breakthrough = 0.0
        self.static_equilibrium: StaticEquilibrium | None = None
        self._without_equilibrium: dict[int, str] = {}
        self._owed: list[tuple[str, str, str, float]] = []
        self._events: dict[str, Event] = {}
        self._make_agents()
        self._open_market()
        self._seconds = 0.0
        self.datacollector = market_collector(self)

    # -- the period ------------------------------------------------------------------------------

    def step(self) -> None:
        """One period."""
        started = time.perf_counter()
        self._begin_period()
        self.apply_events()
        capital.update_beliefs(self)
        capital.raise_capital(self)
        self.invest()
        self.clear_compute_and_energy()
        train_models(self)
        release_models(self)
        service_prices.post_prices(self)
        services.clear_services(self)
        settle(self)
        self.record()
        self._seconds += time.perf_counter() - started

    def run(self, progress: Callable[[int, int], None] | None = None) -> Results:
        """Run to the horizon; ``progress`` is called with periods done and in all."""
        while self.running:
            self.step()
            if progress is not None:
                progress(self.clock.step, self.clock.periods)
        return self.results

    def apply_events(self) -> None:
        """Strike the shocks that are due, end those that are over."""
        month, length = self.clock.month, self.clock.months_per_period
        for name, entry in self.config.events.items():
            strikes = month_index(entry.date)
            if month <= strikes < month + length:
                event = make_event(entry.kind, entry.parameters, f"events.{name}")
                self._events[name] = event
                effect = event.strike(self)
                self.recorder.event(self.when, event.kind, event.target, event.size, effect)
            duration = entry.parameters.get("duration_months")
            if duration is not None and name in self._events and month <= strikes + duration < month + length:
                event = self._events.pop(name)
                self.recorder.event(self.when, event.kind, event.target, event.size, event.end(self))

    def invest(self) -> None:
        """Fleets age, chips arrive, the grid grows, new orders are placed."""
        for firm in self.fleet_owners:
            if firm.fleet is not None:
                firm.books.depreciation_musd += firm.fleet.age_one_period()
        energy.connect_grid(self)
        chips.price_chips(self)
        chips.deliver_chips(self)
        chips.order_chips(self)
        compute.limit_by_power(self)

    def clear_compute_and_energy(self) -> None:
        """Compute sells by contract, within groups, by new reservations and spot; load follows, power clears."""
        commitments.sign_contracts(self)
        services.forecast_need(self)
        compute_prices.price_compute(self)
        budget_research(self)
        compute.clear_compute(self)
        energy.clear_energy(self)

    def record(self) -> None:
        """Measure the period and give the numbers to the tables and to Mesa's collector."""
        if self.config.record.theory:
            self.static_equilibrium = static_equilibrium(self)
            if self.static_equilibrium.problem is not None:
                self._without_equilibrium[self.clock.step] = self.static_equilibrium.problem
        self._update_price_index()
        self.recorder.period(self)
        self.datacollector.collect(self)
        row = self.recorder.latest("market")
        for key in ("revenue_musd", "mtok", "energy_load_mw", "gpu_capacity_h100e"):
            if not (math.isfinite(row[key]) and row[key] >= 0.0):
                raise SimulationError(f"{key} is {row[key]!r} in period {self.clock.step}")
        if self.clock.step >= self.clock.periods:
            self.running = False

    # -- set-up ----------------------------------------------------------------------------------

    def _make_agents(self) -> None:
        kinds: dict[str, type[Firm]] = {
            "energy_supplier": EnergySupplier,
            "chip_maker": ChipMaker,
            "compute_provider": ComputeProvider,
            "frontier_lab": FrontierLab,
            "open_weight_provider": OpenWeightProvider,
        }
        entries = self.config.agents
        self.firms: dict[str, Firm] = {
            name: kinds[entry.kind](self, name, entry) for name, entry in entries.items() if entry.kind in kinds
        }
        self.firm_index = {name: i for i, name in enumerate(self.firms)}
        self.regions = {n: f for n, f in self.firms.items() if isinstance(f, EnergySupplier)}
        self.chip_makers = {n: f for n, f in self.firms.items() if isinstance(f, ChipMaker)}
        self.providers = {n: f for n, f in self.firms.items() if isinstance(f, ComputeProvider)}
        self.operators = [f for f in self.firms.values() if isinstance(f, Operator)]
        self.labs = [f for f in self.operators if isinstance(f, FrontierLab)]
        self.hosts_and_operators = [*self.operators, *self.providers.values()]
        self.fleet_owners = [f for f in self.hosts_and_operators if f.fleet is not None]
        self.segments: list[BuyerSegment] = []
        for name, entry in entries.items():
            if entry.kind == "capital_market":
                self.investors = CapitalMarket(self, name, entry)
            elif entry.kind == "rest_of_world":
                self.world = RestOfWorld(self, name, entry)
            elif entry.kind == "buyer_segment" and entry.share_of_firms > 0.0:
                count = max(round(self.config.population.firms * entry.share_of_firms), 1)
                self.segments.append(BuyerSegment(self, name, entry, count))
        self.catalogue = Catalogue(self)
        self.products_of = {f.name: f.serving.products for f in self.hosts_and_operators}
        self.ledger = Ledger(
            list(entries), {name: firm.entry.cash_musd for name, firm in self.firms.items()}, self.world.name
        )
        self.investors.loans_musd = sum(firm.debt_musd for firm in self.firms.values())

    def _open_market(self) -> None:
        """State before the first period: prices, costs and what the first adopters use."""
        self.graph.refresh(self.clock.month)
        investors = self.investors
        investors.equity_available_musd = investors.equity_supply_musd_per_year
        for firm in self.firms.values():
            firm.equity_room_musd = investors.equity_available_musd * investors.entry.largest_share_of_supply
        self.frontier_history = [max((lab.released_quality for lab in self.labs if lab.active), default=0.0)]
        for region in self.regions.values():
            region.price_usd_per_mwh = float(
                np.interp(0.6, [0.0, 1.0], [region.block_cost.min(), region.block_cost.max()])
            )
        for firm in self.hosts_and_operators:
            firm.demand_gpus = firm.fleet.gpus if firm.fleet is not None else 0.0
        release_models(self)
        compute.limit_by_power(self)
        compute_prices.price_compute(self)
        posted = [p.contract_price_usd_per_gpu_hour for p in self.providers.values()]
        for firm in self.hosts_and_operators:
            firm.serving.compute_price_usd_per_gpu_hour = float(np.mean(posted)) if posted else 1.0
        services.open_market(self)
        self.ledger.open_books(
            {name: firm.balance_sheet() for name, firm in self.firms.items()}
            | {investors.name: investors.balance_sheet()}
        )

    def _begin_period(self) -> None:
        self.clock.advance()
        self.graph.refresh(self.clock.month)
        for firm in self.firms.values():
            firm.books.reset()
        self._previous = (
            self.catalogue.paid_price.copy(),
            self.catalogue.quality.copy(),
            self.catalogue.revenue.copy(),
        )

    # -- what phases share -----------------------------------------------------------------------

    @property
    def when(self) -> tuple[int, str]:
        """Step and date of the period, as tables show them."""
        return self.clock.step, self.clock.date_of(self.clock.step).isoformat()

    @property
    def results(self) -> Results:
        """The tables so far."""
        tables = {name: self.recorder.frame(name) for name in TABLES}
        packages = ("aimarket", "mesa", "numpy", "pandas", "networkx")
        manifest = {
            "name": self.config.name,
            "description": self.config.description,
            "config": self.config.model_dump(mode="json"),
            "fingerprint": fingerprint(self.config),
            "seed": self.seed,
            "periods": self.clock.step,
            "versions": {"python": platform.python_version()} | {name: version(name) for name in packages},
            "timing": {"simulation_seconds": round(self._seconds, 3)},
        }
        if self.config.record.theory:
            missed = self._without_equilibrium
            manifest["theory"] = {
                "periods_without_equilibrium": len(missed),
                "first_problem": f"period {min(missed)}: {missed[min(missed)]}" if missed else None,
            }
        results = Results(tables=tables, manifest=manifest)
        results.graphml = self.graph.graphml()
        return results

    def decide(self, agent: str, strategy: Strategy, view: View, kind: type[D]) -> D:
        """Ask a strategy, check its answer against the decision's bounds, and record it."""
        draws = self.source.draws(agent, f"decide {strategy.decision}", self.clock.step)
        decision: D = checked_decision(strategy, view, draws, kind, agent, self.clock.step)
        if self.config.record.decisions and self.clock.step > 0:
            self.recorder.decision(self.when, agent, strategy, decision)
        return decision

    def situation(self, firm: Firm | None = None) -> dict[str, Any]:
        """What everybody knows when deciding, and ``firm`` of itself: the fields of ``strategies.base.View``."""
        runway = firm.runway_months if firm is not None else _ENDLESS_MONTHS
        return {
            "month": self.clock.label(),
            "period_months": float(self.clock.months_per_period),
            "runway_months": min(runway, _ENDLESS_MONTHS),
            "sentiment": self.investors.sentiment,
        }

    def owe(self, account: str, payer: str, payee: str, amount_musd: float) -> None:
        """Note a payment that is due when the period is settled."""
        self._owed.append((account, payer, payee, amount_musd))

    def take_owed(self) -> list[tuple[str, str, str, float]]:
        """Payments due, which are then no longer owed."""
        owed, self._owed = self._owed, []
        return owed

    def observe_demand(self, firm: Firm, demand_gpus: float) -> None:
        """Let ``firm`` see its demand and learn how fast it grows."""
        if demand_gpus > 0.0 and firm.demand_gpus > 0.0 and self.clock.step > 1:
            growth = math.log(demand_gpus / firm.demand_gpus) / self.clock.months_per_period
            weight = self.clock.smoothing(self.config.compute.demand_smoothing_months)
            firm.demand_growth_per_month += weight * (growth - firm.demand_growth_per_month)
        firm.demand_gpus = demand_gpus

    def borrowing_room_musd(self, firm: Firm) -> float:
        """New debt that lenders would give ``firm``, USD million."""
        investors = self.investors
        limit = investors.entry.largest_debt_share * firm.fixed_assets_musd - firm.debt_musd
        return max(limit, 0.0) * min(investors.supply_factor, 1.0)

    def note_exit(self, firm: Firm) -> None:
        """Record that a firm has failed."""
        effect = f"{firm.name} runs out of cash and funding; contracts are void, its fleet is sold"
        self.recorder.event(self.when, "exit", firm.name, math.nan, effect)

    @property
    def service_appeal(self) -> np.ndarray:
        """Utility that each product's maker has built into its services, shape (J,)."""
        return np.array([self.firms[source].service_appeal for source in self.catalogue.sources])

    def training_efficiency(self, firm: str) -> float:
        """Effective research compute per GPU-hour of ``firm``, relative to the start date."""
        t = self.config.technology
        gain = self.breakthroughs.get("", 0.0) + self.breakthroughs.get(firm, 0.0)
        return fading_growth(
            t.algorithmic_progress_per_year, t.progress_slowdown_per_year, self.clock.years
        ) * math.exp(gain)

    @property
    def serving_efficiency(self) -> float:
        """Mtok of given quality per GPU-hour, relative to the start date."""
        t = self.config.technology
        return fading_growth(t.serving_progress_per_year, t.progress_slowdown_per_year, self.clock.years) * math.exp(
            self.serving_breakthrough
        )

    @property
    def new_gpu_power_kw(self) -> float:
        """IT power of an H100e accelerator made now, kW."""
        t = self.config.technology
        return t.gpu_power_kw * math.exp(-t.gpu_power_decline_per_year * self.clock.years)

    def _update_price_index(self) -> None:
        """Chain the hedonic price change of products on sale in both periods, weighted by revenue."""
        c = self.catalogue
        price, quality, revenue = self._previous
        both = (revenue > 0.0) & (c.revenue > 0.0)
        if not both.any():
            return
        weight = revenue[both] / revenue[both].sum() + c.revenue[both] / c.revenue[both].sum()
        coefficient = self.config.services.quality_price_coefficient
        change = np.log(c.paid_price[both] / price[both]) - coefficient * (c.quality[both] - quality[both])
        self.price_index *= math.exp(float((weight * change).sum()) / 2.0)


def _checked_seed(seed: object) -> int:
    if seed is None:
        return int.from_bytes(os.urandom(6), "little")
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or not 0 <= int(seed) <= _LARGEST_SEED:
        raise ConfigError("must be a whole number from 0 to 2**63 - 1", path="seed", value=seed, remedy="e.g. seed 1")
    return int(seed)
