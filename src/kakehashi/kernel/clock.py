"""The one clock of the program: every other module asks here, so that a test can hold time still."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone

JST = timezone(timedelta(hours=9), "JST")
"""Japan Standard Time. Japan has had no summer time since 1951, so a fixed offset is exact for every date we handle."""

_frozen_at: datetime | None = None


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return _frozen_at or datetime.now(UTC)


def today() -> date:
    """Return the calendar date in Japan: the day an office means when it says 「本日」."""
    return now().astimezone(JST).date()


@contextmanager
def frozen(moment: datetime) -> Iterator[datetime]:
    """Hold the clock at ``moment`` (aware) for a test, in every thread of this process; may be nested.

    Raises ValueError when ``moment`` has no time zone: a naive moment would mean something else on each machine.
    """
    global _frozen_at
    if moment.tzinfo is None:
        raise ValueError("frozen() needs an aware datetime")
    before = _frozen_at
    _frozen_at = moment.astimezone(UTC)
    try:
        yield _frozen_at
    finally:
        _frozen_at = before


def is_frozen() -> bool:
    """Whether a test holds the clock."""
    return _frozen_at is not None
