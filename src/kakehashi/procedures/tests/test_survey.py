"""行政手続等の棚卸調査: rows load or are named, nothing is guessed."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.procedures.domain.survey import (
    COLUMNS,
    SurveyError,
    SurveyProblem,
    SurveyRow,
    decode_survey,
    read_survey,
    suggest_days,
)

GOOD = {
    "手続ID": "9062",
    "所管府省庁": "総務省",
    "手続名": "転入届出　（住所）",
    "法令名": "住民基本台帳法",
    "根拠条項号": "第22条第1項",
    "オンライン化の実施状況": "2 未実施",
    "手数料等の納付有無": "1 手数料等無し",
    "総手続件数": "4473575",
    "オンライン手続件数": "0",
    "申請時に添付させる書類": "添付書類なし",
    "手続が行われるイベント(個人)": "引越し; その他イベント(個人)",
    "申請を提出する機関": "都道府県庁; 市役所・町村役場",
}


def sheet(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> str:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def one(**changes: str) -> SurveyRow | SurveyProblem:
    return next(read_survey(sheet(GOOD | changes)))


def row(**changes: str) -> SurveyRow:
    read = one(**changes)
    assert isinstance(read, SurveyRow)
    return read


def reason(**changes: str) -> str:
    read = one(**changes)
    assert isinstance(read, SurveyProblem)
    assert read.line == 2
    return read.reason


def test_there_are_39_columns() -> None:
    assert len(COLUMNS) == 39


def test_a_row_is_read() -> None:
    read = row()
    assert (read.survey_id, read.name, read.online_state) == ("9062", "転入届出 （住所）", "未実施")
    assert (read.volume, read.online_volume, read.has_fee) == (4473575, 0, False)
    assert (read.life_events, read.attachments) == (("moving",), ())
    assert read.institutions == ("都道府県庁", "市役所・町村役場")
    assert read.legal_basis == "住民基本台帳法第22条第1項"


def test_volume_zero_is_unknown_not_zero() -> None:
    read = row(総手続件数="0")
    assert (read.volume, read.online_volume) == (None, None)


@pytest.mark.parametrize("text", ["-1", "１２a", "1e9", "１" * 13, "NaN"])
def test_a_broken_count_is_named(text: str) -> None:
    assert "総手続件数" in reason(総手続件数=text)


def test_full_width_count_is_read() -> None:
    assert row(総手続件数="１，２００").volume == 1200


def test_more_online_than_all_is_named() -> None:
    assert "多く" in reason(総手続件数="3", オンライン手続件数="4")


def test_a_row_without_id_or_name_is_named() -> None:
    assert "手続ID" in reason(手続ID="")
    assert "手続名" in reason(手続名=" ")
    assert "300文字" in reason(手続名="あ" * 301)


def test_a_repeated_id_is_named() -> None:
    first, second = read_survey(sheet(GOOD, GOOD))
    assert isinstance(first, SurveyRow)
    assert isinstance(second, SurveyProblem)
    assert "重複" in second.reason


def test_a_short_row_is_named_and_the_rest_loads() -> None:
    text = sheet(GOOD)
    text = text.replace("\r\n9062", "\r\n1,総務省\r\n9062")
    problem, good = read_survey(text)
    assert isinstance(problem, SurveyProblem)
    assert "39" in problem.reason
    assert isinstance(good, SurveyRow)


def test_a_missing_column_stops_the_file() -> None:
    with pytest.raises(SurveyError, match="手続名"):
        next(read_survey(sheet(columns=tuple(each for each in COLUMNS if each != "手続名"))))


def test_a_list_of_another_kind_is_told_where_it_belongs() -> None:
    with pytest.raises(SurveyError, match="取り込む・まとめて変える") as told:
        next(read_survey("手続の名称,担当課\n公園使用許可,建設課\n"))
    assert "手続ID" not in str(told.value)


def test_both_encodings() -> None:
    text = sheet(GOOD)
    assert decode_survey(text.encode("utf-8-sig")) == text
    assert decode_survey(text.encode("cp932")) == text
    with pytest.raises(SurveyError):
        decode_survey(b"\x81")


@given(st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=40)))
def test_any_cells_give_a_row_or_a_named_problem(cells: dict[str, str]) -> None:
    for item in read_survey(sheet(GOOD | cells)):
        assert isinstance(item, SurveyRow) or item.reason


@pytest.mark.parametrize(
    ("text", "days"),
    [("30日", 30), ("2週", 14), ("１週間", 7), ("1月", 30), ("１か月", 30), ("10日程度", 10),
     ("1～5月", None), ("不明", None), ("", None), ("0日", None), ("14日又は35日", None)],
)  # fmt: skip
def test_days_are_suggested_only_when_plain(text: str, days: int | None) -> None:
    assert suggest_days(text) == days


@pytest.mark.parametrize("text", ["[" * 200_000, ",".join(COLUMNS) + "\n" + '"' + "a" * 200_000])
def test_a_cell_that_is_longer_than_any_is_refused(text):
    with pytest.raises(SurveyError, match="CSV"):
        list(read_survey(text))
