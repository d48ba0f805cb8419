"""Reading a table somebody hands us: CSV in any of the encodings town halls write, JSON and GeoJSON (ours or others'), Excel.

What cannot be read is named with its line and never guessed. A file whose lines are in different encodings is read line by line.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from kakehashi.kernel.books import UnreadableBook, read_apart
from kakehashi.kernel.encodings import ENCODINGS
from kakehashi.opendata.domain.columns import DataColumn

__all__ = ["BadTable", "GivenTable", "decode_mixed", "read_given"]

MOST_ROWS = 20_000
# Each heading is compared with each column of ours.
MOST_COLUMNS = 500
_UNREADABLE = "\ufffd"
_NO_CHARACTERS = frozenset("\uf8f0\uf8f1\uf8f2\uf8f3")


class BadTable(ValueError):
    """The file is no table we can read; the message is Japanese."""


@dataclass(frozen=True)
class GivenTable:
    """Headers and rows as text. `rows` are (line in the file, cells); `faults` are (line, why it could not be read)."""

    headers: list[str]
    rows: list[tuple[int, list[str]]]
    encoding: str
    faults: list[tuple[int, str]] = field(default_factory=list)
    merged: int = 0


def read_given(name: str, content: bytes, columns: Sequence[DataColumn] = (), *, most: int = MOST_ROWS) -> GivenTable:
    """Read a file by what it holds, not by its name. `columns` turn the keys of our own JSON into headings. Raises BadTable."""
    start = content[:200].lstrip(b"\xef\xbb\xbf \r\n\t")
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        table = _of_workbook(content)
    elif start.startswith((b"{", b"[")):
        table = _of_json(content, columns)
    else:
        table = _of_csv(content)
    if len(table.rows) > most:
        raise BadTable(f"行が多すぎます。一度に{most:,}行までに分けてください。")
    if not table.headers:
        raise BadTable("見出しの行がありません。")
    if len(table.headers) > MOST_COLUMNS:
        raise BadTable(f"列が多すぎます（{MOST_COLUMNS}列まで）。")
    return table


def decode_mixed(content: bytes) -> tuple[str, str, list[int]]:
    """The text, in words how it was encoded, and the lines that no encoding reads (their bytes are left out)."""
    try:
        return content.decode("utf-8-sig"), _label(content, ENCODINGS["utf-8-sig"]), []
    except UnicodeDecodeError:
        pass
    lines, unreadable, used = [], [], set()
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        text, label = _line(line)
        lines.append(text)
        if label is None:
            unreadable.append(number)
        elif label:
            used.add(label)
    words = "・".join(sorted(used))
    return "\n".join(lines), f"{words}（行ごとに混在）" if len(used) > 1 else words, unreadable


def _line(line: bytes) -> tuple[str, str | None]:
    """A line and the encoding that read it: empty for ASCII, None for a line that neither reads."""
    if line.isascii():
        return line.decode(), ""
    try:
        # Shift_JIS reads almost anything, UTF-8 hardly anything but itself.
        return line.decode(), ENCODINGS["utf-8-sig"]
    except UnicodeDecodeError:
        pass
    try:
        text = line.decode("cp932")
    except UnicodeDecodeError:
        return _UNREADABLE, None
    # The codec turns the bytes A0 and FD to FF, which are no characters, into characters of private use.
    return (_UNREADABLE, None) if _NO_CHARACTERS & set(text) else (text, ENCODINGS["cp932"])


def _label(content: bytes, label: str) -> str:
    return f"{label}（BOM付き）" if content.startswith(b"\xef\xbb\xbf") else label


def _of_csv(content: bytes) -> GivenTable:
    text, encoding, unreadable = decode_mixed(content)
    if "\x00" in text:
        raise BadTable("表として読めません。CSV、Excel、JSON、GeoJSONのどれかで保存しなおしてください。")
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    faults = [(line, "UTF-8でもShift_JISでもない文字があります。") for line in unreadable]
    lines = _lines(text, delimiter, faults)
    _, headers = next(lines, (0, []))
    headers = [header.strip(" 　\t") for header in headers]
    rows: list[tuple[int, list[str]]] = []
    for line, cells in lines:
        if _UNREADABLE in "".join(cells):
            continue
        fitted = _fitted(cells, len(headers))
        if fitted is None:
            faults.append((line, f"列の数が見出しと合いません（見出し{len(headers)}、この行{len(cells)}）。"))
        elif any(fitted):
            rows.append((line, fitted))
    return GivenTable(headers, rows, encoding, sorted(faults))


def _lines(text: str, delimiter: str, faults: list[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line they begin on; empty ones are passed over."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        began = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            faults.append((began, "引用符が閉じていないなど、読めない行です。"))
            continue
        if any(cell.strip() for cell in cells):
            yield began, cells


def _fitted(cells: list[str], width: int) -> list[str] | None:
    """As many cells as headings; superfluous empty ones are dropped. None when values are missing or too many."""
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        return None
    return [cell.strip(" 　\t\r\n") for cell in cells[:width]]


def _of_workbook(content: bytes) -> GivenTable:
    try:
        books = read_apart(content)
    except UnreadableBook as problem:
        raise BadTable(
            "Excelのファイルが大きすぎます。" if problem.is_too_large else "Excelのファイルとして読めません。"
        ) from problem
    book = next((each for each in books if any(any(row) for row in each["cells"])), None)
    if book is None:
        raise BadTable("ファイルが空です。")
    at = next(number for number, row in enumerate(book["cells"]) if any(row))
    headers = [cell.strip(" 　\t") for cell in book["cells"][at]]
    while headers and not headers[-1]:
        headers.pop()
    rows, faults = [], []
    for number, cells in enumerate(book["cells"][at + 1 :], start=at + 2):
        fitted = _fitted([*cells, *[""] * max(0, len(headers) - len(cells))], len(headers))
        if fitted is None:
            faults.append((number, "見出しのない列に値があります。"))
        elif any(fitted):
            rows.append((number, fitted))
    return GivenTable(headers, rows, "Excel", faults, len(book["merged"]))


def _of_json(content: bytes, columns: Sequence[DataColumn]) -> GivenTable:
    try:
        body = json.loads(content.decode("utf-8-sig"), parse_float=str, parse_int=str)
    except (UnicodeDecodeError, ValueError, RecursionError) as problem:
        raise BadTable("JSONとして読めません。") from problem
    records = [{_storable(key): value for key, value in record.items()} for record in _records(body)]
    known = {column.key: column.header for column in columns}
    headers: dict[str, None] = {}
    for record in records:
        headers.update(dict.fromkeys(known.get(key, key) for key in record))
    names = list(headers)
    rows = [
        (number, [_plain({known.get(key, key): value for key, value in record.items()}.get(name)) for name in names])
        for number, record in enumerate(records, start=2)
    ]
    return GivenTable(names, [row for row in rows if any(row[1])], "JSON")


def _records(body: Any) -> list[dict[str, Any]]:
    if isinstance(body, dict) and isinstance(body.get("features"), list):
        return [_of_feature(each) for each in body["features"] if isinstance(each, dict)]
    rows = body.get("rows") if isinstance(body, dict) else body
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadTable("JSONの中に、行の並び（rows か features）が見つかりません。")
    return rows


def _of_feature(feature: dict[str, Any]) -> dict[str, Any]:
    properties = feature.get("properties")
    record = dict(properties) if isinstance(properties, dict) else {}
    geometry = feature.get("geometry") or {}
    if isinstance(geometry, dict) and geometry.get("type") == "Point" and "緯度" not in record:
        coordinates = geometry.get("coordinates") or []
        if isinstance(coordinates, list) and len(coordinates) >= 2:
            record["経度"], record["緯度"] = coordinates[0], coordinates[1]
    return record


def _plain(value: Any) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "1" if value else ""
    return _storable(str(value)).strip(" 　\t\r\n")


def _storable(text: str) -> str:
    """Without what JSON can write and no database or file can hold: halves of a character, and NUL."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
