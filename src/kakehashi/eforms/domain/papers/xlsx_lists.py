"""Drop-down lists of an Excel sheet: typed into the rule, standing in cells, or kept in an extension."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, Any

from kakehashi.eforms.domain.papers.safety import parse_xml, read_part
from kakehashi.kernel.later import later

if TYPE_CHECKING:
    from openpyxl import utils
else:
    utils = later("openpyxl.utils")

__all__ = ["bounds_of", "extension_lists", "listed"]

_X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
_XM = "{http://schemas.microsoft.com/office/excel/2006/main}"


def extension_lists(package: zipfile.ZipFile, book: Any) -> dict[str, dict[str, tuple[str, ...]]]:
    """Drop-down lists that refer to other sheets are kept in an extension that openpyxl drops."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    names = sorted(
        (one.filename for one in package.infolist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", one.filename)),
        key=lambda name: int(re.sub(r"\D", "", name)),
    )
    for name, sheet in zip(names, book.worksheets, strict=False):
        content = read_part(package, name)
        if b"x14:dataValidation" not in content:
            continue
        for one in parse_xml(content).iter(_X14 + "dataValidation"):
            formula, ranges = one.find(f"{_X14}formula1/{_XM}f"), one.find(_XM + "sqref")
            if one.get("type") != "list" or formula is None or ranges is None:
                continue
            options = listed(book, sheet, formula.text or "")
            found.setdefault(sheet.title, {})[ranges.text or ""] = options
    return found


def listed(book: Any, sheet: Any, formula: str) -> tuple[str, ...]:
    """The options of a list: typed into the rule, or standing in cells."""
    text = formula.strip().lstrip("=")
    if text.startswith('"'):
        return tuple(one.strip() for one in text.strip('"').split(",") if one.strip())
    if text in book.defined_names:
        text = book.defined_names[text].attr_text or ""
    name, _, area = text.rpartition("!")
    name = name.strip("'")
    source = book[name] if name in book.sheetnames else sheet
    try:
        left, top, right, bottom = bounds_of(area.replace("$", ""))
    except (ValueError, TypeError):
        return ()
    if (right - left + 1) * (bottom - top + 1) > 200:
        return ()
    rows = source.iter_rows(min_row=top, max_row=bottom, min_col=left, max_col=right, values_only=True)
    return tuple(str(value) for row in rows for value in row if value not in (None, ""))


def bounds_of(area: str) -> tuple[int, int, int, int]:
    """First column, first row, last column, last row; whole columns and rows end where no form goes on."""
    left, top, right, bottom = utils.range_boundaries(area)
    return left or 1, top or 1, right or 200, bottom or 2_000
