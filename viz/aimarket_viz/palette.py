"""One colour a firm on every chart; the kind of line says what the firm does.

Okabe and Ito's colours and Paul Tol's muted set, both made for colour-blind readers.  No two firms are told
apart by colour alone: lines carry their names, and roles have dashes of their own.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["DASHES", "colours"]

_LABS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#332288", "#882255")
_OPEN = ("#b8860b", "#56b4e9", "#5c5c5c", "#999933")
_CLOUDS = ("#44aa99", "#e69f00", "#117733", "#cc6677", "#aa4499", "#888888")
_CHIPS = ("#4b7f00", "#b22222", "#6a51a3")
_ENERGY = ("#7f7f7f", "#a6611a", "#4d4d4d")

_BY_ROLE = {
    "frontier_lab": _LABS,
    "open_weight_provider": _OPEN,
    "compute_provider": _CLOUDS,
    "chip_maker": _CHIPS,
    "energy_supplier": _ENERGY,
}

DASHES: dict[str, str | list[int]] = {
    "frontier_lab": "solid",
    "open_weight_provider": [7, 3],
    "compute_provider": [2, 2],
    "chip_maker": [9, 3, 2, 3],
    "energy_supplier": [1, 4],
}


def colours(roles: Mapping[str, str]) -> dict[str, str]:
    """Firm -> colour, by role and place in the config, so that it is the same in every scenario."""
    used = dict.fromkeys(_BY_ROLE, 0)
    chosen: dict[str, str] = {}
    for firm, role in roles.items():
        family = _BY_ROLE.get(role, _ENERGY)
        chosen[firm] = family[used.get(role, 0) % len(family)]
        used[role] = used.get(role, 0) + 1
    return chosen
