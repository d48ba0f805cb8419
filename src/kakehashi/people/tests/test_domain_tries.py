"""Windows in which tries are counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from kakehashi.people.domain.tries import Limit

LIMIT = Limit("people.sign_in", 5, 300)


def test_a_window_begins_at_a_multiple_of_its_length() -> None:
    now = datetime(2026, 4, 1, 0, 7, 30, tzinfo=UTC)
    assert LIMIT.window_start(now) == datetime(2026, 4, 1, 0, 5, tzinfo=UTC)
    assert LIMIT.retry_after(now) == timedelta(minutes=2, seconds=30)


def test_a_key_hides_its_subject_and_ignores_case() -> None:
    assert LIMIT.key_for("Tanaka@example.jp ") == LIMIT.key_for("tanaka@example.jp")
    assert "tanaka" not in LIMIT.key_for("tanaka@example.jp")
    assert LIMIT.key_for("a") != Limit("people.other", 5, 300).key_for("a")
