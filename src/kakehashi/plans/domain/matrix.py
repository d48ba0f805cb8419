"""Municipalities × indicators: what a cell says, and the context without which no number stands alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from statistics import median
from typing import NamedTuple
from uuid import UUID

from kakehashi.indicators.domain.figure import FigureState, number_text
from kakehashi.indicators.domain.published import Answer
from kakehashi.kernel.percent import percent


class CellState(StrEnum):
    """What stands in a cell. None of these may be read as another, and each is drawn with a sign and a word of its own."""

    VALUE = "value"
    ZERO = "zero"
    YES = "yes"
    NO = "no"
    WITHHELD = "withheld"
    NOT_SURVEYED = "not_surveyed"
    NOT_APPLICABLE = "not_applicable"
    OUT_OF_SCOPE = "out_of_scope"
    UNKNOWN = "unknown"
    BLANK = "blank"
    NO_DENOMINATOR = "no_denominator"
    ABSENT = "absent"
    UNSEEN = "unseen"


CELL_WORDS: dict[CellState, tuple[str, str, str]] = {
    CellState.VALUE: ("", "値", "数えた値、または公表された値です。"),
    CellState.ZERO: ("", "0", "数えた結果が0です。値がないのではありません。"),
    CellState.YES: ("○", "実施", "実施していると回答しました。"),
    CellState.NO: ("×", "未実施", "実施していないと回答しました。"),
    CellState.WITHHELD: ("▨", "非共有", "団体が、県に見せないことを選んでいます。値がないのではありません。"),
    CellState.NOT_SURVEYED: ("—", "調査無し", "この時点では調べていません（未調査）。"),
    CellState.NOT_APPLICABLE: ("∅", "該当なし", "数える対象がこの期間にありません。"),
    CellState.OUT_OF_SCOPE: ("／", "対象外", "この団体は、この調査・機能の対象ではありません。"),
    CellState.UNKNOWN: ("？", "不明", "対象はありますが、値が分かっていません。"),
    CellState.BLANK: ("□", "空欄", "調査票に何も書かれていません。0でも未実施でもありません。"),
    CellState.NO_DENOMINATOR: ("÷", "分母0", "割合の分母が0のため、割合がありません。"),
    CellState.ABSENT: ("・", "利用なし", "この団体はこの仕組みを使っていないため、値が届きません。"),
    CellState.UNSEEN: (
        "◌",
        "見えません",
        "この団体は、ほかの市町村にはこの値を見せていません。値がないのではありません。",
    ),
}
OF_FIGURE = {
    FigureState.MEASURED: CellState.VALUE,
    FigureState.ZERO: CellState.ZERO,
    FigureState.NOT_APPLICABLE: CellState.NOT_APPLICABLE,
    FigureState.UNKNOWN: CellState.UNKNOWN,
    FigureState.NOT_SURVEYED: CellState.NOT_SURVEYED,
    FigureState.OUT_OF_SCOPE: CellState.OUT_OF_SCOPE,
    FigureState.BLANK: CellState.BLANK,
}
OF_ANSWER = {
    Answer.CARRIED_OUT: CellState.YES,
    Answer.NOT_CARRIED_OUT: CellState.NO,
    Answer.NUMBER: CellState.VALUE,
    Answer.ZERO: CellState.ZERO,
    Answer.BLANK: CellState.BLANK,
    Answer.NOT_SURVEYED: CellState.NOT_SURVEYED,
    Answer.NOT_APPLICABLE: CellState.NOT_APPLICABLE,
    Answer.OUT_OF_SCOPE: CellState.OUT_OF_SCOPE,
    Answer.NO_DENOMINATOR: CellState.NO_DENOMINATOR,
}


class Cell(NamedTuple):
    """One municipality and one indicator. `period` is empty for a published value, whose day is its edition's."""

    state: CellState
    value: Decimal | None = None
    period: date | None = None


@dataclass(frozen=True)
class Column:
    """An indicator of the matrix: `key` is in addresses, `theme` the group it is filtered by."""

    key: str
    label: str
    unit: str
    theme: str
    direction: str
    is_yes_no: bool = False
    note: str = ""
    published_id: UUID | None = None
    measure_key: str = ""


@dataclass(frozen=True)
class Context:
    """What the numbers of a column are among: how many there are, their middle, and both shares of a yes/no question."""

    counted: int
    asked: int
    middle: Decimal | None = None
    yes: int = 0
    answered: int = 0

    @property
    def share_of_answered(self) -> Decimal | None:
        """実施 ÷ 回答した団体, in per cent."""
        return percent(self.yes, self.answered)

    @property
    def share_of_all(self) -> Decimal | None:
        """実施 ÷ すべての団体, in per cent."""
        return percent(self.yes, self.asked)


def context_of(column: Column, cells: Sequence[Cell]) -> Context:
    """The context of a column over the cells that are shown."""
    if column.is_yes_no:
        yes = sum(cell.state is CellState.YES for cell in cells)
        answered = yes + sum(cell.state is CellState.NO for cell in cells)
        return Context(answered, len(cells), yes=yes, answered=answered)
    known = [cell.value for cell in cells if cell.value is not None]
    return Context(len(known), len(cells), middle=median(known) if known else None)


def context_text(column: Column, context: Context) -> str:
    """The context in words: 「中央値 12.3％（35団体のうち30団体）」."""
    if column.is_yes_no:
        share = context.share_of_answered
        rate = "" if share is None else f"・回答の{share}％・全体の{context.share_of_all}％"
        return f"実施 {context.yes}団体{rate}（{context.asked}団体のうち{context.answered}団体が回答）"
    if context.middle is None:
        return f"値のある団体はありません（{context.asked}団体）"
    middle = number_text(context.middle.quantize(Decimal("0.1")), column.unit)
    return f"中央値 {middle}{column.unit}（{context.asked}団体のうち{context.counted}団体）"


def cell_text(cell: Cell, unit: str = "") -> str:
    """What a cell says in words, for files, titles and screen readers."""
    if cell.value is not None:
        return f"{number_text(cell.value, unit)}{unit}"
    return CELL_WORDS[cell.state][1]


SIZES: tuple[tuple[str, int, int | None, str], ...] = (
    ("s1", 0, 5_000, "5千人未満"),
    ("s2", 5_000, 10_000, "5千人以上1万人未満"),
    ("s3", 10_000, 50_000, "1万人以上5万人未満"),
    ("s4", 50_000, 100_000, "5万人以上10万人未満"),
    ("s5", 100_000, 300_000, "10万人以上30万人未満"),
    ("s6", 300_000, None, "30万人以上"),
)


def is_of_size(population: int | None, size: str) -> bool:
    """Whether a population lies in the band `size`; an unknown one lies in none."""
    band = next(((low, high) for code, low, high, _ in SIZES if code == size), None)
    return (
        band is not None
        and population is not None
        and band[0] <= population
        and (band[1] is None or population < band[1])
    )


def sort_cells(codes: Iterable[str], cells: Mapping[str, Cell], *, descending: bool) -> list[str]:
    """Codes by their number in one column; yes before no; those without a number last, in the order of codes."""
    rank = {CellState.YES: Decimal(1), CellState.NO: Decimal(0)}

    def place(code: str) -> tuple[bool, Decimal, str]:
        cell = cells.get(code)
        number = None if cell is None else cell.value if cell.value is not None else rank.get(cell.state)
        return number is None, -(number or Decimal(0)) if descending else (number or Decimal(0)), code

    return sorted(codes, key=place)
