"""What became of strategies in the leagues that come with aimarket.

``python -m aimarket.experiments.shipped DIR...`` prints the file ``shipped_leagues.json`` that belongs
beside this module.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from aimarket.errors import ResultsError

__all__ = ["collect", "last_league", "shipped_leagues"]

_FILE = "shipped_leagues.json"


def last_league(decision: str, name: str) -> list[str]:
    """One sentence for each league in which the strategy ``name`` took part; empty where there is none."""
    return [
        _sentence(league, row)
        for league in shipped_leagues()
        for row in league["ranking"]
        if (league["decision"], row["strategy"]) == (decision, name)
    ]


@lru_cache(maxsize=1)
def shipped_leagues() -> tuple[dict[str, Any], ...]:
    """The leagues that come with aimarket, as ``collect`` gives them; empty in a checkout without them."""
    file = files("aimarket.experiments") / _FILE
    return tuple(json.loads(file.read_text(encoding="utf-8"))["leagues"]) if file.is_file() else ()


def collect(directories: Sequence[Path]) -> dict[str, Any]:
    """What ``shipped_leagues.json`` keeps of the leagues in ``directories``.

    Raises
    ------
    ResultsError
        A directory holds no finished league, or one with runs that failed.
    """
    return {"leagues": [_kept(directory) for directory in directories]}


def _kept(directory: Path) -> dict[str, Any]:
    file = directory / "results.json"
    try:
        results = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ResultsError(f"{directory}: holds no finished league; play one with `aimarket league`") from error
    except (OSError, ValueError) as error:
        raise ResultsError(f"{file}: cannot be read; play the league again") from error
    if results["failures"]:
        raise ResultsError(f"{directory}: {len(results['failures'])} runs failed; a league is shipped whole")
    described = ("name", "description", "config", "decision", "seats", "seeds", "payoff", "periods", "strategies")
    rows = ("rank", "label", "strategy", "payoff", "payoff_half_width", "survival", "imitation_share", "equilibrium")
    return {
        **{key: results[key] for key in (*described, "fingerprint", "version")},
        "ranking": [{key: row[key] for key in rows} for row in results["ranking"]],
    }


def _sentence(league: dict[str, Any], row: dict[str, Any]) -> str:
    plug = league["strategies"][row["label"]]
    changed = ", ".join(f"{key} {value}" for key, value in plug.items() if key != "name")
    as_what = f" (as {row['label']}: {changed})" if changed else ""
    return (
        f"{league['name']}: rank {row['rank']} of {len(league['ranking'])}{as_what}, {_payoff(row)}, survives "
        f"{100 * row['survival']:.0f}% of matches, imitation leaves it {100 * row['imitation_share']:.0f}%; seats "
        f"{', '.join(league['seats'])} of {league['config']}, {len(league['seeds'])} seeds"
    )


def _payoff(row: dict[str, Any]) -> str:
    value, half = 100.0 * row["payoff"], row["payoff_half_width"]
    interval = f" (95% interval {value - 100 * half:+.1f}% to {value + 100 * half:+.1f}%)" if half is not None else ""
    return f"relative payoff {value:+.1f}%{interval}"


if __name__ == "__main__":
    try:
        print(json.dumps(collect([Path(name) for name in sys.argv[1:]]), indent=1, ensure_ascii=False))
    except ResultsError as problem:
        sys.exit(f"aimarket: {problem}")
