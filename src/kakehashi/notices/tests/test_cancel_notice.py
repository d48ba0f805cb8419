"""cancel_notice: possible until the ten seconds are over."""

from __future__ import annotations

from datetime import timedelta

from kakehashi.kernel import clock
from kakehashi.notices.models import MailState
from kakehashi.notices.selectors import notices_of
from kakehashi.notices.services import cancel_notice, claim_due_notices
from kakehashi.notices.testing import tell
from kakehashi.people.testing import Town


def test_a_notice_is_taken_back_in_time(town: Town) -> None:
    notice = tell(town, town.clerk)
    assert cancel_notice(actor=town.officer, idempotency_key=notice.idempotency_key)
    with clock.frozen(notice.visible_from + timedelta(seconds=1)):
        assert claim_due_notices() == []
        assert not notices_of(person_id=town.clerk.id).exists()
    notice.refresh_from_db()
    assert notice.mail_state == MailState.CANCELLED


def test_it_is_too_late_after_ten_seconds(town: Town) -> None:
    notice = tell(town, town.clerk)
    with clock.frozen(notice.visible_from + timedelta(seconds=1)):
        assert not cancel_notice(actor=town.officer, idempotency_key=notice.idempotency_key)


def test_a_second_time_says_no(town: Town) -> None:
    notice = tell(town, town.clerk)
    cancel_notice(actor=town.officer, idempotency_key=notice.idempotency_key)
    assert not cancel_notice(actor=town.officer, idempotency_key=notice.idempotency_key)
