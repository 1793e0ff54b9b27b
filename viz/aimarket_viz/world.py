"""One market and what the page shows of it: plain numbers, ready to be sent."""

from __future__ import annotations

import math
from typing import Any

from aimarket import AIMarket
from aimarket.recording.measures import firm_rows
from aimarket.recording.tables import FIRMS
from aimarket_viz.choices import Choice
from aimarket_viz.palette import DASHES, colours

__all__ = ["MARKET_COLUMNS", "World"]

MARKET_COLUMNS = (
    "list_price_usd_per_mtok",
    "paid_price_usd_per_mtok",
    "service_price_usd_per_mtok",
    "spot_price_usd_per_gpu_hour",
    "contract_price_usd_per_gpu_hour",
    "revenue_musd",
    "hhi_revenue",
    "lerner",
    "survivors",
)

_LABS = ("frontier_lab", "open_weight_provider")
_NAMES = {
    "amd": "AMD",
    "coreweave": "CoreWeave",
    "deepseek": "DeepSeek",
    "ercot": "ERCOT",
    "google_cloud": "Google Cloud",
    "miso": "MISO",
    "openai": "OpenAI",
    "pjm": "PJM",
    "xai": "xAI",
}
_FIRM_COLUMNS = {name: place - 2 for place, name in enumerate(FIRMS.names)}  # rows come without step and date


class World:
    """A running model, the months it has shown and what is fixed about it.

    ``step`` costs the same and returns as much in month 96 as in month 1; ``snapshot`` is everything so far.
    """

    def __init__(self, choice: Choice) -> None:
        self.choice = choice
        self.model = AIMarket(choice.scenario, seed=choice.seed)
        self.months: list[dict[str, Any]] = []
        roles = {name: firm.role for name, firm in self.model.firms.items()}
        colour = colours(roles)
        self._firms = [
            {
                "name": name,
                "label": _label(name),
                "role": role,
                "colour": colour[name],
                "dash": DASHES.get(role, "solid"),
                "owner": _label(self.model.firms[name].parent or ""),
                "lab": role in _LABS,
            }
            for name, role in roles.items()
        ]
        clock = self.model.clock
        self._dates = [clock.date_of(step).isoformat()[:7] for step in range(1, clock.periods + 1)]

    @property
    def running(self) -> bool:
        """Is there a month left?"""
        return bool(self.model.running)

    def step(self) -> dict[str, Any]:
        """Simulate a month and return what the page adds to its charts."""
        self.model.step()
        market = self.model.recorder.latest("market")
        month = {
            "step": self.model.clock.step,
            "date": market["date"][:7],
            "market": [_number(market[column]) for column in MARKET_COLUMNS],
            "firms": [_firm(row) for row in firm_rows(self.model)],
        }
        self.months.append(month)
        return month

    def snapshot(self) -> dict[str, Any]:
        """What is fixed about this world, and every month so far."""
        return {
            "scenario": self.model.config.name,
            "description": self.model.config.description,
            "seed": self.model.seed,
            "dates": self._dates,
            "columns": MARKET_COLUMNS,
            "firms": self._firms,
            "events": self._events(),
            "months": self.months,
        }

    def _events(self) -> list[dict[str, str]]:
        return [
            {"date": str(entry.date)[:7], "label": name.replace("_", " ")}
            for name, entry in self.model.config.events.items()
        ]


def _firm(row: tuple[Any, ...]) -> list[float | None]:
    """Share of buyers' spending, Lerner index, cash, runway and whether the firm lives."""
    names = ("share_revenue", "lerner", "cash_musd", "runway_months", "alive")
    return [_number(row[_FIRM_COLUMNS[name]]) for name in names]


def _number(value: Any) -> float | None:
    """Four digits are more than a chart shows; what is missing is ``None``."""
    number = float(value)
    return float(f"{number:.4g}") if math.isfinite(number) else None


def _label(name: str) -> str:
    return _NAMES.get(name) or name.replace("_", " ").capitalize()
