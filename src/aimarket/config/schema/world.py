"""What is common to everybody: time, the size of the simulated population, technology, measurement."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from aimarket.config.schema.base import Frozen, Month, NonNegative, Positive, Rate, Share

__all__ = ["ComputeTerms", "Population", "Recording", "Services", "Technology", "Time"]

HOURS_PER_MONTH = 730.0


class Time(Frozen):
    start: Month = Field(description="first period, YYYY-MM")
    periods: int = Field(ge=1, le=1200, description="number of periods to simulate")
    period: Literal["month", "quarter"] = Field("month", description="length of a period")

    @property
    def months_per_period(self) -> int:
        return 1 if self.period == "month" else 3


class Population(Frozen):
    firms: int = Field(ge=10, le=10_000_000, description="simulated buyers, all segments together")
    workloads_per_firm: int = Field(ge=1, le=16, description="workloads of a simulated buyer")
    choice: Literal["sampled", "expected"] = Field(
        "sampled", description="a workload draws one product, or carries the shares it would choose in the mean"
    )


class Technology(Frozen):
    frontier_research_gpu_hours: Positive = Field(
        description="H100e GPU-hours of effective research compute behind quality 0, the start frontier"
    )
    algorithmic_progress_per_year: Rate = Field(description="log growth of research compute efficiency")
    serving_gpu_hours_per_mtok: Positive = Field(description="GPU-hours to serve a Mtok at quality 0 on the start date")
    serving_quality_elasticity: Share = Field(description="d ln(GPU-hours per Mtok) / d quality")
    serving_progress_per_year: Rate = Field(description="log decline of GPU-hours per Mtok at given quality")
    progress_slowdown_per_year: Share = Field(description="share by which both rates of progress fall each year")
    gpu_power_kw: Positive = Field(description="IT power of a new H100e accelerator with its server, kW")
    gpu_power_decline_per_year: Rate = Field(description="log decline of that power for new accelerators")
    power_usage_effectiveness: float = Field(ge=1, le=3, description="grid power over IT power")
    server_capex_share: NonNegative = Field(description="servers and network as a share of the accelerator's price")
    datacentre_capex_usd_per_kw: NonNegative = Field(description="shell, cooling and power equipment, USD/kW IT")
    datacentre_life_years: Positive = Field(description="straight-line life of data centres")


class Services(Frozen):
    price_term: Literal["log", "linear"] = Field("log", description="f(p) in utility: ln p or p")
    reference_price_usd_per_mtok: Positive = Field(description="price at which usage is stated")
    quality_price_coefficient: NonNegative = Field(
        description="d ln(price) / d quality of the hedonic price index of constant quality"
    )
    service_effort_gain: NonNegative = Field(
        description="utility of services gained in a year per unit of revenue share spent on building them"
    )
    service_appeal_decay_per_year: NonNegative = Field(description="rate at which that utility wears off")
    demand_forecast_months: NonNegative = Field(
        description="months over which sellers smooth demand growth when they forecast the next period"
    )
    commitment_discount_per_year: Share = Field(
        0.1, description="discount on all prices for each year that a buyer commits itself (log rate)"
    )
    buyer_hosting_overhead: NonNegative = Field(
        0.15, description="extra GPU-hours per Mtok where a buyer runs open weights itself and its load is uneven"
    )


class ComputeTerms(Frozen):
    contract_months: int = Field(ge=1, le=240, description="term of reservations that buyers add as they go")
    contract_price_decline_per_year: Rate = Field(
        description="log decline of the price schedule written into a reserved contract"
    )
    inference_buffer: NonNegative = Field(description="inference capacity that sellers hold above expected need")
    largest_committed_share: Share = Field(description="share of its capacity that a provider will reserve")
    demand_smoothing_months: NonNegative = Field(
        description="months over which owners of fleets smooth the growth of demand for compute"
    )
    construction_months: int = Field(ge=0, le=120, description="horizon of capacity planning: order to operation")
    transfer_markup: NonNegative = Field(description="markup on cost between firms of one owner")


class Recording(Frozen):
    decisions: bool = Field(True, description="record every decision with its reason")
    theory: bool = Field(
        False,
        description="record the Bertrand-Nash prices of each period's costs, qualities and tastes beside the posted",
    )
