"""Compiled code works wherever the package lies, also where nothing can be written."""

from __future__ import annotations

import numba.core.caching as caching

from aimarket.economics.compiled import compiled


def double(x):
    return 2.0 * x


def test_a_compiled_function_computes_what_the_plain_one_does():
    assert compiled(double)(1.5) == double(1.5)


def test_code_is_kept_where_it_can_be(tmp_path, monkeypatch):
    monkeypatch.setattr("numba.core.config.CACHE_DIR", str(tmp_path))
    assert compiled(double)(2.0) == 4.0
    assert list(tmp_path.rglob("*.nbi"))


def test_without_a_place_for_it_the_code_is_compiled_anew(monkeypatch):
    def nowhere(*_):
        raise RuntimeError("cannot cache function: no locator available")

    monkeypatch.setattr(caching.FunctionCache, "__init__", nowhere)
    assert compiled(double)(3.0) == 6.0
