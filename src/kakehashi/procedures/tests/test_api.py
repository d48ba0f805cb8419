"""The API: pull applications with a key, say that they were taken over, return the result. A key opens what it says and no more."""

import json
import re
from datetime import timedelta

import pytest

from kakehashi.governments.models import RoomSwitch
from kakehashi.journal.models import AccessEntry, Event
from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.services import issue_api_token, revoke_api_token
from kakehashi.people.testing import powerful
from kakehashi.procedures.models import Application
from kakehashi.procedures.permissions import ProceduresPermission as May
from kakehashi.procedures.testing import an_application, an_online_procedure

LIST = "/api/v1/procedures/applications/"
ALL = (May.READ_APPLICATIONS, May.HANDLE_APPLICATIONS, May.PROPOSE_APPLICATIONS)


@pytest.fixture
def filed(cast):
    with tenant_scope(cast.hibari.id):
        return an_application(cast.hibari, an_online_procedure(cast.hibari))


def key(town, permissions=ALL, **others):
    with tenant_scope(town.id):
        valid_to = clock.today() + timedelta(days=30)
        return issue_api_token(
            actor=powerful(town.administrator), name="収納", permissions=permissions, valid_to=valid_to, **others
        )


@pytest.fixture
def call(cast, client_for):
    def ask(path, body=None, *, text=None, method="get", at=None):
        headers = {"authorization": f"Bearer {text}"} if text else {}
        client = client_for(at or cast.hibari)
        if body is None:
            return getattr(client, method)(path, headers=headers)
        return client.post(path, json.dumps(body), content_type="application/json", headers=headers)

    return ask


def test_applications_are_pulled_and_read(cast, call, filed):
    text = key(cast.hibari)[1]
    rows = call(LIST, text=text).json()["applications"]
    assert [row["receipt_number"] for row in rows] == [filed.receipt_number]
    whole = call(f"{LIST}{filed.id}/", text=text).json()
    assert whole["applicant_name"] == filed.applicant_name
    assert any(line["text"] == filed.applicant_name for line in whole["lines"]) or whole["answers"]
    assert call(f"{LIST}?state=submitted&arrived_from=2100-01-01", text=text).json()["applications"] == []


def test_what_a_machine_reads_is_written_down(cast, call, filed):
    call(f"{LIST}{filed.id}/", text=key(cast.hibari)[1])
    with tenant_scope(cast.hibari.id):
        read = AccessEntry.objects.get(subjects__subject_id=filed.id)
        assert (read.actor_label, read.purpose) == ("API：収納", "ほかのシステムとの連携")


def test_taking_over_twice_is_one_act(cast, call, filed):
    text = key(cast.hibari)[1]
    for _ in range(2):
        assert call(f"{LIST}{filed.id}/acceptance/", {}, text=text).status_code == 200
    with tenant_scope(cast.hibari.id):
        events = Event.objects.filter(code="procedures.application.accepted")
        assert [(event.actor_kind, event.actor_label) for event in events] == [("machine", "API：収納")]


def test_a_result_is_returned_once(cast, call, filed):
    RoomSwitch.objects.filter(government_id=cast.hibari.id, room="approvals").update(is_on=False)
    text = key(cast.hibari)[1]
    body = {"result": "granted", "number": "住第12号", "decided_on": clock.today().isoformat()}
    call(f"{LIST}{filed.id}/acceptance/", {}, text=text)
    for _ in range(2):
        answer = call(f"{LIST}{filed.id}/decision/", body, text=text)
        assert answer.status_code == 200, answer.content.decode()
    assert answer.json()["outside_number"] == "住第12号"


def test_a_refusal_needs_its_reason_and_teaching(cast, call, filed):
    RoomSwitch.objects.filter(government_id=cast.hibari.id, room="approvals").update(is_on=False)
    text, address = key(cast.hibari)[1], f"{LIST}{filed.id}/decision/"
    call(f"{LIST}{filed.id}/acceptance/", {}, text=text)
    body = {"result": "refused", "number": "住第13号", "decided_on": clock.today().isoformat()}
    for more, field in (({}, "reason"), ({"reason": "対象外のため。"}, "teaching_confirmed")):
        answer = call(address, body | more, text=text)
        assert (answer.status_code, list(answer.json()["error"]["fields"])) == (422, [field])
    told = {"reason": "対象外のため。", "teaching_confirmed": True}
    assert call(address, body | told, text=text).json()["result"] == "refused"


def test_a_message_is_written_once_for_one_key(cast, call, filed):
    text, body = key(cast.hibari)[1], {"body": "受け取りました。", "idempotency_key": str(uuid7())}
    assert [call(f"{LIST}{filed.id}/messages/", body, text=text).status_code for _ in range(2)] == [200, 200]


def test_a_key_opens_what_it_says_and_no_more(cast, call, filed):
    reads = key(cast.hibari, [May.READ_APPLICATIONS])[1]
    assert call(f"{LIST}{filed.id}/acceptance/", {}, text=reads).status_code == 403
    assert call("/staff/cases/", text=reads).status_code == 302
    assert call("/staff/procedures/", text=reads).status_code == 302


def test_without_a_good_key_nothing_is_told(cast, call, filed):
    token, text = key(cast.hibari)
    neighbours = key(cast.misaki)[1]
    for wrong in (None, "x", "kkh_" + "a" * 43, text[:-1] + ("A" if text[-1] != "A" else "B"), neighbours):
        assert call(LIST, text=wrong).status_code == 401
    assert call(f"{LIST}{filed.id}/", text=neighbours, at=cast.misaki).status_code == 404
    with tenant_scope(cast.hibari.id):
        revoke_api_token(actor=powerful(cast.hibari.administrator), token=token)
    assert call(LIST, text=text).status_code == 401


def test_a_key_ends_with_its_last_day(cast, call, filed):
    text = key(cast.hibari)[1]
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert call(LIST, text=text).status_code == 401


def test_a_department_sees_its_own(cast, call, filed):
    own, other = (key(cast.hibari, department=one)[1] for one in (cast.hibari.department, cast.hibari.other_department))
    with tenant_scope(cast.hibari.id):
        owner = Application.objects.get(id=filed.id).procedure.department_id
    seen = {own: owner == cast.hibari.department.id, other: owner == cast.hibari.other_department.id}
    for text, may_see in seen.items():
        assert len(call(LIST, text=text).json()["applications"]) == int(may_see)
        assert call(f"{LIST}{filed.id}/", text=text).status_code == (200 if may_see else 404)


@pytest.mark.parametrize(
    "body", [{}, {"result": "x", "number": "1", "decided_on": "2026-01-01"}, {"number": "\x00"}, []]
)
def test_bad_input_is_answered_in_the_same_shape(cast, call, filed, body):
    answer = call(f"{LIST}{filed.id}/decision/", body, text=key(cast.hibari)[1])
    assert answer.status_code == 422
    assert set(answer.json()["error"]) == {"code", "message", "fields"}
    # The message may be shown to a person: no sentence of the checker's own.
    assert not re.search("[a-z] [a-z]", answer.json()["error"]["message"])


def test_open_data_needs_no_key(cast, call, filed):
    names = [row["name"] for row in call("/api/v1/procedures/procedures/").json()["procedures"]]
    assert names == ["住宅改修補助金の交付申請"]
