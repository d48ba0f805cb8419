"""A list as a file: Excel and CSV of the same rows, safe to open."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.http import Http404, HttpResponse

from kakehashi.kernel import clock
from kakehashi.kernel.later import later

if TYPE_CHECKING:
    import openpyxl
    from openpyxl import styles
    from openpyxl.cell import cell as cells
else:
    openpyxl = later("openpyxl")
    cells, styles = later("openpyxl.cell.cell"), later("openpyxl.styles")

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A cell that begins with one of these is a formula to a spreadsheet program, whoever typed it.
_FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")


def spreadsheet_response(
    *, kind: str, name: str, headers: Sequence[str], rows: Iterable[Sequence[Any]]
) -> HttpResponse:
    """An attachment `name` with the rows; `kind` is xlsx or csv (UTF-8 with BOM). Raises Http404 for another kind."""
    if kind == "xlsx":
        return _attachment(as_excel(name, headers, rows), EXCEL, f"{name}.xlsx")
    if kind == "csv":
        return _attachment(as_csv(headers, rows), "text/csv; charset=utf-8", f"{name}.csv")
    raise Http404


def as_csv(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """CSV bytes in UTF-8 with BOM and CRLF, as Excel opens them by a double click."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    writer.writerow([without_formula(header) for header in headers])
    writer.writerows([without_formula(_cell(value)) for value in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def as_excel(title: str, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """One sheet with a bold, frozen header row."""
    return as_workbook([(title, headers, rows)])


def as_workbook(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Any]]]]) -> bytes:
    """A workbook of (title, headers, rows), each sheet with a bold, frozen header row. Text stays text, whoever typed it."""
    book = openpyxl.Workbook(write_only=True)
    for title, headers, rows in sheets:
        sheet = book.create_sheet(_sheet_name(title))
        sheet.freeze_panes = "A2"
        bold = []
        for header in headers:
            cell = cells.WriteOnlyCell(sheet, value=str(header))
            cell.font = styles.Font(bold=True)
            bold.append(cell)
        sheet.append(bold)
        for row in rows:
            sheet.append([_text_cell(sheet, _cell(value)) for value in row])
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _sheet_name(title: str) -> str:
    readable = cells.ILLEGAL_CHARACTERS_RE.sub("", title)
    return "".join(character for character in readable if character not in "[]:*?/\\'")[:31].strip() or "一覧"


def _text_cell(sheet: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    cell = cells.WriteOnlyCell(sheet, value=cells.ILLEGAL_CHARACTERS_RE.sub("", value)[:32_000])
    cell.data_type = "s"
    return cell


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(clock.JST).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, bool | int | float | date | str):
        return value
    return str(value)


def without_formula(value: Any) -> Any:
    """A value that no spreadsheet program takes for a formula, whoever typed it."""
    if isinstance(value, str) and value.startswith(_FORMULA_MARKS):
        return "'" + value
    return value


def workbook_response(
    *, name: str, sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Any]]]]
) -> HttpResponse:
    """An Excel attachment `name` of several sheets."""
    return _attachment(as_workbook(sheets), EXCEL, f"{name}.xlsx")


def _attachment(body: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
