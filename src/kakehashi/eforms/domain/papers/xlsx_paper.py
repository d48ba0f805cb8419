"""Excel (.xlsx, .xlsm) → paper: what borders enclose is a cell, what stands free is a line; hidden parts are left out."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections import defaultdict
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

from kakehashi.eforms.domain.papers.lattice import Region, Walls, group_touching, regions_of
from kakehashi.eforms.domain.papers.model import (
    EMPTY,
    Block,
    Cell,
    Grid,
    Line,
    Paper,
    Place,
    Strip,
    UnreadablePaperError,
)
from kakehashi.eforms.domain.papers.safety import check_xml_parts, open_package, read_part
from kakehashi.eforms.domain.papers.xlsx_lists import bounds_of, extension_lists, listed
from kakehashi.kernel.later import later

if TYPE_CHECKING:
    import openpyxl
    from openpyxl import utils
else:
    openpyxl = later("openpyxl")
    utils = later("openpyxl.utils")

__all__ = ["read_xlsx"]

MOST_GRID_CELLS = 60_000
LARGEST_SHEET_XML = 12_000_000
_EXAMPLE = re.compile(r"記入例|記載例|見本|サンプル|入力例|記入要領|記載要領")


def read_xlsx(content: bytes) -> Paper:
    """An Excel book as a paper; raises UnreadablePaperError."""
    package = open_package(content)
    check_xml_parts(package)
    paper = Paper("xlsx")
    if any(part.filename.lower().endswith("vbaproject.bin") for part in package.infolist()):
        paper.warnings.append("マクロが入っています。マクロは読まず、実行もしません。")
    _refuse_huge(package)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(BytesIO(content))
        except Exception as error:  # openpyxl raises whatever the broken part happened to break
            raise UnreadablePaperError("Excel（.xlsx）のファイルとして開けません。保存しなおしてください。") from error
    extra = extension_lists(package, book)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    kept = [sheet for sheet in sheets if not _EXAMPLE.search(sheet.title)] or sheets
    for sheet in sheets:
        if sheet not in kept:
            paper.warnings.append(f"シート「{sheet.title}」は記入例とみて、読み取りませんでした。")
    for sheet in kept:
        paper.blocks += _SheetReader(sheet, book, extra.get(sheet.title, {})).blocks()
    return paper


def _refuse_huge(package: zipfile.ZipFile) -> None:
    for part in package.infolist():
        if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
            if part.file_size > LARGEST_SHEET_XML:
                raise UnreadablePaperError("シートが大きすぎます。様式だけのシートにして保存しなおしてください。")
            content = read_part(package, part.filename, LARGEST_SHEET_XML)
            if content.count(b"<c ") + content.count(b"<x:c ") > MOST_GRID_CELLS:
                raise UnreadablePaperError("シートのセルが多すぎます。様式だけのシートにして保存しなおしてください。")


@dataclass
class _Box:
    """One cell or merged range of the sheet."""

    row: int
    column: int
    bottom: int
    right: int
    text: str = ""
    address: str = ""
    fill: str = ""
    is_input: bool = False
    formula: bool = False
    choices: tuple[str, ...] = ()
    rule: str = ""
    merged: bool = False
    style: Any = field(default=None, repr=False)


class _SheetReader:
    def __init__(self, sheet: Any, book: Any, extra: dict[str, tuple[str, ...]]) -> None:
        self.sheet, self.book = sheet, book
        self.rules: list[tuple[tuple[int, int, int, int], tuple[str, ...], str]] = []
        for one in sheet.data_validations.dataValidation:
            options = listed(book, sheet, one.formula1 or "") if one.type == "list" else ()
            if one.type:
                self.rules += [(area.bounds, options, one.type) for area in one.sqref.ranges]
        for area, options in extra.items():
            for part in area.split():
                self.rules.append((bounds_of(part), options, "list"))
        self.top, self.left, self.rows, self.columns = self._bounds()
        self.boxes: dict[tuple[int, int], _Box] = {}
        self.widths = [self._width(column) for column in range(self.left, self.left + self.columns)]
        self.heights = [self._height(row) for row in range(self.top, self.top + self.rows)]

    def _bounds(self) -> tuple[int, int, int, int]:
        cells = [cell for cell in self.sheet._cells.values() if self._matters(cell)]
        rows = [cell.row for cell in cells]
        columns = [cell.column for cell in cells]
        for area in self.sheet.merged_cells.ranges:
            if area.min_row in rows or self.sheet.cell(area.min_row, area.min_col).has_style:
                rows += [area.min_row, area.max_row]
                columns += [area.min_col, area.max_col]
        if not rows:
            return 1, 1, 0, 0
        top, left, bottom, right = min(rows), min(columns), max(rows), max(columns)
        printed = self.sheet.print_area
        if printed:
            try:
                areas = [bounds_of(one.rpartition("!")[2].replace("$", "")) for one in printed.split(",")]
                top, left = max(top, min(a[1] for a in areas)), max(left, min(a[0] for a in areas))
                bottom, right = min(bottom, max(a[3] for a in areas)), min(right, max(a[2] for a in areas))
            except (ValueError, TypeError):
                pass
        rows_count, columns_count = max(bottom - top + 1, 0), max(right - left + 1, 0)
        if rows_count * columns_count > 4 * MOST_GRID_CELLS:
            raise UnreadablePaperError("シートが広すぎます。様式だけのシートにして保存しなおしてください。")
        return top, left, rows_count, columns_count

    def _matters(self, cell: Any) -> bool:
        if cell.value not in (None, ""):
            return True
        border = cell.border if cell.has_style else None
        return border is not None and any(
            side is not None and side.style for side in (border.left, border.right, border.top, border.bottom)
        )

    def _hidden_column(self, column: int) -> bool:
        return bool(self.sheet.column_dimensions[utils.get_column_letter(column)].hidden)

    def _width(self, column: int) -> float:
        letter = utils.get_column_letter(column)
        for one in self.sheet.column_dimensions.values():
            if one.min and one.max and one.min <= column <= one.max:
                return 0.0 if one.hidden else float(one.width or 8.4)
        found = self.sheet.column_dimensions.get(letter)
        default = self.sheet.sheet_format.defaultColWidth or self.sheet.sheet_format.baseColWidth or 8.4
        return float(found.width) if found and found.width else float(default)

    def _height(self, row: int) -> float:
        found = self.sheet.row_dimensions.get(row)
        if found is not None and found.hidden:
            return 0.0
        default = self.sheet.sheet_format.defaultRowHeight or 15
        return float(found.height) if found is not None and found.height else float(default)

    # ------------------------------------------------------------------------------------------------ boxes and walls
    def _collect(self) -> None:
        merged: dict[tuple[int, int], Any] = {}
        for area in self.sheet.merged_cells.ranges:
            merged[area.min_row, area.min_col] = area
        covered: set[tuple[int, int]] = set()
        protected = bool(self.sheet.protection.sheet)
        for row in range(self.top, self.top + self.rows):
            for column in range(self.left, self.left + self.columns):
                if (row, column) in covered:
                    continue
                area = merged.get((row, column))
                bottom, right = (area.max_row + 1, area.max_col + 1) if area else (row + 1, column + 1)
                bottom, right = min(bottom, self.top + self.rows), min(right, self.left + self.columns)
                box = self._box(row, column, bottom, right, merged=area is not None, protected=protected)
                for at in range(row, bottom):
                    for across in range(column, right):
                        covered.add((at, across))
                        self.boxes[at, across] = box

    def _box(self, row: int, column: int, bottom: int, right: int, *, merged: bool, protected: bool) -> _Box:
        cell = self.sheet._cells.get((row, column))
        box = _Box(row, column, bottom, right, address=f"{self.sheet.title}!{utils.get_column_letter(column)}{row}")
        box.merged = merged
        if not any(self.widths[column - self.left : right - self.left]) or not any(
            self.heights[row - self.top : bottom - self.top]
        ):
            return box
        for (left, top, last_right, last_bottom), options, kind in self.rules:
            if top <= row <= last_bottom and left <= column <= last_right and not box.rule:
                box.choices, box.rule = options, kind
        if cell is None:
            return box
        value = cell.value
        box.fill = _fill(cell)
        box.formula = isinstance(value, str) and value.startswith("=") and len(value) > 1
        text = "" if value is None else str(value)
        unlocked = protected and cell.has_style and cell.protection is not None and not cell.protection.locked
        holds_default = isinstance(value, int | float) or not text.strip()
        box.is_input = not box.formula and (unlocked or bool(box.rule)) and (holds_default or bool(box.choices))
        box.text = "" if box.formula or (box.is_input and holds_default) or box.choices else text
        if not box.formula and not text.strip():
            box.text = ""
        return box

    def _walls(self) -> Walls:
        walls = Walls.none(self.rows, self.columns)
        for (row, column), cell in self.sheet._cells.items():
            at, across = row - self.top, column - self.left
            if not (0 <= at < self.rows and 0 <= across < self.columns) or not cell.has_style:
                continue
            border = cell.border
            box = self.boxes[row, column]
            if _drawn(border.right) and column + 1 == box.right:
                walls.right[at][across] = True
            if _drawn(border.bottom) and row + 1 == box.bottom:
                walls.below[at][across] = True
            if _drawn(border.left) and column == box.column:
                _set_left(walls, at, across)
            if _drawn(border.top) and row == box.row:
                _set_top(walls, at, across)
        self._walls_by_fill(walls)
        return walls

    def _walls_by_fill(self, walls: Walls) -> None:
        """Where the colour changes the eye sees a border, too."""
        for at in range(self.rows):
            for across in range(self.columns):
                here = self.boxes[at + self.top, across + self.left]
                if across + 1 < self.columns:
                    right = self.boxes[at + self.top, across + self.left + 1]
                    walls.right[at][across] |= here is not right and here.fill != right.fill
                if at + 1 < self.rows:
                    under = self.boxes[at + self.top + 1, across + self.left]
                    walls.below[at][across] |= here is not under and here.fill != under.fill

    # ------------------------------------------------------------------------------------------------ blocks
    def blocks(self) -> list[Block]:
        """Tables and free lines, from top to bottom."""
        if not self.rows or not self.columns:
            return []
        self._collect()
        walls = self._walls()
        regions, inside = regions_of(walls)
        placed: list[tuple[tuple[int, int], Block]] = []
        for number, group in enumerate(group_touching(regions, self.rows, self.columns)):
            if self._beside_text(group, inside):
                continue
            grid = self._grid(group, number)
            if len(group) == 1 and not grid.cells[0].strip.text.strip(EMPTY + " 　\n"):
                if not grid.cells[0].rule and group[0].right - group[0].left < 2:
                    continue
            placed.append(((group[0].top, group[0].left), grid))
        for at in range(self.rows):
            placed += self._free_lines(at, inside, walls)
        return [block for _, block in sorted(placed, key=lambda pair: pair[0])]

    def _beside_text(self, group: list[Region], inside: list[list[bool]]) -> bool:
        """Empty boxes in a row of free text are blanks of that line, no table: they are set free here."""
        top, bottom = min(one.top for one in group), max(one.bottom for one in group)
        if bottom - top > 3 or any(box.text for one in group for box in self._boxes_in(one)):
            return False
        said = any(
            self.boxes[row + self.top, column + self.left].text and not inside[row][column]
            for row in range(top, bottom)
            for column in range(self.columns)
        )
        if not said:
            return False
        for one in group:
            boxes = self._boxes_in(one)
            boxes[0].is_input = True
            boxes[0].row, boxes[0].right = boxes[0].row, max(box.right for box in boxes)
            for row in range(one.top, one.bottom):
                for column in range(one.left, one.right):
                    inside[row][column] = False
                    self.boxes[row + self.top, column + self.left] = boxes[0]
        return True

    def _grid(self, group: list[Region], number: int) -> Grid:
        rows = sorted({region.top for region in group} | {region.bottom for region in group})
        columns = sorted({region.left for region in group} | {region.right for region in group})
        row_at, column_at = {r: i for i, r in enumerate(rows)}, {c: i for i, c in enumerate(columns)}
        cells = []
        for region in group:
            top, left = row_at[region.top], column_at[region.left]
            cell = Cell(
                top,
                left,
                row_at[region.bottom] - top,
                column_at[region.right] - left,
                self._strip(region),
                self.boxes[region.top + self.top, region.left + self.left].address,
                width=sum(self.widths[region.left : region.right]) * 5.6,
                height=sum(self.heights[region.top : region.bottom]),
            )
            self._mark(cell, region)
            cells.append(cell)
        return Grid(cells, f"{self.sheet.title}!表{number + 1}")

    def _mark(self, cell: Cell, region: Region) -> None:
        boxes = self._boxes_in(region)
        inputs = [box for box in boxes if box.rule or box.is_input]
        if inputs:
            cell.choices, cell.rule = inputs[0].choices, inputs[0].rule or "unlocked"
        cell.shaded = bool(boxes and boxes[0].fill)
        if boxes and all(box.formula or not box.text for box in boxes) and any(box.formula for box in boxes):
            cell.rule = "formula"

    def _boxes_in(self, region: Region) -> list[_Box]:
        found: list[_Box] = []
        for row in range(region.top + self.top, region.bottom + self.top):
            for column in range(region.left + self.left, region.right + self.left):
                box = self.boxes[row, column]
                if box.row == row and box.column == column:
                    found.append(box)
        return found

    def _strip(self, region: Region) -> Strip:
        boxes = self._boxes_in(region)
        said = [box for box in boxes if box.text]
        if not said:
            blank = Strip.blank(self._anchor(boxes))
            spare = max(0, region.bottom - region.top - 1)
            return Strip(blank.text + "\n" * spare, blank.places * (spare + 1)) if spare else blank
        rows: dict[int, list[_Box]] = defaultdict(list)
        for box in boxes:
            rows[box.row].append(box)
        lines = [
            self._row_strip(rows.get(row, []), region.left + self.left, in_cell=True)
            for row in range(region.top + self.top, region.bottom + self.top)
        ]
        while len(lines) > 1 and not lines[0].text.strip():
            lines.pop(0)
        return Strip.join(lines, "\n")

    def _anchor(self, boxes: list[_Box]) -> str:
        inputs = [box for box in boxes if box.is_input or box.rule]
        largest = max(boxes, key=lambda box: (box in inputs, (box.right - box.column) * (box.bottom - box.row)))
        return largest.address

    def _row_strip(self, boxes: list[_Box], left: int, *, in_cell: bool = False) -> Strip:
        """What stands in one row: texts with gaps as wide as they look, and empty merged cells after a text."""
        parts: list[Strip] = []
        cursor = float(sum(self.widths[: left - self.left]))
        said = False
        for box in sorted(boxes, key=lambda one: one.column):
            start = float(sum(self.widths[: box.column - self.left]))
            if box.text:
                gap = round((start - cursor) / 2.2)
                if (parts or (in_cell and gap > 2)) and gap > 0:
                    at = Place(parts[-1].places[-1].at if parts else box.address, -2)
                    parts.append(Strip("　" * min(gap, 40), (at,) * min(gap, 40)))
                parts.append(Strip.of(box.text, box.address))
                cursor = start + max(map(_text_width, box.text.split("\n")))
                said = True
            elif box.is_input or box.rule or (box.merged and said and box.right - box.column > 1 and not box.formula):
                parts.append(Strip.blank(box.address))
                cursor = float(sum(self.widths[: box.right - self.left]))
        if said and boxes:
            end = float(sum(self.widths[: max(box.right for box in boxes) - self.left]))
            gap = min(round((end - cursor) / 2.2), 40)
            if gap > 1 and parts:
                parts.append(Strip("　" * gap, (Place(parts[-1].places[-1].at, -2),) * gap))
        return Strip.join(parts)

    def _free_lines(self, at: int, inside: list[list[bool]], walls: Walls) -> list[tuple[tuple[int, int], Block]]:
        found: list[tuple[tuple[int, int], Block]] = []
        row = at + self.top
        run: list[_Box] = []
        start = 0
        for across in range(self.columns + 1):
            is_free = across < self.columns and not inside[at][across]
            if is_free:
                box = self.boxes[row, across + self.left]
                if not run:
                    start = across
                if box not in run[-1:]:
                    run.append(box)
                continue
            if run:
                line = self._line(run, at, start, walls, inside)
                if line is not None:
                    found.append(((at, start), line))
            run = []
        return found

    def _line(self, run: list[_Box], at: int, start: int, walls: Walls, inside: list[list[bool]]) -> Line | None:
        row = at + self.top
        shown: list[_Box] = []
        underlined: _Box | None = None
        for box in run:
            ends = box.bottom - 1 - self.top
            across = box.column - self.left
            has_rule = walls.below[ends][across] and not (ends + 1 < self.rows and inside[ends + 1][across])
            if box.row != row:
                continue
            if not box.text and has_rule and not box.formula:
                if underlined is None:
                    underlined = _Box(box.row, box.column, box.bottom, box.right, address=box.address, is_input=True)
                    shown.append(underlined)
                else:
                    underlined.right = box.right
                continue
            underlined = None
            shown.append(box)
        strip = self._row_strip(shown, start + self.left)
        if not strip.text.strip():
            return None
        return Line(strip, shown[0].address if shown else "", indent=float(sum(self.widths[:start])) * 5.6)


def _text_width(text: str) -> float:
    return sum(2.2 if ord(letter) > 0x2000 else 1.1 for letter in text)


def _drawn(side: Any) -> bool:
    return side is not None and bool(side.style)


def _set_left(walls: Walls, at: int, across: int) -> None:
    if across:
        walls.right[at][across - 1] = True
    else:
        walls.left_edge[at] = True


def _set_top(walls: Walls, at: int, across: int) -> None:
    if at:
        walls.below[at - 1][across] = True
    else:
        walls.top_edge[across] = True


def _fill(cell: Any) -> str:
    if not cell.has_style or cell.fill is None or cell.fill.fill_type != "solid":
        return ""
    colour = cell.fill.fgColor
    if colour.type == "rgb":
        return "" if str(colour.rgb)[-6:].upper() == "FFFFFF" else str(colour.rgb)
    if colour.type == "theme":
        return "" if colour.theme == 0 and not colour.tint else f"theme{colour.theme}{colour.tint}"
    return "" if colour.indexed in (9, 64, 65) else f"indexed{colour.indexed}"
