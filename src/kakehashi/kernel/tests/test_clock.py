"""The clock: UTC moments, Japanese days, and time that stands still in tests."""

from datetime import UTC, date, datetime

import pytest

from kakehashi.kernel import clock


def test_now_is_aware() -> None:
    assert clock.now().utcoffset() is not None


def test_today_is_the_day_in_japan() -> None:
    with clock.frozen(datetime(2026, 3, 31, 15, 0, tzinfo=UTC)):
        assert clock.today() == date(2026, 4, 1)
    with clock.frozen(datetime(2026, 3, 31, 14, 59, tzinfo=UTC)):
        assert clock.today() == date(2026, 3, 31)


def test_frozen_nests_and_thaws() -> None:
    outer, inner = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=clock.JST)
    with clock.frozen(outer):
        with clock.frozen(inner):
            assert clock.now() == inner
        assert clock.now() == outer
    assert clock.now() not in (outer, inner)


def test_frozen_refuses_a_naive_moment() -> None:
    with pytest.raises(ValueError, match="aware"), clock.frozen(datetime(2026, 1, 1)):
        pass
