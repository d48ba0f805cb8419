"""Counting tries in fixed windows, for limits that all processes share."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# Two thousand people may work behind one address; hardly more than one in a hundred of them acts in the same minutes.
OFFICE_FACTOR = 20


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `tries` in each window of `seconds`; `OFFICE_FACTOR` times as many for the address of a whole town hall."""

    name: str
    tries: int
    seconds: int

    def allowed(self, *, is_office: bool) -> int:
        """How many tries one subject has in a window."""
        return self.tries * (OFFICE_FACTOR if is_office else 1)

    def window_start(self, now: datetime) -> datetime:
        """The instant at which the present window began (windows are counted from the epoch)."""
        stamp = int(now.timestamp())
        return datetime.fromtimestamp(stamp - stamp % self.seconds, UTC)

    def retry_after(self, now: datetime) -> timedelta:
        """How long until the next window."""
        return self.window_start(now) + timedelta(seconds=self.seconds) - now

    def key_for(self, subject: str) -> str:
        """A storage key that does not reveal the address or name it counts."""
        return hashlib.sha256(f"{self.name}|{subject.strip().casefold()}".encode()).hexdigest()
