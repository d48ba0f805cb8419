"""PDF → paper: ruled lines make tables, letters make cells and lines, AcroForm fields are controls; no OCR."""

from __future__ import annotations

import bisect
import logging
from collections import defaultdict
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

from kakehashi.eforms.domain.papers.lattice import Region, Walls, group_touching, regions_of
from kakehashi.eforms.domain.papers.model import (
    EMPTY,
    SPACES,
    Block,
    Cell,
    Drawing,
    Grid,
    Line,
    Paper,
    Place,
    Strip,
    UnreadablePaperError,
)
from kakehashi.eforms.domain.papers.pdf_letters import (
    free_stretches,
    is_broken,
    is_vertical,
    joined,
    lines_of,
    stretched,
)
from kakehashi.eforms.domain.papers.pdf_widgets import widget_of
from kakehashi.eforms.domain.papers.radicals import letter_of
from kakehashi.eforms.domain.papers.safety import MOST_BYTES
from kakehashi.kernel.later import later

if TYPE_CHECKING:
    import pdfplumber
else:
    pdfplumber = later("pdfplumber")

__all__ = ["read_pdf", "spot"]

MOST_PAGES = 30
MOST_LETTERS = 30_000
MOST_RULES = 6_000
_SNAP = 3.0
_PARTS_OF_DAYS = frozenset("年月日時分名")
logging.getLogger("pdfminer").setLevel(logging.ERROR)


def spot(page: int, x0: float, top: float, x1: float, bottom: float) -> str:
    """An address in a PDF: ``p1@x0,top,x1,bottom`` in points from the upper left corner."""
    return f"p{page}@{x0:.1f},{top:.1f},{x1:.1f},{bottom:.1f}"


def read_pdf(content: bytes) -> Paper:
    """A PDF with text as a paper; raises UnreadablePaperError, for a scanned one too."""
    if len(content) > MOST_BYTES:
        raise UnreadablePaperError(f"ファイルが大きすぎます（{MOST_BYTES // 1_000_000} MBまで）。")
    paper = Paper("pdf")
    try:
        with pdfplumber.open(BytesIO(content)) as document:
            if len(document.pages) > MOST_PAGES:
                raise UnreadablePaperError(
                    f"ページが多すぎます（{MOST_PAGES}ページまで）。様式のページだけにしてください。"
                )
            letters = 0
            for number, page in enumerate(document.pages, start=1):
                paper.drawings.append(_drawing(page))
                letters += len(page.chars)
                if letters > MOST_LETTERS * 4:
                    raise UnreadablePaperError("文字が多すぎるため読み取れません。")
                paper.blocks += _PageReader(paper, page, number).blocks()
                page.close()
    except UnreadablePaperError:
        raise
    except Exception as error:  # pdfminer raises whatever the broken object happened to break
        raise UnreadablePaperError("PDFとして開けません。パスワードがかかっているか、壊れています。") from error
    if not letters and not paper.controls:
        raise UnreadablePaperError(
            "文字の入っていないPDF（紙をスキャンした画像）です。Word・Excelの元のファイルか、文字の入ったPDFを使ってください。"
        )
    return paper


def _drawing(page: Any) -> Drawing:
    """The page as it looks: runs of letters and ruled lines, for showing it beside the form."""
    drawing = Drawing(float(page.width), float(page.height))
    letters = [_seen(char) for char in page.chars if char["text"].strip(" 　") and char.get("upright", True)]
    for line in lines_of(letters[:MOST_LETTERS]):
        run: list[dict[str, Any]] = []
        for letter in line:
            if run and letter["x0"] - run[-1]["x1"] > 0.35 * letter["size"]:
                drawing.texts.append(_run(run))
                run = []
            run.append(letter)
        drawing.texts.append(_run(run))
    for one in (*page.lines, *page.rects)[:MOST_RULES]:
        x0, x1, top, bottom = (round(float(one[name]), 1) for name in ("x0", "x1", "top", "bottom"))
        if one.get("object_type") == "rect" and x1 - x0 > 3 and bottom - top > 3:
            corners = ((x0, top, x1, top), (x1, top, x1, bottom), (x0, bottom, x1, bottom), (x0, top, x0, bottom))
            drawing.rules += corners if one.get("stroke") else ()
        else:
            drawing.rules.append((x0, top, x1, bottom))
    return drawing


def _seen(char: dict[str, Any]) -> dict[str, Any]:
    return {**char, "text": letter_of(char["text"]).translate(SPACES)}


def _run(letters: list[dict[str, Any]]) -> tuple[float, float, float, float, str]:
    first, last = letters[0], letters[-1]
    size, text = float(first["size"]), "".join(one["text"] for one in letters)
    baseline = float(first["bottom"]) - 0.15 * size
    return round(first["x0"], 1), round(baseline, 1), round(size, 1), round(last["x1"] - first["x0"], 1), text


@dataclass
class _Rules:
    """Ruled lines of one direction, by coordinate: where they run from and to."""

    lines: dict[float, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, at: float, start: float, end: float) -> None:
        """One piece; it joins a coordinate that is close enough."""
        for known in self.lines:
            if abs(known - at) <= _SNAP:
                self.lines[known].append((start, end))
                return
        self.lines[at].append((start, end))

    def covers(self, at: float, start: float, end: float) -> bool:
        """Whether pieces together cover most of a stretch."""
        middle = (start + end) / 2
        pieces = self.lines.get(at, ())
        return any(first - _SNAP <= middle <= last + _SNAP for first, last in pieces) and sum(
            max(0.0, min(last, end) - max(first, start)) for first, last in pieces
        ) >= 0.6 * (end - start)


class _PageReader:
    def __init__(self, paper: Paper, page: Any, number: int) -> None:
        self.paper, self.page, self.number = paper, page, number
        self.letters = [_seen(char) for char in page.chars if char["text"].strip(" ") and char.get("upright", True)]
        self.across, self.down = _Rules(), _Rules()
        self._rules()
        self._controls()

    def _rules(self) -> None:
        pieces = 0
        for one in (*self.page.lines, *self.page.rects, *self.page.curves):
            x0, x1, top, bottom = (float(one[name]) for name in ("x0", "x1", "top", "bottom"))
            pieces += 1
            if pieces > MOST_RULES:
                self.paper.warnings.append("線が多すぎるページがあり、一部を読み飛ばしました。")
                break
            wide, high = x1 - x0, bottom - top
            if high <= 2.5 and wide > 4:
                self.across.add((top + bottom) / 2, x0, x1)
            elif wide <= 2.5 and high > 4:
                self.down.add((x0 + x1) / 2, top, bottom)
            elif one.get("object_type") == "rect" and wide > 6 and high > 6 and (one.get("stroke") or one.get("fill")):
                if wide > 0.97 * float(self.page.width) and high > 0.97 * float(self.page.height):
                    continue
                for at in (top, bottom):
                    self.across.add(at, x0, x1)
                for at in (x0, x1):
                    self.down.add(at, top, bottom)

    def _controls(self) -> None:
        """Widgets of an AcroForm become letters where they stand."""
        for one in self.page.annots:
            data = one.get("data", {})
            if str(data.get("Subtype", "")).strip("/'") not in ("Widget", "PSLiteral(Widget)") and "Widget" not in str(
                data.get("Subtype", "")
            ):
                continue
            control = widget_of(data, spot(self.number, one["x0"], one["top"], one["x1"], one["bottom"]))
            if control is None:
                continue
            self.letters.append(
                {
                    "text": "□" if control.kind == "check" else self.paper.letter_for(control),
                    "x0": float(one["x0"]),
                    "x1": float(one["x1"]),
                    "top": float(one["top"]),
                    "bottom": float(one["bottom"]),
                    "size": 10.0,
                }
            )

    # ------------------------------------------------------------------------------------------------ tables
    def blocks(self) -> list[Block]:
        """Tables and free lines, from top to bottom."""
        xs, ys = sorted(self.down.lines), sorted(self.across.lines)
        placed: list[tuple[float, float, Block]] = []
        free = self.letters
        underlines: list[tuple[float, float, float]] = []
        if len(xs) > 1 and len(ys) > 1:
            grids, free = self._tables(xs, ys)
            placed += grids
        frames = [self._frame(grid) for _, _, grid in placed if isinstance(grid, Grid)]
        for at, pieces in self.across.lines.items():
            for start, end in joined(pieces):
                if not any(
                    left - 4 <= start and end <= right + 4 and top - 4 <= at <= bottom + 4
                    for left, top, right, bottom in frames
                ):
                    underlines.append((at, start, end))
        middle = self._gutter()
        for left, right in ((0.0, middle), (middle, float(self.page.width))):
            placed += self._free_lines(
                [one for one in free if left <= one["x0"] < right],
                [one for one in underlines if left <= one[1] < right],
            )
        return [block for _, _, block in sorted(placed, key=lambda one: (one[1] >= middle, one[0], one[1]))]

    def _gutter(self) -> float:
        """Where a rule down the page parts two papers side by side; the page's width when none does."""
        width, height = float(self.page.width), float(self.page.height)
        for at, pieces in self.down.lines.items():
            crossed = any(one["x0"] < at < one["x1"] for one in self.letters) or any(
                start < at - _SNAP and at + _SNAP < end for runs in self.across.lines.values() for start, end in runs
            )
            if 0.35 * width < at < 0.65 * width and not crossed:
                if max(end - start for start, end in joined(pieces)) > 0.7 * height:
                    return at
        return width

    def _frame(self, grid: Grid) -> tuple[float, float, float, float]:
        boxes = [box_of(cell.address) for cell in grid.cells]
        return (
            min(b[1] for b in boxes),
            min(b[2] for b in boxes),
            max(b[3] for b in boxes),
            max(b[4] for b in boxes),
        )

    def _tables(
        self, xs: list[float], ys: list[float]
    ) -> tuple[list[tuple[float, float, Block]], list[dict[str, Any]]]:
        rows, columns = len(ys) - 1, len(xs) - 1
        walls = Walls.none(rows, columns)
        for row in range(rows):
            for column in range(columns):
                walls.right[row][column] = self.down.covers(xs[column + 1], ys[row], ys[row + 1])
                walls.below[row][column] = self.across.covers(ys[row + 1], xs[column], xs[column + 1])
        for row in range(rows):
            walls.left_edge[row] = self.down.covers(xs[0], ys[row], ys[row + 1])
        for column in range(columns):
            walls.top_edge[column] = self.across.covers(ys[0], xs[column], xs[column + 1])
        shapes: list[tuple[Region, int]] = []
        regions, _ = regions_of(walls, shapes)
        # A table in a cell: what lies inside of a ring is kept apart, the ring is the cell.
        inner: dict[Region, Region] = {}
        for ring, size in sorted(shapes, key=lambda one: one[1]):
            within = [one for one in regions if one not in inner and _lies_in(one, ring)]
            if size + sum(map(_area, within)) == _area(ring) and (
                all(_is_apart(one, ring) for one in within) or self._are_boxes(within, xs, ys)
            ):
                inner |= dict.fromkeys(within, ring)
        rings = [ring for ring, _ in shapes]
        rings = [
            one
            for one in rings
            if one in inner.values() and not any(_lies_in(one, other) for other in rings if other is not one)
        ]
        inner = {one: ring for one, ring in inner.items() if ring in rings}
        regions = [*rings, *regions]
        held: dict[Region, list[dict[str, Any]]] = {region: [] for region in regions}
        place = {
            (row, column): region
            for region in regions
            for row in range(region.top, region.bottom)
            for column in range(region.left, region.right)
        }
        free = []
        for letter in self.letters:
            row = bisect.bisect_right(ys, (letter["top"] + letter["bottom"]) / 2) - 1
            column = bisect.bisect_right(xs, (letter["x0"] + letter["x1"]) / 2) - 1
            region = place.get((row, column))
            if region is None:
                free.append(letter)
            else:
                held[region].append(letter)
        placed: list[tuple[float, float, Block]] = []
        outer = [one for one in regions if one not in inner]
        tables = {ring: group_touching([one for one in inner if inner[one] is ring], rows, columns) for ring in rings}
        for group in group_touching(outer, rows, columns):
            if not any(held[region] for region in group) and self._beside_text(group, ys, free):
                for one in group:
                    free.append(_blank_letter(self.number, xs[one.left], ys[one.bottom], xs[one.right]))
                continue
            if len(group) == 1 and not held[group[0]]:
                one = group[0]
                if xs[one.right] - xs[one.left] < 120 or ys[one.bottom] - ys[one.top] < 14:
                    continue
            grid = self._grid(group, held, xs, ys)
            for cell, region in zip(grid.cells, group, strict=True):
                cell.inner += [self._grid(one, held, xs, ys) for one in tables.get(region, ())]
            placed.append((ys[group[0].top], xs[group[0].left], grid))
        return placed, free

    def _are_boxes(self, regions: list[Region], xs: list[float], ys: list[float]) -> bool:
        """Whether regions are empty boxes of one width side by side, for a letter each: their table may touch its cell's frame."""
        widths = [xs[one.right] - xs[one.left] for one in regions]
        if len(regions) < 3 or len({(one.top, one.bottom) for one in regions}) > 1 or max(widths) > 1.4 * min(widths):
            return False
        left, right = min(xs[one.left] for one in regions), max(xs[one.right] for one in regions)
        top, bottom = ys[regions[0].top], ys[regions[0].bottom]
        return not any(
            left < (one["x0"] + one["x1"]) / 2 < right and top < (one["top"] + one["bottom"]) / 2 < bottom
            for one in self.letters
        )

    def _beside_text(self, group: list[Region], ys: list[float], free: list[dict[str, Any]]) -> bool:
        """Whether empty boxes stand in a line of text: they are blanks of that line, no table."""
        top, bottom = ys[group[0].top], ys[max(one.bottom for one in group)]
        return bottom - top < 45 and any(top - 2 <= (one["top"] + one["bottom"]) / 2 <= bottom + 2 for one in free)

    def _grid(
        self, group: list[Region], held: dict[Region, list[dict[str, Any]]], xs: list[float], ys: list[float]
    ) -> Grid:
        rows = sorted({region.top for region in group} | {region.bottom for region in group})
        columns = sorted({region.left for region in group} | {region.right for region in group})
        row_at, column_at = {r: i for i, r in enumerate(rows)}, {c: i for i, c in enumerate(columns)}
        cells = []
        for region in group:
            x0, x1, top, bottom = xs[region.left], xs[region.right], ys[region.top], ys[region.bottom]
            address = spot(self.number, x0, top, x1, bottom)
            cells.append(
                Cell(
                    row_at[region.top],
                    column_at[region.left],
                    row_at[region.bottom] - row_at[region.top],
                    column_at[region.right] - column_at[region.left],
                    self._strip(held[region], address, x0, x1, bottom),
                    address,
                    width=x1 - x0,
                    height=bottom - top,
                )
            )
        return Grid(cells, f"p{self.number}@{xs[columns[0]]:.0f},{ys[rows[0]]:.0f}")

    # ------------------------------------------------------------------------------------------------ letters
    def _strip(self, letters: list[dict[str, Any]], address: str, x0: float, x1: float, bottom: float) -> Strip:
        if not letters:
            return Strip.blank(address)
        if is_vertical(letters):
            ordered = sorted(letters, key=lambda one: (-round(one["x0"] / 6), one["top"]))
            return Strip.join([self._letter(one) for one in ordered])
        lines = self._unwrapped(lines_of(letters), x0, x1)
        size = max(one["size"] for one in letters)
        spare = int((bottom - max(one["bottom"] for one in letters)) / (size * 1.4))
        if spare > 1:
            place = lines[-1].places[-1]
            lines.append(Strip("\n" * (spare - 1), (Place(place.at, -2),) * (spare - 1)))
        return Strip.join(lines, "\n")

    def _unwrapped(self, lines: list[list[dict[str, Any]]], x0: float, x1: float) -> list[Strip]:
        """The lines of a cell; one that broke only because the cell's width was used up goes on in the next."""
        found: list[Strip] = []
        for index, line in enumerate(lines):
            goes_on = index + 1 < len(lines) and is_broken(line, lines[index + 1], x0, x1)
            strip = self._line_strip(line, x0, None if goes_on else x1)
            if index and is_broken(lines[index - 1], line, x0, x1):
                found[-1] = Strip.join([found[-1], strip])
            else:
                found.append(strip)
        return found

    def _letter(self, letter: dict[str, Any]) -> Strip:
        at = spot(self.number, letter["x0"], letter["top"], letter["x1"], letter["bottom"])
        return Strip(letter["text"], (Place(at, 0),) * len(letter["text"]))

    def _gap(self, start: float, end: float, letter: dict[str, Any]) -> Strip:
        size = letter["size"] or 10.0
        count = round((end - start) / size)
        half = not count and end - start > 0.25 * size
        if half:
            return Strip(" ", (Place(spot(self.number, start, letter["top"], end, letter["bottom"]), -2),))
        step = (end - start) / count if count > 0 else 0.0
        places = tuple(
            Place(
                spot(self.number, start + step * n, letter["top"], start + step * (n + 1), letter["bottom"]),
                -2,
            )
            for n in range(min(count, 60))
        )
        return Strip("　" * len(places), places)

    def _line_strip(self, line: list[dict[str, Any]], x0: float | None, x1: float | None) -> Strip:
        parts: list[Strip] = []
        # A printed space is only room, however wide its letter says it is: what counts is how far the next letter stands.
        seen = [letter for letter in line if letter["text"].strip(" 　")] or line[:1]
        if seen and line[0] is not seen[0]:
            parts.append(self._gap(line[0]["x0"], seen[0]["x0"], seen[0]))
        if x0 is not None and x1 is not None and seen and line[0] is seen[0]:
            size, last = seen[0]["size"] or 10.0, seen[-1]
            before, behind = seen[0]["x0"] - x0, x1 - last["x1"]
            words = len(seen) > 1 and seen[0]["text"] not in _PARTS_OF_DAYS
            if before > 4 * size and behind < 1.5 * size and (seen[0]["text"] in "円㎡人" or words):
                # What stands at the right edge of its cell leaves the room before it: 「　　　円」.
                parts.append(self._gap(x0 + 2, seen[0]["x0"], seen[0]))
        x1 = x1 if x1 is not None or not line or line[-1] is seen[-1] else line[-1]["x1"] + 2
        line = seen
        close = stretched(line)
        for index, letter in enumerate(line):
            if index and index - 1 not in close:
                before = line[index - 1]
                parts.append(self._gap(before["x1"], letter["x0"], before))
            parts.append(self._letter(letter))
        if x1 is not None and line:
            parts.append(self._gap(line[-1]["x1"], x1 - 2, line[-1]))
        return Strip.join(part for part in parts if part.text)

    def _free_lines(
        self, letters: list[dict[str, Any]], underlines: list[tuple[float, float, float]]
    ) -> list[tuple[float, float, Block]]:
        for at, start, end in underlines:
            beneath = [one for one in letters if one["x0"] < end and one["x1"] > start and 0 <= at - one["top"] < 18]
            pieces = free_stretches(start, end, [(one["x0"], one["x1"]) for one in beneath])
            for first, last in pieces:
                if last - first > 14 and any(abs((one["bottom"]) - at) < 8 for one in letters):
                    letters = [*letters, _blank_letter(self.number, first, at, last)]
        found: list[tuple[float, float, Block]] = []
        for line in lines_of(letters):
            head = line[0]
            address = spot(
                self.number, head["x0"], min(o["top"] for o in line), line[-1]["x1"], max(o["bottom"] for o in line)
            )
            strip = self._line_strip(line, None, float(self.page.width) - 50)
            found.append((head["top"], head["x0"], Line(strip, address, indent=head["x0"])))
        return found


def box_of(address: str) -> tuple[int, float, float, float, float]:
    """Page, x0, top, x1, bottom of an address."""
    page, _, numbers = address.partition("@")
    x0, top, x1, bottom = (float(one) for one in numbers.split(","))
    return int(page[1:]), x0, top, x1, bottom


def _lies_in(one: Region, ring: Region) -> bool:
    return ring.top <= one.top and ring.left <= one.left and one.bottom <= ring.bottom and one.right <= ring.right


def _is_apart(one: Region, ring: Region) -> bool:
    return ring.top < one.top and ring.left < one.left and one.bottom < ring.bottom and one.right < ring.right


def _area(one: Region) -> int:
    return (one.bottom - one.top) * (one.right - one.left)


def _blank_letter(page: int, start: float, at: float, end: float) -> dict[str, Any]:
    return {"text": EMPTY, "x0": start, "x1": end, "top": at - 11, "bottom": at, "size": 10.0}
