"""棚卸調査のParquet: the survey of the whole country (67,000 rows) as it is published for machines.

DuckDB reads it; it is an extra of the installation (`pip install kakehashi[parquet]`), for few towns ever load this file.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any

from kakehashi.procedures.domain.survey import SurveyError, refuse_missing

__all__ = ["is_parquet", "parquet_rows"]

_MARK = b"PAR1"
_PIECE = 5_000


def is_parquet(data: bytes) -> bool:
    """Whether the bytes are a Parquet file."""
    return data[:4] == _MARK


def parquet_rows(data: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (number of the row, its 39 cells as text). Raises SurveyError when the file or the reader is not there."""
    try:
        import duckdb
    except ImportError as error:
        raise SurveyError(
            "Parquetを読む部品が入っていません。kakehashi[parquet] を入れるか、CSVを選んでください。"
        ) from error
    quiet: dict[str, Any] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "threads": "1",
    }
    with tempfile.NamedTemporaryFile(suffix=".parquet") as file, duckdb.connect(":memory:", config=quiet) as reader:
        file.write(data)
        file.flush()
        try:
            found = reader.execute("SELECT * FROM read_parquet(?)", [file.name])
            names = [str(column[0]).strip() for column in found.description or ()]
            refuse_missing(names)
            at = 0
            while rows := found.fetchmany(_PIECE):
                for row in rows:
                    at += 1
                    yield at, {name: _text(value) for name, value in zip(names, row, strict=True)}
        except duckdb.Error as error:
            raise SurveyError("Parquetのファイルを読めません。") from error


def _text(value: Any) -> str:
    return "" if value is None else str(value)
