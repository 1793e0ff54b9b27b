import numpy as np
import pytest

from aimarket.economics import (
    EconomicsError,
    best_response_markup,
    lerner,
    lerner_from_elasticity,
    nested_logit_shares,
    share_derivatives,
)


def test_single_product_by_hand():
    assert best_response_markup([2.0], [[-4.0]]) == pytest.approx([0.5])


def test_two_products_by_hand():
    # -4 m1 + 1 m2 = -7 and 2 m1 - 3 m2 = -4 (element [j, k] is dQ_j / dp_k): m = (2.5, 3).
    assert best_response_markup([7.0, 4.0], [[-4.0, 2.0], [1.0, -3.0]]) == pytest.approx([2.5, 3.0])


def test_linear_demand_monopoly_meets_the_textbook_price():
    # Q = 10 - p, c = 2: p = 6.
    price = 6.0
    assert best_response_markup([10.0 - price], [[-1.0]])[0] == pytest.approx(price - 2.0)


def test_logit_owner_charges_one_markup_on_all_its_products():
    # m = 1 / (alpha (1 - sum of own shares)), Anderson, de Palma & Thisse (1992).
    alpha, nest = 0.8, [0, 0, 0]
    utility = np.array([1.0, 0.3, -0.4])
    shares, _ = nested_logit_shares(utility, nest, 0.0)
    slope = -alpha * share_derivatives(utility, nest, 0.0)
    markup = best_response_markup(shares[:2], slope[:2, :2])
    assert markup == pytest.approx(np.full(2, 1.0 / (alpha * (1.0 - shares[:2].sum()))))


def test_owning_a_substitute_raises_the_markup():
    slope = np.array([[-2.0, 0.5], [0.5, -2.0]])
    joint = best_response_markup([1.0, 1.0], slope)
    assert (joint > best_response_markup([1.0], slope[:1, :1])).all()


def test_no_product_no_markup():
    assert best_response_markup([], np.zeros((0, 0))).shape == (0,)


@pytest.mark.parametrize(
    ("quantity", "derivatives", "parameter"),
    [
        ([1.0], [[0.0]], "derivatives"),
        ([1.0], [[0.5]], "derivatives"),
        ([1.0], [[np.nan]], "derivatives"),
        ([1.0, 1.0], [[-1.0]], "derivatives"),
        ([1.0, 1.0], [[-1.0, 1.0], [1.0, -1.0]], "derivatives"),
        ([-1.0], [[-1.0]], "quantity"),
    ],
)
def test_impossible_demand_is_refused(quantity, derivatives, parameter):
    with pytest.raises(EconomicsError) as caught:
        best_response_markup(quantity, derivatives)
    assert caught.value.parameter == parameter


def test_lerner_index_from_elasticity():
    assert lerner_from_elasticity([-2.0, -5.0]) == pytest.approx([0.5, 0.2])
    # Q = 10 - p at its monopoly price 6 and cost 2: elasticity -6 / 4.
    assert lerner_from_elasticity(-1.5) == pytest.approx(lerner(6.0, 2.0))


@pytest.mark.parametrize("elasticity", [-1.0, -0.5, 0.0, 2.0, np.nan])
def test_inelastic_demand_has_no_optimal_price(elasticity):
    with pytest.raises(EconomicsError) as caught:
        lerner_from_elasticity([-3.0, elasticity])
    assert caught.value.bound == "below -1"
