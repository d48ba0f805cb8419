"""Lists as files: safe to open, readable in Excel."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from kakehashi.kernel.tables import as_csv, as_excel, spreadsheet_response


@pytest.mark.parametrize("text", ["=1+1", "+81", "-1", "@SUM(A1)", "\t=1"])
def test_a_formula_is_text(text):
    assert as_csv(["a"], [[text]]).decode("utf-8-sig").splitlines()[1].lstrip('"').startswith("'")
    cell = load_workbook(BytesIO(as_excel("一覧", ["a"], [[text]]))).active["A2"]
    assert cell.data_type == "s"


def test_numbers_and_dates_stay_what_they_are():
    row = load_workbook(
        BytesIO(as_excel("一覧", ["n", "d", "t"], [[-3, date(2026, 4, 1), datetime(2026, 4, 1, 0, 0, tzinfo=UTC)]]))
    )
    values = [cell.value for cell in row.active[2]]
    assert values == [-3, datetime(2026, 4, 1), datetime(2026, 4, 1, 9, 0)]


def test_the_name_of_the_file_is_japanese():
    answer = spreadsheet_response(kind="csv", name="案件一覧", headers=["a"], rows=[])
    assert "filename*=UTF-8''%E6%A1%88" in answer["Content-Disposition"]


def test_another_kind_is_not_found():
    with pytest.raises(Http404):
        spreadsheet_response(kind="exe", name="x", headers=[], rows=[])


@given(st.text(max_size=200))
def test_any_text_can_be_written(text):
    as_csv(["a"], [[text.encode("utf-8", "ignore").decode()]])
    load_workbook(BytesIO(as_excel(text[:40], ["a"], [[text.encode("utf-8", "ignore").decode()]])))
