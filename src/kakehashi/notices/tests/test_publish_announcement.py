"""お知らせ: published by staff, read by everybody, urgent ones on top of every page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from kakehashi.journal.selectors import events_for
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.notices.models import Announcement
from kakehashi.notices.selectors import present_announcements
from kakehashi.notices.services import change_announcement, publish_announcement, withdraw_announcement
from kakehashi.people.testing import Cast, Town

PAGE = "/staff/notices/announcements/"
TYPED = {
    "kind": "emergency", "title": "避難指示", "body": "川の近くの方は、高い所へ逃げてください。",
    "title_en": "Evacuate", "body_en": "Go to high ground.", "starts_at": "2026-01-05T09:00",
    "idempotency_key": "01890000-0000-7000-8000-0000000000aa",
}  # fmt: skip


def published(town: Town, **values: Any) -> Announcement:
    given = {"kind": "news", "title": "年末の窓口", "body": "休みます。", "starts_at": clock.now(), "ends_at": None}
    return publish_announcement(actor=town.officer, values=given | values, idempotency_key=uuid7())


def test_it_is_shown_from_its_beginning_to_its_end(town: Town) -> None:
    now = clock.now()
    published(town, ends_at=now + dt.timedelta(hours=1))
    published(town, starts_at=now + dt.timedelta(hours=2))
    assert present_announcements().count() == 1
    with clock.frozen(now + dt.timedelta(hours=3)):
        assert [each.standing for each in Announcement.objects.order_by("starts_at")] == ["終わり", "掲載中"]
        assert present_announcements().count() == 1


def test_acts_are_journalled_and_a_withdrawal_is_one(town: Town) -> None:
    found = published(town)
    change_announcement(
        actor=town.officer, announcement=found, values={"title": "窓口の休み", "starts_at": clock.now()}
    )
    for _ in range(2):
        withdraw_announcement(actor=town.officer, announcement=found)
    codes = [event.code.split(".")[-1] for event in events_for(found.id)]
    assert codes == ["published", "changed", "withdrawn"]
    with pytest.raises(DomainError):
        change_announcement(actor=town.officer, announcement=found, values={"starts_at": clock.now()})


@pytest.mark.parametrize("wrong", [{"ends_at": clock.now() - dt.timedelta(days=1)}, {"title_en": "Closed"}])
def test_half_a_text_and_an_end_before_the_beginning(town: Town, wrong: dict[str, Any]) -> None:
    with pytest.raises(DomainError):
        published(town, **wrong)


def test_nobody_else_publishes(cast: Cast) -> None:
    with tenant_scope(cast.hibari.id), pytest.raises(PermissionRefused):
        publish_announcement(actor=cast.misaki.officer, values={}, idempotency_key=uuid7())


def test_written_on_the_page_and_read_by_residents(cast: Cast, client_for: Callable) -> None:
    staff, visitor = client_for(cast.hibari.officer), client_for(cast.hibari)
    assert "お知らせを書く" in staff.get(PAGE).content.decode()
    for _ in range(2):
        assert staff.post(f"{PAGE}new/", TYPED).status_code == 302
    assert staff.post(f"{PAGE}new/", TYPED | {"title": "", "idempotency_key": ""}).status_code == 422
    with tenant_scope(cast.hibari.id):
        found = Announcement.objects.get()
    band = visitor.get("/procedures/").content.decode().split("dads-emergency-banner")[1].split("</div>")[0]
    assert "避難指示" in band
    assert "避難指示" in visitor.get("/").content.decode()
    assert "高い所へ" in visitor.get(f"/notices/{found.id}/").content.decode()
    visitor.cookies["kakehashi_language"] = "en"
    assert (
        "Go to high ground." in visitor.get(f"/notices/{found.id}/", headers={"accept-language": "en"}).content.decode()
    )
    assert client_for(cast.misaki).get(f"/notices/{found.id}/").status_code == 404
    assert client_for(cast.misaki.clerk).post(f"{PAGE}{found.id}/withdraw/").status_code == 404
    assert staff.get(f"{PAGE}{found.id}/").status_code == 200
    assert staff.post(f"{PAGE}{found.id}/", TYPED | {"title": "避難解除"}).status_code == 302
    assert staff.post(f"{PAGE}{found.id}/withdraw/").status_code == 302
    assert visitor.get(f"/notices/{found.id}/").status_code == 404
    assert "dads-emergency-banner" not in visitor.get("/procedures/").content.decode()
