"""Firms of the supply chain and the capital market, as config entries."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from aimarket.config.schema.base import Frozen, Month, Name, NonNegative, Positive, Rate, Share, Strategy

__all__ = [
    "CapitalMarketEntry",
    "ChipMakerEntry",
    "ComputeProviderEntry",
    "Contract",
    "EnergySupplierEntry",
    "Fleet",
    "FrontierLabEntry",
    "OpenWeightProviderEntry",
    "OtherIncome",
    "Product",
    "RestOfWorldEntry",
    "SupplyBlock",
]


class OtherIncome(Frozen):
    musd_per_year: NonNegative = Field(description="cash the rest of the firm or its owner provides, USD million")
    growth_per_year: Rate = Field(0.0, description="log growth of that income")
    growth_slowdown_per_year: Share = Field(0.0, description="share by which that growth falls each year")


class Fleet(Frozen):
    gpus_h100e: NonNegative = Field(description="H100-equivalent accelerators owned on the start date")
    purchase_price_usd_per_gpu: NonNegative = Field(description="what they cost, without server and network")
    age_years: NonNegative = Field(
        description="mean age on the start date; they were bought evenly over twice this time"
    )
    service_life_years: Positive = Field(description="age at which an accelerator is retired")
    depreciation_life_years: Positive = Field(description="straight-line life in the books")
    operations_usd_per_gpu_hour: NonNegative = Field(description="staff, maintenance and space per GPU-hour in use")


class Operating(Frozen):
    fixed_musd_per_year: NonNegative = Field(description="staff and overhead on the start date, USD million a year")
    growth_per_year: Rate = Field(0.0, description="log growth of that cost")
    growth_slowdown_per_year: Share = Field(0.0, description="share by which that growth falls each year")
    share_of_revenue: Share = Field(0.0, description="sales, support and marketing as a share of revenue")


class FirmEntry(Frozen):
    parent: Name | None = Field(None, description="owner; pays this firm's deficits and trades at its own cost")
    cash_musd: NonNegative = Field(description="cash on the start date, USD million")
    debt_musd: NonNegative = Field(0.0, description="debt on the start date, USD million")
    valuation_musd: NonNegative = Field(0.0, description="equity value on the start date, USD million")
    operating: Operating = Field(description="operating expense outside compute")
    other_income: OtherIncome | None = Field(None, description="cash from business outside the model")


class Product(Frozen):
    kind: Literal["api", "service"] = Field(description="metered tokens, or an intelligent service")
    launch: Month = Field(description="first month on sale")
    price_usd_per_mtok: Positive = Field(description="first price")
    quality_offset: float = Field(0.0, ge=-10, le=10, description="quality relative to the lab's released model")
    compute_intensity: Positive = Field(1.0, description="GPU-hours per Mtok relative to plain serving")
    labour_cost_usd_per_mtok: NonNegative = Field(0.0, description="support and delivery staff per Mtok")
    free_usage_ratio: NonNegative = Field(0.0, description="unpaid Mtok served for each paid one")
    appeal: dict[Name, float] = Field(
        default_factory=dict, description="utility beyond quality and price, by buyer segment"
    )


class Contract(Frozen):
    seller: Name = Field(description="compute provider")
    signed: Month = Field(description="month in which it becomes a commitment")
    starts: Month = Field(description="first month of delivery")
    months: int = Field(ge=1, le=360, description="length of delivery")
    total_musd: Positive = Field(description="sum of payments, USD million")
    growth_per_year: Rate = Field(0.0, description="log growth of the monthly payment over the term")


class BuildPlan(Frozen):
    signed: Month = Field(description="month in which the plan is announced and counted as a commitment")
    starts: Month = Field(description="first month of spending")
    months: int = Field(ge=1, le=360, description="length of the plan")
    total_musd: Positive = Field(description="sum of spending on own data centres, USD million")
    growth_per_year: Rate = Field(0.0, description="log growth of the monthly spending over the plan")


class LabStrategies(Frozen):
    pricing: Strategy
    procurement: Strategy
    training: Strategy
    release: Strategy
    product_mix: Strategy
    finance: Strategy
    capacity: Strategy | None = None


class FrontierLabEntry(FirmEntry):
    kind: Literal["frontier_lab"]
    quality: float = Field(ge=-30, le=30, description="quality of the best model on the start date")
    founded: Month | None = Field(None, description="first month of business; before it the lab is dormant")
    research_productivity: Positive = Field(1.0, description="effective research compute per GPU-hour spent")
    products: dict[Name, Product] = Field(min_length=1, description="what the lab sells")
    fleet: Fleet | None = Field(None, description="own accelerators; required where a capacity strategy is named")
    contracts: dict[Name, Contract] = Field(default_factory=dict, description="reserved compute")
    build_plan: BuildPlan | None = Field(None, description="announced own data centres")
    cancellation_fee_share: Share = Field(0.0, description="fee on the value of a contract that is cut")
    strategies: LabStrategies


class OpenStrategies(Frozen):
    pricing: Strategy
    procurement: Strategy
    training: Strategy
    release: Strategy
    finance: Strategy
    capacity: Strategy | None = None


class OpenWeightProviderEntry(FirmEntry):
    kind: Literal["open_weight_provider"]
    quality: float = Field(ge=-30, le=30, description="quality of the best open model on the start date")
    founded: Month | None = Field(None, description="first month of business; before it the provider is dormant")
    research_productivity: Positive = Field(1.0, description="effective research compute per GPU-hour spent")
    launch: Month = Field(description="first month in which weights are published")
    price_usd_per_mtok: Positive = Field(description="first price of hosts, and of the provider's own endpoint")
    self_hosted: bool = Field(description="sells its own endpoint as well")
    royalty_share: Share = Field(0.0, description="share of hosts' revenue paid for the licence")
    compute_intensity: Positive = Field(1.0, description="GPU-hours per Mtok relative to plain serving")
    appeal: dict[Name, float] = Field(default_factory=dict, description="utility beyond quality and price, by segment")
    fleet: Fleet | None = Field(None, description="own accelerators")
    strategies: OpenStrategies


class ComputeStrategies(Frozen):
    compute_pricing: Strategy
    capacity: Strategy
    pricing: Strategy
    finance: Strategy


class ComputeProviderEntry(FirmEntry):
    kind: Literal["compute_provider"]
    fleet: Fleet
    cost_of_capital_per_year: Share = Field(description="hurdle rate of investment")
    strategies: ComputeStrategies


class ChipStrategies(Frozen):
    chip_pricing: Strategy
    finance: Strategy


class ChipMakerEntry(FirmEntry):
    kind: Literal["chip_maker"]
    output_h100e_per_year: Positive = Field(description="output at the start date, H100e per year")
    output_growth_per_year: Rate = Field(description="largest log growth of output, at the start date")
    output_growth_slowdown_per_year: Share = Field(description="share by which that bound falls each year")
    founded: Month | None = Field(None, description="first month of sales")
    cumulative_output_h100e: Positive = Field(description="output before the start date, for the learning curve")
    unit_cost_usd: Positive = Field(description="cost of an H100e on the start date")
    learning_rate: Share = Field(description="Wright: fall of unit cost for each doubling of cumulative output")
    price_usd: Positive = Field(description="price of an H100e on the start date")
    strategies: ChipStrategies


class SupplyBlock(Frozen):
    capacity_mw: Positive = Field(description="capacity of this kind of plant")
    cost_usd_per_mwh: NonNegative = Field(description="its marginal cost")


class EnergyStrategies(Frozen):
    grid_expansion: Strategy
    finance: Strategy


class EnergySupplierEntry(FirmEntry):
    kind: Literal["energy_supplier"]
    blocks: list[SupplyBlock] = Field(min_length=1, max_length=50, description="merit order, cheapest first")
    other_load_mw: NonNegative = Field(description="load of everybody else")
    other_load_growth_per_year: Rate = Field(0.0, description="log growth of that load")
    capacity_growth_per_year: Rate = Field(0.0, description="log growth of every block")
    value_of_lost_load_usd_per_mwh: Positive = Field(description="price when load exceeds capacity")
    connection_mw_per_year: NonNegative = Field(description="grid connections the region can build a year")
    connection_growth_per_year: Rate = Field(0.0, description="log growth of that rate")
    connection_lag_months: int = Field(ge=0, le=240, description="shortest time from request to connection")
    strategies: EnergyStrategies


class CapitalStrategies(Frozen):
    beliefs: Strategy


class CapitalMarketEntry(Frozen):
    kind: Literal["capital_market"]
    narrative_share: Share = Field(description="share of narrative investors on the start date")
    narrative: Literal["growth_story", "trend"] = Field(
        "growth_story",
        description="what narrative investors value: a multiple of growing revenue, or the last mispricing",
    )
    trend_extrapolation: NonNegative = Field(
        1.0, description="next period's mispricing that trend followers expect, as a multiple of the last one"
    )
    valuation_smoothing_months: NonNegative = Field(
        4.0, description="months over which valuations follow what investors think"
    )
    narrative_base_multiple: Positive = Field(description="value over yearly revenue at zero growth")
    narrative_growth_multiple: NonNegative = Field(description="d ln(multiple) / d log growth of revenue")
    start_up_growth_per_year: NonNegative = Field(
        description="log growth that investors assume for a firm without a year of revenue"
    )
    largest_growth_valued_per_year: NonNegative = Field(
        description="largest log growth that fundamentalists put into a forecast"
    )
    largest_growth_told_per_year: NonNegative = Field(description="largest log growth that a narrative believes")
    narrative_compute_share: Share = Field(description="weight of compute under contract in the narrative value")
    discount_rate_per_year: Share = Field(description="discount rate of fundamental investors")
    long_run_margin: Share = Field(description="free cash flow over revenue that fundamentalists expect in the end")
    growth_fade_per_year: Share = Field(description="share by which fundamentalists expect growth to fall each year")
    terminal_growth_per_year: Rate = Field(description="growth after the forecast horizon")
    largest_round_share: Share = Field(description="largest share of a firm's value that one round may sell")
    months_between_rounds: int = Field(ge=0, le=120, description="shortest time between two rounds of a firm")
    equity_supply_musd_per_year: NonNegative = Field(description="equity investors can supply on the start date")
    equity_supply_growth_per_year: Rate = Field(description="log growth of that supply")
    equity_supply_growth_slowdown_per_year: Share = Field(description="share by which that growth falls each year")
    largest_share_of_supply: float = Field(
        gt=0, le=1, description="largest share of a year's supply of equity that goes to one firm"
    )
    lending_rate_per_year: Share = Field(description="interest on debt")
    largest_debt_share: Share = Field(description="largest debt as a share of fixed assets")
    recovery_share: Share = Field(description="share of book value that an insolvent firm's fleet fetches")
    strategies: CapitalStrategies


class ComputeDemand(Frozen):
    gpus_h100e: NonNegative = Field(description="accelerators wanted on the start date at the reference price")
    growth_per_year: Rate = Field(description="log growth on the start date")
    growth_slowdown_per_year: Share = Field(description="share by which that growth falls each year")
    reference_price_usd_per_gpu_hour: Positive = Field(description="price at which demand is stated")
    price_elasticity: NonNegative = Field(description="- d ln(quantity) / d ln(price)")


class RestOfWorldEntry(Frozen):
    kind: Literal["rest_of_world"]
    compute_demand: ComputeDemand = Field(description="everybody else's demand for accelerated compute")
