"""Two versions compared, in plain Japanese sentences: what is new, what is gone, what changed from what to what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kakehashi.approvals.domain.packs.columns import Row
from kakehashi.approvals.domain.packs.document import PackDocument
from kakehashi.approvals.domain.packs.parts import PARTS, Part


@dataclass(frozen=True)
class Change:
    """One difference. `kind`: added, removed or changed; `row` is its place in the newer document, where it has one."""

    part: Part
    kind: str
    sentence: str
    row: int | None

    @property
    def label(self) -> str:
        """追加, 削除 or 変更."""
        return {"added": "追加", "removed": "削除", "changed": "変更"}[self.kind]


def changes(before: PackDocument, after: PackDocument) -> list[Change]:
    """Every difference, table by table in the order of the sheets. A changed order of rows alone is no difference."""
    return [change for part in PARTS for change in _of_part(part, before, after)]


def _of_part(part: Part, before: PackDocument, after: PackDocument) -> Iterator[Change]:
    old = {part.name_of(row): row for row in before.rows(part.key)}
    new = {part.name_of(row): (place, row) for place, row in enumerate(after.rows(part.key))}
    for name, (place, row) in new.items():
        title = _title(part, row, after)
        if name not in old:
            yield Change(part, "added", f"{part.noun}「{title}」が加わります。{_told(part, row)}", place)
            continue
        said = [
            f"{column.label}が{column.say(old[name][column.key])}から{column.say(row[column.key])}に変わります。"
            for column in part.columns
            if old[name][column.key] != row[column.key]
        ]
        if said:
            yield Change(part, "changed", f"{part.noun}「{title}」の{''.join(said)}", place)
    for name, row in old.items():
        if name not in new:
            yield Change(part, "removed", f"{part.noun}「{_title(part, row, before)}」がなくなります。", None)


def _title(part: Part, row: Row, document: PackDocument) -> str:
    """A row's name with the matter's own instead of its code."""
    matter = document.matters.get(row.get("matter", ""))
    title = part.title_of(row)
    return title.replace(row["matter"], matter["name"], 1) if matter else title


def _told(part: Part, row: Row) -> str:
    words = [
        f"{column.label}は{column.say(row[column.key])}"
        for column in part.columns
        if column.key not in part.naming and row[column.key] not in (None, "", [], False)
    ]
    return f"{'、'.join(words)}です。" if words else ""
