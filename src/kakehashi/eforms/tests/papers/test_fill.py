import io
import re
from dataclasses import replace

import docx
import openpyxl
import pdfplumber
import pytest

from kakehashi.eforms.domain.papers.draft import draft_of
from kakehashi.eforms.domain.papers.filling import fill
from kakehashi.eforms.domain.papers.found import Mark
from kakehashi.eforms.domain.papers.pdf_paper import spot
from kakehashi.eforms.domain.papers.picture import picture_of
from kakehashi.eforms.domain.papers.reading import read_form
from kakehashi.eforms.domain.papers.written import Written, written_answers
from kakehashi.eforms.tests.papers.layouts import DEVELOPMENT
from kakehashi.eforms.tests.papers.writers import WRITERS

HOME = {"postcode": "9300001", "prefecture": "富山県", "city": "ひばり町", "street": "中央1-2", "building": ""}
NAME = {"family": "山田", "given": "花子", "family_kana": "ヤマダ", "given_kana": "ハナコ"}


def _answer(field):
    if field.type == "name":
        return NAME
    if field.type == "address":
        return HOME
    if field.type in ("date", "birth_date"):
        return "2026-11-21"
    if field.type in ("money", "number"):
        return 12345
    if field.type == "choice":
        return field.options[0].value
    if field.type == "choices":
        return [field.options[-1].value]
    if field.type == "table":
        return [{column.key: _answer(column) for column in field.columns}]
    return "0312345678" if field.type == "phone" else "ひばり会"


def _filled(layout, format_):
    content = WRITERS[format_](DEVELOPMENT[layout][0])
    _, reading = read_form(f"x.{format_}", content)
    definition, found = draft_of(reading)
    answers = {field.key: _answer(field) for _, field in definition.walk() if field.type not in ("file", "consent")}
    return fill(f"x.{format_}", content, written_answers(definition, answers, found))


def _text(format_, content):
    if format_ == "docx":
        document = docx.Document(io.BytesIO(content))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)
    if format_ == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)
    with pdfplumber.open(io.BytesIO(content)) as document:
        return "\n".join(page.extract_text() for page in document.pages)


@pytest.mark.parametrize("format_", ["docx", "xlsx", "pdf"])
@pytest.mark.parametrize("layout", ["jidoteate", "koza"])
def test_answers_print_back_into_the_original(layout, format_):
    text = re.sub(r"\s", "", _text(format_, _filled(layout, format_)))
    assert "山田" in text
    assert "ヤマダ" in text
    # The dash that a PDF prints already stays under the answer.
    assert "930-000" in text.replace("－", "")
    assert "令和8年11月21日" in text
    if format_ != "pdf":
        assert "○男" in text or "☑" in text


def test_digit_boxes_and_rows_hold_one_part_each():
    book = openpyxl.load_workbook(io.BytesIO(_filled("suido", "xlsx")))
    values = [str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert values[values.index("お客様番号") + 1][:1] == "ひ"
    text = _text("docx", _filled("hojokin", "docx"))
    assert "12,345" in text
    assert "ひばり会" in text


def test_the_rest_of_the_file_stays_as_it_was():
    before = WRITERS["docx"](DEVELOPMENT["koza"][0])
    after = _filled("koza", "docx")
    assert "金融機関使用欄" in _text("docx", after)
    assert len(docx.Document(io.BytesIO(after)).tables) == len(docx.Document(io.BytesIO(before)).tables)


def _signed(format_):
    """A paper with a line to sign, read, made a declaration with a drawing, and printed back."""
    content = WRITERS[format_](["誓約書", "ひばり町長　様", [["団体名", ""], ["署名", ""]], "以上"])
    _, reading = read_form(f"x.{format_}", content)
    definition, found = draft_of(reading)
    key = next(key for key, field in definition.by_key.items() if field.label == "署名")
    steps = tuple(
        replace(
            step,
            fields=tuple(
                replace(f, type="declaration", settings={"drawing": True}) if f.key == key else f for f in step.fields
            ),
        )
        for step in definition.steps
    )
    answers = {key: {"name": "山田 花子", "drawing": "M10 10L200 150L400 20M420 100L430 101"}}
    return fill(f"x.{format_}", content, written_answers(replace(definition, steps=steps), answers, found))


def test_a_drawn_signature_stands_in_the_word_and_excel_original_as_a_picture():
    document = docx.Document(io.BytesIO(_signed("docx")))
    assert [shape.width > shape.height > 0 for shape in document.inline_shapes] == [True]
    sheet = openpyxl.load_workbook(io.BytesIO(_signed("xlsx"))).active
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "山田 花子")
    assert [(one.anchor._from.row, one.anchor._from.col) for one in sheet._images] == [(cell.row - 1, cell.column - 1)]


def test_a_drawn_signature_stands_on_the_pdf_original_as_lines():
    with pdfplumber.open(io.BytesIO(_signed("pdf"))) as document:
        page = document.pages[0]
        name = next(word for word in page.extract_words() if "山田" in word["text"])
        drawn = [
            one for one in (*page.curves, *page.lines) if one["x0"] > name["x0"] and abs(one["top"] - name["top"]) < 30
        ]
    assert drawn


def test_a_long_answer_stays_inside_of_its_narrow_cell_of_a_pdf():
    content = WRITERS["pdf"](["利用申請書", [["時刻", ""]], "以上"])
    x0, top, x1, bottom = 200.0, 400.0, 226.0, 440.0
    written = Written()
    written[Mark(spot(1, x0, top, x1, bottom))] = "午前10時30分から12時まで"
    with pdfplumber.open(io.BytesIO(fill("x.pdf", content, written))) as document:
        letters = [one for one in document.pages[0].chars if one["text"] in "午前から12"]
    assert len(letters) == 7
    for one in letters:
        assert x0 <= one["x0"] < one["x1"] <= x1 + 0.5
        assert top - 1 <= one["top"] < one["bottom"] <= bottom + 1


def test_a_label_between_boxes_of_a_letter_each_is_shown_wide_enough_to_read():
    content = WRITERS["docx"](
        ["申請書", [["法人番号（13桁）", *[""] * 13]], [[("種別", 1, 3), "個人"], ["法人"], ["その他"]]]
    )
    paper, _ = read_form("x.docx", content)
    wordy = {
        "".join(piece.text for piece in box.pieces).strip(): box.wordy
        for block in picture_of(paper, {}).blocks
        for row in block.rows
        for box in row
    }
    assert wordy["法人番号（13桁）"]
    assert not wordy["種別"]
    assert not wordy[""]
