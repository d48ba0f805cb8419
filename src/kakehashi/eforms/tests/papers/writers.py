"""Layouts as files: Word with python-docx, Excel on fine grid cells with openpyxl, PDF with typst."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import typst
from docx.enum.text import WD_ALIGN_PARAGRAPH
from openpyxl.styles import Alignment, Border, Side

FONTS = Path(__file__).parents[3] / "kernel" / "documents" / "fonts"


def placed(rows):
    """Rows of (text, columns, rows) as (row, column, rows, columns, text), places taken from above left out."""
    taken, found = set(), []
    for row, cells in enumerate(rows):
        column = 0
        for cell in cells:
            text, across, down = cell if isinstance(cell, tuple) else (cell, 1, 1)
            while (row, column) in taken:
                column += 1
            found.append((row, column, down, across, text))
            taken |= {(row + r, column + c) for r in range(down) for c in range(across)}
            column += across
    width = max(column + across for _, column, _, across, _ in found)
    return found, len(rows), width


def write_docx(blocks):
    document = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            paragraph = document.add_paragraph(block.lstrip(">"))
            if block.startswith(">"):
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            continue
        cells, height, width = placed(block)
        table = document.add_table(rows=height, cols=width, style="Table Grid")
        for row, column, down, across, text in cells:
            cell = table.cell(row, column)
            if down > 1 or across > 1:
                cell = cell.merge(table.cell(row + down - 1, min(column + across, width) - 1))
            first, *rest = text.split("\n")
            cell.paragraphs[0].text = first
            for paragraph in cell.paragraphs[1:]:
                paragraph._p.getparent().remove(paragraph._p)
            for line in rest:
                cell.add_paragraph(line)
        document.add_paragraph("")
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _widths(cells, width):
    """Columns of grid cells for each column of a table, as wide as its longest text asks."""
    need = [3] * width
    for _, column, _, across, text in cells:
        if across == 1:
            longest = max(len(line) for line in text.split("\n"))
            need[column] = max(need[column], min(longest + 1, 16))
    for _, column, _, across, text in cells:
        longest = max(len(line) for line in text.split("\n")) + 1
        lack = longest - sum(need[column : column + across])
        if across > 1 and lack > 0:
            need[column + across - 1] += min(lack, 20)
    spare = max(0, 40 - sum(need))
    need[-1] += spare
    return need


def frame(sheet, side, rows, columns):
    """Draw a line around the cells from the first to the last of the rows and columns."""
    (top, bottom), (left, right) = rows, columns
    for r in range(top, bottom + 1):
        for c in range(left, right + 1):
            sheet.cell(r, c).border = Border(
                left=side if c == left else None,
                right=side if c == right else None,
                top=side if r == top else None,
                bottom=side if r == bottom else None,
            )


def write_xlsx(blocks):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "様式"
    side = Side(style="thin")
    for column in range(1, 80):
        sheet.column_dimensions[openpyxl.utils.get_column_letter(column)].width = 2.4
    at = 1
    for block in blocks:
        if isinstance(block, str):
            text = block.lstrip(">")
            start = 22 if block.startswith(">") else 2
            indent = len(text) - len(text.lstrip("　"))
            sheet.cell(at, start + indent, text.lstrip("　"))
            at += 1
            continue
        cells, height, width = placed(block)
        need = _widths(cells, width)
        starts = [2 + sum(need[:n]) for n in range(width + 1)]
        for row, column, down, across, text in cells:
            top, left = at + row, starts[column]
            bottom, right = top + down - 1, starts[min(column + across, width)] - 1
            frame(sheet, side, (top, bottom), (left, right))
            if (bottom, right) != (top, left):
                sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
            if text:
                sheet.cell(top, left, text).alignment = Alignment(wrap_text=True)
        at += height + 1
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _typst_text(text):
    lines = ['#"' + line.replace("\\", "\\\\").replace('"', '\\"') + '"' if line else "" for line in text.split("\n")]
    return " \\\n".join(lines)


def write_pdf(blocks):
    source = ['#set page(paper: "a4", margin: 2cm)', '#set text(font: "Noto Serif JP", size: 10pt)']
    for block in blocks:
        if isinstance(block, str):
            text = _typst_text(block.lstrip(">"))
            # People set the applicant's lines at one indent, not flush to the right.
            source.append(f"#pad(left: 7.5cm)[{text}]" if block.startswith(">") else text)
            source.append("")
            continue
        cells, _, width = placed(block)
        need = _widths(cells, width)
        columns = ", ".join(f"{n}fr" for n in need)
        shown = [
            f"table.cell(x: {column}, y: {row}, colspan: {across}, rowspan: {down})[{_typst_text(text)}]"
            for row, column, down, across, text in cells
        ]
        source.append(f"#table(columns: ({columns}), inset: 7pt, stroke: 0.5pt, {', '.join(shown)})")
        source.append("")
    return typst.compile("\n".join(source).encode(), font_paths=[str(FONTS)], ignore_system_fonts=True)


WRITERS = {"docx": write_docx, "xlsx": write_xlsx, "pdf": write_pdf}
