"""accept, confirm_arrival, request_correction, answer_correction, withdraw: the section's half of the road."""

import datetime as dt

import pytest

from kakehashi.cases.models import Case, Message
from kakehashi.journal.selectors import events_for
from kakehashi.kernel import clock
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.business_days import add_business_days
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.notices.models import Notice
from kakehashi.people.testing import Town
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.models import Application, Channel
from kakehashi.procedures.selectors.applications import compared_answers, get_application
from kakehashi.procedures.selectors.clocks import clock_of
from kakehashi.procedures.services import (
    accept_application,
    answer_correction,
    confirm_arrival,
    note_inquiry,
    record_counter_application,
    request_correction,
    withdraw_application,
)
from kakehashi.procedures.testing import an_application, an_online_procedure

ARRIVED = dt.datetime(2026, 11, 16, 22, 30, tzinfo=clock.JST)


def filed(town: Town, kind: Kind = Kind.DISPOSITION) -> Application:
    return get_application(an_application(town, an_online_procedure(town, kind)).id)


def codes(application: Application) -> list[str]:
    return [event.code for event in events_for(application.id)]


def test_accepting_makes_the_clerk_its_handler(town: Town) -> None:
    application = accept_application(actor=town.clerk, application=filed(town))
    case = Case.objects.get(id=application.case_id)
    assert (case.phase, case.state_label, case.handler_id) == ("working", "受付・審査中", town.clerk.id)
    assert codes(application)[-1] == "procedures.application.accepted"


def test_accepting_twice_is_stale(town: Town) -> None:
    application = filed(town)
    accept_application(actor=town.clerk, application=application)
    with pytest.raises(Stale):
        accept_application(actor=town.manager, application=get_application(application.id))


def test_a_notification_completes_on_arrival(town: Town) -> None:
    application = confirm_arrival(actor=town.clerk, application=filed(town, Kind.NOTIFICATION))
    case = Case.objects.get(id=application.case_id)
    assert (application.state, application.result, case.phase) == ("completed", "arrived", "done")
    assert Notice.objects.filter(subject__contains="手続が終わりました").exists()


def test_nothing_else_completes_on_arrival(town: Town) -> None:
    with pytest.raises(Stale):
        confirm_arrival(actor=town.clerk, application=filed(town))


def test_the_clock_stands_while_the_applicant_corrects(town: Town) -> None:
    with clock.frozen(ARRIVED):
        application = filed(town)
    with clock.frozen(ARRIVED + dt.timedelta(days=1)):
        request_correction(
            actor=town.clerk, application=application, message="見積書がありません。", deadline=dt.date(2026, 12, 1)
        )
    case = Case.objects.get(id=application.case_id)
    assert (case.phase, case.state_label, case.waiting_on) == ("waiting", "補正待ち", "申請者")
    with clock.frozen(ARRIVED + dt.timedelta(days=9)):
        assert clock_of(get_application(application.id)).due_on is None
        correction = get_application(application.id).corrections.get()
        answer_correction(
            actor=AnonymousActor(town.id),
            correction=correction,
            answers=application.answers | {"content": "直しました"},
        )
        case.refresh_from_db()
        assert case.due_on == add_business_days(dt.date(2026, 11, 16), 14 + 5)
        assert clock_of(get_application(application.id)).elapsed == 1


def test_staff_see_what_changed(town: Town) -> None:
    application = filed(town)
    correction = request_correction(
        actor=town.clerk, application=application, message="内容を詳しく", deadline=clock.today() + dt.timedelta(days=9)
    )
    changed = application.answers | {"content": "手すりを2本取り付けます。"}
    answer_correction(actor=AnonymousActor(town.id), correction=correction, answers=changed)
    lines = [line for _, rows in compared_answers(get_application(application.id)) for line in rows if line.is_changed]
    assert [(line.text, line.before) for line in lines] == [
        ("手すりを2本取り付けます。", "玄関の手すりを取り付けます。")
    ]


def test_answered_twice_is_one_answer(town: Town) -> None:
    application = filed(town)
    correction = request_correction(
        actor=town.clerk, application=application, message="内容", deadline=clock.today() + dt.timedelta(days=9)
    )
    for _ in range(2):
        answer_correction(actor=AnonymousActor(town.id), correction=correction, answers=application.answers)
    assert get_application(application.id).answers_number == 2


@pytest.mark.parametrize(("message", "days"), [("", 5), ("内容", 0), ("内容", -1)])
def test_a_correction_needs_words_and_time(town: Town, message: str, days: int) -> None:
    with pytest.raises(DomainError):
        request_correction(
            actor=town.clerk, application=filed(town), message=message, deadline=clock.today() + dt.timedelta(days=days)
        )


def test_a_note_stays_inside(town: Town) -> None:
    application = filed(town)
    note_inquiry(actor=town.clerk, application=application, body="税務課に照会中")
    assert Message.objects.get().thread == "internal"


def test_withdrawn_by_the_applicant(town: Town) -> None:
    application = withdraw_application(actor=AnonymousActor(town.id), application=filed(town))
    assert application.state == "withdrawn"
    assert Case.objects.get(id=application.case_id).phase == "done"


def test_residents_cannot_act_as_staff(town: Town) -> None:
    application = filed(town)
    with pytest.raises(PermissionRefused):
        accept_application(actor=AnonymousActor(town.id), application=application)


def test_the_counter_stands_in_the_same_queue(town: Town) -> None:
    from uuid import UUID

    procedure = an_online_procedure(town)
    given = {
        "actor": town.clerk, "procedure": procedure, "government_code": town.government.code,
        "applicant_name": "佐々木 一", "channel": Channel.COUNTER, "arrived_on": clock.today(),
        "idempotency_key": UUID(int=7), "note": "紙は2番の棚",
    }  # fmt: skip
    first, second = record_counter_application(**given), record_counter_application(**given)
    assert first.id == second.id
    assert Case.objects.get(source_id=first.id).requester_name == "佐々木 一"
    with pytest.raises(DomainError):
        record_counter_application(**given | {"applicant_name": " ", "idempotency_key": UUID(int=8)})
