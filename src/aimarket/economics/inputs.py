"""Reading arguments: numbers become arrays, and what is no number becomes a named error."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from aimarket.economics.errors import EconomicsError, require

__all__ = ["finite", "finite_together", "numbers"]

FloatArray = npt.NDArray[np.float64]


def numbers(parameter: str, value: npt.ArrayLike) -> FloatArray:
    """``value`` as an array of floats; raises ``EconomicsError`` for text, complex numbers or ragged lists."""
    try:
        array = np.asarray(value)
        if array.dtype.kind in "biufO":
            return array.astype(np.float64, copy=False)
    except (TypeError, ValueError, OverflowError):
        pass
    raise EconomicsError(parameter, value, "an array of real numbers")


def finite(parameter: str, value: npt.ArrayLike) -> FloatArray:
    """``value`` as an array of floats; raises ``EconomicsError`` at the first that is infinite or not a number."""
    if isinstance(value, float) and math.isfinite(value):  # the simulation's usual case, and ten times as quick
        return np.array(value)
    array = numbers(parameter, value)
    good = np.isfinite(array)
    if not good.all():
        require(good, parameter, array, "finite")
    return array


def finite_together(**values: npt.ArrayLike) -> list[FloatArray]:
    """Each value as a finite array, in the order given and in its own shape.

    Raises ``EconomicsError`` for the first that is not finite or does not broadcast with those before it.
    """
    arrays: list[FloatArray] = []
    shape: tuple[int, ...] = ()
    for parameter, value in values.items():
        array = finite(parameter, value)
        if array.shape and array.shape != shape:
            try:
                shape = np.broadcast_shapes(shape, array.shape)
            except ValueError:
                raise EconomicsError(parameter, array.shape, f"of a shape that broadcasts with {shape}") from None
        arrays.append(array)
    return arrays
