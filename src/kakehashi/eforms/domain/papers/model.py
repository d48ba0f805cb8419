"""A paper form as every format is read: blocks from top to bottom, each a line of text or a grid of cells.

Every letter keeps the place it came from, so that what is recognised in the text can be shown in the original and an
answer can be written back to exactly that place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

__all__ = [
    "EMPTY",
    "Block",
    "Cell",
    "Control",
    "Drawing",
    "Grid",
    "Line",
    "Paper",
    "Place",
    "Strip",
    "UnreadablePaperError",
]

# One letter stands for a whole empty cell, and one for a control (content control, form field, drop-down list).
EMPTY = "\ue000"
FIRST_CONTROL = 0xE001
# Browsers print the wide space of Japanese as an em space; as many letters as before.
SPACES = {0x2001: "　", 0x2003: "　", 0x2000: " ", 0x2002: " ", 0x2004: " ", 0x2005: " ", 0x2009: " ", 0xA0: " "}
MOST_CONTROLS = 3_000
MOST_LETTERS_IN_A_PLACE = 3_000


class UnreadablePaperError(ValueError):
    """A file that is not read; the message says why and what to do, in Japanese."""


@dataclass(frozen=True)
class Place:
    """Where a letter stands: the address of its paragraph or cell (``t0.r2.c1.p0``, ``様式!B4``) and its offset there.

    ``offset`` −1 is the empty cell as a whole.
    """

    at: str
    offset: int = -1


@dataclass(frozen=True)
class Control:
    """A control that the file itself has: kind text, date, check, choice or picture."""

    kind: str
    name: str = ""
    options: tuple[str, ...] = ()
    place: Place = Place("")


@dataclass(frozen=True)
class Strip:
    """Text of which every letter knows its place."""

    text: str = ""
    places: tuple[Place, ...] = ()

    @classmethod
    def of(cls, text: str, at: str) -> Strip:
        """A text that stands in one paragraph or cell."""
        return cls(text.translate(SPACES), tuple(Place(at, index) for index in range(len(text))))

    @classmethod
    def blank(cls, at: str) -> Strip:
        """An empty cell."""
        return cls(EMPTY, (Place(at),))

    @classmethod
    def join(cls, strips: Iterable[Strip], between: str = "") -> Strip:
        """Several strips as one; the letters between them belong to the place before."""
        text = ""
        places: list[Place] = []
        for strip in strips:
            if text and between:
                text += between
                places += [Place(places[-1].at, -2)] * len(between)
            text += strip.text
            places += strip.places
        return cls(text, tuple(places))

    def cut(self, start: int, end: int | None = None) -> Strip:
        """A part of it."""
        return Strip(self.text[start:end], self.places[start:end])

    def lines(self) -> list[Strip]:
        """The strip line by line."""
        found, start = [], 0
        for index, letter in enumerate(self.text):
            if letter == "\n":
                found.append(self.cut(start, index))
                start = index + 1
        return [*found, self.cut(start)]

    def bounded(self) -> Strip:
        """No more of it than any form has in one place: what looks for blanks takes the square of the length."""
        return self if len(self.text) <= MOST_LETTERS_IN_A_PLACE else self.cut(0, MOST_LETTERS_IN_A_PLACE)

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass
class Cell:
    """One cell of a grid. ``address`` names it in the original; ``choices`` are those of a data validation."""

    row: int
    column: int
    rows: int
    columns: int
    strip: Strip
    address: str
    width: float = 0.0
    height: float = 0.0
    shaded: bool = False
    locked: bool = False
    choices: tuple[str, ...] = ()
    rule: str = ""
    inner: list[Block] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Bound what is read."""
        self.strip = self.strip.bounded()

    @property
    def digits(self) -> list[Cell]:
        """The empty boxes of a table of one row that is all the cell holds: one letter of the answer goes into each."""
        grids = [block for block in self.inner if isinstance(block, Grid)]
        if len(grids) != 1 or len(self.inner) != 1 or self.text.strip(" 　\n" + EMPTY):
            return []
        boxes = grids[0].cells
        is_empty = all(not one.text.strip(" 　\n" + EMPTY) and not one.inner for one in boxes)
        return boxes if is_empty and grids[0].height == 1 and len(boxes) >= 3 else []

    @property
    def text(self) -> str:
        """What stands in it."""
        return self.strip.text

    @property
    def bottom(self) -> int:
        """The first row below."""
        return self.row + self.rows

    @property
    def right(self) -> int:
        """The first column to the right."""
        return self.column + self.columns


@dataclass
class Line:
    """One paragraph, or one line of text outside of every table."""

    strip: Strip
    address: str
    indent: float = 0.0

    def __post_init__(self) -> None:
        """Bound what is read."""
        self.strip = self.strip.bounded()

    @property
    def text(self) -> str:
        """What stands in it."""
        return self.strip.text


@dataclass
class Grid:
    """A table. Cells never overlap; a place without a cell is outside of the table's frame."""

    cells: list[Cell]
    address: str
    bordered: bool = True

    @property
    def height(self) -> int:
        """How many rows."""
        return max((cell.bottom for cell in self.cells), default=0)

    @property
    def width(self) -> int:
        """How many columns."""
        return max((cell.right for cell in self.cells), default=0)

    def row(self, number: int) -> list[Cell]:
        """The cells that begin in a row, from left to right."""
        return sorted((cell for cell in self.cells if cell.row == number), key=lambda one: one.column)

    def by_place(self) -> dict[tuple[int, int], Cell]:
        """The cell that covers each place."""
        return {
            (row, column): cell
            for cell in self.cells
            for row in range(cell.row, cell.bottom)
            for column in range(cell.column, cell.right)
        }


Block = Line | Grid


@dataclass
class Drawing:
    """A page of a PDF as it looks: its size, texts (x, baseline, size, width, text) and ruled lines, in points."""

    width: float
    height: float
    texts: list[tuple[float, float, float, float, str]] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)


@dataclass
class Paper:
    """A whole file. ``controls`` are numbered as the letters of the strips number them."""

    format: str
    blocks: list[Block] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    drawings: list[Drawing] = field(default_factory=list)

    def letter_for(self, control: Control) -> str:
        """Keep a control and give the letter that stands for it in the text."""
        if len(self.controls) >= MOST_CONTROLS:
            raise UnreadablePaperError("入力欄の部品が多すぎるため、読み取れません。")
        self.controls.append(control)
        return chr(FIRST_CONTROL + len(self.controls) - 1)

    def control_of(self, letter: str) -> Control | None:
        """The control that a letter stands for."""
        index = ord(letter) - FIRST_CONTROL
        return self.controls[index] if 0 <= index < len(self.controls) else None

    def walk(self) -> Iterator[Block]:
        """Every block, those inside of cells after their grid."""
        yield from _walk(self.blocks)


def _walk(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, Grid):
            for cell in block.cells:
                yield from _walk(cell.inner)
