"""Regime switch: one strategy until something happens, another one from then on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pydantic import Field, model_validator

from aimarket.config.schema.base import Month, month_index
from aimarket.config.schema.base import Strategy as StrategyPlug
from aimarket.errors import ConfigError
from aimarket.randomness import Draws
from aimarket.strategies.base import Decision, Strategy, StrategyParameters, View

__all__ = ["RegimeSwitch"]


class RegimeSwitch(Strategy):
    """Decides by one strategy in ordinary times, and by another one while any of its triggers holds.

    "After" is in force from ``date`` on for good, and in every period in which the agent's runway or the mood of
    investors is below its bound.  Nothing is remembered: when runway or mood recover, "before" is back.  It
    can be named for every decision, and either strategy may be a regime switch itself.

        capacity: {name: regime_switch, before: scale_race, after: finance_driven, date: "2026-01"}
    """

    decision = "any"
    name = "regime_switch"
    source = "regime changes in time series: Hamilton (1989), Econometrica 57; triggers as in model.md, section 1"

    class Parameters(StrategyParameters):
        before: StrategyPlug = Field(description="strategy while no trigger holds: its name, or with parameters")
        after: StrategyPlug = Field(description="strategy while a trigger holds: its name, or with parameters")
        date: Month | None = Field(None, description="month from which on 'after' is in force, YYYY-MM")
        runway_below_months: float | None = Field(None, gt=0, le=240, description="runway in months that triggers")
        sentiment_below: float | None = Field(None, ge=-10, le=10, description="mood (log of value) that triggers")

        @model_validator(mode="after")
        def _has_a_trigger(self) -> RegimeSwitch.Parameters:
            if self.date is None and self.runway_below_months is None and self.sentiment_below is None:
                raise ValueError("needs a trigger: date, runway_below_months or sentiment_below")
            return self

    # Set for the decision at hand by the registry.
    parts: Mapping[str, Strategy] = {}

    @property
    def negotiates(self) -> bool:
        """Whether either strategy has to see what customers would pay."""
        return self._either("negotiates")

    @property
    def buyer_hosting(self) -> bool:
        """Whether buyers may run open weights themselves under either strategy."""
        return self._either("buyer_hosting")

    def decide(self, view: View, draws: Draws) -> Decision:
        if not self.parts:
            raise ConfigError("decides nothing by itself", value=self.name, remedy="make it with make_strategy")
        told, inputs, switched = self._triggers(view)
        strategy = self.parts["after" if switched else "before"]
        decision = strategy.decide(view, draws)
        regime = f"regime {'after' if switched else 'before'} the switch ({strategy.name}: {', '.join(told)})"
        return replace(decision, reason=f"{regime}: {decision.reason}", inputs={**inputs, **decision.inputs})

    def _triggers(self, view: View) -> tuple[list[str], dict[str, float], bool]:
        """What each trigger sees in words and numbers, and whether any of them holds."""
        p = self.parameters
        told: list[str] = []
        inputs: dict[str, float] = {}
        switched = False
        if p.date is not None:
            since = month_index(view.month) - month_index(p.date)
            switched |= since >= 0
            told.append(f"{view.month} is {abs(since)} months {'past' if since >= 0 else 'before'} {p.date}")
            inputs["months_since_date"] = float(since)
        for name, unit, bound in (
            ("runway_months", " months", p.runway_below_months),
            ("sentiment", "", p.sentiment_below),
        ):
            if bound is not None:
                value = float(getattr(view, name))
                switched |= value < bound
                told.append(f"{name.removesuffix('_months')} {value:.4g}{unit} against {bound:g}")
                inputs |= {name: value, f"trigger_{name}": bound}
        return told, inputs, switched

    def _either(self, attribute: str) -> bool:
        return any(bool(getattr(part, attribute, False)) for part in self.parts.values())
