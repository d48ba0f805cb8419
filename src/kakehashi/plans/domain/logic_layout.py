"""Drawing a logic model: where each box and arrow lies. Pure; the same model always gives the same drawing.

Boxes keep the column and the order their writers chose. An arrow that jumps over columns gets a lane of its own in each of them, so
that it passes between boxes and never behind one. Units are those of the SVG.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width
from uuid import UUID

from kakehashi.plans.domain.logic import STAGE_WORDS, STAGES, Arrow, Box, Model, Stage

BOX_WIDTH, GAP, MARGIN, HEAD = 150, 56, 12, 40
FONT, LINE, PADDING, BETWEEN, LANE = 14, 20, 10, 20, 12
_FULL_WIDTH = {"F", "W", "A"}
# These never begin a line in Japanese typesetting (行頭禁則).
_NOT_FIRST = "、。，．・：；？！）」』】〕ーゃゅょっァィゥェォャュョッ％%"


@dataclass(frozen=True)
class PlacedColumn:
    """A column with its word above it."""

    stage: Stage
    x: float
    word: str


@dataclass(frozen=True)
class PlacedBox:
    """A box with its lines of text and the lines of its indicator below a rule."""

    box: Box
    x: float
    y: float
    height: float
    lines: Sequence[tuple[float, str]]
    small: Sequence[tuple[float, str]]
    rule: float | None

    @property
    def middle(self) -> float:
        """Where arrows touch it."""
        return self.y + self.height / 2


@dataclass(frozen=True)
class PlacedArrow:
    """An arrow as a path, with the point its strength is written at."""

    arrow: Arrow
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class Drawing:
    """The whole drawing."""

    width: float
    height: float
    columns: Sequence[PlacedColumn]
    boxes: Sequence[PlacedBox]
    arrows: Sequence[PlacedArrow]


@dataclass
class _Slot:
    """A box or the lane of an arrow in a column."""

    height: float
    box: Box | None = None
    arrow: Arrow | None = None
    y: float = 0.0

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def lay_out(model: Model) -> Drawing:
    """Place everything. Columns without a box take no room."""
    stages = [stage for stage in STAGES if model.column(stage)]
    columns: list[list[_Slot]] = [[_slot(box) for box in model.column(stage)] for stage in stages]
    _add_lanes(columns, stages, model.arrows)
    tallest = _stack(columns)
    xs = {stage: MARGIN + place * (BOX_WIDTH + GAP) for place, stage in enumerate(stages)}
    placed = {
        slot.box.id: _placed(slot.box, xs[stage], slot)
        for stage, column in zip(stages, columns, strict=True)
        for slot in column
        if slot.box
    }
    lanes = {
        (slot.arrow.id, stage): slot
        for stage, column in zip(stages, columns, strict=True)
        for slot in column
        if slot.arrow
    }
    arrows = [_arrow(one, placed, xs, lanes, stages, model.arrows) for one in model.arrows]
    width = MARGIN * 2 + len(stages) * BOX_WIDTH + max(0, len(stages) - 1) * GAP
    heads = [PlacedColumn(stage, xs[stage], STAGE_WORDS[stage]) for stage in stages]
    return Drawing(width, HEAD + tallest + MARGIN, heads, list(placed.values()), arrows)


def wrapped(text: str, width: float, size: int) -> list[str]:
    """Break a text into lines of at most `width`, as Japanese is set: anywhere, but no line begins with a closing mark."""
    lines, line, used = [""], "", 0.0
    for character in " ".join(text.split()):
        step = size if east_asian_width(character) in _FULL_WIDTH else size * 0.58
        if used + step > width and line and character not in _NOT_FIRST:
            lines[-1] = line.rstrip()
            lines.append("")
            line, used = "", 0.0
            if character == " ":
                continue
        line += character
        used += step
    lines[-1] = line
    return lines


def _slot(box: Box) -> _Slot:
    lines, small = _lines(box)
    return _Slot(PADDING * 2 + len(lines) * LINE + (len(small) * LINE * 0.9 + 10 if small else 0), box=box)


def _lines(box: Box) -> tuple[list[str], list[str]]:
    inner = BOX_WIDTH - 2 * PADDING
    small: list[str] = []
    if box.indicator:
        for text in (
            box.indicator,
            f"今 {box.figure}" if box.figure else "",
            f"目標 {box.target}" if box.target else "",
        ):
            small += wrapped(text, inner, FONT - 2) if text else []
    return wrapped(box.text, inner, FONT), small


def _add_lanes(columns: list[list[_Slot]], stages: Sequence[Stage], arrows: Sequence[Arrow]) -> None:
    """Give each arrow that jumps a lane in every column between, beside the box nearest to its straight line."""
    for arrow in arrows:
        start, end = stages.index(arrow.start.stage), stages.index(arrow.end.stage)
        if end - start < 2:
            continue
        share = [_share(columns[place], box) for place, box in ((start, arrow.start), (end, arrow.end))]
        for place in range(start + 1, end):
            wanted = share[0] + (share[1] - share[0]) * (place - start) / (end - start)
            at = min(range(len(columns[place]) + 1), key=lambda slot, c=columns[place]: abs(_edge(c, slot) - wanted))  # type: ignore[misc]
            columns[place].insert(at, _Slot(LANE, arrow=arrow))


def _share(column: Sequence[_Slot], box: Box) -> float:
    """How far down its column a box stands, from 0 to 1."""
    place = next(number for number, slot in enumerate(column) if slot.box and slot.box.id == box.id)
    return (place + 0.5) / len(column)


def _edge(column: Sequence[_Slot], slot: int) -> float:
    return slot / len(column)


def _stack(columns: list[list[_Slot]]) -> float:
    """Set the slots below each other, each column in the middle of the tallest; gives the height of the tallest."""
    heights = [sum(slot.height for slot in column) + BETWEEN * (len(column) - 1) for column in columns]
    tallest = max(heights, default=0.0)
    for column, height in zip(columns, heights, strict=True):
        y = HEAD + (tallest - height) / 2
        for slot in column:
            slot.y = y
            y += slot.height + BETWEEN
    return tallest


def _placed(box: Box, x: float, slot: _Slot) -> PlacedBox:
    words, small = _lines(box)
    top = slot.y + PADDING + FONT
    lines = [(top + number * LINE, text) for number, text in enumerate(words)]
    rule = slot.y + PADDING + len(words) * LINE + 4 if small else None
    under = [((rule or 0) + 16 + number * LINE * 0.9, text) for number, text in enumerate(small)]
    return PlacedBox(box, x, slot.y, slot.height, lines, under, rule)


def _arrow(
    arrow: Arrow,
    placed: dict[UUID, PlacedBox],
    xs: dict[Stage, int],
    lanes: dict[tuple[UUID, Stage], _Slot],
    stages: Sequence[Stage],
    every: Sequence[Arrow],
) -> PlacedArrow:
    start, end = placed[arrow.start.id], placed[arrow.end.id]
    x, y = start.x + BOX_WIDTH, start.y + _port(arrow, start, every, leaving=True)
    path = f"M{x:g} {y:.1f}"
    first, last = stages.index(arrow.start.stage), stages.index(arrow.end.stage)
    points: list[tuple[float, float]] = []
    for stage in stages[first + 1 : last]:
        lane = lanes[(arrow.id, stage)]
        path += _bend(x, y, xs[stage], lane.middle) + f" H{xs[stage] + BOX_WIDTH:g}"
        points.append((xs[stage] + BOX_WIDTH / 2, lane.middle))
        x, y = xs[stage] + BOX_WIDTH, lane.middle
    to_y = end.y + _port(arrow, end, every, leaving=False)
    # The head of the arrow needs room before the box.
    path += _bend(x, y, end.x - 7, to_y)
    label = points[len(points) // 2] if points else ((x + end.x) / 2, (y + to_y) / 2)
    return PlacedArrow(arrow, path, label[0], label[1])


def _bend(x: float, y: float, to_x: float, to_y: float) -> str:
    half = (x + to_x) / 2
    return f" C{half:g} {y:.1f} {half:g} {to_y:.1f} {to_x:g} {to_y:.1f}"


def _port(arrow: Arrow, box: PlacedBox, every: Sequence[Arrow], *, leaving: bool) -> float:
    """Where on the side of a box an arrow touches: the arrows of a side are spread over it in the order of where they go."""
    mine = [one for one in every if (one.start if leaving else one.end).id == box.box.id]

    def other(one: Arrow) -> tuple[int, int]:
        far = one.end if leaving else one.start
        return far.order, STAGES.index(far.stage)

    place = sorted(mine, key=other).index(arrow)
    return box.height * (place + 1) / (len(mine) + 1)
