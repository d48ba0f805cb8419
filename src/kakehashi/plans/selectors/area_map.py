"""The map of the prefecture: shapes joined with municipalities, each in a class of its value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from kakehashi.governments.models import Government
from kakehashi.plans.domain.matrix import CELL_WORDS, Cell, CellState, Column
from kakehashi.plans.models import AreaMap

CLASSES = 5


@dataclass(frozen=True)
class Area:
    """One drawn municipality: its outline, its cell, and the class it is drawn in (`c1`… or the state of having no number)."""

    municipality: Government
    path: str
    cell: Cell
    look: str


@dataclass(frozen=True)
class LegendLine:
    """One line of the legend: how it looks, what it means, how many municipalities."""

    look: str
    words: str
    count: int


@dataclass(frozen=True)
class Drawing:
    """The map of one indicator. `missing` have no shape in the file; `strange` are shapes without a municipality here."""

    width: float
    height: float
    areas: tuple[Area, ...]
    legend: tuple[LegendLine, ...]
    missing: tuple[Government, ...]
    strange: tuple[str, ...]


def area_map() -> AreaMap | None:
    """The map the prefecture imported, or None."""
    found: AreaMap | None = AreaMap.objects.first()
    return found


def drawing_of(found: AreaMap, column: Column, cells: Mapping[UUID, Cell], every: Sequence[Government]) -> Drawing:
    """Join the shapes with the municipalities by code; values are cut into at most five classes of equal width."""
    known = {one.code: one for one in every}
    paths = {row["code"]: row["path"] for row in found.shapes}
    limits = _limits([cells[one.id].value for one in every if cells[one.id].value is not None])  # type: ignore[misc]
    areas = tuple(
        Area(one, paths[one.code], cells[one.id], _look(cells[one.id], limits)) for one in every if one.code in paths
    )
    counts: dict[str, int] = {}
    for one in every:
        look = _look(cells[one.id], limits)
        counts[look] = counts.get(look, 0) + 1
    strange = tuple(f"{row['name'] or '名前なし'}（{row['code']}）" for row in found.shapes if row["code"] not in known)
    missing = tuple(one for one in every if one.code not in paths)
    return Drawing(found.width, found.height, areas, tuple(_legend(counts, limits, column)), missing, strange)


def _limits(values: list[float]) -> list[float]:
    """The upper limits of the classes but the last; nothing to divide gives one class."""
    numbers = sorted(float(value) for value in values)
    if not numbers or numbers[0] == numbers[-1]:
        return []
    low, step = numbers[0], (numbers[-1] - numbers[0]) / CLASSES
    return [low + step * place for place in range(1, CLASSES)]


def _look(cell: Cell, limits: list[float]) -> str:
    if cell.value is None:
        return cell.state.value
    return f"c{1 + sum(float(cell.value) >= limit for limit in limits)}"


def _legend(counts: Mapping[str, int], limits: list[float], column: Column) -> list[LegendLine]:
    lines = []
    for place in range(len(limits) + 1):
        look = f"c{place + 1}"
        low = f"{limits[place - 1]:,.1f}{column.unit}以上" if place else ""
        high = f"{limits[place]:,.1f}{column.unit}未満" if place < len(limits) else ""
        if counts.get(look):
            lines.append(LegendLine(look, f"{low}{high}" or "値あり", counts[look]))
    for state, (sign, word, _) in CELL_WORDS.items():
        if counts.get(state.value) and state != CellState.VALUE:
            lines.append(LegendLine(state.value, f"{sign} {word}".strip(), counts[state.value]))
    return lines
