"""和暦 in both directions: boundary days, the ways people write, and what does not exist."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.kernel.wareki import ERAS, WarekiError, format_wareki, parse_wareki, parse_wareki_year, to_wareki

BOUNDARIES = [
    (date(1868, 10, 23), "明治元年10月23日"),
    (date(1912, 7, 29), "明治45年7月29日"),
    (date(1912, 7, 30), "大正元年7月30日"),
    (date(1926, 12, 24), "大正15年12月24日"),
    (date(1926, 12, 25), "昭和元年12月25日"),
    (date(1989, 1, 7), "昭和64年1月7日"),
    (date(1989, 1, 8), "平成元年1月8日"),
    (date(2019, 4, 30), "平成31年4月30日"),
    (date(2019, 5, 1), "令和元年5月1日"),
    (date(2026, 11, 21), "令和8年11月21日"),
]
DAYS = st.dates(ERAS[0].first_day, date(2999, 12, 31))


@pytest.mark.parametrize(("day", "text"), BOUNDARIES)
def test_boundary_days(day: date, text: str) -> None:
    assert format_wareki(day) == text
    assert parse_wareki(text) == day


def test_weekday() -> None:
    assert format_wareki(date(2026, 11, 21), weekday=True) == "令和8年11月21日(土)"


@given(DAYS, st.booleans())
def test_every_day_reads_back(day: date, weekday: bool) -> None:
    assert parse_wareki(format_wareki(day, weekday)) == day


@given(DAYS)
def test_the_next_day_is_later_in_wareki_too(day: date) -> None:
    def order(of: date) -> tuple[int, int, int, int]:
        wareki = to_wareki(of)
        return ERAS.index(wareki.era), wareki.year, wareki.month, wareki.day

    assert order(day) < order(day + timedelta(days=1))


@pytest.mark.parametrize(
    "text",
    [
        "令和8年11月21日",
        "令和 8 年 11 月 21 日",
        "令和８年１１月２１日（土）",
        "令和八年十一月二十一日",
        "令和八年一一月二一日",
        "㋿8年11月21日",
        "R8.11.21",
        "r8/11/21",
        "Ｒ８．１１．２１",
        "R.8.11.21",
        "R08-11-21",
        "R8ー11ー21",
        "令8・11・21",
        "R081121",
        "2026-11-21",
        "2026/11/21",
        "2026年11月21日土曜日",
        "西暦2026年11月21日",
        "二〇二六年十一月二十一日",
        "20261121",
        " 令和8年11月21日\n",
    ],
)
def test_as_people_write(text: str) -> None:
    assert parse_wareki(text) == date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("㍻元.1.8", date(1989, 1, 8)),
        ("昭和六十四年一月七日", date(1989, 1, 7)),
        ("明治45年7月30日", date(1912, 7, 30)),
        ("大正15年12月25日", date(1926, 12, 25)),
        ("S20.8.15", date(1945, 8, 15)),
        ("T元/7/30", date(1912, 7, 30)),
        ("M33年2月28日", date(1900, 2, 28)),
    ],
)
def test_other_eras(text: str, day: date) -> None:
    assert parse_wareki(text) == day


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("平成40年1月1日", "平成40年はありません。平成は31年までです(2028年は令和10年)"),
        ("昭和65年4月1日", "昭和65年はありません。昭和は64年までです(1990年は平成2年)"),
        ("昭和64年1月8日", "昭和は1989年1月7日までです。この日は平成元年1月8日です"),
        ("平成31年5月1日", "この日は令和元年5月1日です"),
        ("平成元年1月7日", "平成は1989年1月8日からです。この日は昭和64年1月7日です"),
        ("明治元年1月1日", "明治より前"),
        ("令和0年1月1日", "令和元年"),
        ("令和8年2月29日", "という日はありません"),
        ("令和8年13月1日", "という日はありません"),
        ("8年11月21日", "元号がありません"),
        ("令和8年11月21日(日)", "土曜日です"),
        ("令和9999年1月1日", "扱えません"),
        ("慶応3年1月1日", "読み取れません"),
        ("あした", "読み取れません"),
        ("", "読み取れません"),
    ],
)
def test_what_does_not_exist_is_a_clear_error(text: str, says: str) -> None:
    with pytest.raises(WarekiError) as caught:
        parse_wareki(text)
    assert says in str(caught.value)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert isinstance(parse_wareki(text), date)
    except WarekiError as error:
        assert str(error).endswith("。")


def test_before_meiji_cannot_be_written() -> None:
    with pytest.raises(WarekiError):
        to_wareki(date(1868, 10, 22))


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("令和元年", 2019),
        ("R1", 2019),
        ("㋿", None),
        ("平成三十一年", 2019),
        ("Ｓ６４", 1989),
        ("2026", 2026),
        ("M1", 1868),
    ],
)
def test_years(text: str, year: int | None) -> None:
    if year is None:
        with pytest.raises(WarekiError):
            parse_wareki_year(text)
    else:
        assert parse_wareki_year(text) == year


@pytest.mark.parametrize("text", ["平成40年", "昭和65年", "大正16", "明治46年"])
def test_years_that_do_not_exist(text: str) -> None:
    with pytest.raises(WarekiError, match="はありません"):
        parse_wareki_year(text)
