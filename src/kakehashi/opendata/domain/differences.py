"""What changed from one edition to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kakehashi.opendata.domain.columns import DataColumn, Rows

__all__ = ["CellChange", "Differences", "compare"]


@dataclass(frozen=True, slots=True)
class CellChange:
    """A value that differs, in the row with this key."""

    key: str
    header: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Differences:
    """Rows that came and went (by their key, or the row as a whole where there is none), values that changed, columns too."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changes: tuple[CellChange, ...]
    changed_rows: int
    new_columns: tuple[str, ...]
    gone_columns: tuple[str, ...]

    @property
    def is_none(self) -> bool:
        """Whether both say the same."""
        return not (self.added or self.removed or self.changed_rows or self.new_columns or self.gone_columns)


def compare(before: tuple[Sequence[DataColumn], Rows], after: tuple[Sequence[DataColumn], Rows]) -> Differences:
    """Compare two tables by the first unique column of the later one."""
    old_columns, new_columns = before[0], after[0]
    old_headers, new_headers = [c.header for c in old_columns], [c.header for c in new_columns]
    unique = next((c.header for c in new_columns if c.is_unique and c.header in old_headers), None)
    old, new = _by_key(old_headers, before[1], unique), _by_key(new_headers, after[1], unique)
    changes = [
        CellChange(key, header, old[key].get(header, ""), row.get(header, ""))
        for key, row in new.items()
        if key in old
        for header in new_headers
        if header in old[key] and old[key][header] != row[header]
    ]
    return Differences(
        added=tuple(key for key in new if key not in old),
        removed=tuple(key for key in old if key not in new),
        changes=tuple(changes),
        changed_rows=len({change.key for change in changes}),
        new_columns=tuple(header for header in new_headers if header not in old_headers),
        gone_columns=tuple(header for header in old_headers if header not in new_headers),
    )


def _by_key(headers: Sequence[str], rows: Rows, unique: str | None) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    at = headers.index(unique) if unique else None
    for row in rows:
        key = row[at] if at is not None and row[at] else "／".join(value for value in row[:4] if value)
        while key in found:
            key += "′"
        found[key] = dict(zip(headers, row, strict=True))
    return found
