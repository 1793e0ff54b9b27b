"""Who is out of money, and who only looks it."""

from __future__ import annotations

from aimarket.model import AIMarket


def test_a_profitable_firm_that_pays_its_cash_out_is_not_ruined_by_rounding():
    overrides = {f"agents.firm_{i}.strategies.finance": {"name": "covenant", "payout_share": 0.5} for i in (1, 2)}
    model = AIMarket("theory/duopoly", 1, overrides=overrides)
    tables = model.run().tables
    assert tables["events"].empty
    mine = tables["firms"][tables["firms"]["firm"].isin(["firm_1", "firm_2"])]
    assert mine["alive"].all()
    assert (mine["cash_musd"] >= -1e-9).all()
    assert mine[mine["step"] == 120]["cash_musd"].max() < 2.0


def test_a_firm_that_loses_money_still_fails():
    overrides = {
        "agents.firm_1.cash_musd": 1.0,
        "agents.firm_1.operating.fixed_musd_per_year": 12.0,
        "time.periods": 12,
    }
    tables = AIMarket("theory/duopoly", 1, overrides=overrides).run().tables
    assert tables["events"]["target"].tolist() == ["firm_1"]
