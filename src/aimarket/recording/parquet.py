"""Tables as Parquet files: fixed column types and settings, so that equal tables are equal bytes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from aimarket.errors import ResultsError

if TYPE_CHECKING:
    import pandas

    from aimarket.recording.tables import Table

__all__ = ["read_table", "write_table"]

_ROWS_PER_GROUP = 1 << 17


def write_table(frame: pandas.DataFrame, table: Table, path: Path) -> None:
    """Write ``frame``: the columns of ``table`` first and in its order, then any further ones.

    Raises
    ------
    ResultsError
        A column is missing or holds values of another kind than ``table`` says.
    OSError
        The file cannot be written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    missing = [name for name in table.names if name not in frame.columns]
    if missing:
        raise ResultsError(f"table '{table.name}': column '{missing[0]}' is missing from the results")
    kinds = _arrow_types()
    declared = {column.name: kinds[column.kind] for column in table.columns}
    names = [*table.names, *(str(name) for name in frame.columns if name not in declared)]
    arrays = []
    for name in names:
        try:
            arrays.append(pa.array(frame[name], type=declared.get(name), from_pandas=True))
        except (pa.ArrowException, TypeError, ValueError) as error:
            problem = " ".join(str(error).split())[:200]
            raise ResultsError(f"table '{table.name}': column '{name}' cannot be written: {problem}") from error
    written = pa.Table.from_arrays(arrays, names=names)
    text = [f.name for f in written.schema if pa.types.is_string(f.type) or pa.types.is_large_string(f.type)]
    with path.open("wb") as stream:  # Python's own file, so that a full disk is a plain OSError
        pq.write_table(
            written,
            stream,
            row_group_size=_ROWS_PER_GROUP,
            version="2.6",
            compression="zstd",
            compression_level=3,
            use_dictionary=text,
            data_page_version="1.0",
        )


def read_table(path: Path, table: Table) -> pandas.DataFrame:
    """Read what ``write_table`` wrote, text as plain strings.

    Raises
    ------
    ResultsError
        The file is missing or torn, or lacks a column of ``table``, or holds another kind of value.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = _arrow_types()
    try:
        with path.open("rb") as stream:
            read = pq.read_table(pa.PythonFile(stream, mode="r"))
        for column in table.columns:
            index = read.schema.get_field_index(column.name)
            if index < 0:
                raise ResultsError(f"{path}: column '{column.name}' is missing; run it again with this version")
            read = read.set_column(index, column.name, read.column(index).cast(kinds[column.kind]))
    except FileNotFoundError as error:
        raise ResultsError(f"{path}: table '{table.name}' is missing from the run") from error
    except (OSError, pa.ArrowException) as error:
        raise ResultsError(f"{path}: cannot be read, the file is torn: {_line(error)}") from error
    frame: pandas.DataFrame = read.to_pandas()
    return frame


def _arrow_types() -> dict[str, Any]:
    import pyarrow as pa

    return {"float": pa.float64(), "int": pa.int64(), "text": pa.string(), "flag": pa.bool_()}


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]
