"""From walls to tables: places that no wall divides are one cell, cells that touch are one table.

Excel sheets (borders of grid cells, 方眼紙 included) and PDF pages (ruled lines) are read in the same way: whatever the
author merged or did not merge, a cell is what the eye sees enclosed by lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Region", "Walls", "group_touching", "regions_of"]


@dataclass
class Walls:
    """``right[row][column]`` says whether a wall stands right of a place, ``below`` whether one stands under it.

    Column −1 and row −1 are the outer left and upper sides, kept in ``left_edge`` and ``top_edge``.
    """

    rows: int
    columns: int
    right: list[list[bool]]
    below: list[list[bool]]
    left_edge: list[bool]
    top_edge: list[bool]

    @classmethod
    def none(cls, rows: int, columns: int) -> Walls:
        """No wall anywhere."""
        return cls(
            rows,
            columns,
            [[False] * columns for _ in range(rows)],
            [[False] * columns for _ in range(rows)],
            [False] * rows,
            [False] * columns,
        )


@dataclass(frozen=True)
class Region:
    """A closed rectangle of places: first row and column, and the first ones beyond."""

    top: int
    left: int
    bottom: int
    right: int


def regions_of(walls: Walls, rings: list[tuple[Region, int]] | None = None) -> tuple[list[Region], list[list[bool]]]:
    """The closed rectangles, and for every place whether it lies in one of them.

    ``rings`` takes the closed shapes that are none, with the number of their places: a cell with a table in it may be one.
    """
    seen = [[False] * walls.columns for _ in range(walls.rows)]
    inside = [[False] * walls.columns for _ in range(walls.rows)]
    found = []
    for row in range(walls.rows):
        for column in range(walls.columns):
            if seen[row][column]:
                continue
            places, is_open = _fill(walls, row, column, seen)
            region = _rectangle(places)
            area = (region.bottom - region.top) * (region.right - region.left)
            if is_open or area != len(places):
                if rings is not None and not is_open:
                    rings.append((region, len(places)))
                continue
            found.append(region)
            for place_row, place_column in places:
                inside[place_row][place_column] = True
    return found, inside


def _fill(walls: Walls, row: int, column: int, seen: list[list[bool]]) -> tuple[list[tuple[int, int]], bool]:
    places, is_open, todo = [], False, [(row, column)]
    seen[row][column] = True
    while todo:
        at, across = todo.pop()
        places.append((at, across))
        neighbours = []
        if not (walls.right[at][across - 1] if across else walls.left_edge[at]):
            neighbours.append((at, across - 1))
        if not walls.right[at][across]:
            neighbours.append((at, across + 1))
        if not (walls.below[at - 1][across] if at else walls.top_edge[across]):
            neighbours.append((at - 1, across))
        if not walls.below[at][across]:
            neighbours.append((at + 1, across))
        for next_row, next_column in neighbours:
            if not (0 <= next_row < walls.rows and 0 <= next_column < walls.columns):
                is_open = True
            elif not seen[next_row][next_column]:
                seen[next_row][next_column] = True
                todo.append((next_row, next_column))
    return places, is_open


def _rectangle(places: Sequence[tuple[int, int]]) -> Region:
    rows, columns = [row for row, _ in places], [column for _, column in places]
    return Region(min(rows), min(columns), max(rows) + 1, max(columns) + 1)


def group_touching(regions: Sequence[Region], rows: int, columns: int) -> list[list[Region]]:
    """Rectangles that share a side, together: each group is one table."""
    owner = [[-1] * columns for _ in range(rows)]
    for number, region in enumerate(regions):
        for row in range(region.top, region.bottom):
            for column in range(region.left, region.right):
                owner[row][column] = number
    parent = list(range(len(regions)))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for row in range(rows):
        for column in range(columns):
            here = owner[row][column]
            if here < 0:
                continue
            for other in (
                owner[row][column + 1] if column + 1 < columns else -1,
                owner[row + 1][column] if row + 1 < rows else -1,
            ):
                if other >= 0 and root(other) != root(here):
                    parent[root(other)] = root(here)
    groups: dict[int, list[Region]] = {}
    for number, region in enumerate(regions):
        groups.setdefault(root(number), []).append(region)
    return [sorted(group, key=lambda region: (region.top, region.left)) for group in groups.values()]
