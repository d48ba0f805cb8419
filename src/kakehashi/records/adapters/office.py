"""閲覧用の写し: the words and tables of a Word, Excel or PowerPoint file as PDF/A-2a, to be read when the program is gone.

Only text is carried over: pictures, drawings, formulas and the layout are not, and the copy says so of itself. The original bits
stay the 原本 and always go with it.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING

from kakehashi.kernel.documents import DocumentFailed, Passage, ReadingCopyDocument, render_pdf
from kakehashi.kernel.later import later

if TYPE_CHECKING:
    from lxml import etree
else:
    etree = later("lxml.etree")

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
MOST_CHARACTERS, MOST_COLUMNS = 300_000, 24
_MOST_PART = 30_000_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_NOTE = (
    "この写しは、もとのファイルの文字と表だけを写したものです。図・写真・数式・体裁・変更の履歴は写っていません。\n"
    "原本は、いっしょに保存しているもとのファイルです。"
)
_CUT = Passage(text="（長いため、ここまでを写しました。続きは、もとのファイルにあります。）")
_HEADING = re.compile(r"(?:heading|見出し)?\s*([1-3])", re.IGNORECASE)


def reading_copy(content: bytes, media_type: str, *, name: str, made_at: dt.datetime) -> bytes | None:
    """The reading copy of an office file as PDF/A-2a; None for another kind of file, and for one that cannot be read."""
    try:
        passages = tuple(_limited(_passages(content, media_type)))
        if not passages:
            return None
        rows = (("もとのファイル", name), ("指紋（SHA-256）", sha256(content).hexdigest()))
        copy = ReadingCopyDocument(title=name, issuer_name="", note=_NOTE, rows=rows, passages=passages)
        return render_pdf(copy, made_at=made_at)
    except (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, ValueError, OSError, DocumentFailed):
        return None


def _passages(content: bytes, media_type: str) -> Iterator[Passage]:
    if media_type == WORD:
        yield from _word(content)
    elif media_type == EXCEL:
        yield from _excel(content)
    elif media_type == SLIDES:
        yield from _slides(content)


def _limited(passages: Iterator[Passage]) -> Iterator[Passage]:
    """Passages up to a length that renders within seconds; the copy says where it ends."""
    left = MOST_CHARACTERS
    for passage in passages:
        left -= len(passage.text) + sum(len(cell) + 8 for row in passage.table for cell in row)
        if left < 0:
            yield _CUT
            return
        yield passage


def _part(archive: zipfile.ZipFile, name: str) -> etree._Element:
    if archive.getinfo(name).file_size > _MOST_PART:
        raise ValueError(name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(archive.read(name), parser)


def _word(content: bytes) -> Iterator[Passage]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = _part(archive, "word/document.xml").find(f"{_W}body")
    yield from _blocks(body) if body is not None else ()


def _blocks(parent: etree._Element) -> Iterator[Passage]:
    for block in parent:
        if block.tag == f"{_W}p":
            text = _line(block)
            if text.strip():
                yield Passage(text=text, level=_level(block))
        elif block.tag == f"{_W}tbl":
            yield from _table([_cells(row) for row in block.iter(f"{_W}tr")])
        elif block.tag == f"{_W}sdt":
            inner = block.find(f"{_W}sdtContent")
            yield from _blocks(inner) if inner is not None else ()


def _cells(row: etree._Element) -> list[str]:
    return ["\n".join(_line(paragraph) for paragraph in cell.iter(f"{_W}p")) for cell in row.findall(f"{_W}tc")]


def _line(paragraph: etree._Element) -> str:
    marks = {f"{_W}tab": "　", f"{_W}br": "\n", f"{_W}cr": "\n"}
    return "".join((node.text or "") if node.tag == f"{_W}t" else marks.get(node.tag, "") for node in paragraph.iter())


def _level(paragraph: etree._Element) -> int:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    found = _HEADING.fullmatch(style.get(f"{_W}val", "")) if style is not None else None
    return int(found.group(1)) if found else 0


def _table(rows: list[list[str]]) -> Iterator[Passage]:
    """The rows with as many cells each; empty rows and columns at the end are left out, and what is wider than a page says so."""
    wide = max((len(row) for row in rows), default=0)
    while wide and not any(len(row) >= wide and row[wide - 1].strip() for row in rows):
        wide -= 1
    if not wide:
        return
    cut = min(wide, MOST_COLUMNS)
    kept = [tuple((row + [""] * cut)[:cut]) for row in rows]
    while kept and not any(cell.strip() for cell in kept[-1]):
        kept.pop()
    for start in range(0, len(kept), 200):
        yield Passage(table=tuple(kept[start : start + 200]))
    if wide > cut:
        yield Passage(text=f"（{wide}列のうち、左から{cut}列を写しました。）")


def _excel(content: bytes) -> Iterator[Passage]:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            yield Passage(text=sheet.title, level=1)
            sheet.reset_dimensions()
            rows = [[_shown(value) for value in row] for row in sheet.iter_rows(max_row=5000, values_only=True)]
            yield from _table(rows)
    finally:
        book.close()


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")
    return str(value)


def _slides(content: bytes) -> Iterator[Passage]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)]
        for number, name in enumerate(sorted(names, key=lambda one: int(re.sub(r"\D", "", one))), start=1):
            yield Passage(text=f"{number}枚目", level=1)
            for paragraph in _part(archive, name).iter(f"{_A}p"):
                text = "".join(node.text or "" for node in paragraph.iter(f"{_A}t"))
                if text.strip():
                    yield Passage(text=text)
