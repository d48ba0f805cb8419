"""Reading next April's organisation from a table: one line per post, or per department; columns as a person confirmed them.

The table that a town keeps is an organisation chart or a list of 定数: titles above the header and columns nobody needs are
normal. Excel is read apart by `kernel.books`, CSV in UTF-8 or Shift_JIS here.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kakehashi.kernel.books import UnreadableBook, read_apart
from kakehashi.kernel.columns import Column, header_key, propose_columns
from kakehashi.kernel.encodings import decode_text
from kakehashi.people.domain.reorganisation import Plan, PlannedDepartment, PlannedPost

MAX_BYTES = 5_000_000
MAX_ROWS = 20_000
_MOST_TITLE_ROWS = 15
_HEAD = "首長・副首長"

COLUMNS = (
    Column("code", "所属コード", True, ("課コード", "組織コード", "部署コード", "新所属コード", "コード")),
    Column("name", "所属", True, ("所属名", "課名", "部署", "組織名", "新所属", "課")),
    Column("symbol", "文書記号", False, ("記号", "文書番号の記号")),
    Column("parent", "上の所属コード", False, ("上位所属コード", "親所属コード", "部コード", "上位コード")),
    Column(
        "former",
        "旧所属コード",
        False,
        ("現所属コード", "前の所属コード", "旧コード"),
        "前の所属。いくつかは「、」で。",
    ),
    Column("post", "職", False, ("職名", "役職", "補職", "新職名")),
    Column("rank", "順位", False, ("職位", "職の順位"), "小さいほど上。ない行は、今ある同じ名の職にならいます。"),
    Column("single", "一人の職", False, ("単数職",), "複数なら「×」。"),
)
"""What the table may hold. The headers of the chart's own export are among them."""


class BadTable(ValueError):
    """The file is no table we can read; the message is Japanese."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Headers and rows as text, every row as long as the headers; `line` is the file's number of the first row."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    line: int


def read_grid(name: str, content: bytes) -> Grid:
    """The first sheet (or the CSV) from its header on: the row among the first that names most of our columns."""
    if not content:
        raise BadTable("ファイルが空です。")
    if len(content) > MAX_BYTES:
        raise BadTable("ファイルが大きすぎます（上限5MB）。")
    cells = _book(content) if content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0") else _csv(content)
    if len(cells) > MAX_ROWS:
        raise BadTable(f"行が多すぎます（上限{MAX_ROWS:,}行）。")
    scores = [(len(propose_columns(row, COLUMNS)), -at) for at, row in enumerate(cells[:_MOST_TITLE_ROWS])]
    best = max(scores, default=(0, 0))
    if best[0] == 0:
        raise BadTable("「所属コード」「所属」などの見出しの行が見つかりません。")
    at = -best[1]
    width = len(cells[at])
    rows = tuple(tuple([*row, *[""] * width][:width]) for row in cells[at + 1 :])
    return Grid(tuple(cells[at]), rows, at + 2)


def _book(content: bytes) -> list[list[str]]:
    try:
        books = read_apart(content)
    except UnreadableBook as error:
        raise BadTable(
            "表が大きすぎて読めません。"
            if error.is_too_large
            else "Excelのファイルを読めません。.xlsxで保存し直してください。"
        ) from error
    found = next((book["cells"] for book in books if any(any(row) for row in book["cells"])), None)
    if found is None:
        raise BadTable("どのシートにも何も書かれていません。")
    return found


def _csv(content: bytes) -> list[list[str]]:
    text, _ = decode_text(content, refuse=BadTable)
    if "\x00" in text:
        raise BadTable("CSVではないようです。ExcelかCSVで保存し直してください。")
    try:
        return list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise BadTable("CSVの引用符が閉じていないなど、読めない行があります。") from error


def propose(grid: Grid, remembered: Mapping[str, str]) -> dict[str, str]:
    """Our keys with the header that is proposed for each."""
    return {key: grid.headers[match.at] for key, match in propose_columns(grid.headers, COLUMNS, remembered).items()}


def read_plan(grid: Grid, columns: Mapping[str, str], ranks: Mapping[str, int]) -> tuple[Plan, list[str]]:
    """The plan of a table by the confirmed columns, and what could not be read, line by line.

    `ranks` gives the rank of posts by today's names, for tables without one. Lines of the head and the deputy head are left
    out: their posts are above the departments and stay.
    """
    places = {key: _place(grid.headers, header) for key, header in columns.items() if header}
    reader = _Reader({key: at for key, at in places.items() if at is not None}, ranks)
    for line, row in enumerate(grid.rows, start=grid.line):
        if any(cell.strip() for cell in row):
            reader.take(line, row)
    return Plan(tuple(reader.departments.values()), tuple(reader.posts)), reader.problems


def _place(headers: Sequence[str], header: str) -> int | None:
    return next((at for at, each in enumerate(headers) if header_key(each) == header_key(header)), None)


class _Reader:
    def __init__(self, places: Mapping[str, int], ranks: Mapping[str, int]) -> None:
        self.places, self.ranks = places, ranks
        self.departments: dict[str, PlannedDepartment] = {}
        self.posts: list[PlannedPost] = []
        self.problems: list[str] = []
        self._seen: set[str] = set()

    def _cell(self, row: Sequence[str], key: str, *, is_code: bool = False) -> str:
        at = self.places.get(key)
        text = row[at] if at is not None else ""
        plain = text.replace("\u3000", " ")
        made = unicodedata.normalize("NFKC", plain) if is_code else unicodedata.normalize("NFC", plain)
        return " ".join(made.split())

    def take(self, line: int, row: Sequence[str]) -> None:
        code, name = self._cell(row, "code", is_code=True), self._cell(row, "name")
        if not code and name in {"", _HEAD}:
            return
        if not code or not name:
            self.problems.append(f"{line}行目：所属コードと所属の両方が要ります。")
            return
        if len(code) > 20 or len(name) > 60:
            self.problems.append(f"{line}行目：所属コードは20字、所属は60字までです。")
            return
        made = PlannedDepartment(
            code,
            name,
            self._cell(row, "symbol")[:10],
            self._cell(row, "parent", is_code=True),
            tuple(part for part in re.split(r"[、,，/・ ]+", self._cell(row, "former", is_code=True)) if part),
        )
        known = self.departments.setdefault(code, made)
        if known.name != name:
            self.problems.append(f"{line}行目：所属コード{code}が「{known.name}」と「{name}」の二つに使われています。")
            return
        self._take_post(line, row, code)

    def _take_post(self, line: int, row: Sequence[str], code: str) -> None:
        name = self._cell(row, "post")[:60]
        if not name:
            return
        text = self._cell(row, "rank", is_code=True)
        rank = int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else self._rank_of(name)
        if rank is None:
            self.problems.append(f"{line}行目：「{name}」の順位が分かりません。順位の列に数を書いてください。")
            return
        # Several lines of 主事 in one section are one post held by several.
        single = self._cell(row, "single") not in {"×", "✕", "x", "X", "0", "いいえ", "複数"}
        post = PlannedPost(code, name, rank, single)
        if post.key not in self._seen:
            self._seen.add(post.key)
            self.posts.append(post)

    def _rank_of(self, name: str) -> int | None:
        if name in self.ranks:
            return self.ranks[name]
        endings = sorted((known for known in self.ranks if known and name.endswith(known)), key=len)
        return self.ranks[endings[-1]] if endings else None
