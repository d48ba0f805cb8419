"""CSV as the systems of town halls write it: UTF-8 with or without BOM, Shift_JIS, commas or tabs. Pure functions."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kakehashi.kernel.encodings import decode_text
from kakehashi.kernel.tables import without_formula

__all__ = ["MOST_ROWS", "BadTable", "Table", "read_table", "write_table"]

MOST_ROWS = 5_000
MOST_COLUMNS = 300


class BadTable(ValueError):
    """The file is no table we can read; the message is Japanese."""


@dataclass(frozen=True, slots=True)
class Table:
    """Headers and rows, every row as long as the headers; `encoding` is what the file was written in."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    encoding: str


def read_table(content: bytes) -> Table:
    """Read a CSV or TSV whose first line that is not empty holds the headers. Raises BadTable."""
    text, encoding = decode_text(content, refuse=BadTable)
    if "\x00" in text:
        raise BadTable("CSVではないようです。Excelのファイルは、CSVで保存しなおしてください。")
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    try:
        lines = [
            line for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(map(str.strip, line))
        ]
    except csv.Error as error:
        raise BadTable("CSVの引用符が閉じていないなど、読めない行があります。") from error
    if not lines:
        raise BadTable("ファイルが空です。")
    headers = tuple(cell.strip() for cell in lines[0])
    if len(headers) > MOST_COLUMNS:
        raise BadTable(f"列が多すぎます（{MOST_COLUMNS}列まで）。")
    if len(lines) - 1 > MOST_ROWS:
        raise BadTable(f"行が多すぎます。一度に{MOST_ROWS:,}行までに分けてください。")
    width = len(headers)
    rows = tuple(tuple(cell.strip() for cell in [*line, *[""] * width][:width]) for line in lines[1:])
    return Table(headers, rows, encoding)


def write_table(headers: Sequence[str], rows: Iterable[Sequence[str]], encoding: str) -> bytes:
    """A CSV with CRLF. What would be a formula to a spreadsheet program is written as text; what the encoding lacks as 〓."""
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    writer.writerow([without_formula(each) for each in headers])
    writer.writerows([without_formula(each) for each in row] for row in rows)
    if encoding == "utf-8-sig":
        return made.getvalue().encode("utf-8-sig")
    return b"".join(_written(character, encoding) for character in made.getvalue())


def _written(character: str, encoding: str) -> bytes:
    try:
        return character.encode(encoding)
    except UnicodeEncodeError:
        return "〓".encode(encoding)
