"""Word (.docx) → paper: body, tables in tables, text boxes, content controls and legacy form fields."""

from __future__ import annotations

import zipfile
from typing import Any

from kakehashi.eforms.domain.papers.model import (
    EMPTY,
    Block,
    Cell,
    Control,
    Grid,
    Line,
    Paper,
    Place,
    Strip,
    UnreadablePaperError,
)
from kakehashi.eforms.domain.papers.safety import check_xml_parts, open_package, parse_xml, read_part

__all__ = ["W", "body_of", "cell_rows", "is_paragraph", "read_docx"]

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
MC_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIP = {W + "del", W + "moveFrom", MC_FALLBACK, W + "rt", W + "instrText", W + "delText", W + "pPr", W + "rPr"}
MOST_CELLS = 20_000


def body_of(package: zipfile.ZipFile) -> Any:
    """The body of the main document."""
    content = read_part(package, "word/document.xml")
    if not content:
        raise UnreadablePaperError("Word（.docx）の文書ではありません。")
    body = parse_xml(content).find(W + "body")
    if body is None:
        raise UnreadablePaperError("Wordの文書に本文がありません。")
    return body


def read_docx(content: bytes) -> Paper:
    """A Word document as a paper; raises UnreadablePaperError."""
    package = open_package(content)
    check_xml_parts(package)
    paper = Paper("docx")
    if any(part.filename.lower().endswith("vbaproject.bin") for part in package.infolist()):
        paper.warnings.append("マクロが入っています。マクロは読まず、実行もしません。")
    paper.blocks = _Reader(paper).blocks(body_of(package), "")
    return paper


def is_paragraph(element: Any) -> bool:
    """Whether an element is a paragraph."""
    return bool(element.tag == W + "p")


class _Reader:
    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.cells = 0
        self.boxes: list[tuple[Any, str]] = []

    def blocks(self, parent: Any, prefix: str) -> list[Block]:
        """Paragraphs and tables under an element; addresses count them in order."""
        found: list[Block] = []
        for index, element in enumerate(block_elements(parent)):
            if element.tag == W + "p":
                address = f"{prefix}p{index}"
                found += self._paragraph(element, address)
            else:
                found.append(self._table(element, f"{prefix}t{index}"))
        return found

    def _paragraph(self, element: Any, address: str) -> list[Block]:
        outer, self.boxes = self.boxes, []
        strip = self._strip(element, address)
        boxes, self.boxes = self.boxes, outer
        found: list[Block] = [Line(part, address, _indent(element)) for part in strip.lines()]
        for number, (box, _) in enumerate(boxes):
            found += self.blocks(box, f"{address}.x{number}.")
        return found

    def _strip(self, element: Any, address: str) -> Strip:
        letters: list[str] = []
        self._collect(element, address, letters)
        return Strip.of("".join(letters), address)

    def _collect(self, element: Any, address: str, letters: list[str]) -> None:
        for child in element:
            tag = child.tag
            if tag in _SKIP:
                continue
            if tag == W + "t":
                letters.append(_ruled(child.text or "") if _is_underlined(element) else child.text or "")
            elif tag == W + "tab":
                letters.append(EMPTY if _is_underlined(element) else "\t")
            elif tag in (W + "br", W + "cr"):
                letters.append("\n")
            elif tag == W + "noBreakHyphen":
                letters.append("-")
            elif tag.endswith("}symEx"):
                letters.append(_extended_symbol(child))
            elif tag == W + "sym":
                letters.append(_symbol(child))
            elif tag == W + "sdt":
                self._content_control(child, address, letters)
            elif tag == W + "fldChar":
                self._legacy_field(child, address, letters)
            elif tag == W + "txbxContent":
                self.boxes.append((child, address))
            else:
                self._collect(child, address, letters)

    def _content_control(self, element: Any, address: str, letters: list[str]) -> None:
        control = content_control(element)
        if control is None:
            self._collect(element, address, letters)
            return
        place = Place(address, sum(map(len, letters)))
        letters.append("□" if control[0] == "check" else self.paper.letter_for(Control(*control, place=place)))

    def _legacy_field(self, element: Any, address: str, letters: list[str]) -> None:
        data = element.find(W + "ffData")
        if data is None:
            return
        name = _value(data.find(W + "name"))
        place = Place(address, sum(map(len, letters)))
        if data.find(W + "checkBox") is not None:
            letters.append("□")
            return
        elif (drop := data.find(W + "ddList")) is not None:
            control = Control("choice", name, tuple(_value(one) for one in drop.findall(W + "listEntry")), place)
        else:
            kind = _value(data.find(f"{W}textInput/{W}type"))
            control = Control({"date": "date", "number": "number"}.get(kind, "text"), name, (), place)
        letters.append(self.paper.letter_for(control))

    def _table(self, table: Any, address: str) -> Grid:
        grid = Grid([], address)
        widths = [float(_value(column, "w") or 0) / 20 for column in table.findall(f"{W}tblGrid/{W}gridCol")]
        open_: dict[int, Cell] = {}
        for row, cells in enumerate(cell_rows(table)):
            for column, span, merge, element in cells:
                self.cells += 1
                if self.cells > MOST_CELLS:
                    raise UnreadablePaperError("表のます目が多すぎるため読み取れません。")
                above = open_.get(column)
                if merge == "continue" and above is not None and above.columns == span:
                    above.rows += 1
                    continue
                cell = self._cell(element, row, column, span, f"{address}.r{row}.c{column}")
                cell.width = sum(widths[column : column + span])
                grid.cells.append(cell)
                open_[column] = cell
        return grid

    def _cell(self, element: Any, row: int, column: int, span: int, address: str) -> Cell:
        blocks = self.blocks(element, f"{address}.")
        lines = [block for block in blocks if isinstance(block, Line)]
        inner: list[Block] = [block for block in blocks if isinstance(block, Grid)]
        strip = Strip.join([line.strip for line in lines], "\n") if any(line.text for line in lines) else Strip()
        if not strip.text.strip():
            count = strip.text.count("\n")
            strip = Strip.blank(lines[0].address if lines else address)
            strip = Strip(strip.text + "\n" * count, strip.places + (strip.places[0],) * count)
        fill = element.find(f"{W}tcPr/{W}shd")
        shaded = fill is not None and _value(fill, "fill").upper() not in ("", "AUTO", "FFFFFF")
        return Cell(row, column, 1, span, strip, address, shaded=shaded, inner=inner)


def block_elements(parent: Any) -> list[Any]:
    """Paragraphs and tables right under an element, those wrapped in content controls or revisions included."""
    found: list[Any] = []
    for child in parent:
        if child.tag in (W + "p", W + "tbl"):
            found.append(child)
        elif child.tag == W + "sdt":
            inner = child.find(W + "sdtContent")
            found += block_elements(inner) if inner is not None else []
        elif child.tag in (W + "ins", W + "smartTag", W + "customXml", W + "moveTo"):
            found += block_elements(child)
    return found


def cell_rows(table: Any) -> list[list[tuple[int, int, str, Any]]]:
    """Every row as (column, span, merge, element of the cell)."""
    rows = []
    for row in _children(table, W + "tr"):
        before = row.find(f"{W}trPr/{W}gridBefore")
        column = int(_value(before) or 0) if before is not None else 0
        cells = []
        for cell in _children(row, W + "tc"):
            span = int(_value(cell.find(f"{W}tcPr/{W}gridSpan")) or 1)
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            kind = "" if merge is None else (_value(merge) or "continue")
            cells.append((column, min(max(span, 1), 200), kind, cell))
            column += span
        rows.append(cells)
    return rows


def _children(parent: Any, tag: str) -> list[Any]:
    found: list[Any] = []
    for child in parent:
        if child.tag == tag:
            found.append(child)
        elif child.tag == W + "sdt":
            inner = child.find(W + "sdtContent")
            found += _children(inner, tag) if inner is not None else []
        elif child.tag in (W + "ins", W + "customXml"):
            found += _children(child, tag)
    return found


def content_control(element: Any) -> tuple[str, str, tuple[str, ...]] | None:
    """Kind, title and options of a content control; None for one that is only a wrapper."""
    properties = element.find(W + "sdtPr")
    if properties is None:
        return None
    title = _value(properties.find(W + "alias")) or _value(properties.find(W + "tag"))
    if properties.find(W14 + "checkbox") is not None:
        return "check", title, ()
    for tag in ("dropDownList", "comboBox"):
        listed = properties.find(W + tag)
        if listed is not None:
            names = [_value(one, "displayText") or _value(one, "value") for one in listed.findall(W + "listItem")]
            return "choice", title, tuple(name for name in names if name and "選択してください" not in name)
    if properties.find(W + "date") is not None:
        return "date", title, ()
    if properties.find(W + "text") is not None or properties.find(W + "showingPlcHdr") is not None:
        return "text", title, ()
    return None


def _value(element: Any, name: str = "val") -> str:
    return "" if element is None else str(element.get(W + name) or "")


def _is_underlined(run: Any) -> bool:
    found = run.find(f"{W}rPr/{W}u")
    return found is not None and _value(found) not in ("none", "0")


def _ruled(text: str) -> str:
    """Room that is underlined is a line to write on; its letters keep their number."""
    return text.replace(" ", "_").replace("　", "_") if not text.strip(" 　") else text


def _symbol(element: Any) -> str:
    code = _value(element, "char").upper()
    return {"F06F": "□", "F0A8": "□", "F071": "□", "F072": "□", "F0FE": "☑", "F0FC": "✓", "F0A1": "○"}.get(code, "・")


def _extended_symbol(element: Any) -> str:
    code = next((value for name, value in element.attrib.items() if name.endswith("}char")), "")
    try:
        return chr(int(code, 16))
    except ValueError:
        return "・"


def _indent(element: Any) -> float:
    found = element.find(f"{W}pPr/{W}ind")
    if found is None:
        return 0.0
    value = _value(found, "left") or _value(found, "start") or "0"
    try:
        return float(value) / 20
    except ValueError:
        return 0.0
