"""The original as a page shows it: lines, tables with merged cells, or drawn pages, with every field's place marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kakehashi.eforms.domain.papers.found import Mark
from kakehashi.eforms.domain.papers.model import EMPTY, Block, Cell, Drawing, Grid, Line, Paper, Place, Strip

__all__ = ["Picture", "picture_of"]

MOST_ROWS = 600


@dataclass(frozen=True)
class Piece:
    """A stretch of text; ``key`` is the field that stands there, "" for none, ``first`` where a field begins."""

    text: str
    key: str = ""
    first: bool = False
    breaks: bool = False


@dataclass
class Box:
    """A cell of a table as shown. ``wordy``: what stands in it is read across, so it needs more than a letter's width."""

    rows: int
    columns: int
    pieces: list[Piece]
    shaded: bool = False
    inner: list[Shown] = field(default_factory=list)
    wordy: bool = False


@dataclass
class Spot:
    """A field's place on a drawn page."""

    key: str
    x: float
    y: float
    width: float
    height: float
    first: bool


@dataclass
class Shown:
    """One block: a line (pieces), a table (rows of boxes and column widths) or a page (drawing and spots)."""

    kind: str
    pieces: list[Piece] = field(default_factory=list)
    rows: list[list[Box]] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)
    drawing: Drawing | None = None
    spots: list[Spot] = field(default_factory=list)


@dataclass
class Picture:
    """The whole original."""

    blocks: list[Shown]


def picture_of(paper: Paper, marks: Mapping[str, Sequence[Mark]]) -> Picture:
    """The original with the places of every field key."""
    if paper.format == "pdf":
        return Picture(_pages(paper, marks))
    painter = _Painter(marks)
    return Picture([painter.block(block) for block in paper.blocks[:MOST_ROWS]])


class _Painter:
    def __init__(self, marks: Mapping[str, Sequence[Mark]]) -> None:
        self.at: dict[str, list[tuple[str, Mark]]] = defaultdict(list)
        for key, several in marks.items():
            for mark in several:
                self.at[mark.at].append((key, mark))
        self.begun: set[str] = set()

    def block(self, block: Block) -> Shown:
        """A line or a table."""
        if isinstance(block, Line):
            return Shown("line", pieces=self._pieces(block.strip))
        return self._grid(block)

    def _grid(self, grid: Grid) -> Shown:
        rows: list[list[Box]] = []
        for row in range(min(grid.height, MOST_ROWS)):
            cells = grid.row(row)
            rows.append([self._box(cell) for cell in cells])
        return Shown("table", rows=rows, widths=_widths(grid))

    def _box(self, cell: Cell) -> Box:
        inner = [self.block(block) for block in cell.inner]
        longest = max(len(line.strip(" 　")) for line in cell.strip.text.split("\n"))
        # A heading down the side of several rows is set letter below letter on the paper too.
        return Box(cell.rows, cell.columns, self._pieces(cell.strip), cell.shaded, inner, longest >= 4 * cell.rows)

    def _pieces(self, strip: Strip) -> list[Piece]:
        pieces: list[Piece] = []
        text, key = "", ""
        for letter, place in zip(strip.text, strip.places, strict=True):
            here = self._key(place)
            if letter == "\n" or here != key:
                self._flush(pieces, text, key)
                text, key = "", here
            if letter == "\n":
                pieces.append(Piece("", breaks=True))
                continue
            text += "　　" if EMPTY <= letter <= "\uf8ff" else letter
        self._flush(pieces, text, key)
        return pieces

    def _flush(self, pieces: list[Piece], text: str, key: str) -> None:
        if text:
            pieces.append(Piece(text, key, first=bool(key) and key not in self.begun))
            self.begun |= {key} if key else set()

    def _key(self, place: Place) -> str:
        for key, mark in self.at.get(place.at, ()):
            whole = mark.start < 0 and place.offset < 0
            within = 0 <= mark.start <= place.offset < mark.end
            behind = mark.start >= 0 and mark.end < 0 and place.offset == mark.start - 1
            if whole or within or behind or (mark.start == mark.end >= 0 and place.offset == mark.start):
                return key
        return ""


def _widths(grid: Grid) -> list[int]:
    """The columns' widths in per cent of the table, [] where the file does not say."""
    widths = [0.0] * grid.width
    for cell in sorted(grid.cells, key=lambda one: one.columns):
        span = range(cell.column, cell.right)
        lacking = [column for column in span if not widths[column]]
        rest = cell.width - sum(widths[column] for column in span)
        for column in lacking:
            widths[column] = max(rest / len(lacking), 0.0)
    whole = sum(widths)
    return [round(100 * width / whole) for width in widths] if whole and all(widths) else []


def _pages(paper: Paper, marks: Mapping[str, Sequence[Mark]]) -> list[Shown]:
    from kakehashi.eforms.domain.papers.pdf_paper import box_of

    spots: dict[int, list[Spot]] = defaultdict(list)
    for key, several in marks.items():
        for number, mark in enumerate(several):
            page, x0, top, x1, bottom = box_of(mark.at)
            spots[page].append(Spot(key, x0, top, max(x1 - x0, 8), max(bottom - top, 8), number == 0))
    return [
        Shown("page", drawing=drawing, spots=spots.get(number, []))
        for number, drawing in enumerate(paper.drawings, start=1)
    ]
