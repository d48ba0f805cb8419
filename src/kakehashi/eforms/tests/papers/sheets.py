"""Forms drawn in HTML, as .docx, as .xlsx on columns of their own width, and for a browser to print as PDF.

``sheets/NAME.html`` is the form; its truth stands in a comment on top. A table has its columns' widths in ``w`` (of 100), a cell
may hold a table of one row (boxes for digits).
"""

from __future__ import annotations

import itertools
import re
from io import BytesIO
from pathlib import Path

import docx
import lxml.html
import openpyxl
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from openpyxl.styles import Alignment, PatternFill, Side
from openpyxl.worksheet.properties import PageSetupProperties

from kakehashi.eforms.tests.papers.writers import frame

SHEETS = Path(__file__).parent / "sheets"
PAGE = 170.0  # millimetres between the margins
STYLE = """
@page { size: A4; margin: 15mm 20mm } body { font: 10pt "Noto Serif CJK JP"; margin: 0; white-space: pre-wrap; line-height: 1.45 }
p, h1 { margin: 2pt 0 } h1 { font-size: 15pt; text-align: center } .r { margin-left: 85mm } .e { text-align: right } .c { text-align: center } .s { font-size: 8pt }
table { border-collapse: collapse; width: 100%; table-layout: fixed; margin: 3pt 0 } td { border: 0.5pt solid black; padding: 3pt 4pt; overflow-wrap: anywhere }
td table { margin: 0 } table.n > tbody > tr > td { border: none } td.h { background: #e5e5e5 } td.m { text-align: center } td.t { height: 22mm }
td.v { writing-mode: vertical-rl; text-align: center; padding: 4pt 1pt } table.d > tbody > tr > td { border-style: dotted } table.b { border: 2pt solid black }
hr { border: none; border-top: 1pt dashed black } .k { page-break-before: always } .f { border: 0.5pt solid black; padding: 4pt } table.x td { padding: 1pt 2pt; height: 5mm }
"""


def names():
    return sorted(path.stem for path in SHEETS.glob("*.html"))


def source_of(name):
    """The body of a form and its truth."""
    text = (SHEETS / f"{name}.html").read_text(encoding="utf-8")
    truth, _, body = text.removeprefix("<!--").partition("-->")
    return re.sub(r">\n\s*<", "><", body.strip()), truth.strip()


def page_of(name):
    """The whole page for a browser."""
    body = re.sub(r'<table([^>]*) w="([0-9,]+)"([^>]*)>', _with_columns, source_of(name)[0])
    return f'<!doctype html><html lang="ja"><meta charset="utf-8"><style>{STYLE}</style><body>{body}</body></html>'


def _with_columns(found):
    columns = "".join(f'<col style="width:{int(one)}%">' for one in found[2].split(","))
    return f"<table{found[1]}{found[3]}><colgroup>{columns}</colgroup>"


def _blocks(name):
    return lxml.html.fragment_fromstring(source_of(name)[0], create_parent="div")


def _text(element):
    """The text of an element without its tables; a line break is a line break."""
    parts = [element.text or ""]
    for child in element:
        if child.tag == "br":
            parts.append("\n")
        elif child.tag != "table":
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _cells(table):
    """Cells as (row, column, rows, columns, element), and the widths of the columns."""
    taken, found = set(), []
    rows = table.xpath("./tr|./tbody/tr")
    for row, line in enumerate(rows):
        column = 0
        for cell in line.xpath("./td"):
            while (row, column) in taken:
                column += 1
            down, across = int(cell.get("rowspan", 1)), int(cell.get("colspan", 1))
            found.append((row, column, down, across, cell))
            taken |= {(row + r, column + c) for r in range(down) for c in range(across)}
            column += across
    count = max(column for _, column in taken) + 1
    asked = [float(one) for one in table.get("w", "").split(",") if one] or [100 / count] * count
    return found, max(row for row, _ in taken) + 1, [100 * one / sum(asked) for one in asked]


# ---------------------------------------------------------------------------------------------------- Word
def write_docx(name):
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(15)
    document.styles["Normal"].font.size = Pt(10)
    document.styles["Normal"].paragraph_format.space_after = Pt(2)
    for block in _blocks(name):
        if block.tag == "table":
            _word_table(document, block, PAGE)
            document.add_paragraph("")
        elif block.tag == "hr":
            document.add_paragraph("―" * 8 + "　切り取り線　" + "―" * 8)
        else:
            for line in _text(block).split("\n"):
                _word_paragraph(document.add_paragraph(), line, block)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _word_paragraph(paragraph, line, block):
    ruled = [one.text for one in block.xpath(".//u") if one.text]
    for part in (
        re.split("(" + "|".join(map(re.escape, sorted(ruled, key=len, reverse=True))) + ")", line) if ruled else [line]
    ):
        paragraph.add_run(part).underline = part in ruled or None
    classes = (block.get("class") or "").split()
    if block.tag == "h1" or "c" in classes or "m" in classes:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if "e" in classes:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if "r" in classes:
        paragraph.paragraph_format.left_indent = Mm(85)
    if "k" in classes:
        paragraph.paragraph_format.page_break_before = True


def _word_table(parent, element, width):
    cells, height, widths = _cells(element)
    if parent.__class__.__name__ == "_Cell":
        table = parent.add_table(height, len(widths))
    else:
        table = parent.add_table(height, len(widths))
    if "n" not in (element.get("class") or "").split():
        table.style = "Table Grid"
    for column, share in enumerate(widths):
        for cell in table.columns[column].cells:
            cell.width = Mm(width * share / 100)
    for row, column, down, across, one in cells:
        cell = table.cell(row, column)
        if down > 1 or across > 1:
            cell = cell.merge(table.cell(row + down - 1, column + across - 1))
        for paragraph in cell.paragraphs[1:]:
            paragraph._p.getparent().remove(paragraph._p)
        first, *rest = _text(one).split("\n")
        _word_paragraph(cell.paragraphs[0], first, one)
        for line in rest:
            _word_paragraph(cell.add_paragraph(), line, one)
        if "v" in (one.get("class") or "").split():
            direction = OxmlElement("w:textDirection")
            direction.set(qn("w:val"), "tbRlV")
            cell._tc.get_or_add_tcPr().append(direction)
        for inner in one.xpath("./table"):
            _word_table(cell, inner, width * sum(widths[column : column + across]) / 100 - 4)


# ---------------------------------------------------------------------------------------------------- Excel
def _edges(element, start, width):
    cells, _, widths = _cells(element)
    stops = [start + width * sum(widths[:n]) / 100 for n in range(len(widths) + 1)]
    found = {round(one, 1) for one in stops}
    for _, column, _, across, one in cells:
        for inner in one.xpath("./table"):
            found |= _edges(inner, stops[column], stops[column + across] - stops[column])
    return found


def write_xlsx(name, step=0.0):
    """``step`` draws the form on grid cells of that many millimetres (方眼紙) instead of columns of their own width."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "様式"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0
    blocks = list(_blocks(name))
    stops = sorted({0.0, PAGE / 2, PAGE}.union(*[_edges(one, 0.0, PAGE) for one in blocks if one.tag == "table"]))
    stops = [one for n, one in enumerate(stops) if not n or one - stops[n - 1] > 0.9]
    stops = [step * n for n in range(int(PAGE / step) + 1)] if step else stops
    for number, (first, last) in enumerate(itertools.pairwise(stops), 1):
        sheet.column_dimensions[openpyxl.utils.get_column_letter(number)].width = max((last - first) / 2.0, 0.8)
    at = 1
    for block in blocks:
        if block.tag == "table":
            at = _excel_table(sheet, block, at, 0.0, PAGE, stops) + 1
            continue
        classes = (block.get("class") or "").split()
        for line in _text(block).split("\n") if block.tag != "hr" else ["－" * 30]:
            column = _near(stops, PAGE / 2) if "r" in classes or "e" in classes else 1
            sheet.cell(at, column, line or None)
            at += 1
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _near(stops, at):
    return min(range(len(stops)), key=lambda n: abs(stops[n] - at)) + 1


def _excel_table(sheet, element, at, start, width, stops):
    cells, height, widths = _cells(element)
    bare = "n" in (element.get("class") or "").split()
    side = Side(style="dotted" if "d" in (element.get("class") or "").split() else "thin")
    edges = [start + width * sum(widths[:n]) / 100 for n in range(len(widths) + 1)]
    for row, column, down, across, one in cells:
        top, bottom = at + row, at + row + down - 1
        left, right = _near(stops, edges[column]), _near(stops, edges[column + across]) - 1
        inner = one.xpath("./table")
        if inner:
            _excel_table(sheet, inner[0], top, edges[column], edges[column + across] - edges[column], stops)
            continue
        if not bare:
            frame(sheet, side, (top, bottom), (left, right))
        if "h" in (one.get("class") or "").split():
            for r in range(top, bottom + 1):
                for c in range(left, right + 1):
                    sheet.cell(r, c).fill = PatternFill("solid", fgColor="E5E5E5")
        text = _text(one)
        if (bottom, right) != (top, left):
            sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
        if text:
            vertical = "v" in (one.get("class") or "").split()
            sheet.cell(top, left, text).alignment = Alignment(wrap_text=True, textRotation=255 if vertical else 0)
        lines = max(text.count("\n") + 1, 4 if "t" in (one.get("class") or "").split() else 1)
        if down == 1:
            sheet.row_dimensions[top].height = max(sheet.row_dimensions[top].height or 0, 15 * lines)
    return at + height
