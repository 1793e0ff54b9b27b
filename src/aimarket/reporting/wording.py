"""Numbers and dates as people read them."""

from __future__ import annotations

import calendar
import math

__all__ = ["FORMATS", "MISSING", "UNITS", "index", "missing", "money", "money_in_words", "month", "number", "percent"]

MISSING = "-"
UNITS = "Amounts in USD: M million, B billion, T trillion. Lerner index (p - c)/p and HHI from 0 to 1."
_MONTHS = tuple(calendar.month_name)[1:]


def missing(value: float | None) -> bool:
    return value is None or not math.isfinite(value)


def number(value: float | None) -> str:
    """Three significant digits, thousands separated, an exponent only below a ten-thousandth."""
    if value is None or missing(value):
        return MISSING
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 1000:
        return f"{value:,.0f}"
    if size < 1e-4 * 0.9995:
        return f"{value:.2g}".replace("e-0", "e-")
    digits = max(0, 2 - math.floor(math.log10(size)))
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(share: float | None) -> str:
    """A share of 0..1 as percent."""
    if share is None or missing(share):
        return MISSING
    size = abs(share) * 100.0
    if 0.0 < size < 0.05:
        return "<0.1%"
    return f"{share * 100.0:.0f}%" if size >= 10.0 else f"{share * 100.0:.1f}%"


def index(value: float | None) -> str:
    """Lerner index, HHI: two digits."""
    return MISSING if value is None or missing(value) else f"{value:.2f}"


def count(value: float | None) -> str:
    return MISSING if value is None or missing(value) else f"{value:,.0f}"


def months(value: float | None) -> str:
    """Runway; missing means that cash does not fall."""
    return MISSING if value is None or missing(value) else f"{value:,.0f} mo"


def money(musd: float | None) -> str:
    """USD million as M, B or T."""
    if musd is None or missing(musd):
        return MISSING
    scaled, unit = _scaled(musd)
    return f"{number(scaled)} {unit[0].upper()}" if scaled else "0"


def money_in_words(musd: float | None) -> str:
    """USD million as "1.4 trillion USD"."""
    if musd is None or missing(musd):
        return "an unknown amount"
    scaled, unit = _scaled(musd)
    return f"{number(scaled)} {unit} USD" if scaled else "nothing"


def month(date: str) -> str:
    """ "2026-03-01" as "March 2026"; anything else as it is."""
    try:
        return f"{_MONTHS[int(date[5:7]) - 1]} {int(date[:4])}"
    except (ValueError, IndexError):
        return date


def _scaled(musd: float) -> tuple[float, str]:
    for size, unit in ((1e6, "trillion"), (1e3, "billion")):
        if abs(musd) >= 0.9995 * size:
            return musd / size, unit
    return (0.0 if abs(musd) < 0.0005 else musd), "million"


FORMATS = {
    "share": percent,
    "index": index,
    "number": number,
    "count": count,
    "months": months,
    "musd": money,
}
