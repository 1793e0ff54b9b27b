"""Compiling hot loops with numba, with the result kept on disk where there is a place for it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba

__all__ = ["compiled"]

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """``function`` compiled to machine code on its first call, IEEE arithmetic, without the interpreter's lock.

    Decorate functions at module level only: one made inside another would never find its code on disk
    again.  Where neither the package's folder nor the user's cache can be written the code is compiled
    anew by every process.
    """
    decorated: F = numba.njit(cache=_can_be_kept(function), nogil=True)(function)
    return decorated


def _can_be_kept(function: Callable[..., Any]) -> bool:
    if os.environ.get("NUMBA_CACHE_DIR"):
        return True
    beside = Path(function.__code__.co_filename).parent
    return any(os.access(place, os.W_OK) for place in (beside, *_user_cache()))


def _user_cache() -> list[Path]:
    try:
        home = Path.home()
    except RuntimeError:  # no home at all: a bare container
        return []
    cache = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return [cache if cache.exists() else home]
