"""uuid7 is a UUIDv7 and never goes back within a process."""

import threading
import time
from unittest.mock import patch
from uuid import UUID

from kakehashi.kernel.ids import uuid7


def test_version_and_variant() -> None:
    made = uuid7()
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"


def test_carries_the_time() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid7().int >> 80
    assert before - 1 <= made <= time.time_ns() // 1_000_000 + 1_000


def test_monotonic() -> None:
    made = [uuid7() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_monotonic_when_the_clock_is_set_back() -> None:
    first = uuid7()
    with patch("kakehashi.kernel.ids.time.time_ns", return_value=1_000_000_000):
        second = uuid7()
    assert second > first


def test_unique_across_threads() -> None:
    made: list[UUID] = []
    threads = [threading.Thread(target=lambda: made.extend(uuid7() for _ in range(2_000))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 8_000
