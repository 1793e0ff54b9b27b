"""How unquoted text in a config reads: numbers, true/false, null, or text.

YAML 1.1 has traps that bite in economics: ``1e6`` is text, ``no`` is false, ``2026-03-01`` is a date
object, ``010`` is eight.  Here ``1e6`` is a number, and the others are the text they look like.
"""

from __future__ import annotations

import math
import re

__all__ = ["NOT_FINITE", "resolve_scalar"]

NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z")

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*(?:_[0-9]+)*)\Z")
_FLOAT = re.compile(
    r"[-+]?(?:(?:[0-9]+(?:_[0-9]+)*)\.[0-9]*|\.[0-9]+|[0-9]+(?:_[0-9]+)*(?=[eE]))(?:[eE][-+]?[0-9]+)?\Z"
)
_LONGEST_NUMBER = 64
_EXACT = 2**53


def resolve_scalar(text: str) -> str | bool | int | float | None:
    """The value that unquoted ``text`` stands for.

    A whole number in exponent notation is an integer, so that ``firms: 1e6`` fits an integer field.

    Raises
    ------
    ValueError
        The text is a number too large to be finite, not a number, or absurdly long.
    """
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if NOT_FINITE.match(text):
        raise ValueError("must be a finite number")
    integral = _INTEGER.match(text)
    if not integral and not _FLOAT.match(text):
        return text
    if len(text) > _LONGEST_NUMBER:
        raise ValueError(f"is a number of more than {_LONGEST_NUMBER} characters")
    digits = text.replace("_", "")
    if integral:
        return int(digits)
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("must be a finite number")
    whole = "e" in digits.lower() and number.is_integer() and abs(number) < _EXACT
    return int(number) if whole else number
