"""A rule pack as a workbook and back: one sheet per table, the same layout out and in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kakehashi.approvals.domain.packs.columns import BadCell, Row
from kakehashi.approvals.domain.packs.document import PackDocument
from kakehashi.approvals.domain.packs.parts import BY_LABEL, PARTS, Part

Cells = Sequence[Sequence[object]]
MAX_ROWS = 5_000


@dataclass(frozen=True)
class CellError:
    """What could not be read: sheet, line as the spreadsheet counts it, and why."""

    sheet: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"シート「{self.sheet}」{self.line}行目：{self.message}"


def to_sheets(document: PackDocument) -> list[tuple[str, list[str], list[list[str | int | None]]]]:
    """(name, headers, rows) of every sheet."""
    return [
        (
            part.label,
            [column.label for column in part.columns],
            [[column.write(row[column.key]) for column in part.columns] for row in document.rows(part.key)],
        )
        for part in PARTS
    ]


def from_sheets(sheets: Mapping[str, Cells]) -> tuple[PackDocument, list[CellError]]:
    """The document of a workbook's cells, and everything that could not be read; with an error the document is not to be used."""
    tables: dict[str, list[Row]] = {}
    wrong = [
        CellError(name, 1, "この名のシートは、規程パックにありません。シートの名を変えないでください。")
        for name in sheets
        if name not in BY_LABEL
    ]
    for part in PARTS:
        cells = sheets.get(part.label)
        if cells is None:
            wrong.append(CellError(part.label, 1, "シートがありません。"))
            continue
        tables[part.key], bad = _read_sheet(part, cells)
        wrong += bad
    return PackDocument(tables), wrong


def _read_sheet(part: Part, cells: Cells) -> tuple[list[Row], list[CellError]]:
    headers = [str(cell or "").strip() for cell in (cells[0] if cells else ())]
    missing = [column.label for column in part.columns if column.label not in headers]
    if missing:
        return [], [CellError(part.label, 1, f"列「{'、'.join(missing)}」がありません。")]
    if len(cells) > MAX_ROWS:
        return [], [CellError(part.label, MAX_ROWS, f"{MAX_ROWS:,}行までです。")]
    places = {column.key: headers.index(column.label) for column in part.columns}
    rows, wrong = [], []
    for line, record in enumerate(cells[1:], start=2):
        if all(cell in (None, "") for cell in record):
            continue
        row, bad = read_row(part, {key: record[at] if at < len(record) else None for key, at in places.items()})
        rows.append(row)
        wrong += [CellError(part.label, line, message) for message in bad.values()]
    return rows, wrong


def read_row(part: Part, raw: Mapping[str, object]) -> tuple[Row, dict[str, str]]:
    """One row of cells or inputs, and what is wrong with it by column."""
    row, wrong = part.empty_row(), dict[str, str]()
    for column in part.columns:
        try:
            row[column.key] = column.read(raw.get(column.key))
        except BadCell as bad:
            wrong[column.key] = str(bad)
    return row, wrong
