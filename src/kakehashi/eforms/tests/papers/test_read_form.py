import io
import zipfile

import openpyxl
import pytest

from kakehashi.eforms.domain.papers.model import UnreadablePaperError
from kakehashi.eforms.domain.papers.reading import read_form
from kakehashi.eforms.domain.papers.scoring import score_form, total
from kakehashi.eforms.tests.papers.layouts import DEVELOPMENT
from kakehashi.eforms.tests.papers.real import REAL
from kakehashi.eforms.tests.papers.truths import truth_of
from kakehashi.eforms.tests.papers.unseen import UNSEEN
from kakehashi.eforms.tests.papers.unseen_eighth import EIGHTH
from kakehashi.eforms.tests.papers.unseen_nineteenth import NINETEENTH
from kakehashi.eforms.tests.papers.unseen_nineteenth_more import NINETEENTH_MORE
from kakehashi.eforms.tests.papers.unseen_ninth import NINTH
from kakehashi.eforms.tests.papers.unseen_seventh import SEVENTH
from kakehashi.eforms.tests.papers.unseen_sixth import SIXTH
from kakehashi.eforms.tests.papers.unseen_third import THIRD
from kakehashi.eforms.tests.papers.writers import WRITERS


def _score(layout, format_):
    blocks, truth = layout
    _, reading = read_form(f"form.{format_}", WRITERS[format_](blocks))
    return score_form(reading.questions, truth_of(truth))


@pytest.mark.parametrize("format_", ["docx", "xlsx", "pdf"])
def test_most_fields_are_found_with_their_type(format_):
    names = ["jidoteate", "hojokin"] if format_ != "xlsx" else ["shisetsu", "koza"]
    whole = total([_score(DEVELOPMENT[name], format_) for name in names])
    assert whole.percent(whole.right, whole.wanted) >= 95, whole.wrong_types
    assert whole.percent(whole.invented, whole.read) <= 5


def test_forms_written_after_the_engine_are_read_as_well():
    whole = total([_score(UNSEEN[name], "docx") for name in ("risai", "kaigo", "koen", "jutaku")])
    assert whole.percent(whole.right, whole.wanted) >= 90
    assert whole.percent(whole.invented, whole.read) <= 5


@pytest.mark.parametrize(
    ("layouts", "names"),
    [
        (THIRD, ("juminhyo", "doro", "suido", "hoiku")),
        (SIXTH, ("kaiso", "kaiji", "iju", "nyusatsu")),
        (SEVENTH, ("kobetsu", "roten", "kenshin", "hitorioya")),
        (EIGHTH, ("inu", "hojokin", "shisetsu", "ininjo")),
        (NINTH, ("zeisho", "bochi", "jiritsu", "seikyu")),
        (NINETEENTH, ("chiiki", "shussei", "hoiku", "kaiso")),
        (NINETEENTH_MORE, ("kokoku", "jutaku", "yogu", "iju")),
    ],
    ids=["requests", "turned", "plans", "counters", "offices", "families", "households"],
)
def test_papers_as_town_halls_hand_them_out_are_read_as_well(layouts, names):
    whole = total([_score(layouts[name], "docx") for name in names])
    assert whole.percent(whole.right, whole.wanted) >= 90, whole.wrong_types
    assert whole.percent(whole.invented, whole.read) <= 5


def test_office_seal_and_my_number_are_not_asked():
    _, reading = read_form("form.docx", WRITERS["docx"](DEVELOPMENT["genmen"][0]))
    assert not any("個人番号" in one.label for one in reading.questions)
    assert {"my_number"} <= {one.kind for one in reading.skipped}
    _, reading = read_form("form.docx", WRITERS["docx"](DEVELOPMENT["inu"][0]))
    assert {"※登録番号"} <= {one.text for one in reading.skipped if one.kind == "office"}


def test_a_field_says_where_it_stands_and_how_sure_it_is():
    _, reading = read_form("form.xlsx", WRITERS["xlsx"](DEVELOPMENT["suido"][0]))
    digits = next(one for one in reading.questions if one.label == "お客様番号")
    assert digits.source.startswith("様式!")
    assert [mark.part for mark in digits.marks] == [f"digit:{n}" for n in range(8)]
    assert all(0 < one.confidence < 1 for one in reading.questions)


def test_reading_twice_gives_the_same():
    content = WRITERS["pdf"](DEVELOPMENT["tennyu"][0])
    first, second = (read_form("form.pdf", content)[1].as_dict() for _ in range(2))
    assert first == second


def _zipped(**parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("bomb.docx", _zipped(**{"word/document.xml": b"0" * 30_000_000}), "圧縮爆弾"),
        ("entity.docx", _zipped(**{"word/document.xml": ENTITIES}), "外部実体"),
        ("broken.xlsx", b"PK\x03\x04 nothing", "壊れている"),
        ("other.docx", b"%PDF-1.7", "形式ではありません"),
        ("old.xls", b"\xd0\xcf\x11\xe0", "古い形式"),
        ("torn.pdf", b"%PDF-1.7 nothing", "PDFとして開けません"),
        ("picture.png", b"\x89PNG", "Word"),
        ("empty.docx", b"", "空です"),
    ],
)
def test_a_hostile_or_foreign_file_is_refused_with_what_to_do(name, content, said):
    with pytest.raises(UnreadablePaperError, match=said):
        read_form(name, content)


def test_a_sheet_without_end_is_refused():
    book = openpyxl.Workbook()
    book.active.cell(1, 1, "氏名")
    book.active.cell(400_000, 200, "x")
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(UnreadablePaperError, match="広すぎ"):
        read_form("huge.xlsx", stream.getvalue())


@pytest.mark.parametrize("name", sorted(REAL))
def test_real_application_forms_are_read(name, shared_data):
    _, reading = read_form(name, (shared_data / "forms" / name).read_bytes())
    score = score_form(reading.questions, truth_of(REAL[name]))
    assert score.percent(score.right, score.wanted) >= 90, (score.missed_labels, score.wrong_types)
    assert score.percent(score.invented, score.read) <= 10, score.invented_labels
