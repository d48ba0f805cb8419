"""post_message."""

import pytest

from kakehashi.cases.models import Message
from kakehashi.cases.services import assign_case, post_message
from kakehashi.cases.testing import sample_case
from kakehashi.journal.selectors import events_for
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.kernel.ids import uuid7
from kakehashi.notices.models import Notice
from kakehashi.people.testing import person_of


def test_a_public_message_is_announced_without_its_text(town):
    case = sample_case(town)
    post_message(actor=town.clerk, case=case, thread="public", body="住民票の写しを送ってください。")
    notice = Notice.objects.get(email="megumi@example.jp")
    assert "住民票" not in notice.body_text + notice.subject
    assert events_for(case.id).last().code == "cases.message.posted"


def test_the_handler_hears_of_the_residents_answer(town):
    case = sample_case(town)
    assign_case(actor=town.manager, case=case, handler=person_of(town.clerk))
    post_message(actor=AnonymousActor(town.id, label="田中 めぐみ"), case=case, thread="public", body="送りました。")
    notice = Notice.objects.get(person_id=town.clerk.id)
    assert notice.url.endswith(f"/hibari/staff/cases/{case.id}/")


def test_an_internal_note_leaves_the_resident_alone(town):
    post_message(actor=town.clerk, case=sample_case(town), thread="internal", body="前回と住所が違う。")
    assert not Notice.objects.filter(email="megumi@example.jp").exists()


def test_residents_never_write_inside(town):
    with pytest.raises(PermissionRefused):
        post_message(actor=AnonymousActor(town.id), case=sample_case(town), thread="internal", body="x")


@pytest.mark.parametrize(("body", "words"), [("  \n", "書いて"), ("あ" * 5001, "5,000文字")])
def test_bad_bodies_are_told_beside_the_field(town, body, words):
    with pytest.raises(DomainError, match=words) as error:
        post_message(actor=town.clerk, case=sample_case(town), thread="public", body=body)
    assert error.value.field == "body"


def test_the_same_key_posts_once(town):
    case, key = sample_case(town), uuid7()
    for _ in range(2):
        post_message(actor=town.clerk, case=case, thread="public", body="一度だけ", idempotency_key=key)
    assert Message.objects.filter(case=case).count() == 1
    with pytest.raises(DomainError):
        post_message(actor=town.clerk, case=sample_case(town), thread="public", body="別の件", idempotency_key=key)
