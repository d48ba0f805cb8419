"""The access log: who read whose data, why, and what the reader of another section is asked."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.db.utils import ProgrammingError

from kakehashi.cases.models import Case
from kakehashi.journal.models import AccessAct, AccessEntry, AccessRule, AccessSubject, Event
from kakehashi.journal.selectors import find_accesses
from kakehashi.journal.services import forget_accesses, record_access
from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast, Town
from kakehashi.procedures.models import Application
from kakehashi.procedures.testing import REQUEST, YOU, an_application, an_online_procedure


@pytest.fixture
def filed(cast: Cast) -> Application:
    """An application of ひばり町 that 住民課 handles. No scope is left open."""
    with tenant_scope(cast.hibari.id):
        return an_application(cast.hibari, an_online_procedure(cast.hibari))


def entries(cast: Cast) -> list[AccessEntry]:
    with tenant_scope(cast.hibari.id):
        return list(AccessEntry.objects.order_by("id"))


def test_opening_a_case_is_recorded_with_one_statement(
    cast: Cast, client_for: Callable, filed: Application, django_assert_num_queries: Callable
) -> None:
    answer = client_for(cast.hibari.clerk).get(f"/staff/cases/{filed.case_id}/")
    assert answer.status_code == 200
    (entry,) = entries(cast)
    assert (entry.actor_label, entry.section_label) == (cast.hibari.clerk.label, "住民課")
    assert (entry.act, entry.page, entry.purpose) == ("view", "cases-staff:case", "審査・案件の処理")
    assert entry.request_id == answer.headers["X-Request-Id"]
    with tenant_scope(cast.hibari.id):
        subject = AccessSubject.objects.get()
        assert (subject.kind, subject.subject_id) == ("procedures.application", filed.id)
        assert not Event.objects.filter(code__startswith="journal.").exists()
        with django_assert_num_queries(1):
            record_access(
                actor=cast.hibari.clerk, subjects=[("x.y", uuid7()) for _ in range(50)], purpose="審査", page="p"
            )


def test_another_section_is_asked_for_a_reason_once(cast: Cast, client_for: Callable, filed: Application) -> None:
    client = client_for(cast.hibari.officer)
    asked = client.get(f"/staff/cases/{filed.case_id}/")
    assert asked.status_code == 302
    assert "/staff/journal/accesses/reason/" in asked.url
    assert entries(cast) == []
    page = asked.url.removeprefix("/hibari")
    assert "見る理由" in client.get(page).content.decode()
    given = {"scope": f"procedures.application/{filed.id}", "next": f"/hibari/staff/cases/{filed.case_id}/"}
    assert client.post("/staff/journal/accesses/reason/", given | {"reason": "急"}).status_code == 422
    back = client.post("/staff/journal/accesses/reason/", given | {"reason": "住民課からの照会に答えるため"})
    assert client.get(back.url.removeprefix("/hibari")).status_code == 200
    assert client.get(back.url.removeprefix("/hibari")).status_code == 200
    assert [entry.reason for entry in entries(cast)] == ["住民課からの照会に答えるため"] * 2


def test_the_reason_page_leads_nowhere_else(cast: Cast, client_for: Callable) -> None:
    given = {"scope": "x/y", "next": "https://evil.example/", "reason": "十分に長い理由です"}
    answer = client_for(cast.hibari.clerk).post("/staff/journal/accesses/reason/", given)
    assert answer.url == "/hibari/staff/"


def test_the_head_the_handler_and_a_body_without_the_rule_are_not_asked(
    cast: Cast, client_for: Callable, filed: Application
) -> None:
    page = f"/staff/cases/{filed.case_id}/"
    assert client_for(cast.hibari.mayor).get(page).status_code == 200
    assert client_for(cast.hibari.officer).get(page).status_code == 302
    with tenant_scope(cast.hibari.id):
        Case.objects.filter(id=filed.case_id).update(handler_id=cast.hibari.officer.id)
    assert client_for(cast.hibari.officer).get(page).status_code == 200
    with tenant_scope(cast.hibari.id):
        Case.objects.filter(id=filed.case_id).update(handler_id=None)
        AccessRule.objects.create(asks_reason=False)
    assert client_for(cast.hibari.officer).get(page).status_code == 200


def test_lists_are_recorded_and_their_export_by_another_section_asks(
    cast: Cast, client_for: Callable, filed: Application
) -> None:
    officer, clerk = client_for(cast.hibari.officer), client_for(cast.hibari.clerk)
    assert officer.get("/staff/procedures/").status_code == 200
    assert officer.get("/staff/procedures/?format=csv").status_code == 302
    assert clerk.get("/staff/procedures/?format=csv").status_code == 200
    assert [entry.act for entry in entries(cast)] == ["view", "export"]


@pytest.mark.parametrize("path", ["cases/", "cases/?tab=all", "search/?q=住宅改修"])
def test_pages_that_show_nobody_write_nothing(cast: Cast, client_for: Callable, path: str) -> None:
    assert client_for(cast.hibari.clerk).get(f"/staff/{path}").status_code == 200
    assert entries(cast) == []


def test_a_persons_page_a_bundle_and_taking_home_are_recorded(cast: Cast, client_for: Callable) -> None:
    administrator = client_for(cast.hibari.administrator)
    administrator.get(f"/staff/people/people/{cast.hibari.clerk.id}/")
    b"".join(administrator.post("/staff/take-home/").streaming_content)
    assert [(entry.page, entry.act) for entry in entries(cast)] == [
        ("people-staff:person", "view"),
        ("site:take-home", "export"),
    ]


def test_the_web_can_neither_change_nor_remove_an_access(town: Town) -> None:
    record_access(actor=town.clerk, subjects=[("x.y", uuid7())], purpose="審査", page="p")
    for statement in ("UPDATE journal_accessentry SET reason = ''", "DELETE FROM journal_accesssubject"):
        with pytest.raises(ProgrammingError), connection.cursor() as cursor:
            cursor.execute("SAVEPOINT before")
            try:
                cursor.execute(statement)
            finally:
                cursor.execute("ROLLBACK TO before")


def test_accesses_go_after_their_period_and_never_within_a_year(town: Town) -> None:
    now = clock.now()
    with clock.frozen(now - timedelta(days=730)):
        record_access(actor=town.clerk, subjects=[("x.y", uuid7())], purpose="古い", page="p")
    record_access(actor=town.clerk, subjects=[("x.y", uuid7())], purpose="新しい", page="p")
    old = clock.today() - timedelta(days=730)
    assert forget_accesses(old, 500) == 0
    assert forget_accesses(old + timedelta(days=1), 500) == 1
    assert forget_accesses(clock.today() + timedelta(days=1), 500) == 0
    assert [entry.purpose for entry in AccessEntry.objects.all()] == ["新しい"]
    assert AccessSubject.objects.count() == 1


def test_the_log_is_found_by_person_receipt_day_and_act(cast: Cast, client_for: Callable, filed: Application) -> None:
    client_for(cast.hibari.clerk).get(f"/staff/cases/{filed.case_id}/")
    client_for(cast.hibari.mayor).get(f"/staff/cases/{filed.case_id}/")
    today = clock.today()
    with tenant_scope(cast.hibari.id):
        assert find_accesses(who="山田").count() == 1
        assert find_accesses(subject=filed.receipt_label).count() == 2
        assert find_accesses(subject=filed.applicant_email).count() == 2
        assert find_accesses(subject="nobody@example.jp").count() == 0
        assert find_accesses(since=today, until=today, act=AccessAct.VIEW).count() == 2
        assert find_accesses(act=AccessAct.EXPORT).count() == 0
        assert find_accesses(since=today + timedelta(days=1)).count() == 0


def test_the_applicant_sees_it_only_if_the_body_says_so(cast: Cast, client_for: Callable) -> None:
    with tenant_scope(cast.hibari.id):
        procedure = an_online_procedure(cast.hibari)
    resident = client_for(cast.hibari)
    draft = resident.post(f"/procedures/{procedure.id}/start/").url.split("/steps/")[0].removeprefix("/hibari")
    resident.post(f"{draft}/steps/page_1/", YOU)
    resident.post(f"{draft}/steps/page_2/", REQUEST)
    page = resident.post(f"{draft}/submit/").url.removeprefix("/hibari").removesuffix("receipt/")
    with tenant_scope(cast.hibari.id):
        case_id = Application.objects.get().case_id
    client_for(cast.hibari.clerk).get(f"/staff/cases/{case_id}/")
    assert resident.get(f"{page}accesses/").status_code == 404
    assert "accesses/" not in resident.get(page).content.decode()
    chief = client_for(cast.hibari.administrator)
    assert (
        chief.post("/staff/journal/accesses/rule/", {"asks_reason": "on", "shown_to_subject": "section"}).status_code
        == 302
    )
    assert "accesses/" in resident.get(page).content.decode()
    shown = resident.get(f"{page}accesses/").content.decode()
    assert "住民課" in shown
    assert "山田" not in shown
    assert client_for(cast.hibari).get(f"{page}accesses/").status_code == 404
    chief.post("/staff/journal/accesses/rule/", {"shown_to_subject": "name"})
    assert "山田" in resident.get(f"{page}accesses/").content.decode()


def test_the_administrators_pages(cast: Cast, client_for: Callable, filed: Application) -> None:
    client_for(cast.hibari.clerk).get(f"/staff/cases/{filed.case_id}/")
    chief, clerk = client_for(cast.hibari.administrator), client_for(cast.hibari.clerk)
    log = "/staff/journal/accesses/"
    for path in (
        log,
        f"{log}?format=csv",
        f"{log}?format=xlsx",
        f"{log}disclosure/",
        f"{log}rule/",
        "/staff/journal/accesses/retention/",
    ):
        assert chief.get(path).status_code == 200, path
        assert clerk.get(path).status_code == 403, path
    assert filed.receipt_label in chief.get(log, {"subject": filed.receipt_number}).content.decode()
    assert "山田 花子" in chief.get(f"{log}?format=csv").content.decode("utf-8-sig")
    paper = chief.get(f"{log}disclosure/", {"subject": filed.receipt_label}).content.decode()
    assert "審査・案件の処理" in paper
    assert "山田" not in paper
    assert "山田" in chief.get(f"{log}disclosure/", {"subject": filed.receipt_label, "names": "on"}).content.decode()
    edit = "/staff/journal/accesses/retention/procedures.draft/"
    assert chief.post(edit, {"amount": "99", "basis": "規程"}).status_code == 422
    assert chief.post(edit, {"amount": "14", "basis": "規程3条"}).status_code == 302
    assert "14日" in chief.get("/staff/journal/accesses/retention/").content.decode()
    assert chief.get("/staff/journal/accesses/retention/nosuch/").status_code == 404
