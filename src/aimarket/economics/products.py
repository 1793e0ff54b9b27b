"""Reading data of J products: arrays, labels, nests and owners."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aimarket.economics.errors import EconomicsError, require
from aimarket.economics.inputs import numbers

__all__ = ["finite_array", "iteration_limit", "label_array", "nest_array", "ownership_matrix", "positive"]

FloatArray = npt.NDArray[np.float64]


def ownership_matrix(owner: npt.ArrayLike | None, products: int) -> FloatArray:
    """Weights (J, J): element [j, k] is what the setter of price j puts on the profit of product k.

    ``owner`` holds labels (J,), giving 1 for the same firm and 0 otherwise, or the matrix itself, with
    weights in [0, 1] and ones on the diagonal (partial ownership: O'Brien & Salop 2000); None makes each
    product a firm.  Raises ``EconomicsError`` otherwise.
    """
    if products < 1:
        raise EconomicsError("products", products, "at least 1")
    if owner is None:
        return np.eye(products)
    labels = label_array("owner", owner)
    if labels.shape == (products,):
        return np.asarray(labels[:, None] == labels, dtype=np.float64)
    if labels.shape != (products, products):
        raise EconomicsError("owner", labels.shape, f"of shape {(products,)} or {(products, products)}")
    weights = finite_array("owner", owner)
    require((weights >= 0.0) & (weights <= 1.0), "owner", weights, "weights from 0 to 1")
    require(np.diagonal(weights) == 1.0, "owner", np.diagonal(weights), "1 on the diagonal")
    return weights


def finite_array(parameter: str, value: npt.ArrayLike, shape: tuple[int, ...] | None = None) -> FloatArray:
    """``value`` as an array of finite numbers, broadcast to ``shape`` where one is given."""
    array = numbers(parameter, value)
    if shape is not None and array.shape != shape:
        if array.ndim:
            raise EconomicsError(parameter, array.shape, f"of shape {shape}")
        array = np.full(shape, array)
    if not np.isfinite(array).all():
        require(np.isfinite(array), parameter, array, "finite")
    return array


def label_array(parameter: str, value: npt.ArrayLike) -> npt.NDArray[np.generic]:
    """``value`` as an array of labels that can be told apart and sorted: numbers or words."""
    try:
        labels = np.asarray(value)
    except ValueError:
        raise EconomicsError(parameter, value, "an array of labels") from None
    if labels.dtype.kind == "O" and all(isinstance(label, str) for label in labels.flat):
        labels = labels.astype(str)
    if labels.dtype.kind not in "biufUS" or (labels.dtype.kind == "f" and np.isnan(labels).any()):
        raise EconomicsError(parameter, value, "an array of numbers or of words")
    return labels


def nest_array(
    nest: npt.ArrayLike | None, nesting: npt.ArrayLike, shape: tuple[int, ...]
) -> tuple[npt.NDArray[np.generic], FloatArray]:
    """Nest label and sigma of each product, both of shape (J,)."""
    sigma = numbers("nesting", nesting)
    require((sigma >= 0.0) & (sigma < 1.0), "nesting", sigma, "at least 0 and below 1")
    if sigma.shape not in ((), shape):
        raise EconomicsError("nesting", sigma.shape, f"one number or of shape {shape}")
    if nest is None:
        require(sigma == 0.0, "nesting", sigma, "0 where no nests are given")
        return np.arange(shape[0]), np.zeros(shape)
    labels = label_array("nest", nest)
    if labels.shape != shape:
        raise EconomicsError("nest", labels.shape, f"of shape {shape}, one label per product")
    if sigma.ndim:
        apart = (labels[:, None] == labels) & (sigma[:, None] != sigma)
        require(~apart, "nesting", sigma, "equal within a nest")
    return labels, np.full(shape, sigma) if sigma.ndim == 0 else sigma


def positive(parameter: str, value: float) -> float:
    """``value`` as a finite number above 0."""
    number = finite_array(parameter, value)
    if number.ndim:
        raise EconomicsError(parameter, number.shape, "one number")
    if not number > 0.0:
        raise EconomicsError(parameter, float(number), "above 0")
    return float(number)


def iteration_limit(max_iterations: int) -> int:
    """``max_iterations`` as a whole number, at least 1."""
    if not isinstance(max_iterations, (int, np.integer)) or max_iterations < 1:
        raise EconomicsError("max_iterations", max_iterations, "a whole number, at least 1")
    return int(max_iterations)
