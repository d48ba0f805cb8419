"""Applications pulled, taken over and answered by another system: nothing left out, nothing done twice, no rule passed by."""

import json
from datetime import timedelta

import pytest

from kakehashi.cases.models import Message
from kakehashi.governments.models import RoomSwitch
from kakehashi.journal.models import Event
from kakehashi.journal.services import seal_events
from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.people.models import ApiAnswer, Department
from kakehashi.people.services import issue_api_token
from kakehashi.people.testing import powerful
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.models import Application, Correction, TakenOver
from kakehashi.procedures.permissions import ProceduresPermission as May
from kakehashi.procedures.services import answer_correction
from kakehashi.procedures.testing import an_application, an_online_procedure

LIST = "/api/v1/procedures/applications/"
ALL = (May.READ_APPLICATIONS, May.HANDLE_APPLICATIONS, May.PROPOSE_APPLICATIONS)


@pytest.fixture
def filed(town):
    return an_application(town, an_online_procedure(town))


@pytest.fixture
def system(town, client_for):
    """Calls of one other system: `system(path, body, key=…, match=…)`."""

    def connect(permissions=ALL, **others):
        valid_to = clock.today() + timedelta(days=30)
        text = issue_api_token(
            actor=powerful(town.administrator), name="収納", permissions=permissions, valid_to=valid_to, **others
        )[1]
        client = client_for(town)

        def call(path, body=None, **headers):
            headers = {"authorization": f"Bearer {text}"} | {
                name.replace("_", "-"): value for name, value in headers.items()
            }
            if body is None:
                return client.get(path, headers=headers)
            return client.post(path, json.dumps(body), content_type="application/json", headers=headers)

        return call

    return connect


def ids(answer):
    return [row["id"] for row in answer.json()["applications"]]


def test_what_was_taken_over_is_not_listed_again_until_it_is_corrected(town, system, filed):
    call, other = system(), system()
    assert ids(call(f"{LIST}waiting/")) == [str(filed.id)]
    first = call(f"{LIST}{filed.id}/receipt/", {"version": 1, "number": "収-1"}).json()
    assert call(f"{LIST}{filed.id}/receipt/", {"version": 1, "number": "収-1"}).json() == first
    assert (ids(call(f"{LIST}waiting/")), ids(other(f"{LIST}waiting/"))) == ([], [str(filed.id)])
    assert Event.objects.filter(code="procedures.application.taken_over").count() == 1
    body = {"message": "写しを付けてください", "deadline": (clock.today() + timedelta(days=7)).isoformat()}
    assert call(f"{LIST}{filed.id}/correction/", body).json()["state"] == "correcting"
    answer_correction(actor=town.clerk, correction=Correction.objects.get(), answers=filed.answers)
    assert call(f"{LIST}waiting/").json()["applications"][0]["version"] == 2
    assert call(f"{LIST}{filed.id}/receipt/", {"version": 3}).status_code == 422
    assert call(f"{LIST}{filed.id}/receipt/", {"version": 2}).json()["number"] == "収-1"
    assert ids(call(f"{LIST}waiting/")) == []
    assert TakenOver.objects.count() == 1


def test_changes_are_followed_from_a_position(town, system, filed):
    call = system()
    seal_events()
    first = call(f"{LIST}changes/").json()
    assert [each["kind"] for each in first["changes"]] == ["application.submitted"]
    assert first["changes"][0]["application"]["id"] == str(filed.id)
    after = f"{LIST}changes/?after={first['position']}"
    assert call(after).json()["changes"] == []
    call(f"{LIST}{filed.id}/acceptance/", {})
    seal_events()
    assert [each["kind"] for each in call(after).json()["changes"]] == ["application.accepted"]
    assert call(f"{LIST}changes/?after=x").status_code == 422


def test_a_section_follows_its_own_with_those_below(town, system, filed):
    seal_events()
    above = Department.objects.create(code="90", name="部", valid_from=clock.today())
    Department.objects.filter(id=town.department.id).update(parent=above)
    for department, sees in ((above, 1), (town.department, 1), (town.other_department, 0)):
        call = system(department=department)
        assert len(call(f"{LIST}changes/").json()["changes"]) == sees
        assert len(ids(call(f"{LIST}waiting/"))) == sees
        assert call(f"{LIST}{filed.id}/receipt/", {"version": 1}).status_code == (200 if sees else 404)


def test_papers_come_as_pdf_and_as_a_table(town, system, filed):
    call = system()
    assert call(f"{LIST}{filed.id}/paper/").content.startswith(b"%PDF-")
    lines = call(f"{LIST}{filed.id}/table/").content.decode("utf-8-sig").splitlines()
    assert lines[0] == "区分,項目,内容"
    assert any(filed.applicant_name in line for line in lines)


def test_a_correction_is_asked_once_and_by_the_rules_of_the_page(town, system, filed):
    call, deadline = system(), (clock.today() + timedelta(days=7)).isoformat()
    body = {"message": "写しを付けてください", "deadline": deadline}
    assert [call(f"{LIST}{filed.id}/correction/", body).status_code for _ in range(2)] == [200, 200]
    assert Correction.objects.count() == 1
    assert call(f"{LIST}{filed.id}/correction/", body | {"message": "ほかのこと"}).status_code == 409
    late = call(f"{LIST}{filed.id}/correction/", body | {"deadline": clock.today().isoformat()})
    assert late.status_code == 422
    assert set(late.json()["error"]["fields"]) == {"deadline"}


def test_only_a_notification_completes_on_arrival(town, system, filed):
    call = system()
    assert call(f"{LIST}{filed.id}/arrival/", {}).status_code == 409
    notified = an_application(town, an_online_procedure(town, Kind.NOTIFICATION, name="転居届"))
    for _ in range(2):
        assert call(f"{LIST}{notified.id}/arrival/", {}).json()["state"] == "completed"


def test_a_refusal_needs_its_reasons_and_the_teaching(town, system, filed):
    RoomSwitch.objects.filter(government_id=town.id, room="approvals").update(is_on=False)
    call = system()
    call(f"{LIST}{filed.id}/acceptance/", {})
    body = {"result": "dismissed", "number": "住第9号", "decided_on": clock.today().isoformat()}
    assert set(call(f"{LIST}{filed.id}/decision/", body).json()["error"]["fields"]) == {"reason"}
    body |= {"reason": "要件に当たらないため"}
    assert set(call(f"{LIST}{filed.id}/decision/", body).json()["error"]["fields"]) == {"teaching_confirmed"}
    body |= {"teaching_confirmed": True}
    assert [call(f"{LIST}{filed.id}/decision/", body).json()["result"] for _ in range(2)] == ["dismissed"] * 2
    assert Message.objects.get().body == "却下の理由：要件に当たらないため"
    assert call(f"{LIST}{filed.id}/decision/", body | {"number": "別の番号"}).status_code == 409


def test_what_is_under_decision_here_is_not_decided_from_outside(town, system, filed):
    call = system()
    call(f"{LIST}{filed.id}/acceptance/", {})
    Application.objects.filter(id=filed.id).update(state="deciding")
    body = {"result": "granted", "number": "住第9号", "decided_on": clock.today().isoformat()}
    assert call(f"{LIST}{filed.id}/decision/", body).status_code == 409


def test_whoever_read_an_older_state_is_told(town, system, filed):
    call = system()
    tag = call(f"{LIST}{filed.id}/")["ETag"]
    assert call(f"{LIST}{filed.id}/acceptance/", {}, if_match=tag)["ETag"] != tag
    stale = call(f"{LIST}{filed.id}/acceptance/", {}, if_match=tag)
    assert (stale.status_code, stale.json()["error"]["code"]) == (409, "stale")


def test_a_key_makes_one_act_of_two_calls(town, system, filed):
    call, key = system(), str(uuid7())
    body = {"body": "受け取りました", "idempotency_key": str(uuid7())}
    first = call(f"{LIST}{filed.id}/messages/", body, idempotency_key=key)
    again = call(f"{LIST}{filed.id}/messages/", body, idempotency_key=key)
    assert (again.json(), again["Idempotency-Replayed"]) == (first.json(), "true")
    other = call(f"{LIST}{filed.id}/messages/", body | {"body": "別の文"}, idempotency_key=key)
    assert (other.status_code, other.json()["error"]["code"]) == (422, "key_reused")
    assert filed.applicant_name not in str(ApiAnswer.objects.get().body)
    assert system()(f"{LIST}{filed.id}/acceptance/", {}, idempotency_key=key).status_code == 200


def test_a_call_that_failed_may_be_made_again_with_its_key(town, system, filed):
    call, key = system(), str(uuid7())
    assert call(f"{LIST}{filed.id}/arrival/", {}, idempotency_key=key).status_code == 409
    assert ApiAnswer.objects.count() == 0
    assert call(f"{LIST}{filed.id}/acceptance/", {}, idempotency_key=key).status_code == 200


def test_too_many_calls_are_told_to_wait(town, system, filed, monkeypatch):
    from kakehashi.people import middleware
    from kakehashi.people.domain.tries import Limit

    monkeypatch.setattr(middleware, "CALLS_PER_TOKEN", Limit("people.api_per_token", 2, 60))
    call = system()
    with clock.frozen(clock.now()):
        answers = [call(LIST) for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert answers[2].json()["error"]["code"] == "too_many"
    assert 0 < int(answers[2]["Retry-After"]) <= 61
    assert system()(LIST).status_code == 200
