"""What a league writes beside its receipts; equal leagues give equal bytes."""

from __future__ import annotations

import io
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from aimarket.experiments.store import write_whole

if TYPE_CHECKING:
    from aimarket.experiments.league import League

__all__ = ["OUTPUTS", "as_dict", "write_outputs"]

OUTPUTS = ("matches.csv", "matches.parquet", "ranking.csv", "results.json", "league.html")
_MATRICES = ("operating_profit_musd", "owners_gain_musd", "survival", "consumer_surplus_musd")


def write_outputs(league: League, directory: Path) -> None:
    """Write matches, ranking, results and page into ``directory``.

    Raises
    ------
    ResultsError
        A file cannot be written; each is whole, new or old.
    """
    from aimarket.reporting.league_page import league_html

    write_whole(directory / "matches.csv", _csv(league.matches))
    write_whole(directory / "matches.parquet", _parquet(league.matches))
    write_whole(directory / "ranking.csv", _csv(league.ranking))
    text = json.dumps(as_dict(league), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    write_whole(directory / "results.json", text.encode())
    write_whole(directory / "league.html", league_html(league).encode())


def as_dict(league: League) -> dict[str, Any]:
    """The league as JSON-able values; what is missing is null, money in USD million, payoffs relative."""
    spec, moves = league.spec, league.imitation
    matrices = {name: league.mean(name) for name in _MATRICES}
    return {
        "name": spec.name,
        "description": spec.description,
        "config": spec.config,
        "decision": spec.decision,
        "seats": spec.seats,
        "seeds": spec.seeds,
        "payoff": spec.payoff,
        "periods": league.description["config"]["time"]["periods"] - spec.burn_in_periods,
        "strategies": league.description["spec"]["strategies"],
        "fingerprint": league.description["fingerprint"],
        "version": league.description["version"],
        "runs": league.runs,
        "ranking": _finite(league.ranking.to_dict(orient="records")),
        "matrices": {
            "labels": spec.labels,
            "payoff": _finite(league.payoff.to_numpy().tolist()),
            "payoff_half_width": _finite(league.payoff_half_width.to_numpy().tolist()),
            **{name: _finite(matrix.to_numpy().tolist()) for name, matrix in matrices.items()},
        },
        "best_responses": [
            {"others": others, "best": best, **_finite(edge)}
            for others, best, edge in league.best_responses.edges(data=True)
        ],
        "resting_places": league.resting_places,
        "equilibria": league.equilibria,
        "evolutionarily_stable": league.stable,
        "imitation": {
            "settled": moves.settled,
            "end": dict(zip(league.comparable, _finite(moves.end.tolist()), strict=True)),
            "survivors": league.survivors,
            "basins": [
                {"survivors": [league.comparable[i] for i in alive], "share_of_starts": share}
                for alive, share in moves.basins.items()
            ],
        },
        "failures": league.failures,
    }


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _finite(below) for key, below in value.items()}
    if isinstance(value, list):
        return [_finite(below) for below in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _csv(frame: pd.DataFrame) -> bytes:
    return str(frame.to_csv(index=False, lineterminator="\n")).encode()


def _parquet(frame: pd.DataFrame) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    text = [column.name for column in table.schema if not pa.types.is_floating(column.type)]
    stream = io.BytesIO()
    pq.write_table(table, stream, version="2.6", compression="zstd", use_dictionary=text, data_page_version="1.0")
    return stream.getvalue()
