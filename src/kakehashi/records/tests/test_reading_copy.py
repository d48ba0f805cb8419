"""閲覧用の写し: the words and tables of office files as PDF/A, marked as a copy; what cannot be read has none."""

import datetime as dt
import io
import zipfile

import pikepdf
import pypdfium2
from openpyxl import Workbook

from kakehashi.kernel import clock
from kakehashi.records.adapters.office import EXCEL, WORD, reading_copy

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
BODY = (
    '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>工事の記録</w:t></w:r></w:p>'
    "<w:p><w:r><w:t>舗装は</w:t></w:r><w:del><w:r><w:delText>消した言葉</w:delText></w:r></w:del><w:r><w:t>終わりました。</w:t></w:r></w:p>"
    "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>区間</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>延長120m</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
)


def docx(body: str = BODY) -> bytes:
    """A Word file with only what is read of it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')
    return made.getvalue()


def xlsx() -> bytes:
    """A sheet with a number and a day, and columns that hold nothing."""
    book, made = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.title = "工事台帳"
    sheet.append(["路線", "金額", "完成日", None])
    sheet.append(["町道1号", 1200000, dt.date(2026, 3, 31), None])
    book.save(made)
    return made.getvalue()


def words(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "".join(document[number].get_textpage().get_text_range() for number in range(len(document)))


def test_a_word_file_is_read_with_its_tables_and_without_what_was_deleted() -> None:
    made = reading_copy(docx(), WORD, name="記録.docx", made_at=clock.now())
    assert made is not None
    shown = words(made)
    for part in ("閲覧用の写し", "記録.docx", "工事の記録", "舗装は終わりました。", "延長120m"):
        assert part in shown
    assert "消した言葉" not in shown
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert pdf.open_metadata().pdfa_status.startswith("2")


def test_an_excel_file_is_read_sheet_by_sheet() -> None:
    made = reading_copy(xlsx(), EXCEL, name="台帳.xlsx", made_at=clock.now())
    assert made is not None
    shown = words(made)
    for part in ("工事台帳", "町道1号", "1200000", "2026-03-31"):
        assert part in shown


def test_what_is_too_long_says_where_it_ends() -> None:
    long = "<w:p><w:r><w:t>" + "あ" * 299_990 + "</w:t></w:r></w:p>"
    short = "<w:p><w:r><w:t>終わりの言葉です。ここは写りません。</w:t></w:r></w:p>"
    from kakehashi.records.adapters.office import _limited, _passages

    told = [passage.text for passage in _limited(_passages(docx(long + short), WORD))]
    assert len(told) == 2
    assert "続きは、もとのファイル" in told[1]


def test_what_cannot_be_read_has_no_copy() -> None:
    assert reading_copy(b"PK broken", WORD, name="a.docx", made_at=clock.now()) is None
    assert reading_copy(b"text", "text/plain", name="a.txt", made_at=clock.now()) is None
