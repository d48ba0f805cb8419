"""The calendar of retention clocks."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from kakehashi.journal.domain.retention_clocks import Period, Unit, last_day, purged_before

DAYS = st.dates(date(2000, 1, 1), date(2120, 1, 1))
PERIODS = st.builds(Period, st.integers(1, 60), st.sampled_from(Unit))


@given(DAYS, DAYS, PERIODS)
def test_both_questions_agree(start: date, today: date, period: Period) -> None:
    assert (start < purged_before(today, period)) is (last_day(start, period) < today)


def test_worked_days() -> None:
    assert last_day(date(2026, 11, 1), Period(30, Unit.DAY)) == date(2026, 12, 1)
    assert last_day(date(2026, 5, 1), Period(5, Unit.YEAR)) == date(2031, 5, 1)
    assert last_day(date(2028, 2, 29), Period(1, Unit.YEAR)) == date(2029, 2, 28)
