"""表を読む: the rectangle of cells in any spreadsheet a municipality keeps, and where its header ends and its rows begin.

Excel (.xlsx, .xls, .ods) and CSV (UTF-8, Shift_JIS). Title rows stand above the header, headers are merged over two or three rows, and
one department's cell spans many rows: merged cells are filled, headers of several rows become one text. Pure functions.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kakehashi.exchange.domain.columns import Column, Match, header_key, propose_columns
from kakehashi.kernel.books import Book, UnreadableBook, read_apart

__all__ = [
    "HEADER",
    "MOST_HEADER_ROWS",
    "MOST_ROWS",
    "BadSheet",
    "Header",
    "Sheet",
    "find_header",
    "header_mark",
    "headers_of",
    "read_sheets",
]

MOST_ROWS = 70_000
MOST_COLUMNS = 200
MOST_HEADER_ROWS = 5
"""A person may say that a header has so many rows."""
HEADER = "header"
"""The key of whole headers among the remembered ones; no column of the inventory has it."""
_MOST_TITLE_ROWS = 25
_MOST_GUESSED_ROWS = 3
_COUNTS = ("件数", "申請数", "受付数", "処理数", "利用数")
_WAYS = {
    "paper": ("紙", "書面"),
    "counter": ("窓口", "来庁", "対面"),
    "post": ("郵送", "郵便"),
    "online": ("オンライン", "電子", "ネット"),
}
_WHOLE, _PART, _NAME = 3, 1, 5


class BadSheet(ValueError):
    """The file is no table we can read; the message is Japanese."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as text, every row as long as the longest. `lines` are the row numbers a person sees in the program."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands: the first row (counted from 0) and how many rows it has, and what it says by column."""

    first: int
    rows: int
    texts: tuple[str, ...]

    @property
    def data_from(self) -> int:
        """The first row of data."""
        return self.first + self.rows


def read_sheets(name: str, content: bytes) -> list[Sheet]:
    """Every sheet that has cells. Raises BadSheet with what to do."""
    if not content:
        raise BadSheet("ファイルが空です。")
    if name.lower().endswith((".csv", ".tsv", ".txt")):
        return [_csv_sheet(content)]
    if content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        return _book_sheets(content)
    return [_csv_sheet(content)]


def _book_sheets(content: bytes) -> list[Sheet]:
    try:
        found = [_grid(book) for book in read_apart(content)]
    except UnreadableBook as error:
        if error.is_too_large:
            raise BadSheet(
                "表が大きすぎて読めません。使っていない行と列を消すか、表の部分だけを新しいブックに写してください。"
            ) from error
        raise BadSheet("Excelのファイルを読めません。パスワードを外し、.xlsx で保存しなおしてください。") from error
    sheets = [sheet for sheet in found if sheet.rows]
    if not sheets:
        raise BadSheet("どのシートにも何も書かれていません。")
    return sheets


def _grid(book: Book) -> Sheet:
    cells = book["cells"]
    if len(cells) > MOST_ROWS:
        raise BadSheet(f"行が多すぎます（{MOST_ROWS:,}行まで）。")
    for (top, left), (bottom, right) in book["merged"]:
        if top >= len(cells) or left >= len(cells[top]):
            continue
        value = cells[top][left]
        for row in range(top, min(bottom + 1, len(cells))):
            for column in range(left, min(right + 1, len(cells[row]))):
                cells[row][column] = value
    return _squared(book["name"], cells, list(range(1, len(cells) + 1)))


def _csv_sheet(content: bytes) -> Sheet:
    text = _decoded(content)
    if "\x00" in text:
        raise BadSheet("表のファイルではないようです。Excelの .xlsx か CSV を選んでください。")
    sample = text[:5_000]
    delimiter = max(",\t;", key=sample.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    cells, lines, before = [], [], 0
    try:
        for row in reader:
            cells.append([value.strip() for value in row])
            lines.append(before + 1)
            before = reader.line_num
            if len(cells) > MOST_ROWS:
                raise BadSheet(f"行が多すぎます（{MOST_ROWS:,}行まで）。")
    except csv.Error as error:
        raise BadSheet("CSVの引用符が閉じていないなど、読めない行があります。") from error
    sheet = _squared("CSV", cells, lines)
    if not sheet.rows:
        raise BadSheet("ファイルが空です。")
    return sheet


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932", "utf-16"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadSheet("文字コードが読めません。UTF-8かShift_JISで保存しなおしてください。")


def _squared(name: str, cells: list[list[str]], lines: list[int]) -> Sheet:
    """Without empty rows, and without what stands to the right of the last column in use."""
    kept = [(row, line) for row, line in zip(cells, lines, strict=True) if any(row)]
    width = max((at + 1 for row, _ in kept for at, value in enumerate(row) if value), default=0)
    if width > MOST_COLUMNS:
        raise BadSheet(f"列が多すぎます（{MOST_COLUMNS}列まで）。")
    rows = tuple(tuple([*row, *[""] * width][:width]) for row, _ in kept)
    return Sheet(name, rows, tuple(line for _, line in kept))


def headers_of(sheet: Sheet, first: int, rows: int) -> tuple[str, ...]:
    """One text for each column, of a header that has one row or several.

    「年間件数」 over 「全体」 and 「オンライン」 becomes 「年間件数 全体」 and 「年間件数 オンライン」. Where a merged cell was lost on
    the way to CSV, an empty upper cell continues the one before it if something stands below.
    """
    block = [list(row) for row in sheet.rows[first : first + rows]]
    for at, upper in enumerate(block[:-1]):
        for column in range(1, len(upper)):
            is_below = any(lower[column] for lower in block[at + 1 :])
            before_has_lower = any(lower[column - 1] for lower in block[at + 1 :])
            if not upper[column] and is_below and before_has_lower:
                upper[column] = upper[column - 1]
    texts = []
    for column in range(len(block[0]) if block else 0):
        parts = list(dict.fromkeys(" ".join(row[column].split()) for row in block if row[column]))
        texts.append(" ".join(parts))
    return tuple(texts)


def find_header(
    sheet: Sheet, columns: Sequence[Column], known: Mapping[str, Sequence[str]]
) -> tuple[Header, dict[str, Match]]:
    """Where the header most likely stands, and a proposal for its columns. A person confirms both.

    `known` are headers confirmed before, by our key; a whole header that was confirmed is the header again, wherever it stands.
    """
    headers = _headers(sheet, MOST_HEADER_ROWS if known.get(HEADER) else _MOST_GUESSED_ROWS)
    header = _confirmed(headers, known.get(HEADER, ())) or _likeliest(headers, _Words(columns, known))
    header = header or Header(0, 1, headers_of(sheet, 0, 1))
    return header, propose(header.texts, columns, known)


def header_mark(texts: Sequence[str]) -> str:
    """What a whole header is known by again."""
    return hashlib.sha256("\n".join(header_key(text) for text in texts).encode()).hexdigest()


def _headers(sheet: Sheet, most_rows: int) -> list[Header]:
    places = (
        (first, rows)
        for first in range(min(_MOST_TITLE_ROWS, len(sheet.rows)))
        for rows in range(1, min(most_rows, len(sheet.rows) - first) + 1)
    )
    found = [Header(first, rows, headers_of(sheet, first, rows)) for first, rows in places]
    return [header for header in found if len({text for text in header.texts if text}) > 1]


def _confirmed(headers: Sequence[Header], marks: Sequence[str]) -> Header | None:
    """The header that somebody confirmed before, the newest first."""
    here = {header_mark(header.texts): header for header in reversed(headers)} if marks else {}
    return next((here[mark] for mark in marks if mark in here), None)


def _likeliest(headers: Sequence[Header], words: _Words) -> Header | None:
    guessed = [header for header in headers if header.rows <= _MOST_GUESSED_ROWS]
    return max(guessed, key=lambda each: (words.score(each.texts), -each.rows, -each.first), default=None)


class _Words:
    """The words that headers are told by, made ready once: a header is judged many times."""

    def __init__(self, columns: Sequence[Column], known: Mapping[str, Sequence[str]]) -> None:
        self._by_column = {
            column.key: {header_key(each) for each in (column.label, *column.aliases, *known.get(column.key, ()))}
            for column in columns
        }

    def score(self, texts: Sequence[str]) -> int:
        """How much a row looks like a header: whole words count more than parts, the procedure's name most of all."""
        keys = [key for key in (header_key(text) for text in texts) if key]
        found = 0
        for column, words in self._by_column.items():
            if any(key in words for key in keys):
                found += _WHOLE + (_NAME if column == "name" else 0)
            elif any(len(word) > 1 and word in key for word in words for key in keys):
                found += _PART
        return found + _WHOLE * len(_ways(texts))


def _parts(texts: Sequence[str]) -> dict[str, str]:
    """Headers of a count by one way of filing: 「年間件数 紙」 and 「電子申請件数」 are parts, not the whole count."""
    found: dict[str, str] = {}
    for text in texts:
        key = header_key(text)
        if "率" in key or not any(word in key for word in _COUNTS):
            continue
        ways = [way for way, words in _WAYS.items() if any(word in key for word in words)]
        if "online" in ways and len(ways) > 1:
            continue
        if {"counter", "post"} <= set(ways):
            # 「窓口・郵送の件数」 is everything that came on paper.
            found.setdefault("paper", text)
        elif ways:
            # 「紙（郵送）」 says which paper, and so it is the post.
            found.setdefault(ways[-1], text)
    return found


def _ways(texts: Sequence[str]) -> dict[str, str]:
    """The parts of the count by our key, so that no filing is counted twice or left out.

    Beside 窓口 and 郵送, a column 紙 is the sum of both; beside one of them alone it is the other.
    """
    parts = _parts(texts)
    counter, post, paper = parts.get("counter"), parts.get("post"), parts.get("paper")
    if counter and post and paper:
        counter = post = None
    offline = [text for text in (counter, paper, post) if text]
    found = dict(zip(("paper_volume", "post_volume"), offline, strict=False))
    return found | ({"online_volume": parts["online"]} if "online" in parts else {})


def propose(texts: Sequence[str], columns: Sequence[Column], known: Mapping[str, Sequence[str]]) -> dict[str, Match]:
    """A proposal for the columns of a header; of the headers remembered for a key, the one that is in this file counts."""
    here = {header_key(text) for text in texts if text}
    remembered = {
        key: next((header for header in headers if header_key(header) in here), "") for key, headers in known.items()
    }
    ways, parts = _ways(texts), set(_parts(texts).values())
    # A part that is in a sum already is no whole count either, however much its name looks like one.
    whole = ["" if text in parts - set(ways.values()) else text for text in texts]
    return propose_columns(whole, columns, ways | {key: header for key, header in remembered.items() if header})
