"""Administrator power: a reason, an end, and a journal event for each."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kakehashi.journal.models import Event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import ActorKind
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import AdministratorSession, Role
from kakehashi.people.selectors import staff_actor
from kakehashi.people.services import (
    close_administrator_session,
    create_role,
    end_overdue_administrator_sessions,
    open_administrator_session,
)
from kakehashi.people.testing import open_power, person_of

REASON = "4月1日付け異動に伴う役割の変更"


def test_power_is_opened_with_a_reason_and_closed_by_hand(town):
    session = open_administrator_session(actor=town.administrator, reason=REASON)
    close_administrator_session(actor=town.administrator, session=session)
    close_administrator_session(actor=town.administrator, session=session)
    codes = list(Event.objects.order_by("id").values_list("code", flat=True))
    assert codes == ["people.administration.opened", "people.administration.closed"]


@pytest.mark.parametrize(("reason", "minutes"), [("", 30), ("   ", 30), ("変更", 30), (REASON, 0), (REASON, 121)])
def test_no_reason_and_no_end_are_refused(town, reason, minutes):
    with pytest.raises(DomainError):
        open_administrator_session(actor=town.administrator, reason=reason, minutes=minutes)


def test_who_may_not_open_it_is_refused(town):
    with pytest.raises(PermissionRefused):
        open_administrator_session(actor=town.clerk, reason=REASON)


def test_it_ends_by_itself_whether_or_not_the_worker_runs(town):
    session = open_administrator_session(actor=town.administrator, reason=REASON, minutes=15)
    person = person_of(town.administrator)
    assert staff_actor(person, administrator_session=str(session.id)).kind is ActorKind.ADMINISTRATOR
    with clock.frozen(session.ends_at):
        assert staff_actor(person, administrator_session=str(session.id)).kind is ActorKind.STAFF
        assert end_overdue_administrator_sessions(government_id=town.id) == 1
        assert end_overdue_administrator_sessions(government_id=town.id) == 0
    assert Event.objects.get(code="people.administration.closed").payload == {"by_itself": True}
    session.refresh_from_db()
    assert session.closed_at == session.ends_at


def test_somebody_elses_session_gives_no_power(town):
    session = open_administrator_session(actor=town.administrator, reason=REASON)
    assert staff_actor(person_of(town.clerk), administrator_session=str(session.id)).kind is ActorKind.STAFF
    assert staff_actor(person_of(town.administrator), administrator_session="forged").kind is ActorKind.STAFF


def test_the_permission_alone_changes_no_role(town):
    with pytest.raises(PermissionRefused):
        create_role(actor=town.administrator, code="new", name="新しい役割")


def test_the_page_opens_it_and_the_same_browser_gives_it_back(cast, client_for):
    client = client_for(cast.hibari.administrator)
    key = client.session.session_key
    page = reverse("people-staff:administration")
    assert client.post(page, {"reason": "変", "minutes": "30"}).status_code == 422
    assert client.post(page, {"reason": REASON, "minutes": "30"}).status_code == 302
    assert client.session.session_key != key
    assert "操作中" in client.get(page).content.decode()
    client.post(reverse("people-staff:administration-close"))
    assert "操作中" not in client.get(page).content.decode()
    with tenant_scope(cast.hibari.id):
        assert AdministratorSession.objects.get().closed_at is not None


def test_an_act_without_power_leads_to_the_page_that_opens_it(cast, client_for):
    client = client_for(cast.hibari.administrator)
    answer = client.post(reverse("people-staff:roles"), {"act": "role", "code": "x", "name": "名"})
    assert "/administration/" in answer.url
    open_power(client, cast.hibari.administrator)
    client.post(reverse("people-staff:roles"), {"act": "role", "code": "x", "name": "名"})
    with tenant_scope(cast.hibari.id):
        assert Role.objects.filter(code="x").exists()


def test_power_open_in_another_browser_is_not_open_here(cast, client_for):
    open_power(client_for(cast.hibari.administrator), cast.hibari.administrator)
    elsewhere = client_for(cast.hibari.administrator)
    assert "/administration/" in elsewhere.post(reverse("people-staff:security"), {"act": "rule"}).url
