"""A discovery lets models learn from less compute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from aimarket.config.schema.base import Name
from aimarket.errors import ConfigError
from aimarket.events.base import Event, EventParameters, check_target, when_failed

if TYPE_CHECKING:
    from aimarket.config.schema import MarketConfig
    from aimarket.model import AIMarket

__all__ = ["AlgorithmicBreakthrough"]


class AlgorithmicBreakthrough(Event):
    """Training, and perhaps serving, gets more from a GPU-hour: at one lab until the secret is out, or everywhere.

    A target keeps its lead for ``duration_months``, or for good; then everybody trains with the new method.
    Cheaper serving is known as soon as everybody has it.  Size of single discoveries: Ho et al. (2024),
    Algorithmic progress in language models; leaks of secrets: Mansfield (1985), Journal of Industrial Economics 34.
    """

    kind = "algorithmic_breakthrough"

    class Parameters(EventParameters):
        gain: float = Field(ge=0, le=5, description="log gain in effective compute per training GPU-hour")
        serving_gain: float = Field(0.0, ge=0, le=5, description="log gain in Mtok per serving GPU-hour")
        target: Name | None = Field(None, description="lab or open-weight provider that finds it; none: everybody")

    def __init__(self, parameters: Parameters) -> None:
        super().__init__(parameters)
        self._found = False

    @property
    def size(self) -> float:
        return float(self.parameters.gain)

    def check(self, config: MarketConfig, path: str) -> None:
        p = self.parameters
        check_target(config, path, self.target, ("frontier_lab", "open_weight_provider"))
        if p.duration_months is not None and not self.target:
            remedy = "leave it out, or name the target that has it first"
            raise ConfigError(
                "is how long a target leads", path=f"{path}.duration_months", value=p.duration_months, remedy=remedy
            )
        if p.serving_gain > 0.0 and self.target and p.duration_months is None:
            remedy = "add duration_months, or leave out target or serving_gain"
            problem = "comes when everybody has the method, which here never happens"
            raise ConfigError(problem, path=f"{path}.serving_gain", value=p.serving_gain, remedy=remedy)

    def strike(self, model: AIMarket) -> str:
        failed = when_failed(model, self.target)
        if failed is not None:
            return failed
        self._found = True
        gain = self.parameters.gain
        model.breakthroughs[self.target] = model.breakthroughs.get(self.target, 0.0) + gain
        who = f"{self.target} alone gains" if self.target else "everybody gains"
        serving = "" if self.target else self._spread_serving(model)
        return f"{who} {gain:.2f} in logs in training efficiency{serving}"

    def end(self, model: AIMarket) -> str:
        if not self._found:
            return f"{self.target} had failed before it could find it: nothing changes"
        gain = self.parameters.gain
        model.breakthroughs[self.target] -= gain
        model.breakthroughs[""] = model.breakthroughs.get("", 0.0) + gain
        serving = self._spread_serving(model)
        return f"the lead of {self.target} is over: everybody has its {gain:.2f} in logs in training{serving}"

    def _spread_serving(self, model: AIMarket) -> str:
        gain = self.parameters.serving_gain
        model.serving_breakthrough += gain
        return f" and {gain:.2f} in serving" if gain > 0.0 else ""
