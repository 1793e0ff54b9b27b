"""Compiling hot loops with numba, with the result kept on disk where there is a place for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba

__all__ = ["compiled"]

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """``function`` compiled to machine code on its first call, IEEE arithmetic, without the interpreter's lock.

    Decorate functions at module level only: one made inside another would never find its code on disk
    again.  Where neither the package's folder nor the user's cache can be written, as in a read-only
    installation without a home, every process compiles anew.
    """
    try:
        kept: F = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # numba found no place that can be written
        fresh: F = numba.njit(nogil=True)(function)
        return fresh
    return kept
