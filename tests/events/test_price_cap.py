"""A price cap binds from its month, lowers margins, and the lowest of several holds."""

from __future__ import annotations

import numpy as np
import pytest

from aimarket.config import load_config
from aimarket.errors import ConfigError
from aimarket.model import AIMarket
from model_fixtures import events_config

STRIKES = 3


def cap(usd, date="2024-03", **more):
    return {"kind": "price_cap", "date": date, "usd_per_mtok": usd} | more


def run(**events):
    return AIMarket(load_config(events_config(**events)), 1).run().tables


def prices(tables, product):
    products = tables["products"]
    return products[products["product"] == product].set_index("step")["price_usd_per_mtok"]


@pytest.fixture(scope="module")
def free():
    return run()


def test_it_binds_from_the_month_it_strikes(free):
    usd = 0.7 * prices(free, "lab_api").loc[STRIKES]
    capped = prices(run(it=cap(usd)), "lab_api")
    assert capped.loc[: STRIKES - 1].equals(prices(free, "lab_api").loc[: STRIKES - 1])
    assert (capped.loc[STRIKES:] <= usd * (1 + 1e-12)).all()
    assert capped.loc[STRIKES] == pytest.approx(usd)


def test_it_lowers_the_lerner_index_and_more_is_wanted(free):
    usd = 0.7 * prices(free, "lab_api").loc[STRIKES]
    capped = run(it=cap(usd))
    a, b = (t["products"].set_index(["product", "step"]).loc["lab_api", STRIKES] for t in (free, capped))
    assert b["lerner"] < a["lerner"] - 0.05
    wanted = [row["mtok"] / (1.0 - row["unserved_share"]) for row in (a, b)]
    assert wanted[1] > 1.05 * wanted[0]


def test_it_covers_the_kinds_and_the_seller_it_names(free):
    usd = 0.01
    services = run(it=cap(usd, kinds=["service"]))
    assert prices(services, "lab_api").loc[STRIKES] == prices(free, "lab_api").loc[STRIKES]
    assert (prices(services, "lab_app") <= usd).all()
    hosts = run(it=cap(usd, target="cloud"))
    assert prices(hosts, "openlab@cloud").loc[STRIKES] == pytest.approx(usd)
    assert prices(hosts, "openlab@openlab").loc[STRIKES] == prices(free, "openlab@openlab").loc[STRIKES]
    everything_metered = run(it=cap(usd))
    assert prices(everything_metered, "openlab@openlab").loc[STRIKES] == pytest.approx(usd)


def test_a_cap_far_above_the_price_changes_nothing(free):
    loose = run(it=cap(1e5))
    assert loose["market"].equals(free["market"])
    assert "0 of 3 were above" in loose["events"]["effect"].iloc[0]


def test_of_two_caps_the_lowest_holds_whichever_came_first():
    for low, high in (("2024-03", "2024-05"), ("2024-05", "2024-03")):
        model = AIMarket(
            load_config(events_config(low=cap(2.0, low, duration_months=3), high=cap(4.0, high, duration_months=3))),
            1,
        )
        binding = []
        for _ in range(9):
            model.step()
            binding.append(float(model.catalogue.price_cap.min()))
        first, then = (2.0, 4.0) if low < high else (4.0, 2.0)
        assert binding == [np.inf, np.inf, first, first, 2.0, then, then, np.inf, np.inf]


def test_prices_are_free_again_when_it_ends(free):
    model = AIMarket(load_config(events_config(it=cap(0.5, duration_months=2))), 1)
    after = prices(model.run().tables, "lab_api")
    assert after.loc[STRIKES + 1] == pytest.approx(0.5)
    assert after.iloc[-1] > 0.5


def test_what_the_seller_does_not_sell_is_refused():
    for changes, path in (
        ({"target": "cloud", "kinds": ["api"]}, "kinds"),
        ({"target": "lab", "kinds": ["open"]}, "kinds"),
        ({"kinds": []}, "kinds"),
        ({"kinds": ["gpu"]}, "kinds.0"),
        ({"usd_per_mtok": 0.0}, "usd_per_mtok"),
        ({"target": "chipco"}, "target"),
    ):
        with pytest.raises(ConfigError) as caught:
            load_config(events_config(it=cap(1.0) | changes))
        assert caught.value.path == f"events.it.{path}"
