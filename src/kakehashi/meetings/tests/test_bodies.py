"""found_body and edit_body."""

import pytest

from kakehashi.journal.models import Event
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.meetings import services
from kakehashi.meetings.models import MeetingBody
from kakehashi.meetings.selectors import members_of
from kakehashi.meetings.testing import small_body
from kakehashi.people.models import Post, Role

BODIES = "/staff/meetings/bodies/"


def codes():
    return list(Event.objects.filter(code__startswith="meetings.").order_by("id").values_list("code", flat=True))


def test_found_and_edit(town):
    body = small_body(town)
    assert [member.post.name for member in members_of(body)] == ["町長", "住民課課長", "住民課主事"]
    assert members_of(body)[0].is_chair
    services.edit_body(actor=town.officer, body=body, changes={"quorum_kind": "half", "name": body.name})
    services.edit_body(actor=town.officer, body=body, changes={"quorum_kind": "half"})
    assert codes() == ["meetings.body.founded", "meetings.body.edited"]


def test_a_number_nobody_can_reach(town):
    body = small_body(town)
    with pytest.raises(DomainError) as caught:
        services.edit_body(actor=town.officer, body=body, changes={"quorum_kind": "number", "quorum_number": 4})
    assert caught.value.field == "quorum_number"


def given(town, **changes):
    return {
        "name": "DX推進本部会議", "chair_post": town.mayor.post_id, "members": [town.manager.post_id], "secretariat": town.other_department.id,
        "quorum_kind": "majority", "counts_online": "on", "idempotency_key": uuid7(),
    } | changes  # fmt: skip


def test_pages(cast, client_for):
    town, client = cast.hibari, client_for(cast.hibari.officer)
    assert client.post(f"{BODIES}new/", given(town, name="")).status_code == 422
    sent = given(town)
    for _ in range(2):
        assert client.post(f"{BODIES}new/", sent).status_code == 302
    with tenant_scope(town.id):
        body = MeetingBody.objects.get()
        clerk_post = Post.objects.get(id=town.clerk.post_id)
    assert "構成員の過半数" in client.get(BODIES).content.decode()
    assert "住民課課長" in client.get(f"{BODIES}{body.id}/").content.decode()
    assert client.get(f"{BODIES}{body.id}/edit/").status_code == 200
    changed = given(town, members=[town.manager.post_id, clerk_post.id], is_active="on")
    assert client.post(f"{BODIES}{body.id}/edit/", changed).status_code == 302
    with tenant_scope(town.id):
        assert [member.post.id for member in members_of(body)][1:] == [town.manager.post_id, clerk_post.id]
        assert codes() == ["meetings.body.founded", "meetings.body.edited"]


def test_permissions_and_neighbours(cast, client_for):
    with tenant_scope(cast.hibari.id):
        body = small_body(cast.hibari)
        Role.objects.update(permissions=["meetings.meeting:read"])
    assert client_for(cast.hibari.clerk).get(f"{BODIES}{body.id}/").status_code == 200
    assert client_for(cast.hibari.clerk).post(f"{BODIES}new/").status_code == 403
    assert client_for(cast.hibari.clerk).post(f"{BODIES}{body.id}/edit/").status_code == 403
    assert client_for(cast.misaki.officer).get(f"{BODIES}{body.id}/").status_code == 404
