"""How long to wait before a mail is tried again, and when to stop."""

from __future__ import annotations

from datetime import datetime, timedelta

# One minute to about a day: a mail server that is down over a weekend night is still caught, a dead address is given up.
_WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
)
MAX_ATTEMPTS = len(_WAITS) + 1
# A worker that dies while it speaks to the mail server leaves its claim behind; after this time another takes the notice.
CLAIM = timedelta(minutes=10)


def next_attempt_at(*, attempts: int, failed_at: datetime) -> datetime | None:
    """Return when to try again after `attempts` failures (1 or more), or None when it is time to give up."""
    return None if attempts >= MAX_ATTEMPTS else failed_at + _WAITS[attempts - 1]
