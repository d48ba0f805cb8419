"""The bell, the preferences and the delivery log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.notices import selectors
from kakehashi.notices.models import Notice
from kakehashi.notices.services import deliver_notice, read_all_notices
from kakehashi.notices.testing import KIND, a_kind, tell
from kakehashi.people.testing import Cast

Clients = Callable[..., Any]


@pytest.fixture
def told(cast: Cast) -> Notice:
    with tenant_scope(cast.hibari.id):
        return tell(cast.hibari, cast.hibari.clerk, delay_seconds=0)


def test_the_bell_lists_what_is_mine(client_for: Clients, cast: Cast, told: Notice) -> None:
    assert "確認のお願い" in client_for(cast.hibari.clerk).get("/staff/notices/").content.decode()
    assert "確認のお願い" not in client_for(cast.hibari.manager).get("/staff/notices/").content.decode()


def test_strangers_sign_in_and_neighbours_get_404(client_for: Clients, cast: Cast, told: Notice) -> None:
    assert client_for(cast.hibari).get("/staff/notices/").status_code == 302
    assert client_for(cast.misaki.clerk, at=cast.hibari).get("/staff/notices/").status_code == 404


def test_opening_a_notice_reads_it_and_goes_where_it_points(client_for: Clients, cast: Cast, told: Notice) -> None:
    answer = client_for(cast.hibari.clerk).post(f"/staff/notices/{told.id}/open/")
    assert (answer.status_code, answer["Location"]) == (302, "/hibari/staff/cases/")
    with tenant_scope(cast.hibari.id):
        assert selectors.unread_count(cast.hibari.clerk) == 0


def test_a_colleagues_notice_is_not_there(client_for: Clients, cast: Cast, told: Notice) -> None:
    assert client_for(cast.hibari.manager).post(f"/staff/notices/{told.id}/open/").status_code == 404
    assert client_for(cast.hibari.clerk).get(f"/staff/notices/{told.id}/open/").status_code == 405


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_the_bell_forwards_nobody_elsewhere(client_for: Clients, cast: Cast, url: str) -> None:
    with tenant_scope(cast.hibari.id):
        notice = tell(cast.hibari, cast.hibari.clerk, url=url, delay_seconds=0)
    answer = client_for(cast.hibari.clerk).post(f"/staff/notices/{notice.id}/open/")
    assert answer["Location"] == "/hibari/staff/notices/"


def test_read_all(client_for: Clients, cast: Cast, told: Notice) -> None:
    client_for(cast.hibari.clerk).post("/staff/notices/read/")
    assert "お知らせはまだ" not in client_for(cast.hibari.clerk).get("/staff/notices/").content.decode()
    assert (
        "未読のお知らせはありません" in client_for(cast.hibari.clerk).get("/staff/notices/?unread=1").content.decode()
    )


def test_the_count_stops_at_a_hundred_and_costs_one_query(
    cast: Cast, django_assert_num_queries: Callable[..., Any]
) -> None:
    with tenant_scope(cast.hibari.id):
        first = tell(cast.hibari, cast.hibari.clerk, delay_seconds=0)
        copies = [
            Notice(kind=KIND, person_id=cast.hibari.clerk.id, subject="x", body_text="x", visible_from=clock.now(),
                   idempotency_key=first.id.__class__(int=n))
            for n in range(1, 130)
        ]  # fmt: skip
        Notice.objects.bulk_create(copies)
        with clock.frozen(clock.now() + timedelta(seconds=1)), django_assert_num_queries(1):
            assert selectors.unread_count(cast.hibari.clerk) == 100
        assert read_all_notices(actor=cast.hibari.clerk) == 130


def test_preferences_are_kept(client_for: Clients, cast: Cast) -> None:
    a_kind()
    client = client_for(cast.hibari.clerk)
    everything = {f"{kind}:in_app": "on" for kind, _, _, _ in _kinds(cast)}
    assert client.post("/staff/notices/preferences/", everything).status_code == 302
    with tenant_scope(cast.hibari.id):
        assert selectors.channels_for(person_id=cast.hibari.clerk.id, kind=KIND) == (True, False)


def test_a_kind_cannot_be_switched_off_altogether(client_for: Clients, cast: Cast) -> None:
    a_kind()
    answer = client_for(cast.hibari.clerk).post("/staff/notices/preferences/", {})
    assert answer.status_code == 422
    assert "どちらかで受け取ってください" in answer.content.decode()


def test_the_delivery_log_shows_attempts(client_for: Clients, cast: Cast, told: Notice) -> None:
    with tenant_scope(cast.hibari.id):
        deliver_notice(notice_id=told.id)
    page = client_for(cast.hibari.administrator).get("/staff/notices/deliveries/?outcome=sent&cursor=zzz")
    assert "送信済み" in page.content.decode()
    assert client_for(cast.hibari.administrator).get("/staff/notices/deliveries/?outcome=failed").status_code == 200


def _kinds(cast: Cast) -> list[tuple[str, str, bool, bool]]:
    with tenant_scope(cast.hibari.id):
        return selectors.preferences_of(person_id=cast.hibari.clerk.id)
