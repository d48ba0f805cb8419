"""Geometry of the small charts: points and lines in the coordinates of an SVG, with gaps where there is no number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

Number = Decimal | None
At = Callable[[int, Decimal], tuple[float, float]]


@dataclass(frozen=True)
class Mark:
    """A point of a chart: where it stands, what stands under it, what it says."""

    x: float
    y: float
    label: str
    text: str


@dataclass(frozen=True)
class Chart:
    """A drawn series. `lines` and `target_lines` are `points` attributes of polylines, broken at gaps."""

    width: int
    height: int
    floor: float
    left: float
    right: float
    marks: list[Mark]
    lines: list[str]
    target_lines: list[str]
    targets: list[Mark]
    axis: list[tuple[float, str]]
    top_text: str
    summary: str


def draw(
    labels: Sequence[str],
    values: Sequence[Number],
    texts: Sequence[str],
    targets: Sequence[Number] = (),
    *,
    size: tuple[int, int] = (360, 170),
    ceiling: Decimal | None = None,
) -> Chart:
    """Return the chart of a series; the axis begins at zero. `ceiling` fixes the top, such as 100 for a percentage."""
    width, height = size
    left, right, top, floor = 12.0, width - 12.0, 24.0, height - 24.0
    known = [number for number in (*values, *targets) if number is not None]
    highest = max([*known, Decimal(0)])
    peak = ceiling if ceiling is not None and highest <= ceiling else highest or Decimal(1)
    lowest = min([*known, Decimal(0)])

    def at(place: int, number: Decimal) -> tuple[float, float]:
        across = left + (right - left) * (place + 0.5) / max(len(labels), 1)
        share = float((number - lowest) / (peak - lowest)) if peak != lowest else 0.0
        return round(across, 1), round(floor - (floor - top) * share, 1)

    step = max(1, -(-len(labels) // 5))
    marks = [
        Mark(*at(place, number), labels[place], texts[place])
        for place, number in enumerate(values)
        if number is not None
    ]
    wanted = [
        Mark(*at(place, number), labels[place], f"{number:f}")
        for place, number in enumerate(targets)
        if number is not None
    ]
    return Chart(
        width, height, floor, left, right, marks, _lines(values, at), _lines(targets, at), wanted,
        [(at(place, lowest)[0], label) for place, label in enumerate(labels) if (len(labels) - 1 - place) % step == 0],
        f"{peak.normalize():f}", _summary(labels, texts, values),
    )  # fmt: skip


def spark(
    values: Sequence[Number], *, size: tuple[int, int] = (96, 28)
) -> tuple[list[str], tuple[float, float] | None]:
    """Return the polylines of a sparkline, drawn between its lowest and highest value, and its last point."""
    known = [number for number in values if number is not None]
    if not known:
        return [], None
    lowest, highest = min(known), max(known)
    width, height = size

    def at(place: int, number: Decimal) -> tuple[float, float]:
        share = float((number - lowest) / (highest - lowest)) if highest != lowest else 0.5
        across = 3 + (width - 6) * place / max(len(values) - 1, 1)
        return round(across, 1), round(height - 4 - (height - 8) * share, 1)

    last = max(place for place, number in enumerate(values) if number is not None)
    final = values[last]
    return _lines(values, at), at(last, final) if final is not None else None


def _lines(values: Sequence[Number], at: At) -> list[str]:
    lines: list[list[str]] = [[]]
    for place, number in enumerate(values):
        if number is None:
            lines.append([])
        else:
            x, y = at(place, number)
            lines[-1].append(f"{x},{y}")
    return [" ".join(line) for line in lines if len(line) > 1]


def _summary(labels: Sequence[str], texts: Sequence[str], values: Sequence[Number]) -> str:
    known = [place for place, number in enumerate(values) if number is not None]
    if not known:
        return ""
    first, last = known[0], known[-1]
    if first == last:
        return f"{labels[first]} {texts[first]}"
    return f"{labels[first]} {texts[first]} から {labels[last]} {texts[last]} まで"
