"""Strategies that each break one rule of the contract, and two that break none."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from aimarket.model import AIMarket
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.chip_pricing.interface import ChipPricingDecision

MEMORY: list[float] = []


class Honest(Strategy):
    """Posts a markup on unit cost."""

    decision = "chip_pricing"
    name = "honest"
    source = "nobody (2026), An example for tests"

    class Parameters(StrategyParameters):
        markup: float = Field(1.0, ge=0, le=9, description="price over unit cost, less one")

    def price(self, view, draws):
        return (1.0 + self.parameters.markup) * view.unit_cost_usd

    def decide(self, view, draws):
        price = float(self.price(view, draws))
        return ChipPricingDecision(
            price_usd=price, reason=f"{price:.6g} USD", inputs={"unit_cost_usd": view.unit_cost_usd}
        )


class Nameless(Honest):
    """Has a name that no config could hold."""

    name = "No Name"


class Unsourced(Honest):
    """Does not say where it comes from."""

    source = "me"


class Undocumented(Honest):
    __doc__ = None


class Undecided(Honest):
    """Decides something that nobody decides."""

    decision = "chip_prizing"


class Unbounded(Honest):
    """Has a parameter without an upper bound."""

    class Parameters(StrategyParameters):
        markup: float = Field(1.0, ge=0, description="markup")


class Undescribed(Honest):
    """Has a parameter without a description."""

    class Parameters(StrategyParameters):
        markup: float = Field(1.0, ge=0, le=9)


class WithoutDefault(Honest):
    """Has a parameter without a default."""

    class Parameters(StrategyParameters):
        markup: float = Field(ge=0, le=9, description="markup")


class DefaultOutOfBounds(Honest):
    """Has a default that its own bounds refuse."""

    class Parameters(StrategyParameters):
        markup: float = Field(10.0, ge=0, le=9, description="markup")


class Lenient(Honest):
    """Takes text for a number."""

    class Parameters(StrategyParameters):
        model_config = ConfigDict(frozen=True, extra="forbid", strict=False, allow_inf_nan=False)
        markup: float = Field(1.0, ge=0, le=9, description="markup")


class Changeable(Honest):
    """Has parameters that can be changed."""

    class Parameters(StrategyParameters):
        model_config = ConfigDict(frozen=False, extra="forbid", strict=True, allow_inf_nan=False)
        markup: float = Field(1.0, ge=0, le=9, description="markup")


class Foreign(Honest):
    """Has parameters of another making."""

    class Parameters(BaseModel):
        markup: float = 1.0


class Raising(Honest):
    """Fails when there is no backlog."""

    def price(self, view, draws):
        return 1.0 / {0.0: 0.0}.get(view.backlog_months, 1.0)


class NotANumber(Honest):
    """Posts no number."""

    def price(self, view, draws):
        return float("nan")


class TooCheap(Honest):
    """Leaves its bounds at the smallest markup."""

    def price(self, view, draws):
        return self.parameters.markup * view.unit_cost_usd


class Dividing(Honest):
    """Divides by zero on the way, and ends with a legal price."""

    def price(self, view, draws):
        return min(float(np.float64(1.0) / np.float64(view.backlog_months)), 1e4) + 1.0


class Speechless(Honest):
    """Gives no numbers."""

    def decide(self, view, draws):
        return replace(super().decide(view, draws), reason="it felt right")


class Wordy(Honest):
    """Gives two lines."""

    def decide(self, view, draws):
        return replace(super().decide(view, draws), reason="price 1\nand more")


class Infinite(Honest):
    """Talks of what is not finite."""

    def decide(self, view, draws):
        return replace(super().decide(view, draws), reason="1 price on a runway of inf months")


class Silent(Honest):
    """Names no inputs."""

    def decide(self, view, draws):
        return replace(super().decide(view, draws), inputs={})


class Mumbling(Honest):
    """Names inputs that are no names."""

    def decide(self, view, draws):
        return replace(super().decide(view, draws), inputs={"Unit cost": 1.0})


class SoftDecision(ChipPricingDecision):
    """A decision that can be changed."""

    def __setattr__(self, name, value):
        object.__setattr__(self, name, value)


class Soft(Honest):
    """Returns a decision that can be changed."""

    def decide(self, view, draws):
        told = super().decide(view, draws)
        return SoftDecision(price_usd=told.price_usd, reason=told.reason, inputs=told.inputs)


class Gambler(Honest):
    """Draws from a generator of its own."""

    def price(self, view, draws):
        return 1e3 + np.random.default_rng().uniform()


class Drawing(Honest):
    """Draws from the numbers it is given, as it should."""

    def price(self, view, draws):
        return 1e3 + float(draws.uniform(1)[0])


class SharedNumpy(Honest):
    """Draws from numpy's shared generator, and puts nothing of it into its price."""

    def price(self, view, draws):
        np.random.uniform()  # noqa: NPY002
        return 1e3


class SharedRandom(Honest):
    """Draws from Python's shared generator, and puts nothing of it into its price."""

    def price(self, view, draws):
        random.random()
        return 1e3


class Remembering(Honest):
    """Keeps on itself what it saw."""

    def price(self, view, draws):
        self.last = max(getattr(self, "last", 0.0), view.unit_cost_usd)
        return self.last


class RememberingOutside(Honest):
    """Keeps in its module what it saw."""

    def price(self, view, draws):
        MEMORY.append(view.unit_cost_usd)
        return 1e3 + len(MEMORY)


class Unpicklable(Honest):
    """Holds a function that no other process can get."""

    def __init__(self, parameters):
        super().__init__(parameters)
        self.rule = lambda view: view.unit_cost_usd

    def price(self, view, draws):
        return self.rule(view)


class Forgetful(Honest):
    """Loses its markup when it is sent away."""

    def __reduce__(self):
        return Forgetful, (self.Parameters(markup=0.5),)


class Meddling(Honest):
    """Changes its view by force."""

    def price(self, view, draws):
        object.__setattr__(view, "unit_cost_usd", view.unit_cost_usd + 1.0)
        return 1e3


class Writing(Honest):
    """Changes its view as if it could."""

    def price(self, view, draws):
        view.unit_cost_usd = 1.0
        return 1e3


class Prying(Honest):
    """Asks its view for the whole market."""

    def price(self, view, draws):
        return 1e3 if getattr(view, "_model", None) is None else 2e3


class Spying(Honest):
    """Looks for the market on the stack of its caller."""

    def price(self, view, draws):
        import inspect

        frames = [frame.frame.f_locals.get("self") for frame in inspect.stack()[1:]]
        rich = [frame for frame in frames if isinstance(frame, AIMarket)]
        return 1e3 if not rich else 2e3


class Sleeping(Honest):
    """Takes its time."""

    def price(self, view, draws):
        time.sleep(0.06)
        return 1e3


class LateFailure(Honest):
    """Knows every example view, and fails on the market's own."""

    def price(self, view, draws):
        return 1e3 if view.firm == "nvidia" else float("inf")
