"""What a run leaves behind: its tables, its manifest and its supply graph, in memory and on disk."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aimarket.errors import ResultsError
from aimarket.recording.tables import TABLES

if TYPE_CHECKING:
    import os

    import pandas

__all__ = ["GRAPH_FILE", "MANIFEST_FILE", "Results", "read_manifest"]

MANIFEST_FILE = "manifest.json"
GRAPH_FILE = "graph.graphml"


@dataclass
class Results:
    """The outcome of one run.

    ``tables`` maps each name of ``aimarket.recording.tables`` to a DataFrame with at least the columns
    listed there; ``manifest`` holds the config in full, its fingerprint, seed, versions and timing;
    ``graphml`` is the supply graph as GraphML text.
    """

    tables: dict[str, pandas.DataFrame]
    manifest: dict[str, Any] = field(default_factory=dict)
    graphml: str | None = None

    @property
    def fingerprint(self) -> str:
        """Fingerprint of the config that was run; empty where the manifest has none."""
        return str(self.manifest.get("fingerprint", ""))

    def save(self, directory: str | os.PathLike[str]) -> Path:
        """Write one Parquet file per table, the manifest and the graph into a new ``directory``.

        Equal tables give equal bytes.  Everything is written beside the directory first and renamed at
        the end, so that an interrupted save leaves nothing that looks like a finished run.

        Raises
        ------
        ResultsError
            The directory holds something already, is a file or cannot be written, the disk is full, or
            a table or column is missing; nothing that was there has been changed.
        """
        from aimarket.recording.directory import new_directory
        from aimarket.recording.parquet import write_table

        with new_directory(Path(directory)) as partial:
            for name, table in TABLES.items():
                if name not in self.tables:
                    raise ResultsError(f"{directory}: table '{name}' is missing from the results")
                write_table(self.tables[name], table, partial / f"{name}.parquet")
            (partial / MANIFEST_FILE).write_text(_manifest_text(self.manifest, directory), encoding="utf-8")
            if self.graphml is not None:
                (partial / GRAPH_FILE).write_text(self.graphml, encoding="utf-8")
        return Path(directory)

    @classmethod
    def load(cls, directory: str | os.PathLike[str]) -> Results:
        """The results that ``save`` wrote into ``directory``; other files there are left alone.

        Raises
        ------
        ResultsError
            No such run, a table or a column is missing, or a file is torn.
        """
        from aimarket.recording.parquet import read_table

        root = Path(directory)
        manifest = read_manifest(root)
        tables = {name: read_table(root / f"{name}.parquet", table) for name, table in TABLES.items()}
        graph = root / GRAPH_FILE
        try:
            graphml = graph.read_text(encoding="utf-8") if graph.is_file() else None
        except (OSError, UnicodeDecodeError) as error:
            raise ResultsError(f"{graph}: cannot be read: {error}") from error
        return cls(tables, manifest, graphml)


def read_manifest(directory: Path) -> dict[str, Any]:
    """The manifest of a saved run.

    Raises
    ------
    ResultsError
        The directory or its manifest is missing, or the manifest is torn.
    """
    path = directory / MANIFEST_FILE
    if not directory.is_dir():
        raise ResultsError(f"{directory}: no such run directory; write one with `aimarket run CONFIG --out DIR`")
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ResultsError(f"{directory}: is no finished run: {MANIFEST_FILE} is missing") from error
    except (OSError, ValueError) as error:
        raise ResultsError(f"{path}: cannot be read, the run is torn: {_line(error)}") from error
    if not isinstance(manifest, dict):
        raise ResultsError(f"{path}: is not a manifest")
    return manifest


def _manifest_text(manifest: dict[str, Any], directory: object) -> str:
    try:
        return json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    except (TypeError, ValueError) as error:
        raise ResultsError(f"{directory}: the manifest cannot be written as JSON: {_line(error)}") from error


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]
