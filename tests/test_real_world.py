"""The baseline against the record of 2023 to 2025, as averages over seeds (shared/data; issue 2, "Real input")."""

from __future__ import annotations

import numpy as np
import pytest

from model_fixtures import full_run

pytestmark = pytest.mark.slow

SEEDS = (1, 2, 3, 4)


@pytest.fixture(scope="module")
def runs():
    return [full_run("baseline", seed).tables for seed in SEEDS]


def averaged(runs, measure) -> float:
    return float(np.mean([measure(tables) for tables in runs]))


def at(frame, date, column):
    row = frame[frame["date"] == date]
    assert len(row) == 1
    return float(row[column].iloc[0])


def test_openai_earns_about_13_billion_in_2025(runs):
    def revenue(tables):
        firms = tables["firms"]
        return firms[(firms["firm"] == "openai") & (firms["date"].str[:4] == "2025")]["revenue_musd"].sum()

    assert 13_070 / 1.5 < averaged(runs, revenue) < 13_070 * 1.5


def test_the_rental_of_an_h100_falls_from_about_9_to_about_2_usd(runs):
    def price(date):
        return averaged(runs, lambda tables: at(tables["market"], date, "spot_price_usd_per_gpu_hour"))

    assert 6.0 < price("2023-07-01") < 12.0
    assert 1.5 < price("2025-12-01") < 3.0


def yearly_fall(values_at, year):
    return values_at(f"{year - 1}-12-01") / values_at(f"{year}-12-01")


@pytest.mark.parametrize("year", [2024, 2025])
def test_the_price_of_constant_quality_falls_5_to_20_times_a_year(runs, year):
    fall = averaged(runs, lambda t: yearly_fall(lambda date: at(t["market"], date, "price_index"), year))
    assert 5.0 < fall < 20.0


@pytest.mark.parametrize("year", [2024, 2025])
def test_openais_list_price_falls_far_less(runs, year):
    def fall(tables):
        api = tables["products"][tables["products"]["product"] == "openai_api"]
        return yearly_fall(lambda date: at(api, date, "price_usd_per_mtok"), year)

    index = averaged(runs, lambda t: yearly_fall(lambda date: at(t["market"], date, "price_index"), year))
    assert 1.0 < averaged(runs, fall) < 5.0
    assert averaged(runs, fall) < 0.5 * index


def enterprise_share(date, chosen):
    """Share of enterprises' spending on API and hosted open weights that ``chosen`` picks from the trades."""

    def share(tables):
        segments, trades = tables["segments"], tables["trades"]
        enterprises = set(segments[segments["buyer_type"] == "enterprise"]["segment"])
        mine = trades[
            (trades["date"] == date) & trades["buyer"].isin(enterprises) & trades["good"].isin(["api", "open"])
        ]
        return mine[chosen(mine)]["value_musd"].sum() / mine["value_musd"].sum()

    return share


def sold_by(firm):
    return lambda trades: (trades["seller"] == firm) & (trades["good"] == "api")


def test_openais_enterprise_share_falls_from_a_half_to_a_quarter(runs):
    assert 0.40 < averaged(runs, enterprise_share("2023-12-01", sold_by("openai"))) < 0.60
    assert 0.20 < averaged(runs, enterprise_share("2025-12-01", sold_by("openai"))) < 0.35


def test_anthropics_enterprise_share_rises(runs):
    before, after = (averaged(runs, enterprise_share(d, sold_by("anthropic"))) for d in ("2023-12-01", "2025-12-01"))
    assert after > before


def test_open_weights_hold_a_tenth_to_a_quarter_of_enterprises_at_the_end_of_2025(runs):
    share = averaged(runs, enterprise_share("2025-12-01", lambda trades: trades["good"] == "open"))
    assert 0.10 < share < 0.25
    table = averaged(runs, lambda t: at(t["market"], "2025-12-01", "open_weight_share_enterprise"))
    assert table == pytest.approx(share)


@pytest.mark.parametrize("year", ["2023", "2024", "2025"])
def test_nvidia_keeps_a_gross_margin_above_60_percent(runs, year):
    def margin(tables):
        firms = tables["firms"]
        mine = firms[(firms["firm"] == "nvidia") & (firms["date"].str[:4] == year)]
        return 1.0 - mine["cost_musd"].sum() / mine["revenue_musd"].sum()

    assert 0.6 < averaged(runs, margin) < 0.85
