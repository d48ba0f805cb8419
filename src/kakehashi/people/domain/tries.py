"""Counting tries in fixed windows, for limits that all processes share."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `tries` in each window of `seconds`."""

    name: str
    tries: int
    seconds: int

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
