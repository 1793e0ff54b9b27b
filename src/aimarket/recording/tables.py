"""What a run writes down: every table, column, unit and meaning, in one place.

The recorder preallocates from this list, the data dictionary is printed from it, and tests hold the
written files against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

__all__ = ["TABLES", "Column", "Table"]


@dataclass(frozen=True)
class Column:
    """One column: its name (with the unit where it has one), kind of value, unit and meaning."""

    name: str
    kind: str  # "float", "int", "text" or "flag"
    unit: str
    meaning: str


@dataclass(frozen=True)
class Table:
    """One table of a run; ``row`` says what a row stands for."""

    name: str
    row: str
    columns: tuple[Column, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def _f(name: str, unit: str, meaning: str) -> Column:
    return Column(name, "float", unit, meaning)


def _i(name: str, unit: str, meaning: str) -> Column:
    return Column(name, "int", unit, meaning)


def _t(name: str, meaning: str) -> Column:
    return Column(name, "text", "", meaning)


STEP = _i("step", "", "period number, 1 is the first simulated period")
DATE = _t("date", "first day of the period, ISO 8601")
WHEN = (STEP, DATE)

MARKET = Table(
    "market",
    "a period",
    (
        *WHEN,
        _f("hhi_revenue", "0..1", "Herfindahl-Hirschman index of firms' service revenue; missing without sales"),
        _f("hhi_mtok", "0..1", "Herfindahl-Hirschman index of firms' tokens served; missing without sales"),
        _f(
            "lerner", "share of price", "Lerner index (p - c)/p of services, weighted by revenue; missing without sales"
        ),
        _f(
            "scarcity_rent",
            "share of price",
            "part of the Lerner index that a binding capacity explains; missing without sales",
        ),
        _f(
            "lerner_nash",
            "share of price",
            "Lerner index of services in the static Bertrand-Nash equilibrium of the period's costs, qualities and "
            "tastes: what static competition explains; missing unless record.theory is set, or where none was found",
        ),
        _f("price_index", "first period = 1", "price of constant quality: chained, hedonic, weighted by revenue"),
        _f("list_price_usd_per_mtok", "USD/Mtok", "geometric mean price of closed API products; missing without any"),
        _f("paid_price_usd_per_mtok", "USD/Mtok", "revenue over tokens, API and open products; missing without sales"),
        _f(
            "service_price_usd_per_mtok", "USD/Mtok", "revenue over tokens, intelligent services; missing without sales"
        ),
        _f("revenue_musd", "USD million", "spending of all buyers on services"),
        _f("services_share", "0..1", "share of intelligent services in that spending"),
        _f("mtok", "Mtok", "tokens served"),
        _f("unserved_share", "0..1", "tokens demanded but rationed away"),
        _f("adoption", "0..1", "share of potential buyers that have adopted, weighted by potential use"),
        _f("churn", "0..1", "share of live workloads that changed firm this period"),
        _f("providers_per_firm", "firms", "mean number of providers of buyers with a live workload"),
        _f("open_weight_share_mtok", "0..1", "open-weight share of tokens"),
        _f("open_weight_share_revenue", "0..1", "open-weight share of API and open spending"),
        _f("open_weight_share_enterprise", "0..1", "open-weight share of enterprises' API and open spending"),
        _f("frontier_quality", "ln effective compute", "best released closed quality; 0 is the start frontier"),
        _f(
            "open_quality_gap",
            "ln effective compute",
            "frontier quality less best open quality; missing without open weights",
        ),
        _f("consumer_surplus_musd", "USD million", "log-sum surplus of buyers that hold the choice this period"),
        _f("producer_profit_musd", "USD million", "operating profit of all firms of the chain"),
        _f("welfare_musd", "USD million", "consumer surplus plus producer profit"),
        _f(
            "spot_price_usd_per_gpu_hour",
            "USD/GPU-hour",
            "spot compute price, weighted by quantity sold; missing without sellers",
        ),
        _f(
            "contract_price_usd_per_gpu_hour",
            "USD/GPU-hour",
            "price paid under reserved contracts, by quantity; missing without sellers",
        ),
        _f("gpu_capacity_h100e", "H100e GPUs", "powered accelerators offered or used by their owners"),
        _f("gpu_utilisation", "0..1", "share of that capacity in use"),
        _f("gpu_shortage_h100e", "H100e GPUs", "compute demanded and not delivered"),
        _f(
            "gpu_price_usd",
            "USD/GPU",
            "price of an H100-equivalent accelerator, by quantity delivered; missing without any",
        ),
        _f("chip_backlog_h100e", "H100e GPUs", "accelerators ordered and not delivered"),
        _f("energy_price_usd_per_mwh", "USD/MWh", "price of power, weighted by the industry's load"),
        _f("energy_load_mw", "MW", "grid load of the industry"),
        _f("energy_connected_mw", "MW", "grid connections of the industry"),
        _f("capex_musd", "USD million", "investment in accelerators and data centres"),
        _f("commitments_musd", "USD million", "payments due under reserved contracts and build plans"),
        _f("funding_musd", "USD million", "equity and debt raised, net of repayment"),
        _f("narrative_share", "0..1", "share of investors that value growth by its story"),
        _f("sentiment", "", "log shift of narrative valuations"),
        _f(
            "mispricing",
            "share of fundamental value",
            "labs' valuation over discounted cash flow value, less one; missing where that value is not above 0",
        ),
        _i("survivors", "firms", "firms still in business"),
    ),
)

FIRMS = Table(
    "firms",
    "a period and firm",
    (
        *WHEN,
        _t("firm", "name in the config"),
        _t("role", "kind of agent in the config"),
        _f("revenue_musd", "USD million", "sales to other agents"),
        _f("cost_musd", "USD million", "cost of revenue: compute, power, royalties and labour of what was sold"),
        _f("gross_margin", "share of revenue", "(revenue - cost of revenue)/revenue; missing without revenue"),
        _f("lerner", "share of price", "(p - c)/p weighted by revenue; missing without sales"),
        _f("value_added_share", "0..1", "share of the chain's value added, research counted as investment"),
        _f("revenue_api_musd", "USD million", "revenue of API products"),
        _f("revenue_service_musd", "USD million", "revenue of intelligent services"),
        _f("revenue_open_musd", "USD million", "revenue of hosted open-weight products"),
        _f("revenue_compute_musd", "USD million", "revenue of compute sold"),
        _f("share_revenue", "0..1", "share of buyers' spending on services"),
        _f("training_cost_musd", "USD million", "compute spent on research and training"),
        _f("compute_cost_musd", "USD million", "compute bought and cost of own compute, training included"),
        _f("operating_expense_musd", "USD million", "staff, marketing and product development"),
        _f("ebitda_musd", "USD million", "operating profit before depreciation"),
        _f("depreciation_musd", "USD million", "straight-line depreciation and write-offs of fixed assets"),
        _f("operating_profit_musd", "USD million", "EBITDA less depreciation"),
        _f("net_profit_musd", "USD million", "operating profit and other income, less interest, fees and losses"),
        _f("capex_musd", "USD million", "payments for accelerators and data centres"),
        _f("free_cash_flow_musd", "USD million", "change in cash before funding"),
        _f("funding_musd", "USD million", "equity and debt raised, net of repayment and payout"),
        _f("cash_musd", "USD million", "cash at the end of the period"),
        _f("debt_musd", "USD million", "debt at the end of the period"),
        _f("fixed_assets_musd", "USD million", "book value of fleet and data centres"),
        _f("net_worth_musd", "USD million", "assets less debt"),
        _f("runway_months", "months", "cash over average burn; missing where cash does not fall"),
        _f("valuation_musd", "USD million", "what investors hold the firm's equity to be worth"),
        _f("commitments_musd", "USD million", "payments due under reserved contracts and build plans"),
        _f("gpus_h100e", "H100e GPUs", "accelerators owned"),
        _f("gpus_in_use_h100e", "H100e GPUs", "accelerators used, owned or rented"),
        _f("quality", "ln effective compute", "quality of the best released product; missing without one"),
        Column("alive", "flag", "", "still in business at the end of the period"),
    ),
)

PRODUCTS = Table(
    "products",
    "a period and product",
    (
        *WHEN,
        _t("firm", "seller"),
        _t("product", "product; open weights are weights@host, or weights@host_buyer where buyers run them"),
        _t("kind", "api, service or open"),
        _f("quality", "ln effective compute", "quality on sale"),
        _f("price_usd_per_mtok", "USD/Mtok", "posted price of one Mtok more"),
        _f("access_fee_usd_per_mtok", "USD/Mtok", "posted access fee per Mtok of the plan bought"),
        _f(
            "average_price_usd_per_mtok",
            "USD/Mtok",
            "revenue over tokens, fees and discounts included; posted if unsold",
        ),
        _f("marginal_cost_usd_per_mtok", "USD/Mtok", "cost of one more Mtok at this period's compute price"),
        _f("scarcity_rent_usd_per_mtok", "USD/Mtok", "shadow price of binding inference capacity"),
        _f("lerner", "share of price", "(p - c)/p at the average price"),
        _f(
            "nash_price_usd_per_mtok",
            "USD/Mtok",
            "Bertrand-Nash price if buyers chose afresh; missing unless record.theory is set, or where none was found",
        ),
        _f("own_price_elasticity", "", "elasticity of demand among buyers that reconsidered; missing without any"),
        _f("mtok", "Mtok", "tokens served"),
        _f("revenue_musd", "USD million", "revenue"),
        _f("share_mtok", "0..1", "share of tokens"),
        _f("share_revenue", "0..1", "share of revenue"),
        _f("share_workloads", "0..1", "share of live workloads, weighted by what they stand for"),
        _f("unserved_share", "0..1", "tokens demanded but rationed away"),
    ),
)

SEGMENTS = Table(
    "segments",
    "a period and buyer segment",
    (
        *WHEN,
        _t("segment", "name in the config"),
        _t("buyer_type", "enterprise, consumer or developer"),
        _f("firms", "buyers", "potential buyers"),
        _f("firms_active", "buyers", "buyers with a live workload"),
        _f("spend_musd", "USD million", "spending on services"),
        _f("mtok", "Mtok", "tokens consumed"),
        _f("churn", "0..1", "share of live workloads that changed firm this period"),
        _f("providers_per_firm", "firms", "mean number of providers of active buyers"),
        _f("open_weight_share", "0..1", "open-weight share of spending"),
        _f("open_weight_share_mtok", "0..1", "open-weight share of tokens"),
        _f("consumer_surplus_musd", "USD million", "log-sum surplus"),
        _f("unserved_share", "0..1", "tokens demanded but rationed away"),
    ),
)

TRADES = Table(
    "trades",
    "a period, edge of the supply graph and good",
    (
        *WHEN,
        _t("seller", "tail of the edge"),
        _t("buyer", "head of the edge"),
        _t("good", "power, chips, compute, listing, royalty, api, service, open or capital"),
        _f("quantity", "MWh, GPUs, GPU-hours, Mtok or MUSD", "quantity delivered"),
        _f("price", "USD per unit", "value over quantity; missing without quantity"),
        _f("value_musd", "USD million", "payment"),
        _f("contract_share", "0..1", "share of the quantity delivered under contract"),
    ),
)

FLOWS = Table(
    "flows",
    "a period and payment",
    (
        *WHEN,
        _t("account", "kind of payment"),
        _t("payer", "agent that pays"),
        _t("payee", "agent that is paid"),
        _f("amount_musd", "USD million", "amount"),
    ),
)

DECISIONS = Table(
    "decisions",
    "a period, agent and decision",
    (
        *WHEN,
        _t("agent", "who decided"),
        _t("decision", "what was decided"),
        _t("strategy", "registered name of the strategy"),
        _f("value", "unit of the decision", "the number decided"),
        _t("inputs", "the numbers that moved it: a JSON object, name with unit to number"),
        _t("reason", "why, in one sentence"),
    ),
)

EVENTS = Table(
    "events",
    "an event that struck",
    (
        *WHEN,
        _t("kind", "kind of event"),
        _t("target", "agent or edge it struck; empty for the whole market"),
        _f("size", "unit of the kind", "size as configured; missing where the kind has none"),
        _t("effect", "what it changed, in one sentence"),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table for table in (MARKET, FIRMS, PRODUCTS, SEGMENTS, TRADES, FLOWS, DECISIONS, EVENTS)
}
