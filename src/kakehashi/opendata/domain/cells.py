"""Between the text of a cell and the value a table keeps."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any

from kakehashi.opendata.domain.columns import ColumnType, DataColumn, canonical
from kakehashi.opendata.domain.findings import RULES, Level
from kakehashi.opendata.domain.value_checks import broken_rules

__all__ = ["CellFault", "parse_cell"]


class CellFault(ValueError):
    """The text cannot be kept in this column; the message says what is wrong and, where one is sure, what it should be."""


def parse_cell(column: DataColumn, text: str) -> Any:
    """The value that a column keeps: text, int, Decimal, date, time, bool; None for a blank that is not text.

    Marks other people use (○, 有, ×, 0 …) are read as 1 and blank, codes are completed by their check digit, since both have one reading
    only. Anything else that breaks a blocking rule is refused with CellFault and never guessed.
    """
    value = canonical(column, text).strip(" 　\t")
    if column.type is ColumnType.MARK:
        return _mark(column, value)
    if not value:
        return "" if _is_text(column) else None
    if column.type is ColumnType.LG_CODE:
        return _code(column, value)
    for rule, suggestion in broken_rules(column, value):
        if RULES[rule].level is Level.BLOCKING:
            hint = f"「{suggestion}」ではありませんか。" if suggestion else RULES[rule].mend
            raise CellFault(f"「{column.header}」の値「{value[:60]}」：{RULES[rule].says}。{hint}")
    return _typed(column, value)


def _is_text(column: DataColumn) -> bool:
    return column.type not in {
        ColumnType.INTEGER, ColumnType.NUMBER, ColumnType.LATITUDE, ColumnType.LONGITUDE, ColumnType.DATE, ColumnType.TIME,
    }  # fmt: skip


def _mark(column: DataColumn, value: str) -> bool:
    if value in {"", "1"}:
        return bool(value)
    for _, suggestion in broken_rules(column, value):
        if suggestion:
            return suggestion == "1"
    raise CellFault(f"「{column.header}」の値「{value[:60]}」は、1（該当）とも空欄とも読めません。")


def _code(column: DataColumn, value: str) -> str:
    for _, suggestion in broken_rules(column, value):
        if suggestion:
            return suggestion
        raise CellFault(f"「{column.header}」の値「{value[:60]}」は団体コードとして読めません。")
    return value


def _typed(column: DataColumn, value: str) -> Any:
    if column.type is ColumnType.INTEGER:
        return int(value)
    if column.type in {ColumnType.NUMBER, ColumnType.LATITUDE, ColumnType.LONGITUDE}:
        return Decimal(value)
    if column.type is ColumnType.DATE:
        return date.fromisoformat(value)
    if column.type is ColumnType.TIME:
        return time.fromisoformat(value)
    return value
