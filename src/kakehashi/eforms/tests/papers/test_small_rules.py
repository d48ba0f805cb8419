"""Single rules of the form reader, each on the smallest paper that shows it."""

from types import SimpleNamespace

from kakehashi.eforms.domain.papers.boxes import has_boxes
from kakehashi.eforms.domain.papers.found import Question, Reading
from kakehashi.eforms.domain.papers.inline import Around, read_strip
from kakehashi.eforms.domain.papers.kinds import Kinds
from kakehashi.eforms.domain.papers.model import Cell, Grid, Line, Paper, Place, Strip
from kakehashi.eforms.domain.papers.pdf_letters import is_broken
from kakehashi.eforms.domain.papers.pdf_paper import _PageReader
from kakehashi.eforms.domain.papers.recognise import recognise
from kakehashi.eforms.domain.papers.settle import settle
from kakehashi.eforms.domain.papers.tokens import UNITS


def strip(text):
    return Strip(text, tuple(Place("p", at) for at in range(len(text))))


def read_lines(*lines):
    paper = Paper("docx")
    paper.blocks = [Line(strip(text), f"p{number}") for number, text in enumerate(lines)]
    return recognise(paper)


def in_cell(text, label):
    return [(one.label, one.type) for one in read_strip(strip(text), Around(Paper("docx"), label=label, is_cell=True))]


def test_a_period_may_begin_and_end_on_lines_of_their_own():
    reading = read_lines(
        "補助金交付申請書",
        "記",
        "１　補助事業の実施期間",
        "　　自　令和　　年　　月　　日",
        "　　至　令和　　年　　月　　日",
    )
    assert [one.label for one in reading.questions] == [
        "補助事業の実施期間（開始）",
        "補助事業の実施期間（終了）",
    ]


def test_the_line_that_tells_to_tick_names_the_boxes_under_it():
    reading = read_lines(
        "委任状",
        "（委任する事項の□に✓を記入してください。）",
        "□　住民票の写しの請求",
        "□　印鑑登録証明書の請求",
        "□　税に関する証明の請求",
    )
    assert [(one.label, len(one.options)) for one in reading.questions] == [("委任する事項", 3)]
    assert not has_boxes("（委任する事項の□に✓を記入してください。）")


def test_the_end_of_a_note_that_the_page_broke_asks_nothing():
    reading = read_lines(
        "道路占用許可申請書",
        "２　申請者が法人である場合には、「住所」の欄には主たる事務所の所在地、「氏名」の欄には名称及び代",
        "表者の氏名を記載すること。",
    )
    assert reading.questions == []


def test_words_to_circle_have_their_own_label_in_front_of_them():
    assert in_cell("預金種別　　１ 普通　２ 当座", "振込先") == [("預金種別", "choice")]


def test_whose_telephone_it_is_does_not_hide_its_number():
    asked = in_cell("自宅・携帯・勤務先\n　　　　－　　　　－　　　　", "電話番号")
    assert asked == [("電話番号", "phone"), ("電話番号の種別", "choice")]


def test_first_and_second_wish_have_room_each():
    assert in_cell("第１希望　　　　　　　　第２希望　　　　　　　　", "希望クラブ") == [
        ("第1希望", "text"),
        ("第2希望", "text"),
    ]


def test_an_era_in_the_brackets_of_an_option_is_no_label():
    reading = read_lines("証明", "□　税に関する証明（令和　　年度）の請求", "□　住民票の写しの請求")
    labels = [one.label for one in reading.questions]
    assert "税に関する証明（年度）" in labels
    assert "令和" not in labels


def test_what_the_office_checks_under_the_form_is_its_own():
    names = ["受付", "", "現地確認", "", "台帳処理", ""]
    cells = [Cell(0, at, 1, 1, strip(name), f"c{at}") for at, name in enumerate(names)]
    kinds = Kinds(Grid(cells, "t"))
    assert {kinds.of(cell) for cell in cells} == {"office"}


def letters(text, x):
    return [{"text": letter, "x0": x + 10 * n, "x1": x + 10 * n + 10, "size": 10.0} for n, letter in enumerate(text)]


def test_room_at_the_start_of_a_line_was_typed():
    first = letters("自宅・その他（　　）", 0)
    assert not is_broken(first, letters("　　　－　　－", 0), 0, 105)
    assert is_broken(first[:-1] + letters("勤", 90), letters("務先の電話", 0), 0, 105)


def test_an_item_keeps_its_name_before_the_first_day_of_a_period():
    reading = read_lines(
        "工期変更承認申請書", "記", "５　工期　　　　自　令和　　年　　月　　日　　至　令和　　年　　月　　日"
    )
    assert [one.label for one in reading.questions] == ["工期（開始）", "工期（終了）"]


def test_the_unit_of_things_does_not_cut_the_individual_number():
    assert UNITS.match("個人番号") is None
    assert UNITS.match("　個") is not None


def test_a_list_without_a_name_has_that_of_its_paper():
    reading = Reading(title="役員等名簿", questions=[Question("役職名・氏名の一覧", "table")])
    settle(reading)
    assert [one.label for one in reading.questions] == ["役員等名簿"]


def test_two_papers_side_by_side_on_a_page_are_read_one_after_the_other():
    page = SimpleNamespace(
        width=800.0,
        height=500.0,
        lines=[],
        rects=[],
        curves=[],
        annots=[],
        chars=[
            {"text": letter, "x0": x + 10 * n, "x1": x + 10 * n + 10, "top": top, "bottom": top + 10, "size": 10.0}
            for x, top, text in ((40, 50, "左一"), (440, 60, "右一"), (40, 90, "左二"), (440, 100, "右二"))
            for n, letter in enumerate(text)
        ],
    )

    def read():
        return [block.text.strip(" 　") for block in _PageReader(Paper("pdf"), page, 1).blocks()]

    assert read() == ["左一", "右一", "左二", "右二"]
    page.lines = [{"x0": 400.0, "x1": 400.0, "top": 30.0, "bottom": 470.0}]
    assert read() == ["左一", "左二", "右一", "右二"]


def test_a_unit_at_the_right_edge_of_its_cell_leaves_the_room_before_it():
    page = SimpleNamespace(width=600.0, height=800.0, lines=[], rects=[], curves=[], annots=[], chars=[])
    reader = _PageReader(Paper("pdf"), page, 1)
    yen = {"text": "円", "x0": 185.0, "x1": 195.0, "top": 100.0, "bottom": 110.0, "size": 10.0}
    said = reader._strip([yen], "p1@100,95,200,115", 100.0, 200.0, 115.0)
    assert said.text.startswith("　　　　")
    assert said.text.strip(" 　") == "円"
