"""The rules of machine-readability, each with what breaks it and what would mend it."""

import pytest

from kakehashi.opendata.domain.checks import check_headers, check_table
from kakehashi.opendata.domain.columns import ColumnType, DataColumn
from kakehashi.opendata.domain.differences import compare
from kakehashi.opendata.domain.findings import RULES
from kakehashi.opendata.domain.value_checks import broken_rules

T = ColumnType
PLACES = (
    DataColumn("id", "ID", is_required=True, is_unique=True),
    DataColumn("name", "名称", is_required=True),
    DataColumn("latitude", "緯度", T.LATITUDE),
    DataColumn("longitude", "経度", T.LONGITUDE),
)


@pytest.mark.parametrize(
    ("kind", "value", "rule", "suggestion"),
    [
        (T.INTEGER, "１２０", "number.form", "120"), (T.INTEGER, "120人", "number.unit", "120"), (T.INTEGER, "約200人", "number.unit", ""),
        (T.INTEGER, "1,200", "number.comma", "1200"), (T.INTEGER, "1.5", "number.whole", ""), (T.NUMBER, "不明", "number.form", ""),
        (T.LATITUDE, "34度52分", "place.number", ""), (T.LONGITUDE, "１３８．３", "place.number", "138.3"),
        (T.DATE, "令和8年4月1日", "date.form", "2026-04-01"), (T.DATE, "2026/4/1", "date.form", "2026-04-01"),
        (T.DATE, "2026-02-30", "date.form", ""), (T.TIME, "9:00", "time.form", "09:00"), (T.TIME, "9時", "time.form", "09:00"),
        (T.MARK, "○", "mark.form", "1"), (T.MARK, "0", "mark.form", "空欄"), (T.MARK, "たぶん", "mark.form", ""),
        (T.LG_CODE, "92011", "code.check_digit", "092011"), (T.LG_CODE, "131017", "code.check_digit", ""),
        (T.PHONE, "(054)625-0128", "phone.form", "054-625-0128"), (T.PHONE, "０５４－６２５－０１２８", "phone.form", "054-625-0128"),
        (T.POSTCODE, "4250041", "postcode.form", "425-0041"), (T.URL, "町のサイト https://example.jp/a", "url.form", "https://example.jp/a"),
        (T.EMAIL, "担当まで", "email.form", ""), (T.KANA, "なかみなとたわー", "kana.form", "ナカミナトタワー"),
        (T.KANA, "ﾅｶﾐﾅﾄ", "kana.form", "ナカミナト"), (T.TEXT, "第５公民館", "value.full_width", "第5公民館"),
        (T.TEXT, " 公民館　", "value.spaces", "公民館"), (T.TEXT, "㈱ひばり", "value.platform_characters", "(株)ひばり"),
        (T.TEXT, "=1+1", "value.formula", "1+1"), (T.TEXT, "同上", "value.same_as_above", ""), (T.TEXT, "一\n二", "value.line_break", "一 二"),
    ],
)  # fmt: skip
def test_a_value_breaks_its_rule(kind, value, rule, suggestion):
    assert (rule, suggestion) in list(broken_rules(DataColumn("x", "列", kind), value))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (T.INTEGER, "-3"), (T.NUMBER, "0.5"), (T.DATE, "2026-04-01"), (T.TIME, "23:59"), (T.MARK, "1"), (T.LG_CODE, "011002"),
        (T.PHONE, "054-625-0128"), (T.PHONE, "119"), (T.POSTCODE, "425-0041"), (T.URL, "https://example.jp/"), (T.KANA, "ナカミナト・タワー"),
        (T.TEXT, "中港タワー"), (T.TEXT, "-5"), (T.LIST, "一区;二区"), (T.MARK, ""), (T.LG_CODE, "993018"),
    ],
)  # fmt: skip
def test_a_good_value_breaks_none(kind, value):
    assert list(broken_rules(DataColumn("x", "列", kind), value)) == []


def rules_of(rows, **more):
    return {(one.rule, one.row) for one in check_table(PLACES, rows, **more).findings}


def test_rows_are_judged_together():
    good = [[str(n), f"場所{n}", "35.1", f"138.{n}"] for n in range(1, 6)]
    assert check_table(PLACES, good).may_publish
    assert rules_of([*good, ["5", "ほか", "", ""]]) == {("value.unique", 7)}
    assert rules_of([*good, ["9", "場所5", "35.1", "138.5"]]) == {("row.same", 7)}
    assert rules_of([*good, ["", "", "", ""]]) == {("row.empty", 7)}
    assert rules_of([*good, ["9", "", "", ""]]) == {("value.required", 7)}
    assert rules_of([*good, ["9", "片方", "35.1", ""]]) == {("place.pair", 7)}
    assert rules_of([*good, ["9", "逆", "138.1", "35.1"]]) == {("place.swapped", 7)}
    assert rules_of([*good, ["9", "外国", "51.5", "0.1"]]) == {("place.japan", 7)}
    assert rules_of([*good, ["9", "遠い", "43.0", "141.3"]]) == {("place.far", 7)}
    assert rules_of(good, middle=(43.0, 141.3)) == {("place.far", line) for line in range(2, 7)}
    assert rules_of([]) == {("table.empty", 0)}


def test_headings_are_judged():
    assert [one.rule for one in check_headers(["", "緯\n度", "名称", "名称"])] == [
        "header.empty", "header.line_break", "header.duplicate",
    ]  # fmt: skip


def test_every_rule_says_how_to_mend_it():
    assert all(rule.says and rule.mend for rule in RULES.values())


def test_two_editions_are_compared_by_their_id():
    before = [["1", "公民館", "", ""], ["2", "旧図書館", "", ""]]
    after = [["1", "中央公民館", "", ""], ["3", "図書館", "", ""]]
    told = compare((PLACES, before), (PLACES, after))
    assert (told.added, told.removed, told.changed_rows) == (("3",), ("2",), 1)
    assert (told.changes[0].before, told.changes[0].after) == ("公民館", "中央公民館")
