"""What the sixteenth and seventeenth sets taught: each rule on the smallest paper that needs it."""

import io

import openpyxl
import pytest
from openpyxl.styles import Border, Side
from openpyxl.worksheet.datavalidation import DataValidation

from kakehashi.eforms.domain.papers.headings import signed_as, table_named
from kakehashi.eforms.domain.papers.reading import read_form
from kakehashi.eforms.domain.papers.tokens import tokens_of
from kakehashi.eforms.domain.papers.words import is_office
from kakehashi.eforms.tests.papers.writers import WRITERS

DAY = "令和　　年　　月　　日"


def _read(blocks):
    return read_form("form.docx", WRITERS["docx"](["利用申請書", *blocks]))[1]


def _asked(*blocks):
    return {(one.label, one.type) for one in _read(blocks).questions}


def test_a_list_in_an_empty_cell_is_a_choice():
    book = openpyxl.Workbook()
    sheet = book.active
    line = Side(style="thin")
    for at, text in (("A1", "性別"), ("B1", None), ("A2", "氏名"), ("B2", None)):
        sheet[at] = text
        sheet[at].border = Border(left=line, right=line, top=line, bottom=line)
    rule = DataValidation(type="list", formula1='"男,女,回答しない"')
    rule.add("B1")
    sheet.add_data_validation(rule)
    stream = io.BytesIO()
    book.save(stream)
    sex = next(one for one in read_form("form.xlsx", stream.getvalue())[1].questions if one.label == "性別")
    assert (sex.type, sex.options) == ("choice", ["男", "女", "回答しない"])


@pytest.mark.parametrize(
    ("said", "dated", "name"),
    [("上記の事実を証明します。", True, "証明日"), ("利用を承諾します。", True, "承諾日"), ("相違ないことを誓約します。", False, ""),
     ("次の事項を委任します。", False, "委任日"), ("次のとおり申請します。", True, "")],
)  # fmt: skip
def test_what_is_signed_names_the_day_under_it(said, dated, name):
    assert signed_as(said, dated) == name


def test_a_second_date_is_the_day_of_what_was_signed_there():
    assert {("申請日", "date"), ("証明日", "date")} <= _asked(DAY, "住所", "上記の者の利用の事実を証明します。", DAY)


def test_a_period_may_stand_in_two_rows_or_two_lines():
    table = [[("占用の期間", 1, 2), f"{DAY}から"], [f"{DAY}まで"]]
    assert {("占用の期間（開始）", "date"), ("占用の期間（終了）", "date")} <= _asked(table)
    lines = ("記", f"１　占用の期間　　　{DAY}から", f"　　　　　　　　　　{DAY}まで（　　　日間）")
    assert {("占用の期間（開始）", "date"), ("占用の期間（終了）", "date")} <= _asked(*lines)


def test_a_letter_in_a_cell_of_the_table_is_read_line_by_line():
    letter = f"　　　　　　　　　　　　　{DAY}\nみさき消防組合消防長　殿　　　　　　　　　\n　　　　　　　　　届出者　　　　　　　　　\n　　　　　　　　　　住　所\n　　　　　　　　　　氏　名"
    asked = _asked([[(letter, 4, 1)], ["所在地", ("", 3, 1)], ["名称", "", "用途", ""]])
    assert {("申請日", "date"), ("住所", "address"), ("氏名", "name"), ("名称", "text")} <= asked
    assert not any("消防長" in label or label == "届出者" for label, _ in asked)


@pytest.mark.parametrize("label", ["主任技術者", "危険物取扱者"])
def test_a_person_of_a_trade_is_no_office(label):
    assert not is_office(label)
    assert is_office("主任")


def test_the_sum_under_records_is_not_asked():
    heads, empty = ["科目", "予算額（円）", "説明"], ["", "", ""]
    reading = _read([[heads, empty, empty, ["計", "", ""]]])
    assert [one.type for one in reading.questions] == ["table"]
    assert [one.text for one in reading.skipped] == ["計"]


def test_eras_to_circle_begin_a_date():
    assert [one.kind for one in tokens_of("大・昭・平・令　年　月　日")] == ["date"]
    assert tokens_of("申請年月日") == []


def test_a_name_at_the_end_of_a_row_has_its_room_in_its_cell():
    table = [["これまでの住所", "", "世帯主"], ["これからの住所", "", "世帯主"], ["本籍", "", "筆頭者"]]
    assert {("筆頭者", "name"), ("世帯主", "name")} <= _asked(table)


@pytest.mark.parametrize(
    ("line", "name"),
    [("異動する人全員をご記入ください。", "異動する人"), ("希望業種（希望順に記入。許可を受けた業種に限る。）", "希望業種"), ("家族の状況", "家族の状況")],
)  # fmt: skip
def test_a_sentence_over_a_table_says_what_the_table_is(line, name):
    assert table_named(line) == name


def test_numbered_lines_under_a_heading_are_words_to_circle():
    table = [["種目", "口座番号"], ["１普通預金\n２当座預金\n３その他", ""]]
    assert {("種目", "choice"), ("口座番号", "text")} <= _asked(table)


def test_the_day_and_number_of_an_earlier_paper():
    asked = _asked("　　　　年　　月　　日付け第　　　　号で交付決定のあった事業が完了したので報告します。")
    assert {("交付決定日", "date"), ("交付決定番号", "text")} <= asked


def test_words_to_circle_may_stand_apart_in_brackets():
    (kind,) = (one for one in _read(["（新規　更新　変更）"]).questions if one.type == "choice")
    assert (kind.label, kind.options) == ("区分", ["新規", "更新", "変更"])


def test_room_before_a_second_name_belongs_to_the_cell():
    table = [["住宅の所有者", "　　　　　　　　　　　　本人との関係（　　　　　　）"], ["電話番号", ""]]
    assert {"住宅の所有者", "本人との関係"} <= {label for label, _ in _asked(table)}


def test_what_one_person_pays_is_no_label():
    asked = _asked([["入場料", "□徴収しない　□徴収する（１人　　　　　　円）"], ["会場", ""]])
    assert "1人" not in {label for label, _ in asked}


def test_the_registry_under_a_form_is_the_office_s():
    asked = _asked([["登録番号", "第　　　号", "登録年月日", "　年　月　日"], ["鑑札交付", "", "取扱者", ""]])
    assert asked == set()


def test_a_value_may_name_itself_in_brackets():
    table = [
        [("申請者", 1, 2), "（ふりがな）\n氏名\n\n", "（生年月日）\n　　　年　　月　　日生"],
        [("住所\n\n\n", 2, 1)],
    ]
    assert {("氏名", "name"), ("生年月日", "birth_date")} <= _asked(table)


def test_the_length_of_a_period_follows_from_its_days():
    asked = _asked([["療養期間", f"{DAY}から{DAY}まで（　　　日間）"], ["傷病名", ""]])
    assert {label for label, _ in asked} == {"療養期間（開始）", "療養期間（終了）", "傷病名"}


def test_an_amount_may_be_explained_behind_its_unit():
    cell = "金　　　　　　　　　　　円（購入価格の２分の１、上限30,000円、100円未満切捨て）"
    assert ("交付申請額", "money") in _asked([["交付申請額", cell], ["購入店", ""]])


def test_an_option_may_hold_a_period():
    table = [["雇用期間", "□無期　□有期　　　　　年　　月　　日　～　　　　年　　月　　日"], ["備考", ""]]
    assert {("雇用期間", "choice"), ("雇用期間（開始）", "date"), ("雇用期間（終了）", "date")} <= _asked(table)


@pytest.mark.parametrize(
    "table",
    [
        [["本人確認", "免・個・旅・保・他", "手数料", "　　　円", "交付者", ""]],
        [["課長", "係長", "係員", "受付番号", "確認番号"], ["", "", "", "第　号", "第　号"]],
        [["会長", "", "事務局長", "", "担当", ""]],
        [["受付", "", "台帳", "", "交付決定額", "円"]],
    ],
    ids=["counter", "numbers", "stamps", "ledger"],
)
def test_what_the_office_keeps_under_a_form_is_not_asked(table):
    assert _asked(table) == set()


def test_every_total_under_records_follows_from_them():
    heads, empty = ["科目", "予算額（円）", "説明"], ["", "", ""]
    reading = _read([[heads, empty, empty, ["合　　計", "", ""]]])
    assert [one.type for one in reading.questions] == ["table"]
    assert [one.text for one in reading.skipped] == ["合　　計"]


def test_nothing_is_written_over_a_heading():
    table = [
        [("科目", 1, 2), ("予算額", 1, 2), "", ("説明", 1, 2)],
        ["うち補助対象経費"],
        ["", "", "", ""],
        ["", "", "", ""],
    ]
    reading = _read([table])
    assert [[column.label for column in one.columns] for one in reading.questions] == [
        ["科目", "予算額", "うち補助対象経費", "説明"]
    ]


def test_brackets_of_a_line_hold_a_person_and_a_telephone():
    assert {("担当者", "name"), ("電話", "phone")} <= _asked("（担当者　　　　　　　　　電話　　　　　　　　　　）")


def test_the_point_of_a_decimal_is_printed():
    cell = "体重　　　　　ｇ　身長　　　　．　cm　頭囲　　　　．　cm"
    assert {("体重", "number"), ("身長", "number"), ("頭囲", "number")} <= _asked(
        [["出生時の状況", cell], ["氏名", ""]]
    )


def test_telephones_of_several_people_in_one_cell():
    cell = "自宅　　　　　　　　　　父携帯　　　　　　　　　　母携帯　　　　　　　　　"
    asked = _asked([["住所", "〒"], ["連絡先", cell], ["児童の氏名", ""]])
    assert {
        ("連絡先（自宅）", "phone"),
        ("連絡先（父携帯）", "phone"),
        ("連絡先（母携帯）", "phone"),
        ("児童の氏名", "name"),
    } <= asked


def test_room_before_each_of_two_words_is_one_answer():
    assert ("自治会・班", "text") in _asked([["自治会・班", "　　　　　　区　　　　班"], ["住所", ""]])


def test_counts_between_dots_are_not_circled():
    asked = _asked([["人的被害", "死亡　　名　・　行方不明　　名　・　負傷　　名"], ["提出先", ""]])
    assert {("死亡", "number"), ("行方不明", "number"), ("負傷", "number")} <= asked


def test_a_name_and_a_birthday_share_a_cell():
    asked = _asked([["氏名・生年月日", "　　　　　　　　　　　　　　　　　　年　　月　　日生"], ["住所", ""]])
    assert {("氏名", "name"), ("生年月日", "birth_date")} <= asked
    asked = _asked([["氏名", "　　　　　　　　　　　　　　（生年月日　　　　年　　月　　日）"], ["住所", ""]])
    assert {("氏名", "name"), ("生年月日", "birth_date")} <= asked


def test_what_the_brackets_of_an_option_name_is_asked():
    cell = "①　認定品（メーカー名　　　　　　　　　型式　　　　　　　　認定番号　　　　　　　）\n②　その他（　　　　　　　）"
    assert {("メーカー名", "text"), ("型式", "text"), ("認定番号", "text")} <= _asked([["種類", cell], ["用途", ""]])


def test_a_unit_of_length_is_no_address():
    assert ("住所地からの距離", "number") in _asked([["住所地からの距離", "　　　km"], ["年間従事日数", "　　　日"]])


def test_marks_in_two_columns_are_one_question():
    table = [["○", "税目", "○", "税目"], ["", "町県民税", "", "固定資産税"], ["", "軽自動車税", "", "介護保険料"]]
    (one,) = _read(["振替を希望する税目に○を付けてください", table]).questions
    assert (one.type, one.options) == ("choices", ["町県民税", "固定資産税", "軽自動車税", "介護保険料"])


def test_a_second_cell_with_days_belongs_to_the_first():
    table = [["利用期間", "□通年　□長期休業のみ", "令和　年　月　日～令和　年　月　日"], ["利用の理由", ("", 2, 1)]]
    assert {("利用期間（開始）", "date"), ("利用期間（終了）", "date")} <= _asked(table)


def test_a_table_in_a_cell_is_called_as_the_label_beside_it():
    import docx

    document = docx.Document()
    table = document.add_table(2, 2, style="Table Grid")
    table.cell(0, 0).text, table.cell(1, 0).text = "氏名", "緊急時の連絡先"
    inner = table.cell(1, 1).add_table(3, 3)
    for at, head in enumerate(("氏名", "続柄", "電話番号")):
        inner.cell(0, at).text = head
    stream = io.BytesIO()
    document.save(stream)
    questions = read_form("form.docx", stream.getvalue())[1].questions
    assert [(one.label, one.type) for one in questions] == [("氏名", "name"), ("緊急時の連絡先", "table")]


@pytest.mark.parametrize("place", ["frame", "lines"])
def test_what_the_office_certifies_on_the_paper_is_its_own(place):
    lines = [
        "第　　　　号",
        "上記のとおり相違ないことを証明します。",
        DAY,
        "　　　　　　　　ひばり町長　　　　　　　　　印",
    ]
    blocks = [[["\n".join(lines)]]] if place == "frame" else lines
    reading = _read(["令和　年　月　日", [["住所", ""], ["氏名", ""]], *blocks])
    assert [one.label for one in reading.questions] == ["申請日", "住所", "氏名"]
    assert {one.kind for one in reading.skipped} == {"office"}


def test_fees_with_the_number_of_the_permission_are_the_office_s():
    fees = [
        ["施設使用料", "　　　円", "冷暖房料", "　　　円"],
        ["減免", "全額・なし", "合計", "　　　円"],
        ["許可番号", "第　　　号", "許可年月日", DAY],
    ]
    assert _asked([["氏名", ""], ["住所", ""]], "", fees) == {("氏名", "name"), ("住所", "address")}


def test_a_box_that_spares_writing_leaves_its_cell_a_name():
    table = [[("証明が必要な方\n□申請者と同じ", 1, 2), "住所", ""], ["生年月日", DAY]]
    assert _asked(table) == {("住所", "address"), ("生年月日", "birth_date")}


def test_boxes_row_by_row_with_their_number_are_one_table():
    rows = [
        ["□住民票の写し", "□本籍　□続柄", "　通"],
        ["□住民票記載事項証明書", "", "　通"],
        ["□戸籍の附票", "□本籍　□在外選挙人名簿", "　通"],
    ]
    (one,) = _read([[["必要なもの", "記載事項", "通数"], *rows]]).questions
    assert (one.type, [column.label for column in one.columns]) == ("table", ["必要なもの", "記載事項", "通数"])


def test_a_person_before_an_underline_is_asked():
    run = "＿" * 12
    assert ("主催者", "text") in {
        (label, "text") for label, _ in _asked("記", f"５　主催者　　　　{run}", f"６　会場　　　　{run}")
    }


def test_words_of_a_request_alone_in_a_cell():
    table = [["新規　　更新　　変更", DAY], ["備考", ""]]
    kind = next(one for one in _read([table]).questions if one.type == "choice")
    assert (kind.label, kind.options) == ("区分", ["新規", "更新", "変更"])


def test_numbered_words_in_a_tall_cell_are_circled():
    assert ("種別", "choice") in _asked(
        [["種別", "１ 普通　２ 当座　　　\n\n", "口座番号", ""], ["名義人", ("", 3, 1)]]
    )


def test_a_number_in_the_second_line_of_a_value_closes_nothing():
    table = [["種類等", "甲・乙　　種　　類\n交付番号　　　　　　"], ["完成年月日", DAY], ["検査希望年月日", DAY]]
    assert {("完成年月日", "date"), ("検査希望年月日", "date")} <= _asked(table)


def test_classes_row_by_row_are_records():
    rows = [["", "", "・　　・", "年", "組"]] * 3
    (one,) = _read([[["学校名", "児童生徒氏名", "生年月日", "学年", "組"], *rows]]).questions
    assert (one.type, len(one.columns)) == ("table", 5)


def test_lettered_words_in_cells_of_their_own_are_circled_row_by_row():
    rows = [[f"別紙{n}に記載された内容について", "Ａ．誓約する", "Ｂ．誓約しない"] for n in (1, 2)]
    found = _read(["該当する欄に○を付けてください", rows]).questions
    assert [(one.type, one.options) for one in found] == [("choice", ["誓約する", "誓約しない"])] * 2


def test_a_long_name_with_a_note_before_its_unit():
    line = "　世帯の場合は同時に移住した家族の人数（１に記載した者を除く）　　　　　人　　うち18歳未満　　　　人"
    assert [kind for _, kind in sorted(_asked(line))] == ["number", "number"]


def test_any_person_may_begin_lines_of_his_own():
    lines = ["土地所有者　　住　所　　＿＿＿＿＿＿＿＿＿", "　　　　　　　氏　名　　＿＿＿＿＿＿＿＿＿"]
    assert [one.group for one in _read(lines).questions] == ["土地所有者", "土地所有者"]


def test_room_for_words_before_a_number_in_brackets():
    table = [
        ["障害名及び等級", "　　　　　　　（　　級）"],
        ["事業種目\n（資本金等の額）", "　　　　　　（　　　百万円）"],
    ]
    asked = _asked(table)
    assert {("障害名及び等級", "text"), ("障害名及び等級（級）", "number"), ("事業種目", "text")} <= asked
    assert any(label == "資本金等の額" for label, _ in asked)


def test_sentences_to_circle_are_no_notes():
    reasons = ["　１　市町村民税が非課税又は減免された世帯である。", "　２　国民年金の掛金が減免された世帯である。"]
    (one,) = _read(["３．申請理由（該当する番号に○をつけてください。）", *reasons]).questions
    assert (one.label, len(one.options)) == ("申請理由", 2)


def test_a_day_after_the_paper_s_own_belongs_to_what_was_agreed_to():
    assert ("同意日", "date") in _asked(
        [["申請日", DAY], ["氏名", ""]], "課税状況を確認することに同意します。", f"{DAY}　　署名　　　　　　　　"
    )


def test_a_name_with_its_room_heads_nothing_under_it():
    table = [["借用資産（有・無）", "貸主の名称等"], ["家屋の所有区分", "自己所有　・　借家"], ["備考", ""]]
    assert {("家屋の所有区分", "choice"), ("備考", "text")} <= _asked(table)


def test_a_heading_beside_choices_over_two_rows_keeps_its_own_box():
    table = [["金融機関", "種目"], ["店舗コード", ("１ 普通\n２ 当座", 1, 2)], [""], ["名義人", ""]]
    assert {("店舗コード", "text"), ("種目", "choice")} <= _asked(table)


def test_a_field_of_the_file_makes_the_words_beside_it_a_name():
    import docx
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document = docx.Document()
    table = document.add_table(2, 3, style="Table Grid")
    table.cell(0, 0).merge(table.cell(1, 0)).text = "営業施設"
    control = (
        f"<w:sdt {nsdecls('w')}><w:sdtPr><w:showingPlcHdr/><w:text/></w:sdtPr>"
        "<w:sdtContent><w:r><w:t>入力</w:t></w:r></w:sdtContent></w:sdt>"
    )
    for row, name in enumerate(("施設の所在地", "（ふりがな）\n施設の名称、屋号又は商号")):
        table.cell(row, 1).text = name
        table.cell(row, 2).paragraphs[0]._p.append(parse_xml(control))
    stream = io.BytesIO()
    document.save(stream)
    questions = read_form("form.docx", stream.getvalue())[1].questions
    assert [(one.label, one.type) for one in questions] == [
        ("施設の所在地", "address"),
        ("施設の名称、屋号又は商号", "text"),
    ]


@pytest.mark.parametrize(
    ("label", "kind"), [("婚姻日", "date"), ("契約締結日", "date"), ("希望曜日", "text"), ("定休日", "text")]
)
def test_a_word_that_ends_in_a_day_is_a_date(label, kind):
    assert (label, kind) in _asked([[label, ""], ["氏名", ""]])


def test_a_telephone_may_name_its_place_in_brackets():
    asked = _asked([["電話番号", "（自宅）　　　　　　　　（携帯）"], ["氏名", ""]])
    assert {("電話番号（自宅）", "phone"), ("電話番号（携帯）", "phone")} <= asked


def test_two_times_behind_one_day():
    line = "２　開催日時　　　　令和　　年　　月　　日（　　）　　時　　分～　　時　　分"
    assert {("開催日時", "date"), ("開催日時（開始時刻）", "text"), ("開催日時（終了時刻）", "text")} <= _asked(
        "記", line
    )


def test_an_item_over_items_of_its_own_asks_nothing():
    lines = ["３　開催場所", "　（１）会場名　　　　　　　　　　　　　", "　（２）所在地　　青葉市　　　　　　　　　"]
    assert _asked("記", *lines) == {("会場名", "text"), ("所在地", "address")}


def test_a_line_in_brackets_may_be_a_choice():
    (one,) = _read(["記", "　　　　　（雨天の場合：順延　・　中止）"]).questions
    assert (one.label, one.type, one.options) == ("雨天の場合", "choice", ["順延", "中止"])


def test_names_with_room_behind_each_are_asked_in_one_cell():
    cell = "メーカー　　　　　　　　型番　　　　　　　　数量　　　基"
    asked = _asked([["購入品目", cell], ["氏名", ""]])
    assert {("メーカー", "text"), ("型番", "text"), ("数量", "number")} <= asked


def test_a_list_on_a_further_page_is_called_as_its_heading():
    rows = [["", "", "", ""]] * 3
    table = _read(
        [[["氏名", ""], ["住所", ""]], "会　員　名　簿", "団体名", [["No.", "氏　名", "性別", "年齢"], *rows]]
    ).questions[-1]
    assert (table.label, table.type) == ("会員名簿", "table")


def test_every_row_that_follows_from_the_records_is_left_out():
    heads, empty = ["品名", "数量", "金額", "備考"], ["", "", "", ""]
    sums = [[name, "", "", ""] for name in ("小計", "消費税（10％）", "合計")]
    reading = _read([[heads, empty, empty, *sums]])
    assert [one.type for one in reading.questions] == ["table"]
    assert [one.kind for one in reading.skipped] == ["computed"] * 3


def test_a_town_is_printed_before_the_underline():
    line = "１　補助対象建物の所在地　　桜川市＿＿＿＿＿＿＿＿＿＿"
    assert _asked("記", line) == {("補助対象建物の所在地", "address")}


def test_a_decimal_alone_in_its_cell_and_a_motor_s_size():
    asked = _asked([["平熱", "　　．　　℃"], ["排気量", "　　　　cc"], ["氏名", ""]])
    assert {("排気量", "number")} <= asked
    assert any(label == "平熱" for label, _ in asked)
