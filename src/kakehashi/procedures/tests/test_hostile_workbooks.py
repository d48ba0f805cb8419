"""Workbooks made to break the reader: each is refused with a sentence, and the program that asked lives on."""

import io
import zipfile

import pytest

from kakehashi.kernel import books
from kakehashi.procedures.domain.spreadsheet import BadSheet, read_sheets

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PARTS = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def book(cells: str, head: str = "") -> bytes:
    made = io.BytesIO()
    relation = f'<Relationships xmlns="{PARTS}/relationships"><Relationship Id="r1" Type="{OFFICE}/%s" Target="%s"/></Relationships>'
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", f'<Types xmlns="{PARTS}/content-types"/>')
        package.writestr("_rels/.rels", relation % ("officeDocument", "xl/workbook.xml"))
        sheets = '<sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets>'
        package.writestr("xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{sheets}</workbook>')
        package.writestr("xl/_rels/workbook.xml.rels", relation % ("worksheet", "worksheets/sheet1.xml"))
        sheet = f'{head}<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'
        package.writestr("xl/worksheets/sheet1.xml", sheet)
    return made.getvalue()


def cell(place: str, value: str = "<v>1</v>", kind: str = "n") -> str:
    row = "".join(letter for letter in place if letter.isdigit())
    return f'<row r="{row}"><c r="{place}" t="{kind}">{value}</c></row>'


def test_an_ordinary_one_is_read():
    assert read_sheets("a.xlsx", book(cell("A1") + cell("C2")))[0].rows == (("1", "", ""), ("", "", "1"))


@pytest.mark.parametrize("far", ["XFD1048576", "XFD60000", "ZZ1048576"])
def test_one_cell_at_the_other_end_takes_no_half_terabyte(far):
    with pytest.raises(BadSheet, match="大きすぎて"):
        read_sheets("a.xlsx", book(cell("A1") + cell(far)))


def test_a_text_that_unpacks_to_more_than_the_memory_is_refused(monkeypatch):
    monkeypatch.setattr(books, "_SECONDS", 20)
    bomb = book(cell("A1", f"<is><t>{'x' * 41_000_000}</t></is>", "inlineStr"))
    assert len(bomb) < 200_000
    with pytest.raises(BadSheet, match="大きすぎて"):
        read_sheets("a.xlsx", bomb)


def test_entities_are_not_expanded_and_nothing_outside_is_read():
    head = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname"><!ENTITY b "&#120;&#120;">]>'
    hostile = book(cell("A1") + cell("A2", "<is><t>&a;&b;</t></is>", "inlineStr"), head)
    try:
        rows = read_sheets("a.xlsx", hostile)[0].rows
    except BadSheet:
        return
    assert all("xx" not in value for row in rows for value in row)


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0" * 200, book(cell("A1"))[:-60]])
def test_a_broken_one_is_refused_with_a_sentence(content):
    with pytest.raises(BadSheet):
        read_sheets("a.xlsx", content)


def test_one_that_never_ends_is_given_up(monkeypatch):
    monkeypatch.setattr(books, "_SECONDS", 0.001)
    with pytest.raises(BadSheet, match="大きすぎて"):
        read_sheets("a.xlsx", book(cell("A1")))
