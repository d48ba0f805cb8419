"""Published comparison tables: one row an indicator, one column a government, as the national dashboard offers them.

The tables carry no codes and share names among governments; their columns stand in the order of the codes, so they are matched by
order and every name is compared. What is written in a cell is kept apart: 実施, 未実施, 調査無し, 対象外, a number, 0, nothing at all.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from kakehashi.kernel.encodings import decode_text
from kakehashi.kernel.folding import fold
from kakehashi.kernel.percent import percent


class Answer(StrEnum):
    """What a published cell says. None of these may be read as another."""

    CARRIED_OUT = "carried_out"
    NOT_CARRIED_OUT = "not_carried_out"
    NUMBER = "number"
    ZERO = "zero"
    BLANK = "blank"
    NOT_SURVEYED = "not_surveyed"
    NOT_APPLICABLE = "not_applicable"
    OUT_OF_SCOPE = "out_of_scope"
    NO_DENOMINATOR = "no_denominator"


ANSWER_WORDS: dict[Answer, str] = {
    Answer.CARRIED_OUT: "実施",
    Answer.NOT_CARRIED_OUT: "未実施",
    Answer.NUMBER: "値あり",
    Answer.ZERO: "0",
    Answer.BLANK: "空欄（実施していない）",
    Answer.NOT_SURVEYED: "調査無し",
    Answer.NOT_APPLICABLE: "該当なし",
    Answer.OUT_OF_SCOPE: "対象外",
    Answer.NO_DENOMINATOR: "分母が0",
}
_BY_WORD = {
    "実施": Answer.CARRIED_OUT,
    "未実施": Answer.NOT_CARRIED_OUT,
    "調査無し": Answer.NOT_SURVEYED,
    "調査なし": Answer.NOT_SURVEYED,
    "未調査": Answer.NOT_SURVEYED,
    "該当なし": Answer.NOT_APPLICABLE,
    "該当無し": Answer.NOT_APPLICABLE,
    "対象外": Answer.OUT_OF_SCOPE,
    "%": Answer.NO_DENOMINATOR,
    "": Answer.BLANK,
}
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,4})?")
_PARTS = re.compile(r"^(?P<whole>.[^_]*)_.*[(（](?P<part>分母|分子)[)）]$")


class RowKind(StrEnum):
    """What the cells of a row are."""

    YES_NO = "yes_no"
    PERCENT = "percent"
    COUNT = "count"


class Scope(StrEnum):
    """Whom a table compares."""

    MUNICIPALITY = "municipality"
    PREFECTURE = "prefecture"


class UnreadableTable(ValueError):
    """The file as a whole is no published table."""


@dataclass(frozen=True)
class Cell:
    """What was published about one government: the answer, the number where there is one, and what it was made of."""

    answer: Answer
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None


@dataclass(frozen=True)
class PublishedRow:
    """One indicator: its area (分野), its label, and a cell for each government in the order of the header."""

    area: str
    label: str
    kind: RowKind
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class PublishedTable:
    """A table whose header names the governments in the order of their codes."""

    names: tuple[str, ...]
    rows: tuple[PublishedRow, ...]
    problems: tuple[str, ...] = ()

    @property
    def scope(self) -> Scope:
        """Prefectures when every name is one, municipalities otherwise."""
        is_prefectures = all(name == "北海道" or name[-1] in "都府県" for name in self.names)
        return Scope.PREFECTURE if is_prefectures else Scope.MUNICIPALITY


def read_table(content: bytes) -> PublishedTable:
    """Read a published table from the bytes of a CSV (UTF-8 with or without BOM, or Shift_JIS).

    A row with a cell that cannot be read is left out as a whole and named in `problems`: half a row would give a false total.
    Raises UnreadableTable when the file is no such table.
    """
    text, _ = decode_text(content, refuse=UnreadableTable)
    try:
        lines = [line for line in csv.reader(io.StringIO(text.replace("\x00", ""), newline="")) if any(line)]
    except csv.Error as error:
        raise UnreadableTable("CSVとして読めない行があります。") from error
    if len(lines) < 2 or len(lines[0]) < 3:
        raise UnreadableTable("見出しの行（団体名）と、指標の行が必要です。")
    names = tuple(_trimmed(lines[0][2:]))
    if not names or not all(names) or any(_answer(name) is not None for name in names):
        raise UnreadableTable("1行目の3列目から、団体名が並んでいません。")
    rows: list[PublishedRow] = []
    problems: list[str] = []
    for number, line in enumerate(lines[1:], 2):
        try:
            rows.append(_row(line, len(names)))
        except ValueError as problem:
            problems.append(f"{number}行目「{' '.join(part.strip() for part in line[:2])}」：{problem}")
    if not rows:
        raise UnreadableTable("指標の行が1つも読めません。" + (problems[0] if problems else ""))
    return PublishedTable(names, tuple(_with_parts(rows)), tuple(problems))


def differing_names(names: Sequence[str], expected: Sequence[str]) -> list[str]:
    """Where the header differs from the governments in the order of their codes; empty when it can be matched by order."""
    wrong = [
        f"{place}列目は「{found}」ですが、コード順では「{wanted}」です。"
        for place, (found, wanted) in enumerate(zip(names, expected, strict=False), 3)
        if fold(found) != fold(wanted)
    ]
    if len(names) != len(expected):
        wrong.append(f"見出しは{len(names)}団体、団体の一覧は{len(expected)}団体です。")
    return wrong


def share_differs(cell: Cell) -> bool:
    """Whether a published percentage is not its numerator ÷ denominator rounded half up to the digits it shows."""
    if cell.value is None or not cell.denominator or cell.numerator is None:
        return False
    places = max(0, -int(cell.value.as_tuple().exponent))
    return percent(cell.numerator, cell.denominator, places) != cell.value


def _trimmed(cells: Sequence[str]) -> list[str]:
    """Names without the empty columns that some editions have at the end."""
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def _answer(text: str) -> Cell | None:
    word = text.strip().replace("％", "%").replace(",", "")
    if word in _BY_WORD:
        return Cell(_BY_WORD[word])
    digits = word.removesuffix("%")
    if not _NUMBER.fullmatch(digits):
        return None
    value = Decimal(digits)
    return Cell(Answer.NUMBER if value else Answer.ZERO, value)


def _row(line: Sequence[str], count: int) -> PublishedRow:
    written = [*line[2 : 2 + count], *[""] * (count - len(line) + 2)]
    if any(cell.strip() for cell in line[2 + count :]):
        raise ValueError("団体の数より多くの値があります。")
    cells = []
    for place, text in enumerate(written, 3):
        cell = _answer(text)
        if cell is None:
            raise ValueError(f"{place}列目の「{text.strip()[:20]}」は読めない値です。")
        cells.append(cell)
    if not line[1].strip():
        raise ValueError("指標の名前がありません。")
    return PublishedRow(line[0].strip(), line[1].strip(), _kind(written), tuple(cells))


def _kind(written: Sequence[str]) -> RowKind:
    words = {text.strip() for text in written}
    if words & {"実施", "未実施"}:
        return RowKind.YES_NO
    has_numbers = any(_NUMBER.fullmatch(word.replace(",", "")) for word in words)
    return RowKind.COUNT if has_numbers else RowKind.PERCENT


def _with_parts(rows: Sequence[PublishedRow]) -> list[PublishedRow]:
    """Percentages together with the numerator and denominator that the table gives as rows of their own."""
    parts: dict[tuple[str, str], PublishedRow] = {}
    for row in rows:
        if found := _PARTS.match(row.label):
            parts[(found["whole"], found["part"])] = row
    return [_made_of(row, parts.get((row.label, "分子")), parts.get((row.label, "分母"))) for row in rows]


def _made_of(row: PublishedRow, above: PublishedRow | None, below: PublishedRow | None) -> PublishedRow:
    if not above or not below:
        return row
    made = zip(row.cells, above.cells, below.cells, strict=True)
    return replace(
        row, cells=tuple(replace(cell, numerator=up.value, denominator=down.value) for cell, up, down in made)
    )
