"""A pack as a document, as a workbook and back, and two of them told apart in sentences."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from kakehashi.approvals.adapters.workbook import read_workbook
from kakehashi.approvals.domain.packs import SHIPPED, read_pack
from kakehashi.approvals.domain.packs.answers import answer
from kakehashi.approvals.domain.packs.changes import changes
from kakehashi.approvals.domain.packs.document import PackDocument
from kakehashi.approvals.domain.packs.sheets import from_sheets, to_sheets
from kakehashi.approvals.domain.routes import Bar
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.tables import as_workbook

TOWN = read_pack("town")


def with_limit(yen: int) -> PackDocument:
    rows = [dict(row) for row in TOWN.rows("rules")]
    for row in rows:
        if row["matter"] == "disposition.grant" and row["high"] == 500_000:
            row["high"] = yen
        if row["matter"] == "disposition.grant" and row["low"] == 500_000:
            row["low"] = yen
    return TOWN.with_rows("rules", rows)


@pytest.mark.parametrize("code", SHIPPED)
def test_out_as_a_workbook_and_in_again_is_the_same_pack(code: str) -> None:
    document = read_pack(code)
    again, wrong = from_sheets(read_workbook(as_workbook(to_sheets(document))))
    assert wrong == []
    assert again == document
    assert again.digest == document.digest


def test_the_plain_data_reads_back_equal() -> None:
    assert PackDocument.from_json(TOWN.to_json()) == TOWN


def test_every_unreadable_row_is_named_with_sheet_and_line() -> None:
    book = load_workbook(BytesIO(as_workbook(to_sheets(TOWN))))
    book["専決"]["F2"] = "百万"
    book["番号"]["A3"] = "知らない番号"
    del book["条文"]
    out = BytesIO()
    book.save(out)
    _, wrong = from_sheets(read_workbook(out.getvalue()))
    said = [str(each) for each in wrong]
    assert any(line.startswith("シート「専決」2行目：「金額の上限」は0以上の整数") for line in said)
    assert any(line.startswith("シート「番号」3行目：") for line in said)
    assert "シート「条文」1行目：シートがありません。" in said


def test_no_workbook_is_refused() -> None:
    with pytest.raises(DomainError, match="読めません"):
        read_workbook(b"PK\x03\x04 not a book")


def test_a_change_is_told_from_what_to_what() -> None:
    told = [change.sentence for change in changes(TOWN, with_limit(300_000))]
    assert told == [
        "専決の定め「補助金等の交付決定・課長」の金額の上限が500,000円から300,000円に変わります。",
        "専決の定め「補助金等の交付決定・副町長」の金額の下限が500,000円から300,000円に変わります。",
    ]
    assert changes(TOWN, TOWN) == []


def test_what_is_new_and_what_is_gone_is_told() -> None:
    fewer = TOWN.with_rows("deputies", TOWN.rows("deputies")[1:])
    assert [(c.label, c.sentence) for c in changes(TOWN, fewer)] == [
        ("削除", "代決の順序「町長・副町長」がなくなります。")
    ]
    assert [c.label for c in changes(fewer, TOWN)] == ["追加"]


def test_the_answer_names_decider_clause_consultees_and_deputies() -> None:
    said = answer(TOWN, "disposition.grant", 5_000_000)
    assert (
        said.sentence
        == "「補助金等の交付決定」（5,000,000円）は、副町長が専決します。根拠は事務決裁規程別表第1第4項(2)です。"
    )
    assert [consult.post for consult in said.consults] == ["財政課長", "総務課長"]
    assert [deputy.deputy for deputy in said.deputies] == ["総務課長"]
    assert "町長が決裁します" in answer(TOWN, "disposition.grant", 5_000_001).sentence


def test_the_answer_asks_for_an_amount_where_it_decides() -> None:
    assert "金額を記入してください" in answer(TOWN, "disposition.grant", None).sentence
    assert answer(TOWN, "general.reply", None).decider == "課長"
    assert "この版の表にありません" in answer(TOWN, "nothing", None).sentence


def test_what_is_unusual_goes_up_to_the_head_by_its_clause() -> None:
    said = answer(TOWN, "general.reply", None, bars=[Bar.UNUSUAL])
    assert said.decider == "町長"
    assert said.raised == "異例のものであるため、専決によらず町長の決裁とします。（事務決裁規程第5条）"
    assert said.deputies == ()


def test_a_workbook_made_to_break_the_reader_is_refused_and_the_program_lives_on() -> None:
    book = load_workbook(BytesIO(as_workbook([("基本", ["a"], [["b"]])])))
    book["基本"]["XFD1048576"] = 1
    out = BytesIO()
    book.save(out)
    with pytest.raises(DomainError, match="大きすぎて"):
        read_workbook(out.getvalue())
