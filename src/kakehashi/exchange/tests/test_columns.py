"""The column matcher and the tables it reads: pure functions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.exchange.domain.columns import Column, header_key, missing_columns, propose_columns
from kakehashi.exchange.domain.csv_text import MOST_ROWS, BadTable, read_table, write_table

COLUMNS = (
    Column("receipt", "受付番号", True, ("申請番号", "整理番号")),
    Column("result", "結果", True, ("審査結果",)),
    Column("number", "決裁番号", True, ("起案番号",)),
    Column("decided_on", "決裁日", True, ("決裁年月日",)),
    Column("note", "備考"),
)


def chosen(headers, remembered=None):
    return {key: headers[match.at] for key, match in propose_columns(headers, COLUMNS, remembered).items()}


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (["受付番号", "結果", "決裁番号", "決裁日"], {"receipt": "受付番号", "result": "結果", "number": "決裁番号", "decided_on": "決裁日"}),
        (["No.", "申請番号", "審査結果", "起案番号", "決裁年月日"], {"receipt": "申請番号", "result": "審査結果", "number": "起案番号", "decided_on": "決裁年月日"}),
        (["【受付 番号】", "結果（可否）", "ｹｯｻｲ", "決裁日付"], {"receipt": "【受付 番号】", "result": "結果（可否）", "decided_on": "決裁日付"}),
        (["住所", "氏名"], {}),
        (["", "受付番号"], {"receipt": "受付番号"}),
    ],
)  # fmt: skip
def test_headers_are_understood_as_people_write_them(headers, expected):
    assert chosen(headers) == expected


def test_what_was_confirmed_before_comes_first():
    headers = ["結果", "受付番号", "うけつけ"]
    assert chosen(headers, {"receipt": "うけつけ"})["receipt"] == "うけつけ"


@given(st.lists(st.text(max_size=8), max_size=12))
def test_a_column_is_never_used_twice(headers):
    found = propose_columns(headers, COLUMNS)
    assert len({match.at for match in found.values()}) == len(found)
    assert all(header_key(headers[match.at]) for match in found.values())


def test_missing_required_columns_are_named():
    assert missing_columns(COLUMNS, {"receipt": 0, "note": 1}) == ["結果", "決裁番号", "決裁日"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_tables_of_either_encoding_are_read(encoding, delimiter):
    text = f"\r\n受付番号{delimiter}氏名\r\n1{delimiter}髙橋\r\n\r\n2\r\n"
    table = read_table(text.encode(encoding))
    assert (table.headers, table.rows) == (("受付番号", "氏名"), (("1", "髙橋"), ("2", "")))


@pytest.mark.parametrize("content", [b"", b"\r\n", b"\x00\x01", b"a\x81", b"PK\x03\x04\x00"])
def test_what_is_no_table_is_refused(content):
    with pytest.raises(BadTable):
        read_table(content)


def test_too_many_rows_are_refused():
    with pytest.raises(BadTable, match="行"):
        read_table(b"a\n" + b"1\n" * (MOST_ROWS + 1))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content):
    try:
        table = read_table(content)
    except BadTable:
        return
    assert all(len(row) == len(table.headers) for row in table.rows)


def test_written_lists_are_safe_to_open_and_read_back():
    content = write_table(["件名", "式"], [["﨑𠮷", "=1+1"]], "cp932")
    assert read_table(content).rows == (("﨑〓", "'=1+1"),)
