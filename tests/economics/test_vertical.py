from itertools import pairwise

import numpy as np
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar, root
from scipy.special import lambertw

from aimarket.economics import EconomicsError, nested_logit_shares, vertical_solver
from aimarket.economics.vertical import wholesale_bargaining

TWO_BY_TWO = {
    "quality": [1.0, 1.2, 0.8, 1.1],
    "upstream_cost": 0.3,
    "downstream_cost": 0.1,
    "price_coefficient": 1.3,
    "upstream": ["A", "B", "A", "B"],
    "downstream": ["x", "x", "y", "y"],
    "buyer_weight": 0.5,
}
TIMINGS = pytest.mark.parametrize("timing", ["simultaneous", "sequential"])


def solve(**changes):
    return wholesale_bargaining(**(TWO_BY_TWO | changes))


def random_case(seed):
    """One to five products, up to three firms a side, sometimes integrated, sometimes nested."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 6))
    upstream, downstream = rng.integers(0, 3, count).tolist(), rng.integers(0, 3, count).tolist()
    case = {
        "quality": rng.normal(1.0, 1.0, count),
        "upstream_cost": rng.uniform(0.0, 1.0, count),
        "downstream_cost": rng.uniform(0.0, 1.0, count),
        "price_coefficient": float(rng.uniform(0.5, 3.0)),
        "upstream": upstream,
        "downstream": downstream,
        "buyer_weight": rng.uniform(0.2, 0.9, count),
        "outside_utility": float(rng.normal()),
    }
    if rng.random() < 0.5:
        case["integrated"] = [(upstream[0], downstream[-1])]
    if rng.random() < 0.5:
        case |= {"nest": rng.integers(0, 2, count), "nesting": float(rng.uniform(0.1, 0.7))}
    return case


class Accounts:
    """Profits of owners written out loop by loop, to check the equilibrium against what it maximises."""

    def __init__(self, case):
        self.case = case
        self.count = len(case["quality"])
        self.joined = case.get("integrated", [])

    def up(self, k):
        label = self.case["upstream"][k]
        return next((("both", *pair) for pair in self.joined if pair[0] == label), ("up", label))

    def down(self, k):
        label = self.case["downstream"][k]
        return next((("both", *pair) for pair in self.joined if pair[1] == label), ("down", label))

    def shares(self, price, removed):
        case = self.case
        utility = case["quality"] - case["price_coefficient"] * price
        if removed is not None:
            utility = np.where(np.arange(self.count) == removed, -np.inf, utility)
        nest = case.get("nest", np.arange(self.count))
        return nested_logit_shares(utility, nest, case.get("nesting", 0.0), case["outside_utility"])[0]

    def profit(self, owner, wholesale, price, removed=None):
        case, share = self.case, self.shares(price, removed)
        earned = 0.0
        for k in range(self.count):
            if self.up(k) == owner:
                earned += share[k] * (wholesale[k] - case["upstream_cost"][k])
            if self.down(k) == owner:
                earned += share[k] * (price[k] - wholesale[k] - case["downstream_cost"][k])
        return earned

    def retail_prices(self, wholesale, removed=None, start=None):
        """Prices at which no owner gains at the margin, from central differences of profits."""
        step = 1e-5
        kept = [k for k in range(self.count) if k != removed]

        def marginal(values):
            price = np.array(start, dtype=float)
            price[kept] = values
            result = []
            for k in kept:
                change = step * (np.arange(self.count) == k)
                owner = self.down(k)
                high = self.profit(owner, wholesale, price + change, removed)
                low = self.profit(owner, wholesale, price - change, removed)
                result.append((high - low) / (2 * step) / self.shares(price, removed)[k])
            return result

        price = np.array(start, dtype=float)
        if kept:
            found = root(marginal, price[kept], tol=1e-10)
            assert np.abs(marginal(found.x)).max() < 1e-7
            price[kept] = found.x
        return price

    def best_wholesale_price(self, t, result, sequential):
        """Maximiser of the Nash product over product t near the equilibrium, from values of the product alone."""
        seller, maker, weight = self.down(t), self.up(t), self.case["buyer_weight"][t]
        at, price = result.wholesale_price, result.retail_price
        alternative = self.retail_prices(at, t, price) if sequential else price
        walk_away = [self.profit(firm, at, alternative, t) for firm in (seller, maker)]

        def loss(w):
            moved = np.where(np.arange(self.count) == t, w, at)
            there = self.retail_prices(moved, None, price) if sequential else price
            gains = [self.profit(firm, moved, there) - d for firm, d in zip((seller, maker), walk_away, strict=True)]
            if min(gains) <= 0.0:
                return np.inf
            return -(weight * np.log(gains[0]) + (1.0 - weight) * np.log(gains[1]))

        # Where the top of the parabola through three points is: at the middle one, to second order.
        step = 1e-3 / self.case["price_coefficient"]
        low, middle, high = (loss(at[t] + k * step) for k in (-1, 0, 1))
        assert low + high > 2.0 * middle
        return at[t] + 0.5 * step * (low - high) / (low + high - 2.0 * middle)


@pytest.mark.parametrize("seed", range(30))
def test_simultaneous_equilibrium_maximises_every_nash_product_and_every_retail_profit(seed):
    case = random_case(seed)
    result, accounts = wholesale_bargaining(**case), Accounts(case)
    assert result.residual < 1e-12
    again = accounts.retail_prices(result.wholesale_price, None, result.retail_price + 0.1)
    assert again == pytest.approx(result.retail_price, abs=1e-6)
    for t in range(accounts.count):
        if accounts.up(t) == accounts.down(t):
            assert result.wholesale_price[t] == case["upstream_cost"][t]
            assert np.isnan(result.upstream_gain[t])
        else:
            assert accounts.best_wholesale_price(t, result, False) == pytest.approx(result.wholesale_price[t], abs=1e-5)


@pytest.mark.parametrize("seed", range(6))
def test_sequential_equilibrium_maximises_every_nash_product_with_retail_prices_that_answer(seed):
    case = random_case(seed)
    result, accounts = wholesale_bargaining(**case, timing="sequential"), Accounts(case)
    assert result.residual < 1e-9
    again = accounts.retail_prices(result.wholesale_price, None, result.retail_price + 0.1)
    assert again == pytest.approx(result.retail_price, abs=1e-6)
    for t in range(accounts.count):
        if accounts.up(t) != accounts.down(t):
            assert accounts.best_wholesale_price(t, result, True) == pytest.approx(result.wholesale_price[t], abs=2e-5)


def shop(**changes):
    """One supplier, one retailer, one product."""
    case = {
        "quality": [3.0],
        "upstream_cost": 1.0,
        "downstream_cost": 0.5,
        "price_coefficient": 1.3,
        "upstream": ["maker"],
        "downstream": ["shop"],
        "buyer_weight": 0.5,
    }
    return wholesale_bargaining(**(case | changes))


def test_one_contract_splits_the_surplus_by_weight():
    for weight in (0.1, 0.5, 0.9, 1.0):
        result = shop(buyer_weight=weight)
        assert (1.0 - weight) * result.downstream_gain == pytest.approx(weight * result.upstream_gain, abs=1e-14)
        assert result.downstream_gain == pytest.approx(result.downstream_profit, rel=1e-12)
        assert result.upstream_gain == pytest.approx(result.upstream_profit, abs=1e-14)
        retail_margin = result.retail_price - result.wholesale_price - 0.5
        assert retail_margin == pytest.approx(1.0 / (1.3 * (1.0 - result.share)), rel=1e-12)


def test_a_supplier_with_all_the_weight_who_moves_first_is_a_successive_monopolist():
    result = shop(buyer_weight=0.0, timing="sequential")

    def answer(w):
        # Logit monopoly in closed form, with Lambert's W.
        return w + 0.5 + (1.0 + lambertw(np.exp(3.0 - 1.3 * (w + 0.5) - 1.0)).real) / 1.3

    def loss(w):
        return -(w - 1.0) / (1.0 + np.exp(1.3 * answer(w) - 3.0))

    best = minimize_scalar(loss, (1.2, 2.0), options={"xtol": 1e-10}).x
    assert result.wholesale_price[0] == pytest.approx(best, abs=1e-6)
    assert result.retail_price[0] == pytest.approx(answer(best), abs=1e-6)
    assert result.upstream_profit[0] == pytest.approx(-loss(best), rel=1e-9)
    # Two margins in a row cost both together more than they bring.
    whole = shop(integrated=[("maker", "shop")])
    assert whole.retail_price[0] < result.retail_price[0]
    assert whole.downstream_profit[0] > result.upstream_profit[0] + result.downstream_profit[0]


@TIMINGS
def test_retailers_with_all_the_weight_buy_at_cost(timing):
    result = solve(buyer_weight=1.0, timing=timing)
    assert result.wholesale_price == pytest.approx(np.full(4, 0.3), abs=1e-14)
    assert result.upstream_profit == pytest.approx([0.0, 0.0], abs=1e-14)
    # One margin for all products of a retailer: plain multiproduct logit.
    sold = np.repeat(result.share.reshape(2, 2).sum(axis=1), 2)
    assert result.retail_price - 0.4 == pytest.approx(1.0 / (1.3 * (1.0 - sold)), rel=1e-12)


@TIMINGS
def test_wholesale_and_retail_prices_fall_in_the_buyers_weight(timing):
    ladder = [solve(buyer_weight=weight, timing=timing) for weight in (0.2, 0.4, 0.6, 0.8, 1.0)]
    for dear, cheap in pairwise(ladder):
        assert (cheap.wholesale_price < dear.wholesale_price).all()
        assert (cheap.retail_price < dear.retail_price).all()
        assert cheap.consumer_surplus > dear.consumer_surplus


def test_one_contract_with_a_stronger_buyer_is_the_one_that_gets_cheaper():
    even, tilted = solve(), solve(buyer_weight=[0.5, 0.5, 0.5, 0.7])
    assert int(np.argmin(tilted.wholesale_price - even.wholesale_price)) == 3


@TIMINGS
@given(factor=st.floats(1e-3, 1e3))
@settings(max_examples=4, deadline=None)
def test_another_unit_of_money_changes_only_the_unit(timing, factor):
    changed = {"upstream_cost": 0.3 * factor, "downstream_cost": 0.1 * factor, "price_coefficient": 1.3 / factor}
    before, after = solve(timing=timing), solve(timing=timing, **changed)
    assert after.share == pytest.approx(before.share, rel=1e-9)
    for field in ("wholesale_price", "retail_price", "upstream_profit", "downstream_gain", "consumer_surplus"):
        assert getattr(after, field) == pytest.approx(factor * np.asarray(getattr(before, field)), rel=1e-9)


@TIMINGS
def test_a_cost_that_quality_makes_up_for_passes_through_one_for_one(timing):
    before = solve(timing=timing)
    after = solve(timing=timing, upstream_cost=0.8, quality=np.add(TWO_BY_TWO["quality"], 1.3 * 0.5))
    assert after.share == pytest.approx(before.share, rel=1e-10)
    assert after.wholesale_price == pytest.approx(before.wholesale_price + 0.5, rel=1e-10)


@TIMINGS
@pytest.mark.parametrize("seed", [1, 5, 9])
def test_neither_names_nor_the_order_of_products_matter(timing, seed):
    case = random_case(seed)
    before = wholesale_bargaining(**case, timing=timing)
    order = np.random.default_rng(seed).permutation(len(case["quality"]))
    renamed = {key: np.asarray(value)[order] for key, value in case.items() if np.ndim(value) == 1}
    renamed["upstream"] = [("maker", case["upstream"][k]) for k in order]
    renamed["downstream"] = np.array([f"shop {case['downstream'][k]}" for k in order])
    renamed["integrated"] = [(("maker", u), f"shop {d}") for u, d in case.get("integrated", [])]
    after = wholesale_bargaining(**(case | renamed), timing=timing)
    assert after.wholesale_price == pytest.approx(before.wholesale_price[order], abs=1e-8)
    assert after.retail_price == pytest.approx(before.retail_price[order], abs=1e-8)
    for firm, profit in zip(before.upstream_firms, before.upstream_profit, strict=True):
        there = after.upstream_firms.index(("maker", firm))
        assert after.upstream_profit[there] == pytest.approx(profit, abs=1e-9)


def test_profits_by_firm_add_up_to_what_consumers_pay_above_cost():
    for case in (random_case(seed) for seed in range(20)):
        result = wholesale_bargaining(**case)
        cost = case["upstream_cost"] + case["downstream_cost"]
        earned = result.upstream_profit.sum() + result.downstream_profit.sum()
        assert earned == pytest.approx(result.share @ (result.retail_price - cost), rel=1e-12)
        assert result.share.sum() + result.outside_share == pytest.approx(1.0, rel=1e-12)


def test_a_vertical_merger_removes_the_inner_margin_and_raises_the_rivals_cost():
    apart, merged = solve(), solve(integrated=[("A", "x")])
    assert merged.wholesale_price[0] == 0.3
    assert merged.retail_price[0] < apart.retail_price[0]
    # A now earns on what x sells instead of y, and asks more of y.
    assert merged.wholesale_price[2] > apart.wholesale_price[2] + 0.01
    assert np.isnan(merged.upstream_gain[0])
    assert np.isfinite(merged.upstream_gain[1:]).all()


def test_a_supplier_at_cost_who_owns_a_rival_shop_still_asks_for_the_sales_it_loses():
    result = solve(buyer_weight=1.0, integrated=[("A", "x")])
    assert result.wholesale_price[2] > 0.31
    assert result.upstream_gain[2] == pytest.approx(0.0, abs=1e-14)
    assert result.wholesale_price[[1, 3]] == pytest.approx([0.3, 0.3], abs=1e-14)


def test_owners_linked_by_a_chain_of_pairs_are_one_monopolist():
    chain = [("A", "x"), ("B", "x"), ("B", "y")]
    result = solve(integrated=chain)
    everything = result.share.sum()
    assert result.wholesale_price == pytest.approx(np.full(4, 0.3), abs=0.0)
    assert result.retail_price - 0.4 == pytest.approx(np.full(4, 1.0 / (1.3 * (1.0 - everything))), rel=1e-12)
    assert np.isnan(result.downstream_gain).all()
    again = solve(integrated=chain[::-1], timing="sequential")
    assert again.retail_price == pytest.approx(result.retail_price, rel=1e-12)


def test_nests_of_one_product_are_plain_logit():
    plain = solve()
    nested = solve(nest=[0, 1, 2, 3], nesting=0.6)
    assert nested.wholesale_price == pytest.approx(plain.wholesale_price, rel=1e-11)
    assert nested.retail_price == pytest.approx(plain.retail_price, rel=1e-11)


def test_closer_substitutes_within_nests_leave_lower_margins():
    plain, nested = solve(), solve(nest=["g", "g", "g", "g"], nesting=0.6)
    assert (nested.retail_price < plain.retail_price).all()


@pytest.mark.parametrize(
    "changes",
    [
        {"buyer_weight": 0.001},
        {"buyer_weight": 0.02},
        {"quality": [60.0, 61.0, 60.5, 59.0]},
        {"quality": [40.0, -500.0, 1.0, 2.0]},
        {"upstream_cost": 1e6, "quality": 1.3e6},
        {"nest": [0, 0, 1, 1], "nesting": 0.97},
    ],
)
def test_extreme_markets_are_solved_to_rounding_error(changes):
    if np.ndim(changes.get("quality")) == 0 and "quality" in changes:
        changes = changes | {"quality": np.add(TWO_BY_TWO["quality"], changes["quality"])}
    result = solve(**changes)
    assert result.residual < 1e-12
    assert (result.retail_price > result.wholesale_price).all()


def test_twelve_products_are_solved_in_both_timings():
    rng = np.random.default_rng(4)
    firms = np.arange(12)
    case = {"quality": rng.normal(size=12), "upstream": firms % 3, "downstream": firms // 3}
    simultaneous, sequential = solve(**case), solve(**case, timing="sequential")
    assert simultaneous.residual < 1e-12
    assert sequential.residual < 1e-11
    # Retailers pass a dear wholesale price on, which those who set it take into account.
    assert (sequential.wholesale_price < simultaneous.wholesale_price).all()


def test_a_product_that_costs_its_seller_more_than_it_brings_is_not_traded():
    with pytest.raises(EconomicsError) as caught:
        wholesale_bargaining(**random_case(243), timing="sequential")
    assert caught.value.parameter == "gains_from_trade"
    assert caught.value.value < 0.0


def test_too_few_iterations_are_reported_with_the_residual():
    with pytest.raises(EconomicsError, match=r"residual \d.*after 2 iterations") as caught:
        solve(max_iterations=1, timing="sequential")
    assert (caught.value.parameter, caught.value.value) == ("max_iterations", 1)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("quality", [1.0, np.nan, 0.8, 1.1]),
        ("quality", []),
        ("quality", 1.0),
        ("quality", "dear"),
        ("upstream_cost", [0.3, 0.3]),
        ("downstream_cost", np.inf),
        ("price_coefficient", 0.0),
        ("price_coefficient", -0.9),
        ("price_coefficient", [1.0, 1.0]),
        ("price_coefficient", np.nan),
        ("upstream", ["A", "B"]),
        ("upstream", "ABAB"),
        ("upstream", [np.nan, "B", "A", "B"]),
        ("downstream", [["x"], "x", "y", "y"]),
        ("downstream", None),
        ("buyer_weight", 0.0),
        ("buyer_weight", 1.01),
        ("buyer_weight", [0.5, 0.5, -0.1, 0.5]),
        ("integrated", [("A", "nobody")]),
        ("integrated", [("x", "A")]),
        ("integrated", ("A", "x")),
        ("integrated", ["Ax"]),
        ("integrated", "Ax"),
        ("integrated", 7),
        ("outside_utility", np.inf),
        ("nest", [0, 1]),
        ("nesting", 1.0),
        ("nesting", -0.1),
        ("timing", "both"),
        ("tolerance", 0.0),
        ("max_iterations", 0),
    ],
)
def test_bad_input_is_named(parameter, value):
    nested = {"nest": [0, 0, 1, 1], "nesting": 0.3}
    with pytest.raises(EconomicsError) as caught:
        solve(**(nested | {parameter: value}))
    assert caught.value.parameter == parameter


def test_correlated_tastes_need_nests():
    with pytest.raises(EconomicsError, match="nesting must be 0 where no nests"):
        solve(nesting=0.5)


def test_a_buyer_without_any_weight_is_refused_only_where_no_retail_price_answers():
    with pytest.raises(EconomicsError, match="buyer_weight must be above 0 and at most 1"):
        solve(buyer_weight=0.0)
    assert solve(buyer_weight=0.0, timing="sequential").residual < 1e-11


def test_a_product_nobody_would_buy_has_no_price_to_answer_with():
    with pytest.raises(EconomicsError, match="quality must be high enough") as caught:
        solve(quality=[1.0, 1.2, -900.0, 1.1], timing="sequential")
    assert caught.value.value == -900.0


def test_columns_of_a_table_are_labels():
    table = pandas.DataFrame({key: TWO_BY_TWO[key] for key in ("quality", "upstream", "downstream")})
    result = solve(**{key: table[key] for key in table})
    assert result.retail_price.tolist() == solve().retail_price.tolist()
    assert result.upstream_firms == ("A", "B")


def test_work_in_small_batches_gives_the_same_prices(monkeypatch):
    whole = [solve(timing=timing).wholesale_price for timing in ("simultaneous", "sequential")]
    monkeypatch.setattr(vertical_solver, "ELEMENTS_AT_ONCE", 1)
    parts = [solve(timing=timing).wholesale_price for timing in ("simultaneous", "sequential")]
    assert np.array(parts) == pytest.approx(np.array(whole), rel=1e-12)
