"""Gaps: where others are further on with the same thing, near and alike first."""

from __future__ import annotations

from decimal import Decimal

from kakehashi.plans.domain.matrix import Cell, CellState, Column

# Words that every indicator has say nothing about its matter.
_GENERAL = (
    "の導入状況",
    "導入状況",
    "の取組",
    "の実施",
    "の任命",
    "等の",
    "状況",
    "策定",
    "オンライン化",
    "件数",
    "割合",
    "全庁的な",
    "全体",
    "（",
    "）",
    "％",
    "%",
    "・",
)


def is_ahead(column: Column, other: Cell, own: Cell) -> bool:
    """Whether another's cell is further on: it does what we do not, or its number is better in the direction that is better.

    Without a number of our own, everybody with one is ahead; an indicator without a better direction has nobody ahead.
    """
    if column.is_yes_no:
        return other.state is CellState.YES and own.state is not CellState.YES
    if other.value is None or column.direction == "neutral":
        return False
    if own.value is None:
        return True
    return other.value < own.value if column.direction == "down" else other.value > own.value


def progress(column: Column, cell: Cell) -> Decimal:
    """How far a cell is, larger is further; for the order of those ahead."""
    if cell.value is None:
        return Decimal(cell.state is CellState.YES)
    return -cell.value if column.direction == "down" else cell.value


def matter_of(label: str) -> str:
    """The words of an indicator that name its matter, for finding cases about it."""
    words = label
    for general in _GENERAL:
        words = words.replace(general, " ")
    return " ".join(words.split()) or label
