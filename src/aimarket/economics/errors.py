"""The error of economic formulas whose conditions do not hold."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aimarket.errors import AimarketError

__all__ = ["EconomicsError", "require"]


class EconomicsError(AimarketError, ValueError):
    """A formula was asked outside the range where it means something.

    ``parameter`` names the argument, ``value`` is what it was and ``bound`` what it has to be.
    """

    def __init__(self, parameter: str, value: object, bound: str) -> None:
        self.parameter = parameter
        self.value = value
        self.bound = bound
        shown = " ".join(repr(value).split())
        super().__init__(f"{parameter} must be {bound} (got {shown if len(shown) <= 80 else shown[:77] + '...'})")

    def __reduce__(self) -> tuple[type[EconomicsError], tuple[str, object, str]]:
        return type(self), (self.parameter, self.value, self.bound)


def require(holds: npt.ArrayLike, parameter: str, value: npt.ArrayLike, bound: str) -> None:
    """Raise ``EconomicsError`` with the first element of ``value`` for which ``holds`` is false."""
    good = np.asarray(holds)
    if not good.all():
        offending = np.broadcast_to(np.asarray(value), good.shape)[~good].flat[0]
        raise EconomicsError(parameter, offending.item(), bound)
