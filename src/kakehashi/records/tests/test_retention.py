"""Retention dates: the worked values of the rules, the window of the start, holds, 常用."""

import datetime as dt
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.records.domain.reasons import explain
from kakehashi.records.domain.retention import (
    Anchor,
    HoldFact,
    HoldGround,
    InvalidRetention,
    PeriodKind,
    RetentionFacts,
    RetentionPeriod,
    RetentionRule,
    calculate,
    check_start,
    hold_until,
    is_disposable,
    last_day_of_period,
    latest_start,
    next_fiscal_year_start,
)

DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))
YEARS = st.integers(1, 50)


def years(n: int, anchor: Anchor = Anchor.CREATED, window: int = 1) -> RetentionRule:
    return RetentionRule(
        anchor=anchor,
        period=RetentionPeriod(PeriodKind.YEARS, n),
        clause="文書管理規程第20条",
        start_window_years=window,
    )


@pytest.mark.parametrize(
    ("created", "period", "starts", "expires"),
    [
        (date(2025, 6, 10), 5, date(2026, 4, 1), date(2031, 3, 31)),
        (date(2026, 3, 31), 3, date(2026, 4, 1), date(2029, 3, 31)),
        (date(2026, 4, 1), 3, date(2027, 4, 1), date(2030, 3, 31)),
        (date(2025, 12, 31), 30, date(2026, 4, 1), date(2056, 3, 31)),
    ],
)
def test_18_expiry_worked_values(created: date, period: int, starts: date, expires: date) -> None:
    dates = calculate(years(period), RetentionFacts(anchor_on=created))
    assert (dates.starts_on, dates.expires_on) == (starts, expires)


@pytest.mark.parametrize(
    ("chosen", "expires"),
    [(date(2028, 2, 29), date(2029, 2, 28)), (date(2027, 3, 1), date(2028, 2, 29))],
)
def test_18_expiry_worked_values_of_the_proviso(chosen: date, expires: date) -> None:
    facts = RetentionFacts(anchor_on=chosen - dt.timedelta(days=200), chosen_start_on=chosen)
    assert calculate(years(1), facts).expires_on == expires


def test_19_start_date_window_check() -> None:
    created = date(2025, 6, 10)
    check_start(created, date(2026, 6, 10), 1)
    check_start(created, date(2027, 6, 10), 2)
    for start, window in [(date(2026, 6, 11), 1), (date(2027, 6, 11), 2), (date(2025, 4, 1), 1)]:
        with pytest.raises(InvalidRetention):
            check_start(created, start, window)


def test_a_start_before_the_event_is_refused_as_the_real_case_was() -> None:
    facts = RetentionFacts(anchor_on=date(2025, 6, 10), chosen_start_on=date(2025, 4, 1))
    with pytest.raises(InvalidRetention):
        calculate(years(30), facts)


def test_completed_anchor_counts_from_the_year_handling_ended() -> None:
    dates = calculate(years(5, Anchor.COMPLETED), RetentionFacts(anchor_on=date(2026, 4, 2)))
    assert dates.expires_on == date(2032, 3, 31)


def test_event_anchor_is_indefinite_until_the_event() -> None:
    rule = years(5, Anchor.EVENT)
    open_ended = calculate(rule, RetentionFacts())
    assert open_ended.starts_on is None
    assert not is_disposable(open_ended.expires_on, date(9999, 1, 1))
    late = calculate(rule, RetentionFacts(anchor_on=date(2030, 8, 1)))
    assert late.expires_on == date(2036, 3, 31)


def test_21_expires_on_none_is_never_disposable() -> None:
    assert not is_disposable(None, date(9999, 12, 31))
    assert not is_disposable(date(2031, 3, 31), date(2031, 3, 31))
    assert is_disposable(date(2031, 3, 31), date(2031, 4, 1))


def test_permanent_and_in_use_never_expire() -> None:
    for kind in (PeriodKind.PERMANENT, PeriodKind.IN_CONTINUOUS_USE):
        rule = RetentionRule(anchor=Anchor.CREATED, period=RetentionPeriod(kind), clause="")
        assert calculate(rule, RetentionFacts(anchor_on=date(2020, 1, 1))).expires_on is None


def test_25_in_use_to_fixed_period_starts_from_leaving_use() -> None:
    rule = RetentionRule(anchor=Anchor.CREATED, period=RetentionPeriod(PeriodKind.IN_CONTINUOUS_USE), clause="")
    facts = RetentionFacts(anchor_on=date(2001, 1, 1), left_use_on=date(2026, 9, 30), years_after_use=5)
    dates = calculate(rule, facts)
    assert (dates.starts_on, dates.expires_on) == (date(2027, 4, 1), date(2032, 3, 31))


def hold(until: date | None, ground: HoldGround = HoldGround.DUTIES) -> HoldFact:
    return HoldFact(ground=ground, reason="理由", until=until)


def expiry_with(*holds: HoldFact) -> date | None:
    facts = RetentionFacts(anchor_on=date(2025, 6, 10), holds=holds)
    return calculate(years(5), facts).expires_on


def test_24_max_rule_for_several_grounds() -> None:
    assert expiry_with(hold(date(2033, 5, 1)), hold(date(2032, 5, 1))) == date(2033, 5, 1)
    assert expiry_with(hold(date(2030, 1, 1))) == date(2031, 3, 31)


def test_23_two_holds_releasing_one_keeps_the_other() -> None:
    first, second = hold(date(2040, 1, 1)), hold(date(2035, 1, 1))
    assert expiry_with(first, second) == date(2040, 1, 1)
    assert expiry_with(second) == date(2035, 1, 1)


def test_an_open_ended_hold_never_expires() -> None:
    assert expiry_with(hold(None, HoldGround.LITIGATION), hold(date(2040, 1, 1))) is None


def test_appeal_holds_one_year_from_the_day_after_the_ruling() -> None:
    assert hold_until(HoldGround.APPEAL, date(2026, 6, 10)) == date(2027, 6, 10)
    assert hold_until(HoldGround.DISCLOSURE, date(2027, 2, 28)) == date(2028, 2, 29)
    assert hold_until(HoldGround.AUDIT, date(2026, 6, 10)) == date(2026, 6, 10)
    assert hold_until(HoldGround.APPEAL, None) is None


def test_extension_adds_years_to_the_same_start() -> None:
    dates = calculate(years(5), RetentionFacts(anchor_on=date(2025, 6, 10), extension_years=2))
    assert dates.base_expires_on == date(2031, 3, 31)
    assert dates.expires_on == date(2033, 3, 31)


def test_explanation_reads_as_sentences_with_the_clause() -> None:
    facts = RetentionFacts(anchor_on=date(2025, 6, 10), holds=(hold(date(2032, 1, 9), HoldGround.DISCLOSURE),))
    explanation = explain(years(5), facts)
    text = "".join(reason.text for reason in explanation.reasons)
    assert "令和7年6月10日" in text
    assert "翌年度の4月1日で、令和8年4月1日" in text
    assert "令和13年3月31日に満了" in text
    assert "情報公開請求" in text
    assert explanation.reasons[1].clause == "文書管理規程第20条"


def test_explanation_names_the_civil_code_where_the_day_is_missing() -> None:
    facts = RetentionFacts(anchor_on=date(2027, 9, 1), chosen_start_on=date(2028, 2, 29))
    clauses = [reason.clause for reason in explain(years(1), facts).reasons]
    assert "民法第143条第2項ただし書" in clauses


def test_years_are_given_exactly_for_a_period_of_years() -> None:
    for kind, n in [(PeriodKind.YEARS, None), (PeriodKind.PERMANENT, 3), (PeriodKind.YEARS, 0)]:
        with pytest.raises(InvalidRetention):
            RetentionPeriod(kind, n)


@given(DAYS, YEARS)
def test_expiry_is_always_the_last_day_of_a_fiscal_year(created: date, n: int) -> None:
    expires = calculate(years(n), RetentionFacts(anchor_on=created)).expires_on
    assert expires is not None
    assert (expires.month, expires.day) == (3, 31)
    assert expires.year - created.year in {n, n + 1}


@given(DAYS)
def test_the_ordinary_start_is_within_one_year_of_the_anchor(created: date) -> None:
    start = next_fiscal_year_start(created)
    assert created < start <= latest_start(created, 1)


@given(DAYS, YEARS, st.integers(1, 20))
def test_a_longer_period_never_ends_earlier(start: date, n: int, more: int) -> None:
    assert last_day_of_period(start, n + more) > last_day_of_period(start, n)


@given(DAYS, st.lists(DAYS, max_size=4))
def test_holds_never_shorten(created: date, untils: list[date]) -> None:
    plain = calculate(years(3), RetentionFacts(anchor_on=created)).expires_on
    holds = tuple(hold(until) for until in untils)
    held = calculate(years(3), RetentionFacts(anchor_on=created, holds=holds)).expires_on
    assert plain is not None
    assert held == max([plain, *untils])
