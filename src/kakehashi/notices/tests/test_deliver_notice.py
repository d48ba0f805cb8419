"""claim_due_notices and deliver_notice: mail out once, try again with longer waits, give up, log everything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kakehashi.kernel import clock
from kakehashi.notices import services
from kakehashi.notices.domain.retries import MAX_ATTEMPTS, next_attempt_at
from kakehashi.notices.models import Delivery, DeliveryOutcome, MailState, Notice
from kakehashi.notices.selectors import render_letter
from kakehashi.notices.services import claim_due_notices, deliver_notice
from kakehashi.notices.testing import tell
from kakehashi.people.testing import Town


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    calls: list[Any] = []
    monkeypatch.setattr(services, "enqueue", lambda name, **ids: calls.extend(ids["notice_ids"].split(",")))
    return calls


def refuse_with(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(message: object) -> None:
        raise error

    monkeypatch.setattr(services, "deliver", fail)


def test_nothing_leaves_before_its_time(town: Town, queued: list[Any]) -> None:
    notice = tell(town, town.clerk)
    assert claim_due_notices() == []
    with clock.frozen(notice.visible_from):
        assert claim_due_notices() == [notice.id]
        assert claim_due_notices() == [], "a claimed notice is passed over"
    assert queued == [str(notice.id)]


def test_a_claim_of_a_dead_worker_runs_out(town: Town, queued: list[Any]) -> None:
    notice = tell(town, town.clerk)
    with clock.frozen(notice.visible_from):
        claim_due_notices()
    with clock.frozen(notice.visible_from + timedelta(minutes=11)):
        assert claim_due_notices() == [notice.id]


def test_the_mail_has_text_html_link_and_signature(town: Town) -> None:
    notice = tell(town, town.clerk)
    log = deliver_notice(notice_id=notice.id)
    assert log
    assert log.outcome == DeliveryOutcome.SENT
    (message,) = mail.outbox
    assert message.to == ["clerk@hibari.example"]
    assert "http://localhost:8000/hibari/staff/cases/" in message.body
    assert message.body.rstrip().endswith("ひばり町")
    assert "転入届を確かめてください。" in message.alternatives[0][0]
    assert message.extra_headers["Message-ID"].endswith("@localhost>")


def test_a_delivered_notice_is_not_mailed_again(town: Town) -> None:
    notice = tell(town, town.clerk)
    deliver_notice(notice_id=notice.id)
    assert deliver_notice(notice_id=notice.id) is None
    assert len(mail.outbox) == 1


def test_a_silent_server_is_tried_again_later_and_later(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_with(monkeypatch, OSError("connection refused"))
    notice = tell(town, town.clerk)
    for _ in range(MAX_ATTEMPTS + 2):
        deliver_notice(notice_id=notice.id)
    notice.refresh_from_db()
    outcomes = list(Delivery.objects.order_by("attempt").values_list("outcome", flat=True))
    assert outcomes == ["failed"] * (MAX_ATTEMPTS - 1) + ["gave_up"]
    assert notice.mail_state == MailState.FAILED


def test_waits_grow() -> None:
    now = clock.now()
    waits = [next_attempt_at(attempts=n, failed_at=now) for n in range(1, MAX_ATTEMPTS)]
    assert waits == sorted(waits)
    assert next_attempt_at(attempts=MAX_ATTEMPTS, failed_at=now) is None


@pytest.mark.parametrize(("code", "outcome"), [(550, DeliveryOutcome.GAVE_UP), (450, DeliveryOutcome.FAILED)])
def test_a_dead_address_is_given_up_a_busy_one_is_not(
    town: Town, monkeypatch: pytest.MonkeyPatch, code: int, outcome: str
) -> None:
    refuse_with(monkeypatch, SMTPRecipientsRefused({"x@example.jp": (code, b"no")}))
    log = deliver_notice(notice_id=tell(town, "x@example.jp").id)
    assert log
    assert log.outcome == outcome


def test_a_person_without_an_address_is_logged(town: Town) -> None:
    from kakehashi.people.models import Person

    Person.objects.filter(id=town.clerk.id).update(email="")
    log = deliver_notice(notice_id=tell(town, town.clerk).id)
    assert log
    assert log.outcome == DeliveryOutcome.GAVE_UP


def test_text_from_outside_is_escaped_in_html(town: Town) -> None:
    deliver_notice(notice_id=tell(town, "x@example.jp", body_text="<script>alert(1)</script>").id)
    assert "<script>" not in mail.outbox[0].alternatives[0][0]
    assert "<script>" in mail.outbox[0].body


@pytest.mark.parametrize("name", ["receipt", "correction", "decision"])
@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
def test_letters_to_residents(town: Town, name: str, language: str) -> None:
    letter = render_letter(
        name,
        {"procedure": "転入届", "receipt_number": "AB-12", "name": "田中 めぐみ", "url": "https://x.example/a?b=1&c=2",
         "request": "口座の名義を確かめてください。", "due_on": "令和8年12月1日", "expected_on": "令和8年12月5日"},
        language=language,
    )  # fmt: skip
    assert "AB-12" in letter.subject
    assert "https://x.example/a?b=1&c=2" in letter.text
    assert "{{" not in letter.text + letter.html
    assert "\n\n\n" not in letter.text


def test_a_rendered_letter_is_mailed_as_it_is(town: Town) -> None:
    letter = render_letter("receipt", {"procedure": "転入届", "receipt_number": "AB-12", "name": "田中", "url": "u"})
    deliver_notice(
        notice_id=tell(town, "x@example.jp", body_text=letter.text, body_html=letter.html, subject=letter.subject).id
    )
    assert mail.outbox[0].body.count("ひばり町") == 1
    assert Notice.objects.get().subject == letter.subject


def test_the_claim_queues_a_job_that_delivers(town: Town) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    from kakehashi.notices.tasks import deliver_notices as task

    notices = [tell(town, town.clerk, delay_seconds=number) for number in range(services.TOGETHER + 1)]
    with clock.frozen(notices[-1].visible_from):
        claim_due_notices()
    jobs = list(ProcrastinateJob.objects.filter(task_name="notices.deliver_notices").order_by("id"))
    told = [",".join(str(one.id) for one in some) for some in (notices[:-1], notices[-1:])]
    assert [job.args for job in jobs] == [{"government_id": str(town.id), "notice_ids": ids} for ids in told]
    for job in jobs:
        task(government_id=town.id, notice_ids=job.args["notice_ids"])
    assert len(mail.outbox) == len(notices)


def test_mails_of_one_task_read_their_government_once(town: Town) -> None:
    from kakehashi.notices.tasks import deliver_notices as task

    notices = [tell(town, "x@example.jp") for _ in range(services.TOGETHER)]
    with CaptureQueriesContext(connection) as asked:
        task(government_id=town.id, notice_ids=",".join(str(one.id) for one in notices))
    assert len(mail.outbox) == services.TOGETHER
    assert sum('FROM "governments_government"' in one["sql"] for one in asked.captured_queries) == 1


def test_one_that_fails_unforeseen_keeps_no_other(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others leave; the task fails, and its next try mails what is left."""
    from kakehashi.notices.tasks import deliver_notices as task

    first, second = tell(town, town.clerk), tell(town, "x@example.jp")
    ids = f"{first.id},{second.id}"
    with monkeypatch.context() as broken:
        take = services.deliver
        broken.setattr(services, "deliver", lambda one: take(one) if one.to == "x@example.jp" else 1 / 0)
        with pytest.raises(ZeroDivisionError):
            task(government_id=town.id, notice_ids=ids)
    assert [one.to for one in mail.outbox] == [["x@example.jp"]]
    task(government_id=town.id, notice_ids=ids)
    assert [one.to for one in mail.outbox] == [["x@example.jp"], ["clerk@hibari.example"]]
