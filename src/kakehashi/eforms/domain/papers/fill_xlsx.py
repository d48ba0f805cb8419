"""Answers into an Excel file: only the cells concerned are rewritten; drawings, formulas and macros stay as they were."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from io import BytesIO
from typing import TYPE_CHECKING, Any

from kakehashi.eforms.domain.papers.found import Mark
from kakehashi.eforms.domain.papers.safety import open_package, parse_xml, read_part
from kakehashi.eforms.domain.papers.sign_xlsx import sign_xlsx
from kakehashi.eforms.domain.papers.words import fold
from kakehashi.eforms.domain.papers.written import CHOSEN, Written
from kakehashi.kernel.later import later

if TYPE_CHECKING:
    from lxml import etree
    from openpyxl import utils
else:
    etree = later("lxml.etree")
    utils = later("openpyxl.utils")

__all__ = ["fill_xlsx"]

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def fill_xlsx(content: bytes, written: Written) -> bytes:
    """The file with the answers in it."""
    package = open_package(content)
    by_sheet: dict[str, dict[str, list[tuple[Mark, str]]]] = defaultdict(lambda: defaultdict(list))
    for mark, text in written.items():
        sheet, _, cell = mark.at.rpartition("!")
        by_sheet[sheet][cell].append((mark, text))
    shared = _shared(package)
    changed: dict[str, bytes] = {}
    sheets = _sheets(package)
    roots = {part: parse_xml(read_part(package, part)) for name, part in sheets.items() if name in by_sheet}
    for name, cells in by_sheet.items():
        for cell, several in cells.items() if name in sheets else ():
            _write(roots[sheets[name]].find(S + "sheetData"), cell, several, shared)
    changed |= sign_xlsx(package, sheets, roots, written.drawings)
    changed |= {part: _bytes(root) for part, root in roots.items()}
    book = parse_xml(read_part(package, "xl/workbook.xml"))
    calculation = book.find(S + "calcPr")
    if calculation is not None:
        calculation.set("fullCalcOnLoad", "1")
        changed["xl/workbook.xml"] = _bytes(book)
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out:
        for one in package.infolist():
            part = changed.pop(one.filename, b"") or read_part(package, one.filename, 60_000_000)
            out.writestr(one.filename, part)
        for added, part in changed.items():
            out.writestr(added, part)
    return stream.getvalue()


def _bytes(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _sheets(package: zipfile.ZipFile) -> dict[str, str]:
    relations = parse_xml(read_part(package, "xl/_rels/workbook.xml.rels"))
    targets = {one.get("Id"): one.get("Target") for one in relations}
    found = {}
    for sheet in parse_xml(read_part(package, "xl/workbook.xml")).iter(S + "sheet"):
        target = str(targets.get(sheet.get(_REL), ""))
        found[sheet.get("name")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _shared(package: zipfile.ZipFile) -> list[str]:
    content = read_part(package, "xl/sharedStrings.xml")
    if not content:
        return []
    texts = []
    for item in parse_xml(content).findall(S + "si"):
        plain = [item.find(S + "t"), *(run.find(S + "t") for run in item.findall(S + "r"))]
        texts.append("".join(one.text or "" for one in plain if one is not None))
    return texts


def _write(data: Any, address: str, several: list[tuple[Mark, str]], shared: list[str]) -> None:
    cell = _cell(data, address)
    text = _text(cell, shared)
    for mark, said in sorted(several, key=lambda one: -one[0].start):
        if said == CHOSEN:
            at = max(mark.start, 0)
            letter = text[at : at + 1]
            text = text[:at] + ("☑" if fold(letter) == "□" else f"○{letter}") + text[at + 1 :]
        elif mark.start < 0:
            text = said
        else:
            end = len(text) if mark.end < 0 else mark.end
            text = text[: mark.start] + said + text[end:]
    for child in list(cell):
        cell.remove(child)
    number = text.replace(",", "")
    if all(mark.start < 0 for mark, _ in several) and re.fullmatch(r"-?(0|[1-9][0-9]{0,14})", number):
        cell.attrib.pop("t", None)
        etree.SubElement(cell, S + "v").text = number
        return
    cell.set("t", "inlineStr")
    node = etree.SubElement(etree.SubElement(cell, S + "is"), S + "t")
    node.text = text
    node.set(_SPACE, "preserve")


def _text(cell: Any, shared: list[str]) -> str:
    kind, value = cell.get("t"), cell.find(S + "v")
    if kind == "inlineStr":
        return "".join(one.text or "" for one in cell.iter(S + "t"))
    if value is None or value.text is None:
        return ""
    if kind == "s":
        return shared[int(value.text)] if int(value.text) < len(shared) else ""
    return str(value.text)


def _cell(data: Any, address: str) -> Any:
    """The cell of an address; it is made in its order when the sheet does not have it."""
    match = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", address)
    letters, row_number = (match[1], int(match[2])) if match else ("A", 1)
    row = next((one for one in data if int(one.get("r", 0)) == row_number), None)
    if row is None:
        row = etree.Element(S + "row", r=str(row_number))
        _insert(data, row, row_number, lambda one: int(one.get("r", 0)))
    column = utils.column_index_from_string(letters)
    found = next((one for one in row if one.get("r") == address), None)
    if found is None:
        found = etree.Element(S + "c", r=address)
        _insert(row, found, column, lambda one: utils.column_index_from_string(re.sub(r"\d", "", one.get("r", "A"))))
    return found


def _insert(parent: Any, child: Any, order: int, order_of: Any) -> None:
    after = [one for one in parent if order_of(one) > order]
    after[0].addprevious(child) if after else parent.append(child)
