"""send_notice and build_notice: a row in the outbox, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.registry import UnknownKey
from kakehashi.notices.domain.mail_text import clean_subject, message_id
from kakehashi.notices.models import MailState, Notice
from kakehashi.notices.services import Recipient, build_notice, prefer_channels
from kakehashi.notices.testing import KIND, tell
from kakehashi.people.testing import Town


def test_a_notice_waits_ten_seconds(town: Town) -> None:
    notice = tell(town, town.clerk)
    assert notice.visible_from - notice.created_at == timedelta(seconds=10)
    assert notice.mail_state == MailState.WAITING


def test_the_same_key_makes_one_notice(town: Town) -> None:
    key = uuid7()
    assert tell(town, town.clerk, idempotency_key=key).id == tell(town, town.clerk, idempotency_key=key).id
    assert Notice.objects.count() == 1


def test_a_stranger_is_reached_by_mail_alone(town: Town) -> None:
    notice = tell(town, "resident@hibari.example")
    assert (notice.in_app, notice.mail_state) == (False, MailState.WAITING)


def test_preferences_choose_the_channels(town: Town) -> None:
    tell(town, town.clerk)
    prefer_channels(actor=town.clerk, choices=[(KIND, True, False)])
    notice = tell(town, town.clerk)
    assert (notice.in_app, notice.mail_state) == (True, MailState.NONE)


@pytest.mark.parametrize("address", ["", "nobody", "a@b\nBcc: x@y", "a b@c.jp", "@", "a@b@c"])
def test_a_bad_address_is_refused(town: Town, address: str) -> None:
    with pytest.raises(DomainError) as raised:
        tell(town, address)
    assert raised.value.field == "email"


def test_an_unknown_kind_raises(town: Town) -> None:
    with pytest.raises(UnknownKey):
        tell(town, town.clerk, kind="notices.nothing")


def test_a_subject_is_one_line(town: Town) -> None:
    assert clean_subject("件名\r\nBcc: evil@example.com") == "件名 Bcc: evil@example.com"


def test_an_unsaved_notice_asks_the_database_nothing(town: Town, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        notice = build_notice(
            actor=town.officer,
            kind=KIND,
            to=Recipient(email="a@example.jp"),
            subject="受付",
            body_text="届きました。",
            idempotency_key=uuid7(),
        )
    notice.save()
    assert message_id(notice.id, "example.jp").endswith("@example.jp")
