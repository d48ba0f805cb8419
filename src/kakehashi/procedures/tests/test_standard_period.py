"""標準処理期間: the clock stands while a 補正 is with the applicant (行政手続法6条)."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from kakehashi.procedures.domain.standard_period import Clock, Stop, Unit, read_clock

FRIDAY = dt.date(2026, 11, 20)
days_of_2026 = st.dates(dt.date(2026, 4, 1), dt.date(2027, 3, 31))


def day(month: int, number: int) -> dt.date:
    return dt.date(2026, month, number)


def read(today: dt.date, *stops: Stop, days: int | None = 5, ended: dt.date | None = None) -> Clock:
    return read_clock(arrived_on=FRIDAY, today=today, days=days, stops=stops, ended_on=ended)


def test_day_of_arrival_weekend_and_holiday_are_not_counted() -> None:
    # 23 November is 勤労感謝の日, a Monday in 2026.
    clock = read(day(11, 24))
    assert (clock.elapsed, clock.remaining, clock.due_on) == (1, 4, day(11, 30))


def test_arrival_in_the_night_of_a_holiday_counts_from_the_next_business_day() -> None:
    clock = read_clock(arrived_on=day(11, 22), today=day(11, 24), days=1)
    assert (clock.elapsed, clock.due_on) == (1, day(11, 24))


def test_clock_stands_while_the_applicant_corrects() -> None:
    clock = read(day(12, 4), Stop(day(11, 25)))
    assert not clock.is_running
    assert (clock.elapsed, clock.due_on, clock.remaining) == (2, None, 3)


def test_answered_correction_moves_the_due_day() -> None:
    clock = read(day(11, 30), Stop(day(11, 25), day(11, 27)))
    assert clock.is_running
    assert (clock.stopped, clock.elapsed, clock.due_on) == (2, 3, day(12, 2))


def test_overlapping_corrections_count_once() -> None:
    stops = Stop(day(11, 25), day(11, 30)), Stop(day(11, 26), day(11, 27))
    assert read(day(12, 1), *stops).stopped == 3


def test_without_a_period_there_is_no_due_day() -> None:
    clock = read(day(12, 1), days=None)
    assert (clock.due_on, clock.remaining, clock.is_overdue) == (None, None, False)


def test_calendar_days() -> None:
    clock = read_clock(arrived_on=FRIDAY, today=day(11, 30), days=10, unit=Unit.CALENDAR)
    assert (clock.elapsed, clock.due_on, clock.is_overdue) == (10, day(11, 30), False)


def test_the_result_stops_it_for_good() -> None:
    clock = read(day(12, 25), ended=day(11, 27))
    assert (clock.elapsed, clock.is_running, clock.is_overdue) == (4, False, False)


def test_over_the_period() -> None:
    assert read(day(12, 1)).is_overdue


@given(days_of_2026, days_of_2026, st.lists(st.tuples(days_of_2026, days_of_2026), max_size=4))
def test_elapsed_and_stopped_make_the_whole(
    arrived: dt.date, today: dt.date, pairs: list[tuple[dt.date, dt.date]]
) -> None:
    stops = [Stop(min(pair), max(pair)) for pair in pairs]
    plain = read_clock(arrived_on=arrived, today=today, days=30)
    clock = read_clock(arrived_on=arrived, today=today, days=30, stops=stops)
    assert clock.elapsed + clock.stopped == plain.elapsed
    assert clock.due_on is not None
    assert plain.due_on is not None
    assert clock.due_on >= plain.due_on
