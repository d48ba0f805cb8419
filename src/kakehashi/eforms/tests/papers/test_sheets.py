"""Forms drawn in HTML: the eleventh set, and the rules that it taught."""

import io

import docx
import pytest

from kakehashi.eforms.domain.papers.banks import part_of_account
from kakehashi.eforms.domain.papers.boxes import read_circles, read_numbered_line
from kakehashi.eforms.domain.papers.headings import behind_addressee
from kakehashi.eforms.domain.papers.model import Strip
from kakehashi.eforms.domain.papers.pdf_letters import is_broken
from kakehashi.eforms.domain.papers.radicals import letter_of
from kakehashi.eforms.domain.papers.reading import read_form
from kakehashi.eforms.domain.papers.scoring import score_form, total
from kakehashi.eforms.domain.papers.tokens import UNITS
from kakehashi.eforms.domain.papers.words import is_office
from kakehashi.eforms.tests.papers.sheets import names, source_of, write_docx, write_xlsx
from kakehashi.eforms.tests.papers.truths import truth_of

WRITERS = {"docx": write_docx, "xlsx": write_xlsx}


def _read(name, format_):
    return read_form(f"form.{format_}", WRITERS[format_](name))[1]


@pytest.mark.parametrize(
    ("set_", "format_"),
    [
        ("thirteenth", "docx"),
        ("fourteenth", "xlsx"),
        ("fifteenth", "docx"),
        ("sixteenth", "xlsx"),
        ("seventeenth", "docx"),
    ],
    ids=lambda one: one,
)
def test_dense_forms_that_were_labelled_before_they_were_read(set_, format_):
    scores = [
        score_form(_read(name, format_).questions, truth_of(source_of(name)[1]))
        for name in names()
        if name.startswith(set_)
    ]
    whole = total(scores)
    assert whole.percent(whole.right, whole.wanted) >= 90, [one.missed_labels for one in scores]
    assert whole.percent(whole.invented, whole.read) <= 5, [one.invented_labels for one in scores]


@pytest.mark.parametrize(
    ("line", "rest"),
    [("（宛先）ひばり市長　　　　令和　　年　　月　　日", "令和　　年　　月　　日"),
     ("様式第１号（第６条関係）　　　令和　　年　　月　　日", "令和　　年　　月　　日"),
     ("ひばり市長　様", "ひばり市長　様")],
)  # fmt: skip
def test_a_date_behind_the_addressee_is_asked(line, rest):
    assert behind_addressee(Strip.of(line, "p0")).text == rest


def test_underlined_room_in_word_is_a_line_to_write_on():
    document = docx.Document()
    paragraph = document.add_paragraph("提出先")
    paragraph.add_run("　　　　　　").underline = True
    stream = io.BytesIO()
    document.save(stream)
    found = read_form("form.docx", stream.getvalue())[1].questions
    assert [(one.label, one.why) for one in found] == [("提出先", "下線・空きます")]


@pytest.mark.parametrize("format_", ["docx", "xlsx"])
def test_forms_of_other_towns_are_read_as_well(format_):
    chosen = ("hinan", "koen", "shuro", "hojin")
    scores = [score_form(_read(name, format_).questions, truth_of(source_of(name)[1])) for name in chosen]
    whole = total(scores)
    assert whole.percent(whole.right, whole.wanted) >= 88, [one.missed_labels for one in scores]
    assert whole.percent(whole.invented, whole.read) <= 6, [one.invented_labels for one in scores]


def test_a_cell_of_empty_boxes_is_one_answer():
    number = next(one for one in _read("hojin", "docx").questions if one.label == "法人番号")
    assert [mark.part for mark in number.marks] == [f"digit:{n}" for n in range(13)]


@pytest.mark.parametrize(
    ("printed", "seen"), [("⽒名", "氏名"), ("⽣年⽉⽇", "生年月日"), ("⼾籍", "戸籍"), ("氏名□", "氏名□")]
)
def test_a_radical_is_read_as_the_letter_it_looks_like(printed, seen):
    assert letter_of(printed) == seen


def test_a_stamp_beside_the_addressee_is_no_area_of_the_office():
    assert not is_office("（受付印）\n令和　年　月　日\nひばり市長　様")
    assert is_office("受付印")


@pytest.mark.parametrize(
    ("text", "asks"),
    [("　　　　銀行\n　　　　信用金庫", "金融機関"), ("　　　　支店\n　　　出張所", "支店"), ("１ 普通\n２ 当座", "口座種別"),
     ("　　　店", ""), ("銀行名", ""), ("普通・特別", "")],
)  # fmt: skip
def test_the_parts_of_an_account_name_themselves(text, asks):
    assert part_of_account(text) == asks


@pytest.mark.parametrize("text", ["昭・平・令　　　年", "１階：\n２階："])
def test_a_year_and_items_with_a_colon_are_no_words_to_circle(text):
    assert read_circles(Strip.of(text, "p0"), "建築年", "") == []


def test_a_question_may_begin_behind_a_sentence():
    line = Strip.of("次のとおり届け出ます。　　届出区分　　１ 設立　　２ 設置　　３ 廃止", "p0")
    assert [(one.label, one.options) for one in read_numbered_line(line)] == [("届出区分", ["設立", "設置", "廃止"])]


def test_a_person_is_no_count_of_bottles():
    assert UNITS.match("本人との関係") is None
    assert UNITS.match("本")


def _letters(text, x0, size=10.0):
    return [{"text": one, "x0": x0 + n * size, "x1": x0 + (n + 1) * size, "size": size} for n, one in enumerate(text)]


@pytest.mark.parametrize(("following", "broken"), [("ない）", True), ("□その他", False), ("２　変更", False)])
def test_a_line_that_fills_its_cell_goes_on_in_the_next(following, broken):
    assert is_broken(_letters("□音が聞こえにくい", 104), _letters(following, 104), 100, 200) is broken


def test_a_short_line_ends_where_its_author_ended_it():
    assert not is_broken(_letters("住所又は居所", 104), _letters("電話", 104), 100, 200)


def test_a_person_over_a_word_is_one_label():
    found = {(one.label, one.type) for one in _read("hojin", "docx").questions}
    assert ("代表者住所", "address") in found
