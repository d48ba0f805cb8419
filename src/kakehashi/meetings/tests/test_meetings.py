"""From 招集 to 閉会, and who sees what of it."""

from datetime import timedelta

import pytest

from kakehashi.journal.models import Event
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.meetings import services
from kakehashi.meetings.models import AgendaItem, Attendance, Meeting
from kakehashi.meetings.testing import small_body, small_meeting
from kakehashi.notices.models import Notice
from kakehashi.people.models import Role
from kakehashi.people.testing import person_of

INDEX = "/staff/meetings/"


def codes():
    rows = Event.objects.filter(code__startswith="meetings.meeting.").order_by("id")
    return [code.removeprefix("meetings.meeting.") for code in rows.values_list("code", flat=True)]


def call(town, body, actor=None, **changes):
    given = {"starts_at": clock.now() + timedelta(days=7), "idempotency_key": uuid7()} | changes
    return services.call_meeting(actor=actor or town.officer, body=body, **given)


def test_numbers_follow_and_the_same_key_makes_one(town):
    body, key = small_body(town), uuid7()
    assert call(town, body, idempotency_key=key) == call(town, body, idempotency_key=key)
    assert [one.title for one in (call(town, body), call(town, body, title="臨時庁議"))] == ["第2回庁議", "臨時庁議"]
    assert Meeting.objects.count() == 3


def test_only_the_secretariat_calls(town):
    body = small_body(town)
    with pytest.raises(DomainError, match="事務局"):
        call(town, body, actor=town.clerk)


@pytest.mark.parametrize(
    ("details", "field"),
    [
        (lambda town: {"ends_at": clock.now()}, "ends_at"),
        (lambda town: {"online_url": "http://meet.example/"}, "online_url"),
        (lambda town: {"clerk": person_of(town.clerk)}, "clerk"),
    ],
)
def test_what_is_no_invitation(town, details, field):
    with pytest.raises(DomainError) as caught:
        call(town, small_body(town), details=details(town))
    assert caught.value.field == field


def test_the_whole_way(town):
    small = small_meeting(town)
    meeting = services.distribute_meeting(actor=town.officer, meeting=small.meeting)
    seats = Attendance.objects.filter(meeting=meeting).values_list("post_name", "is_chair", "presence")
    assert list(seats) == [
        ("町長", True, "expected"),
        ("住民課課長", False, "expected"),
        ("住民課主事", False, "expected"),
    ]
    services.open_meeting(actor=town.mayor, meeting=meeting)
    services.close_meeting(actor=town.officer, meeting=meeting)
    assert codes() == ["called", "distributed", "opened", "closed"]
    opened = Event.objects.get(code="meetings.meeting.opened")
    assert opened.payload["is_met"] is False
    assert "庁議規程第5条" in opened.payload["rule"]


def test_everybody_at_the_table_is_told_but_the_sender(town):
    services.distribute_meeting(actor=town.officer, meeting=small_meeting(town).meeting)
    told = set(Notice.objects.filter(kind="meetings.distributed").values_list("person_id", flat=True))
    assert told == {town.mayor.id, town.manager.id, town.clerk.id}


def test_steps_out_of_turn(town):
    small = small_meeting(town)
    with pytest.raises(Stale):
        services.open_meeting(actor=town.officer, meeting=small.meeting)
    services.distribute_meeting(actor=town.officer, meeting=small.meeting)
    with pytest.raises(Stale):
        services.distribute_meeting(actor=town.officer, meeting=small.meeting)
    with pytest.raises(PermissionRefused):
        services.open_meeting(actor=town.clerk, meeting=small.meeting)


def test_an_empty_agenda_is_not_given_out(town):
    with pytest.raises(DomainError, match="議題"):
        services.distribute_meeting(actor=town.officer, meeting=call(town, small_body(town)))


def test_edit_tells_those_who_have_the_papers(town):
    small = small_meeting(town)
    services.edit_meeting(actor=town.officer, meeting=small.meeting, changes={"place": "議場"})
    assert not Notice.objects.filter(kind="meetings.changed").exists()
    services.distribute_meeting(actor=town.officer, meeting=small.meeting)
    services.edit_meeting(actor=town.officer, meeting=small.meeting, changes={"place": "大会議室"})
    assert Notice.objects.filter(kind="meetings.changed").count() == 3
    services.open_meeting(actor=town.mayor, meeting=small.meeting)
    with pytest.raises(DomainError):
        services.edit_meeting(actor=town.officer, meeting=small.meeting, changes={"place": "庭"})


def test_cancel(town):
    small = small_meeting(town)
    with pytest.raises(DomainError, match="理由"):
        services.cancel_meeting(actor=town.officer, meeting=small.meeting, reason=" ")
    services.cancel_meeting(actor=town.officer, meeting=small.meeting, reason="台風のため")
    assert codes()[-1] == "cancelled"


def test_items_after_distribution_are_acts(town):
    small = small_meeting(town)
    services.distribute_meeting(actor=town.officer, meeting=small.meeting)
    services.edit_item(actor=town.officer, item=small.item, changes={"title": "窓口の時間"})
    services.add_item(actor=town.officer, meeting=small.meeting, title="その他")
    assert Event.objects.get(code="meetings.item.edited").payload["before"] == {"title": "新年度の窓口"}
    assert Event.objects.filter(code="meetings.item.added").count() == 1
    with pytest.raises(DomainError):
        services.remove_item(actor=town.officer, item=small.item)


def test_pages_from_call_to_close(cast, client_for):
    town = cast.hibari
    with tenant_scope(town.id):
        body = small_body(town)
    client = client_for(town.officer)
    assert client.get(f"{INDEX}bodies/{body.id}/call/").status_code == 200
    given = {"day": "2026-12-01", "begins": "10:00", "ends": "09:00", "openness": "closed", "idempotency_key": uuid7()}
    assert client.post(f"{INDEX}bodies/{body.id}/call/", given).status_code == 422
    path = client.post(f"{INDEX}bodies/{body.id}/call/", given | {"ends": "11:00"}).url
    assert client.post(f"{path}items/new/", {"title": "議題一", "kind": "report"}).status_code == 302
    for verb, word in (("distribute", "固定されました"), ("open", "開会しました"), ("close", "閉会しました")):
        assert word in client.post(f"{path}step/{verb}/", follow=True).content.decode()
    assert "「開会中」にできません" in client.post(f"{path}step/open/", follow=True).content.decode()
    assert client.post(f"{path}step/none/").status_code == 404
    assert client.get(f"{path}step/open/").status_code == 405
    assert "議題一" in client.get(path).content.decode()
    assert "第1回庁議" in client.get(INDEX).content.decode()


def test_item_pages(cast, client_for):
    town = cast.hibari
    with tenant_scope(town.id):
        small = small_meeting(town)
    client = client_for(town.officer)
    page = f"{INDEX}items/{small.item.id}/"
    assert client.get(f"{page}edit/").status_code == 200
    sent = {"title": "新しい議題", "kind": "report", "number": 5}
    assert client.post(f"{page}edit/", sent | {"title": ""}).status_code == 422
    assert client.post(f"{page}edit/", sent).status_code == 302
    assert client.post(f"{page}remove/").status_code == 302
    with tenant_scope(town.id):
        assert AgendaItem.objects.count() == 1


def test_edit_and_cancel_pages(cast, client_for):
    town = cast.hibari
    with tenant_scope(town.id):
        small = small_meeting(town)
    client = client_for(town.officer)
    page = f"{INDEX}{small.meeting.id}/"
    assert "第1回庁議" in client.get(f"{page}edit/").content.decode()
    sent = {"day": "令和8年12月1日", "begins": "13:30", "openness": "open", "online_url": "https://meet.example/a"}
    assert client.post(f"{page}edit/", sent).status_code == 302
    assert "傍聴" in client.get(page).content.decode()
    assert client.post(f"{page}cancel/", {"reason": ""}).status_code == 422
    assert client.post(f"{page}cancel/", {"reason": "台風"}).status_code == 302
    assert "台風" in client.get(page).content.decode()


def test_who_sees_what(cast, client_for):
    town = cast.hibari
    with tenant_scope(town.id):
        small = small_meeting(town)
    page = f"{INDEX}{small.meeting.id}/"
    for actor in (town.mayor, town.manager, town.officer):
        assert "人事の方針" in client_for(actor).get(page).content.decode()
    # 総務課係長 belongs to the secretariat without being the clerk.
    assert "人事の方針" not in client_for(town.administrator).get(page).content.decode()
    assert client_for(cast.misaki.officer).get(page).status_code == 404


def test_who_only_presents_sees_no_confidential_item(cast, client_for):
    town = cast.hibari
    with tenant_scope(town.id):
        small = small_meeting(town)
        services.edit_body(actor=town.officer, body=small.body, changes={}, members=[])
    page = f"{INDEX}{small.meeting.id}/"
    shown = client_for(town.clerk).get(page).content.decode()
    assert ("新年度の窓口" in shown, "人事の方針" in shown) == (True, False)
    with tenant_scope(town.id):
        services.edit_item(actor=town.officer, item=small.item, changes={"presenter": None})
    assert client_for(town.clerk).get(page).status_code == 404
    assert "第1回庁議" not in client_for(town.clerk).get(INDEX).content.decode()


def test_members_may_not_run_it(cast, client_for):
    town = cast.hibari
    with tenant_scope(town.id):
        small = small_meeting(town)
        services.distribute_meeting(actor=town.officer, meeting=small.meeting)
    client, page = client_for(town.manager), f"{INDEX}{small.meeting.id}/"
    for path in (f"{page}edit/", f"{page}cancel/", f"{page}items/new/", f"{page}step/open/"):
        assert client.post(path).status_code == 403, path
    assert client.post(f"{INDEX}items/{small.item.id}/remove/").status_code == 403
    with tenant_scope(town.id):
        Role.objects.update(permissions=[])
    assert client.get(page).status_code == 403
