"""Machine-readability of a whole table, before it is published. Pure; nothing is changed, everything found is named."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from kakehashi.opendata.domain.columns import DataColumn, Rows, place_columns
from kakehashi.opendata.domain.findings import Finding
from kakehashi.opendata.domain.value_checks import broken_rules

__all__ = ["MOST_FINDINGS", "Checked", "check_table"]

MOST_FINDINGS = 2_000
"""More than this nobody mends one by one; what is counted is counted all the same."""
FAR_KM = 60.0
"""A place farther than this from the middle of the others is probably miswritten; remote islands are warned of, never refused."""
_JAPAN = (20.0, 46.0, 122.0, 154.5)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: the first `MOST_FINDINGS`, and how many there are of each kind."""

    findings: tuple[Finding, ...]
    blocking: int
    warnings: int

    @property
    def may_publish(self) -> bool:
        """Whether nothing stands in the way of publication."""
        return not self.blocking


def check_table(
    columns: Sequence[DataColumn],
    rows: Rows,
    *,
    middle: tuple[float, float] | None = None,
    more: Sequence[Finding] = (),
) -> Checked:
    """Check headings, every value and what values say together. `middle` is where the town lies (latitude, longitude)."""
    kept: list[Finding] = []
    blocking = warnings = 0
    for finding in _all(columns, rows, middle, more):
        if finding.is_blocking:
            blocking += 1
        else:
            warnings += 1
        if len(kept) < MOST_FINDINGS:
            kept.append(finding)
    kept.sort(key=lambda one: (not one.is_blocking, one.row))
    return Checked(tuple(kept), blocking, warnings)


def _all(
    columns: Sequence[DataColumn], rows: Rows, middle: tuple[float, float] | None, more: Sequence[Finding]
) -> Iterator[Finding]:
    yield from more
    yield from check_headers([column.header for column in columns])
    if not rows:
        yield Finding("table.empty", 0, "", "")
    key_at = next((at for at, column in enumerate(columns) if column.is_unique), None)
    keys = [row[key_at] if key_at is not None else "" for row in rows]
    yield from _values(columns, rows, keys)
    yield from _together(columns, rows, keys)
    yield from _places(columns, rows, keys, middle)


def check_headers(headers: Sequence[str]) -> Iterator[Finding]:
    """Headings that are empty, broken over lines or there twice."""
    seen: set[str] = set()
    for at, header in enumerate(headers, start=1):
        if not header.strip():
            yield Finding("header.empty", 1, f"{at}列目", "")
            continue
        if "\n" in header or "\r" in header:
            yield Finding("header.line_break", 1, header.replace("\n", " "), header)
        if header in seen:
            yield Finding("header.duplicate", 1, header, header)
        seen.add(header)


def _values(columns: Sequence[DataColumn], rows: Rows, keys: Sequence[str]) -> Iterator[Finding]:
    # Most values are good and many are the same, as in a column of marks: each is judged once.
    judged: list[dict[str, tuple[tuple[str, str], ...]]] = [{} for _ in columns]
    for line, (row, key) in enumerate(zip(rows, keys, strict=True), start=2):
        if not any(row):
            yield Finding("row.empty", line, "", "")
            continue
        for column, value, known in zip(columns, row, judged, strict=True):
            if not value:
                if column.is_required:
                    yield Finding("value.required", line, column.header, "", key)
                continue
            broken = known.get(value)
            if broken is None:
                broken = known[value] = tuple(broken_rules(column, value))
            for rule, suggestion in broken:
                yield Finding(rule, line, column.header, value, key, suggestion)


def _together(columns: Sequence[DataColumn], rows: Rows, keys: Sequence[str]) -> Iterator[Finding]:
    for at, column in enumerate(columns):
        if not column.is_unique:
            continue
        first: dict[str, int] = {}
        for line, row in enumerate(rows, start=2):
            if not row[at]:
                continue
            if row[at] in first:
                yield Finding("value.unique", line, column.header, row[at], f"{row[at]}（{first[row[at]]}行目と同じ）")
            else:
                first[row[at]] = line
    unique = {at for at, column in enumerate(columns) if column.is_unique}
    seen: dict[tuple[str, ...], int] = {}
    for line, row in enumerate(rows, start=2):
        said = tuple(value for at, value in enumerate(row) if at not in unique)
        if not any(said):
            continue
        if said in seen:
            yield Finding("row.same", line, "", f"{seen[said]}行目と同じ", keys[line - 2])
        else:
            seen[said] = line


def _places(
    columns: Sequence[DataColumn], rows: Rows, keys: Sequence[str], middle: tuple[float, float] | None
) -> Iterator[Finding]:
    places = place_columns(tuple(columns))
    if places is None:
        return
    at_latitude, at_longitude = places
    found: list[tuple[int, float, float]] = []
    for line, row in enumerate(rows, start=2):
        latitude, longitude = row[at_latitude], row[at_longitude]
        header = columns[at_latitude].header
        if bool(latitude) != bool(longitude):
            missing = columns[at_longitude if latitude else at_latitude].header
            yield Finding("place.pair", line, missing, "", keys[line - 2])
            continue
        point = _point(latitude, longitude)
        if point is None:
            continue
        if not _in_japan(*point):
            rule = "place.swapped" if _in_japan(point[1], point[0]) else "place.japan"
            yield Finding(rule, line, header, f"{latitude}, {longitude}", keys[line - 2])
            continue
        found.append((line, *point))
    heart = middle or _heart(found)
    for line, latitude_, longitude_ in found:
        if heart and distance_km((latitude_, longitude_), heart) > FAR_KM:
            value = f"{rows[line - 2][at_latitude]}, {rows[line - 2][at_longitude]}"
            yield Finding("place.far", line, columns[at_latitude].header, value, keys[line - 2])


def _point(latitude: str, longitude: str) -> tuple[float, float] | None:
    try:
        return float(latitude), float(longitude)
    except ValueError:
        return None


def _in_japan(latitude: float, longitude: float) -> bool:
    south, north, west, east = _JAPAN
    return south <= latitude <= north and west <= longitude <= east


def _heart(found: Sequence[tuple[int, float, float]]) -> tuple[float, float] | None:
    """The middle of the places themselves; a few that are wrong do not move a median."""
    if len(found) < 3:
        return None
    return median(one[1] for one in found), median(one[2] for one in found)


def distance_km(left: tuple[float, float], right: tuple[float, float]) -> float:
    """The distance of two places in kilometres, near enough for a warning."""
    north = (left[0] - right[0]) * 111.2
    east = (left[1] - right[1]) * 111.2 * math.cos(math.radians((left[0] + right[0]) / 2))
    return math.hypot(north, east)
