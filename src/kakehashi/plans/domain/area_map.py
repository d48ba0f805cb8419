"""From a TopoJSON file to shapes that can be drawn: read without trust, cut to one prefecture, simplified, bounded.

TopoJSON 1.0 (github.com/topojson/topojson-specification): geometries are lists of arcs, an arc is shared by both its neighbours and,
with a `transform`, delta-encoded in whole numbers. Arcs are simplified before they are joined, so that neighbours still meet.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kakehashi.kernel.json_text import read_json
from kakehashi.kernel.lg_code import check_digit, normalise

LARGEST_FILE = 20_000_000
MOST_ARCS, MOST_POINTS, MOST_SHAPES = 200_000, 3_000_000, 20_000
DRAWN_POINTS = 12_000
WIDTH = 1000.0
_CODES = ("lg_code", "lg_code_5", "code", "N03_007", "id")
_NAMES = ("city_name", "name", "N03_004")

Point = tuple[float, float]
Line = list[Point]


class UnreadableMap(ValueError):
    """The file is no map that can be drawn; the message says why, in Japanese."""


@dataclass(frozen=True)
class Shape:
    """One municipality: its six-digit code, the name the file gives it, and its outline as the `d` of an SVG path."""

    code: str
    name: str
    path: str


@dataclass(frozen=True)
class AreaShapes:
    """The shapes of one prefecture in a drawing that is `width` by `height`."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    points: int


def read_shapes(content: bytes, prefecture: str) -> AreaShapes:
    """The shapes whose codes begin with the two digits `prefecture`, projected and simplified. Raises UnreadableMap."""
    topology = _topology(content)
    chosen = list(_chosen(topology, prefecture))
    if not chosen:
        raise UnreadableMap("このファイルに、この県の団体コードの形がありません。")
    used = sorted({_arc_number(arc) for _, _, rings in chosen for ring in rings for arc in ring})
    arcs = _arcs(topology, used)
    project, width, height = _projection(arcs)
    drawn = {number: [project(point) for point in line] for number, line in arcs.items()}
    tolerance = WIDTH / 2000
    simple = drawn
    while True:
        simple = {number: _simplified(line, tolerance) for number, line in drawn.items()}
        if sum(len(line) for line in simple.values()) <= DRAWN_POINTS or tolerance > WIDTH:
            break
        tolerance *= 1.6
    shapes = [Shape(code, name, _path(rings, simple)) for code, name, rings in chosen]
    joined: dict[str, Shape] = {}
    for one in shapes:
        former = joined.get(one.code)
        joined[one.code] = Shape(one.code, former.name, former.path + one.path) if former else one
    kept = tuple(one for _, one in sorted(joined.items()) if one.path)
    return AreaShapes(width, height, kept, sum(len(line) for line in simple.values()))


def _topology(content: bytes) -> dict[str, Any]:
    if len(content) > LARGEST_FILE:
        raise UnreadableMap("20MBまでのファイルを選んでください。")
    try:
        found = read_json(content)
    except ValueError:
        raise UnreadableMap("TopoJSONのファイルとして読めません。") from None
    if not isinstance(found, dict) or found.get("type") != "Topology":
        raise UnreadableMap("TopoJSON（type が Topology）のファイルではありません。")
    if not isinstance(found.get("arcs"), list) or not isinstance(found.get("objects"), dict):
        raise UnreadableMap("TopoJSONに arcs と objects がありません。")
    if len(found["arcs"]) > MOST_ARCS or sum(len(arc) for arc in found["arcs"] if isinstance(arc, list)) > MOST_POINTS:
        raise UnreadableMap("点の数が多すぎます。簡略化したファイルを使ってください。")
    return found


def _chosen(topology: dict[str, Any], prefecture: str) -> Iterator[tuple[str, str, list[list[int]]]]:
    """Code, name and rings of every geometry of the prefecture. Holes are rings like others: the fill rule tells them apart."""
    count = points = 0
    for collection in topology["objects"].values():
        geometries = collection.get("geometries") if isinstance(collection, dict) else None
        for one in geometries if isinstance(geometries, list) else ():
            count += 1
            if count > MOST_SHAPES:
                raise UnreadableMap("形の数が多すぎます。")
            code, name = _named(one)
            if not code.startswith(prefecture):
                continue
            rings = list(_rings(one))
            points += sum(len(ring) for ring in rings)
            if points > MOST_ARCS:
                raise UnreadableMap("形が参照する線が多すぎます。")
            if rings:
                yield code, name, rings


def _named(geometry: Any) -> tuple[str, str]:
    if not isinstance(geometry, dict):
        return "", ""
    facts = geometry.get("properties")
    facts = {**facts, "id": geometry.get("id")} if isinstance(facts, dict) else {"id": geometry.get("id")}
    name = next((str(facts[key])[:60] for key in _NAMES if isinstance(facts.get(key), str)), "")
    for key in _CODES:
        text = str(facts.get(key) or "")
        if _is_proven(text):
            return text, name
        try:
            return normalise(text), name
        except ValueError:
            continue
    return "", name


def _is_proven(text: str) -> bool:
    """Six digits whose last proves the others: also those of an invented prefecture."""
    return len(text) == 6 and text.isascii() and text.isdigit() and check_digit(text[:5]) == text[5]


def _rings(geometry: dict[str, Any]) -> Iterator[list[int]]:
    arcs = geometry.get("arcs")
    polygons = {"Polygon": [arcs], "MultiPolygon": arcs}.get(str(geometry.get("type")))
    if not isinstance(polygons, list):
        return
    for polygon in polygons:
        if not isinstance(polygon, list):
            raise UnreadableMap("形の書き方が TopoJSON と違います。")
        for ring in polygon:
            if not isinstance(ring, list) or not all(type(arc) is int for arc in ring):
                raise UnreadableMap("形の書き方が TopoJSON と違います。")
            yield ring


def _arc_number(arc: int) -> int:
    return ~arc if arc < 0 else arc


def _arcs(topology: dict[str, Any], used: Sequence[int]) -> dict[int, Line]:
    """The arcs in longitude and latitude."""
    raw, transform = topology["arcs"], topology.get("transform")
    scale, shift = ((1.0, 1.0), (0.0, 0.0)) if transform is None else _transform(transform)
    found: dict[int, Line] = {}
    for number in used:
        if number >= len(raw) or not isinstance(raw[number], list):
            raise UnreadableMap("形が、ない線を参照しています。")
        x = y = 0.0
        line: Line = []
        for point in raw[number]:
            dx, dy = _pair(point)
            x, y = (dx, dy) if transform is None else (x + dx, y + dy)
            place = (x * scale[0] + shift[0], y * scale[1] + shift[1])
            if not (-180 <= place[0] <= 180 and -90 <= place[1] <= 90):
                raise UnreadableMap("経度・緯度の範囲にない点があります。")
            line.append(place)
        found[number] = line
    return found


def _transform(given: Any) -> tuple[Point, Point]:
    if not isinstance(given, dict):
        raise UnreadableMap("TopoJSONの transform が読めません。")
    return _pair(given.get("scale")), _pair(given.get("translate"))


def _pair(given: Any) -> Point:
    if not isinstance(given, list) or len(given) < 2 or not all(type(one) in {int, float} for one in given[:2]):
        raise UnreadableMap("点の書き方が TopoJSON と違います。")
    try:
        x, y = float(given[0]), float(given[1])
    except OverflowError:
        raise UnreadableMap("点の数が大きすぎます。") from None
    if not (math.isfinite(x) and math.isfinite(y)):
        raise UnreadableMap("点の数が大きすぎます。")
    return x, y


def _projection(arcs: dict[int, Line]) -> tuple[Any, float, float]:
    """Equirectangular about the middle latitude, north up, as wide as `WIDTH`; at most twice as high."""
    points = [point for line in arcs.values() for point in line]
    if not points:
        raise UnreadableMap("形に点がありません。")
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    wide, high = max((east - west) * squeeze, 1e-9), max(north - south, 1e-9)
    size = min(WIDTH / wide, 2 * WIDTH / high)

    def project(point: Point) -> Point:
        return (point[0] - west) * squeeze * size, (north - point[1]) * size

    return project, round(wide * size, 1), round(high * size, 1)


def _simplified(line: Line, tolerance: float) -> Line:
    """Douglas and Peucker, without recursion; both ends stay, so that neighbours meet."""
    if len(line) < 3:
        return line
    keep = [False] * len(line)
    keep[0] = keep[-1] = True
    waiting = [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        farthest, place = _farthest(line, first, last)
        if farthest > tolerance:
            keep[place] = True
            waiting += [(first, place), (place, last)]
    return [point for point, is_kept in zip(line, keep, strict=True) if is_kept]


def _farthest(line: Line, first: int, last: int) -> tuple[float, int]:
    (ax, ay), (bx, by) = line[first], line[last]
    dx, dy = bx - ax, by - ay
    length = math.hypot(dx, dy)
    best, place = 0.0, first
    for at in range(first + 1, last):
        x, y = line[at][0] - ax, line[at][1] - ay
        away = abs(dx * y - dy * x) / length if length else math.hypot(x, y)
        if away > best:
            best, place = away, at
    return best, place


def _path(rings: Sequence[Sequence[int]], arcs: dict[int, Line]) -> str:
    parts = []
    for ring in rings:
        points: Line = []
        for arc in ring:
            line = arcs[_arc_number(arc)]
            line = line[::-1] if arc < 0 else line
            points += line[1:] if points else line
        rounded = [(round(x, 1), round(y, 1)) for x, y in points]
        drawn = [one for place, one in enumerate(rounded) if not place or one != rounded[place - 1]]
        if len(drawn) > 2:
            parts.append("M" + "L".join(f"{x:g} {y:g}" for x, y in drawn) + "Z")
    return "".join(parts)
