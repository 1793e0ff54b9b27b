"""One look per firm, tier and measure, the same on every chart; told apart without colour vision too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["INK", "OTHER", "Style", "firm_styles", "measure_style", "tier_style"]

INK = "#444444"
_DASHES: tuple[tuple[float, ...], ...] = ((), (5, 1.6), (1.2, 1.4), (6, 1.5, 1.2, 1.5))
_HATCHES = ("", "////", "....", "\\\\\\\\")
# Okabe & Ito (2008), the light tones darkened until they stand out on white
_FIRMS = ("#0072B2", "#D55E00", "#009E73", "#C25E95", "#B8860B", "#3A9BD9", "#222222")
# after Tol's muted scheme
_TIERS = {
    "labs": "#332288",
    "open-weight providers": "#AA4499",
    "clouds": "#3B8EA5",
    "chips": "#117733",
    "energy": "#B59B2B",
    "open hosts": "#882255",
    "others": "#777777",
}
_MEASURES = ("#1F3B57", "#B4532A", "#5E7F3B", "#7A4E8A")


@dataclass(frozen=True)
class Style:
    """Colour, dash pattern in line widths, and hatch for areas."""

    colour: str
    dashes: tuple[float, ...] = ()
    hatch: str = ""


OTHER = Style("#BBBBBB")


def firm_styles(firms: Iterable[str]) -> dict[str, Style]:
    """A look for each firm by its place; the first 28 differ in colour or dashes."""
    return {
        firm: Style(_FIRMS[i % len(_FIRMS)], _DASHES[i % len(_DASHES)], _HATCHES[i // len(_FIRMS) % len(_HATCHES)])
        for i, firm in enumerate(firms)
    }


def tier_style(tier: str) -> Style:
    place = list(_TIERS).index(tier) if tier in _TIERS else len(_TIERS) - 1
    return Style(_TIERS.get(tier, _TIERS["others"]), _DASHES[place % len(_DASHES)])


def measure_style(place: int) -> Style:
    """For lines that belong to the whole market."""
    return Style(_MEASURES[place % len(_MEASURES)], _DASHES[place % len(_DASHES)])
