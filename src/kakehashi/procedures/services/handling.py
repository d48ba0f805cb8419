"""Handle an application: accept it, confirm its arrival, ask for a 補正, take the answer, withdraw."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from kakehashi.cases.services import assign_case, move_case, post_message
from kakehashi.eforms.selectors import seal_answers
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, ActorKind
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.selectors import acting_staff
from kakehashi.procedures.domain.kinds import Kind, Result
from kakehashi.procedures.domain.names import APPLICATION
from kakehashi.procedures.domain.states import FACES, Act, State, StepNotAllowed, next_state
from kakehashi.procedures.models import AnswerVersion, Application, Correction, Routed
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.clocks import clock_of
from kakehashi.procedures.services.mails import tell_applicant
from kakehashi.procedures.services.routing import route_application

__all__ = [
    "accept_application",
    "answer_correction",
    "confirm_arrival",
    "move_application",
    "note_inquiry",
    "request_correction",
    "show_on_case",
    "withdraw_application",
    "write_to_applicant",
]


def move_application(*, actor: Actor, application: Application, act: Act, act_id: UUID, **columns: Any) -> Application:
    """Take one step of the road, once: the row changes only if nobody moved it in between.

    Sets `columns` with the new state and shows the state on the case. Raises Stale when the step
    does not exist from where the application stands now.
    """
    old = State(application.state)
    try:
        new = next_state(Kind(application.procedure.kind), old, act)
    except StepNotAllowed:
        raise Stale from None
    changes = {"state": new.value, **columns}
    if not Application.objects.filter(id=application.id, state=old.value).update(**changes):
        raise Stale
    for name, value in changes.items():
        setattr(application, name, value)
    show_on_case(actor, application, new, act_id)
    return application


def show_on_case(actor: Actor, application: Application, state: State, act_id: UUID) -> None:
    """Say on the case where the application stands; days the clock stood move the due day."""
    if application.case is None:
        return
    face = FACES[state]
    move_case(
        actor=actor,
        case=application.case,
        phase=face.phase,
        state_label=face.label,
        waiting_on=face.waiting_on,
        due_on=clock_of(application).due_on,
        act_id=act_id,
    )


def record(
    actor: Actor, code: str, application: Application, payload: dict[str, Any], act_id: UUID | None = None
) -> None:
    """Write one act on an application into the journal; `act_id` joins it to the step of its case."""
    record_event(
        actor=actor, code=code, subject_kind=APPLICATION, subject_id=application.id, payload=payload, act_id=act_id
    )


@service
def accept_application(*, actor: Actor, application: Application) -> Application:
    """受付する: take an arrived application into examination and make the actor its handler.

    Examination starts without delay on arrival (行政手続法7条); 受付 only says who has it. It is not a
    condition of arrival, and an application is never sent back unexamined. What the worker has not routed by its answers yet is
    routed now.
    """
    require(actor, ProceduresPermission.HANDLE_APPLICATIONS)
    act_id = uuid7()
    route_application(actor=actor, application=application, act_id=act_id)
    move_application(actor=actor, application=application, act=Act.ACCEPT, act_id=act_id, accepted_at=clock.now())
    case = application.case
    # What its answers have just sent to another section waits for somebody there.
    is_ours = case is not None and getattr(actor, "department_id", None) in {None, case.department_id}
    was_routed = case is not None and Routed.objects.filter(application=application, rule_id__isnull=False).exists()
    takes = (
        case is not None and case.handler_id is None and actor.kind is ActorKind.STAFF and (is_ours or not was_routed)
    )
    if takes and application.case is not None:
        assign_case(actor=actor, case=application.case, handler=acting_staff(actor), act_id=act_id)
    record(actor, "procedures.application.accepted", application, {"took": True} if takes else {}, act_id)
    return application


@service
def confirm_arrival(*, actor: Actor, application: Application) -> Application:
    """到達を確認する: a 届出 that has properly arrived is complete (行政手続法37条)."""
    require(actor, ProceduresPermission.HANDLE_APPLICATIONS)
    act_id = uuid7()
    move_application(
        actor=actor,
        application=application,
        act=Act.CONFIRM_ARRIVAL,
        act_id=act_id,
        result=Result.ARRIVED.value,
        completed_at=clock.now(),
        days_to_decision=clock_of(application).elapsed,
    )
    letter = f"arrived:{act_id}"
    payload = {"result": Result.ARRIVED.value, "letter": letter}
    record(actor, "procedures.application.completed", application, payload, act_id)
    tell_applicant(actor=actor, application=application, what="arrived", key=letter)
    return application


@service
def request_correction(*, actor: Actor, application: Application, message: str, deadline: dt.date) -> Correction:
    """補正を依頼する (行政手続法7条): what is missing, and a reasonable term. The clock stands still where the procedure says so.

    Raises DomainError for an empty message or a deadline that is not in the future, Stale when a
    補正 is already with the applicant.
    """
    require(actor, ProceduresPermission.HANDLE_APPLICATIONS)
    if not message.strip():
        raise DomainError("補正していただきたいことを書いてください。", field="message")
    if deadline <= clock.today():
        raise DomainError("期限は明日以降の日にしてください。", field="deadline")
    act_id = uuid7()
    move_application(actor=actor, application=application, act=Act.REQUEST_CORRECTION, act_id=act_id)
    correction = Correction.objects.create(
        application=application,
        message=message.strip(),
        deadline=deadline,
        asked_on=clock.today(),
        asked_by=actor.label,
    )
    record(
        actor,
        "procedures.correction.requested",
        application,
        {"correction": str(correction.id), "deadline": deadline.isoformat(), "letter": f"correction:{correction.id}"},
        act_id,
    )
    tell_applicant(
        actor=actor, application=application, what="correction", key=f"correction:{correction.id}",
        message=correction.message, deadline=deadline,
    )  # fmt: skip
    return correction


@service
def answer_correction(*, actor: Actor, correction: Correction, answers: dict[str, Any]) -> Application:
    """補正を提出する: the applicant's new version of the answers; the old one is kept.

    Answering twice changes nothing the second time (a double click is one answer). The answers are
    already validated by the caller against the application's own form version.
    """
    application: Application = correction.application
    if correction.answered_at is not None:
        return application
    now = clock.now()
    answered = Correction.objects.filter(id=correction.id, answered_at__isnull=True).update(
        answered_at=now, answered_on=clock.today()
    )
    if not answered:
        return application
    AnswerVersion.objects.create(
        application=application, number=application.answers_number, answers=application.answers
    )
    act_id = uuid7()
    move_application(
        actor=actor,
        application=application,
        act=Act.ANSWER_CORRECTION,
        act_id=act_id,
        answers=seal_answers(application.form_version, answers, application.answers)
        if application.form_version is not None
        else answers,
        answers_number=application.answers_number + 1,
        accepted_at=application.accepted_at or now,
    )
    correction.answered_at, correction.answered_on = now, clock.today()
    record(
        actor,
        "procedures.correction.answered",
        application,
        {"correction": str(correction.id), "version": application.answers_number},
        act_id,
    )
    return application


@service
def note_inquiry(*, actor: Actor, application: Application, body: str) -> None:
    """照会: a note to colleagues on the case's internal thread; the applicant never sees it."""
    require(actor, ProceduresPermission.HANDLE_APPLICATIONS)
    _post(actor, application, "internal", body)


@service
def write_to_applicant(
    *, actor: Actor, application: Application, body: str, idempotency_key: UUID | None = None
) -> None:
    """Write on the public thread, as staff or as the applicant; the other side is told, once for one key."""
    if actor.kind not in {ActorKind.ANONYMOUS, ActorKind.RESIDENT}:
        require(actor, ProceduresPermission.HANDLE_APPLICATIONS)
    _post(actor, application, "public", body, idempotency_key)


def _post(actor: Actor, application: Application, thread: str, body: str, idempotency_key: UUID | None = None) -> None:
    if not body.strip():
        raise DomainError("本文を入力してください。", field="body")
    if application.case is None:
        raise Stale
    post_message(actor=actor, case=application.case, thread=thread, body=body.strip(), idempotency_key=idempotency_key)


@service
def withdraw_application(*, actor: Actor, application: Application, reason: str = "") -> Application:
    """取下げ: the applicant takes it back, possible until the 起案. Staff never ask for it (行政手続法33条)."""
    if actor.kind is ActorKind.STAFF:
        require(actor, ProceduresPermission.HANDLE_APPLICATIONS)
    now, before = clock.now(), application.state
    open_corrections = Correction.objects.filter(application=application, answered_at__isnull=True)
    # 「元に戻す」 reads from the journal where the application stood.
    stood = {"before": before, "corrections": [str(each) for each in open_corrections.values_list("id", flat=True)]}
    open_corrections.update(answered_at=now, answered_on=clock.today())
    act_id = uuid7()
    move_application(actor=actor, application=application, act=Act.WITHDRAW, act_id=act_id, completed_at=now)
    record(actor, "procedures.application.withdrawn", application, stood, act_id)
    # What the applicant wrote is personal: it stands in the thread, which is purged in its time, never in the journal.
    if reason.strip() and application.case is not None:
        body = f"取下げの理由：{reason.strip()[:500]}"
        post_message(actor=actor, case=application.case, thread="public", body=body, act_id=act_id)
    return application
