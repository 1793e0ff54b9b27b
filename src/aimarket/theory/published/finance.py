"""Stock-flow consistent accounting, asset prices under switching beliefs, and classes of debt."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from aimarket.economics.asset_pricing import (
    brock_hommes_eigenvalue_modulus,
    brock_hommes_path,
    trend_follower_neimark_sacker_intensity,
    trend_follower_pitchfork_intensity,
    trend_follower_steady_state,
)
from aimarket.economics.finance import minsky_class
from aimarket.ledger import Ledger
from aimarket.theory.benchmark import Benchmark, Figure, vector

__all__ = ["BENCHMARKS", "SIM_SECTORS", "SimPeriod", "sim_economy_path"]

FloatArray = npt.NDArray[np.float64]

SIM_SECTORS = ("households", "firms", "government")
_DEBT_INPUTS = ("operating_cash_flow", "interest_due", "principal_due")


class SimPeriod(NamedTuple):
    """A period of the SIM economy, in units of money.

    ``money_held`` is what households' own books say, ``money_issued`` what the government's say;
    ``money_in_ledger`` what payments left with households.  ``flow_matrix`` has a row per kind of payment
    and one for the change in money, a column per sector.
    """

    output: float
    employment: float
    taxes: float
    disposable_income: float
    consumption: float
    money_held: float
    money_issued: float
    money_in_ledger: float
    flow_matrix: FloatArray


def sim_economy_path(
    consume_from_income: float,
    consume_from_wealth: float,
    tax_rate: float,
    government_spending: float,
    wage: float,
    money_start: float,
    periods: int,
) -> list[SimPeriod]:
    """Godley & Lavoie's model SIM, with every payment made through the simulator's ledger.

        Y = C + G,  T = theta Y,  YD = Y - T,  C = alpha1 YD + alpha2 H_{-1},  H = H_{-1} + YD - C

    Households, firms and a government that spends by issuing money; what the government issues,
    H_s = H_s,-1 + G - T, is never used to solve the model.
    """
    households, firms, government = SIM_SECTORS
    ledger = Ledger(SIM_SECTORS, {households: money_start}, government)
    held = issued = money_start
    path = []
    for period in range(1, periods + 1):
        spent_again = consume_from_income * (1.0 - tax_rate)
        output = (government_spending + consume_from_wealth * held) / (1.0 - spent_again)
        taxes = tax_rate * output
        disposable = output - taxes
        consumption = consume_from_income * disposable + consume_from_wealth * held
        employment = output / wage
        before = ledger.cash.copy()
        ledger.pay("service_sales", government, firms, government_spending)
        ledger.pay("service_sales", households, firms, consumption)
        ledger.pay("staff", firms, households, wage * employment)
        ledger.pay("other_income", households, government, taxes)
        change = ledger.cash - before
        flows = ledger.close(period, {})
        matrix = np.zeros((len(flows) + 1, len(SIM_SECTORS)))
        for row, (_, payer, payee, amount) in enumerate(flows):
            matrix[row, SIM_SECTORS.index(payer)] -= amount
            matrix[row, SIM_SECTORS.index(payee)] += amount
        # Holding more money is a use of funds.
        matrix[-1] = -change
        held += disposable - consumption
        issued += government_spending - taxes
        path.append(
            SimPeriod(
                output,
                employment,
                taxes,
                disposable,
                consumption,
                held,
                issued,
                ledger.cash_of(households),
                matrix,
            )
        )
    return path


def _sim() -> list[Figure]:
    published = vector("D1_GL_SIM")
    inputs, expected, tolerance = published["inputs"], published["expected"], published["abs_tol"]
    path = sim_economy_path(
        inputs["alpha1"], inputs["alpha2"], inputs["theta"], inputs["G"], inputs["W"], inputs["H0"], periods=200
    )
    changes = np.diff([inputs["H0"]] + [at.money_held for at in path])
    # The book's period 1 is the economy before the government starts to spend.
    figures = [
        Figure.near(
            f"{name.replace('_', ' ')}: {', '.join(expected[name])}",
            list(expected[name].values()),
            [at.output, at.taxes, at.disposable_income, at.consumption, changes[place], at.money_held],
            tolerance,
        )
        for name, place in (("period_2", 0), ("period_3", 1), ("steady_state", -1))
        for at in (path[place],)
    ]
    matrices = np.stack([at.flow_matrix for at in path])
    rows, columns = matrices.sum(axis=2), matrices.sum(axis=1)
    hidden = np.diff([inputs["H0"]] + [at.money_issued for at in path]) - changes
    booked = [at.money_in_ledger - at.money_held for at in path]
    zeros = np.zeros(len(path))
    return [
        *figures,
        Figure.near("row sums of the transaction-flow matrix", np.zeros_like(rows), rows, tolerance),
        Figure.near("column sums of the transaction-flow matrix", np.zeros_like(columns), columns, tolerance),
        Figure.near("unused equation: money issued less money saved", zeros, hidden, tolerance),
        Figure.near("money in the ledger less money in households' books", zeros, booked, tolerance),
    ]


def _switching_beliefs() -> list[Figure]:
    published = vector("D4_brock_hommes_2")
    inputs, expected, tolerance = published["inputs"], published["expected"], published["abs_tol"]
    discount, trend, costs = inputs["R"], inputs["g"], inputs["C"]
    risk = 1.0 / inputs["inv_a_sigma2"]
    follower, cost = trend[1], costs[0]

    def steady_state(intensity: str) -> float:
        return trend_follower_steady_state(float(intensity), follower, discount, cost, risk)

    states, moduli = expected["steady_states"], expected["max_eigenvalue_modulus"]
    intensities = [float(intensity) for intensity in states]
    path = brock_hommes_path([2.0, *intensities], trend, 0.0, costs, discount, [0.1, 0.1, 0.1], 2_500, risk)
    settled = list(states.values())
    shares = np.full(len(states), expected["trend_share_at_nonfundamental_state"])
    return [
        Figure.near(
            "pitchfork intensity",
            float(expected["pitchfork_beta"].split("=")[1]),
            trend_follower_pitchfork_intensity(follower, discount, cost),
            tolerance,
        ),
        Figure.near("steady states off the fundamental", settled, [steady_state(b) for b in states], tolerance),
        Figure.near("where the simulated price settles", [0.0, *settled], np.abs(path.deviation[:, -1]), tolerance),
        Figure.near("share of trend followers there", shares, path.share[1:, -1, 1], tolerance),
        Figure.near(
            "Neimark-Sacker intensity",
            expected["neimark_sacker_beta"],
            trend_follower_neimark_sacker_intensity(follower, discount, cost),
            tolerance,
        ),
        Figure.near(
            "modulus of the largest eigenvalue",
            list(moduli.values()),
            [
                brock_hommes_eigenvalue_modulus(steady_state(b), float(b), trend, 0.0, costs, discount, risk)
                for b in moduli
            ],
            tolerance,
        ),
    ]


def _debt_classes() -> list[Figure]:
    cases = vector("D6_minsky_classes")["expected"]
    words = ("hedge", "speculative", "ponzi")
    found = minsky_class(*([case[name] for case in cases] for name in _DEBT_INPUTS))
    return [
        Figure.near(
            "class of each firm (0 hedge, 1 speculative, 2 Ponzi)",
            [words.index(case["expected"]) for case in cases],
            [words.index(word) for word in found],
            0.0,
        )
    ]


BENCHMARKS: tuple[Benchmark, ...] = (
    Benchmark(
        "D1_GL_SIM",
        "The SIM economy: money, taxes and a ledger that closes",
        "Y = C + G,  T = θY,  C = alpha1 YD + alpha2 H(-1),  ΔH_s = G - T = ΔH_h = YD - C",
        vector("D1_GL_SIM")["source"],
        _sim,
    ),
    Benchmark(
        "D4_brock_hommes_2",
        "Costly fundamentalists against trend followers",
        "R x_t = Σ n_h f_h,  n_h = softmax(β U_h),  β1 = ln(R / (g - R)) / C,  x*² = (1 + ln(g/R - 1)/β) / ((R - 1) g)",
        vector("D4_brock_hommes_2")["source"],
        _switching_beliefs,
    ),
    Benchmark(
        "D6_minsky_classes",
        "Hedge, speculative and Ponzi finance",
        "hedge: CF ≥ interest + principal;  speculative: interest ≤ CF;  Ponzi: CF < interest",
        vector("D6_minsky_classes")["source"],
        _debt_classes,
    ),
)
