"""Whatever order bundles come in, and however often, both sides end in the same state."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core import signing
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakehashi.cases.models import Message
from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.models import IncomingItem
from kakehashi.exchange.services import read_bundle
from kakehashi.exchange.testing import carried, carried_file, paired_with_far_side
from kakehashi.files.testing import docx
from kakehashi.journal.models import Event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.ids import uuid7
from kakehashi.notices.models import Notice
from kakehashi.procedures.domain.carried import Local, Told, standing_of
from kakehashi.procedures.domain.states import State
from kakehashi.procedures.models import Application
from kakehashi.procedures.services import accept_application, request_correction, withdraw_application
from kakehashi.procedures.services.carrying.applications import write_application
from kakehashi.procedures.testing import an_application, an_online_procedure

QUICK = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
LATER = dt.timedelta(days=14)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


class Undo(Exception):
    """Takes one example's rows back."""


@pytest.fixture
def homes(settings, tmp_path):
    settings.EXCHANGE_KEYS, settings.EXCHANGE_QUARANTINE = tmp_path / "keys", tmp_path / "quarantine"
    settings.FILES_ROOT = tmp_path / "files"


def deliver(town, bundles, order) -> None:
    for at in [*order, *range(len(bundles))]:
        assert not read_bundle(actor=town.officer, content=bundles[at], via="file").is_refused


def orders(count: int):
    """Any bundles in any order, some twice, some not at all at first; in the end each has come at least once."""
    return st.lists(st.integers(0, count - 1), max_size=count + 2)


def final_states(town, bundles, order, look) -> object:
    found = []
    with pytest.raises(Undo), transaction.atomic():
        deliver(town, bundles, order)
        found.append(look())
        raise Undo
    return found[0]


def staff_look() -> object:
    application = Application.objects.get()
    return (
        application.state,
        application.answers,
        application.answers_number,
        application.applicant_name,
        sorted(application.older_answers.values_list("number", "answers__content")),
        sorted(application.corrections.values_list("answered_at")),
        sorted(Message.objects.filter(thread="public").values_list("body")),
        sorted(IncomingItem.objects.values_list("kind", "state", "reason")),
        Event.objects.filter(code="procedures.application.submitted").count(),
        Event.objects.filter(code="procedures.correction.answered").count(),
    )


def filed_elsewhere(town, procedure):
    """The id and the data of an application that was never filed in this database."""
    found = []
    with pytest.raises(Undo), transaction.atomic():
        there = an_application(town, procedure)
        found.append((there.id, dict(write_application(there.id).data)))
        raise Undo
    return found[0]


def from_the_residents(town, far) -> list[bytes]:
    """What came of one application: filed, a 補正 asked for, answered, two messages; and bundles that come too early."""
    application = filed_elsewhere(town, an_online_procedure(town))
    answer = {**application[1]["answers"], "content": "直しました"}
    read_bundle(actor=town.officer, content=far.bundle(carried("procedures.application", *application)), via="file")
    here = Application.objects.get()
    accept_application(actor=town.clerk, application=here)
    asked = request_correction(
        actor=town.clerk, application=here, message="日付をお願いします。", deadline=clock.today() + LATER
    )
    answered = {"application": str(here.id), "answers": answer, "number": 2, "answered_at": clock.now().isoformat()}
    text = {"application": str(here.id), "who": "申請者"}
    return [
        far.bundle(carried("procedures.application", *application)),
        far.bundle(carried("procedures.correction_answer", asked.id, answered)),
        far.bundle(carried("procedures.message", uuid7(), text | {"body": "一つめ"})),
        far.bundle(carried("procedures.message", uuid7(), text | {"body": "二つめ"})),
    ]


def test_the_staff_side_ends_in_the_same_state_whatever_the_order(town, homes):
    far = paired_with_far_side(town.id, Side.STAFF)
    bundles = from_the_residents(town, far)
    expected = final_states(town, bundles, [], staff_look)

    @QUICK
    @given(orders(len(bundles)))
    def check(order):
        assert final_states(town, bundles, order, staff_look) == expected

    check()


def test_before_the_application_has_come_everything_else_waits(town, homes):
    far = paired_with_far_side(town.id, Side.STAFF)
    new, data = filed_elsewhere(town, an_online_procedure(town))
    text = {"application": str(new), "who": "申請者", "body": "先に着きました"}
    bundles = [
        far.bundle(carried("procedures.application", new, data)),
        far.bundle(carried("procedures.message", uuid7(), text)),
        far.bundle(carried("procedures.withdrawal", new, {"application": str(new), "reason": "都合"})),
    ]
    expected = final_states(town, bundles, [], staff_look)
    assert expected[0] == "withdrawn"

    @QUICK
    @given(orders(len(bundles)))
    def check(order):
        assert final_states(town, bundles, order, staff_look) == expected

    check()


def progress(state: str, *, corrections=(), result="", events=()) -> dict[str, object]:
    now = clock.now().isoformat()
    return {
        "state": state, "result": result, "accepted_at": now, "completed_at": now if state == "completed" else None,
        "days": 3 if state == "completed" else None, "knows_withdrawal": False, "corrections": list(corrections),
        "events": [{"id": str(uuid7()), "code": code, "at": now, "who": "住民課主事 山田 花子"} for code in events],
    }  # fmt: skip


def public_look() -> object:
    application = Application.objects.get()
    return (
        application.state,
        application.result,
        sorted(application.corrections.values_list("message", "answered_at")),
        sorted(application.documents.values_list("title", "document_number")),
        sorted(Message.objects.values_list("body")),
        application.case.phase,
        sorted(IncomingItem.objects.values_list("kind", "revision", "state")),
        Notice.objects.filter(kind="procedures.result").count(),
    )


def from_the_staff(far, application) -> list[bytes]:
    one = {
        "id": str(uuid7()), "message": "見積書の日付", "deadline": (clock.today() + LATER).isoformat(),
        "asked_at": clock.now().isoformat(), "asked_on": clock.today().isoformat(), "asked_by": "山田", "answered_at": None,
    }  # fmt: skip
    settled = one | {"answered_at": clock.now().isoformat()}
    letter = carried_file("許可通知書.pdf", PDF, "procedures.issued")
    of_it = {"application": str(application.id)}
    told = [
        progress("accepted", events=["procedures.application.accepted"]),
        progress("correcting", corrections=[one]),
        progress("deciding", corrections=[settled]),
        progress("completed", corrections=[settled], result="permitted"),
    ]
    bundles = [
        far.bundle(carried("procedures.progress", application.id, data, number)) for number, data in enumerate(told, 1)
    ]
    document = of_it | {"title": "許可通知書", "number": "住第1号", "source": str(uuid7())}
    bundles.append(
        far.bundle(carried("procedures.document", uuid7(), document, files=[letter]), contents={letter.sha256: PDF})
    )
    bundles.append(far.bundle(carried("procedures.message", uuid7(), of_it | {"who": "山田", "body": "お知らせ"})))
    return bundles


def test_the_residents_side_ends_in_the_same_state_whatever_the_order(town, homes):
    far = paired_with_far_side(town.id, Side.PUBLIC)
    application = an_application(town, an_online_procedure(town))
    bundles = from_the_staff(far, application)
    expected = final_states(town, bundles, range(len(bundles)), public_look)
    assert (expected[0], expected[1], len(expected[3])) == ("completed", "permitted", 1)

    @QUICK
    @given(orders(len(bundles)))
    def check(order):
        # The settled 補正 is known only to those revisions that came; the newest one settles it in any case.
        assert final_states(town, bundles, order, public_look) == expected

    check()


def test_what_the_staff_said_before_they_knew_does_not_undo_a_withdrawal(town, homes):
    far = paired_with_far_side(town.id, Side.PUBLIC)
    application = an_application(town, an_online_procedure(town))
    withdraw_application(
        actor=AnonymousActor(government_id=town.id, label="申請者"), application=application, reason="都合"
    )
    content = far.bundle(carried("procedures.progress", application.id, progress("accepted")))
    read_bundle(actor=town.officer, content=content, via="file")
    assert Application.objects.get().state == "withdrawn"
    known = far.bundle(
        carried("procedures.progress", application.id, progress("deciding") | {"knows_withdrawal": True}, 2)
    )
    read_bundle(actor=town.officer, content=known, via="file")
    assert Application.objects.get().state == "deciding"


@pytest.mark.parametrize("state", list(State))
def test_a_standing_without_own_acts_is_what_was_told(state):
    assert standing_of(Told(state, [], knows_withdrawal=False), Local([], has_withdrawn=False)) is state


def test_an_answer_they_do_not_know_of_yet_stands_over_correcting():
    asked = uuid7()
    told = Told(State.CORRECTING, [asked], knows_withdrawal=False)
    assert standing_of(told, Local([asked], has_withdrawn=False)) is State.ACCEPTED
    assert standing_of(told, Local([], has_withdrawn=False)) is State.CORRECTING


def test_the_applicants_page_says_how_old_it_is(town, homes, client_for):
    far = paired_with_far_side(town.id, Side.PUBLIC)
    application = an_application(town, an_online_procedure(town))
    client = client_for(town)
    passes = signing.dumps([[], [application.id.hex]], salt=f"procedures.passes.{town.id}", compress=True)
    client.cookies["kakehashi_mine"] = passes
    page = f"/procedures/mine/{application.id}/"
    assert "現在です" not in client.get(page).content.decode()
    read_bundle(actor=town.officer, content=far.bundle(), via="file")
    shown = client.get(page).content.decode()
    assert re.search(r"この内容は\d+月\d+日\d+時\d\d分現在です。", shown)


def test_staff_are_told_what_was_changed_on_the_way(town, homes):
    far = paired_with_far_side(town.id, Side.STAFF)
    new, data = filed_elsewhere(town, an_online_procedure(town))
    file = carried_file("見積.docx", docx(with_macro=True), "procedures.answer")
    contents = {file.sha256: docx(with_macro=True)}
    content = far.bundle(carried("procedures.application", new, data, files=[file]), contents=contents)
    assert read_bundle(actor=town.officer, content=content, via="file").applied == 1
    note = Message.objects.get(thread="internal")
    assert "見積.docx：取り込めないため隔離した" in note.body
