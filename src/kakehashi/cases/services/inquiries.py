"""照会: ask another section, take its answer, remind it; the asking case waits meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse

from kakehashi.cases import hooks
from kakehashi.cases.domain.phases import Phase
from kakehashi.cases.models import Case, Inquiry, InquiryFile, Scope, Stance
from kakehashi.cases.permissions import CasePermission
from kakehashi.cases.selectors.inquiries import asked_by_task, chief_of, may_answer, may_read_inquiry_file
from kakehashi.cases.services.cases import SUBJECT_KIND, asked_section, close_case, move_case, open_case
from kakehashi.files.hooks import MEGABYTE, register_access
from kakehashi.files.models import StoredFile
from kakehashi.governments.selectors import absolute_url, get_government
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, ActorKind, system_actor
from kakehashi.kernel.business_days import add_business_days
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.kernel.wareki import format_wareki
from kakehashi.notices.services import Recipient, send_notice
from kakehashi.people.models import Department, Person

INQUIRY = "cases.inquiry"
INQUIRY_FILE = "cases.inquiry"
NOTICE_ASKED = "cases.inquiry"
_AGAIN_AFTER = timedelta(days=7)


def register_inquiries() -> None:
    """Register the piece of work that a question is for the asked section, and its files."""
    register_access(INQUIRY_FILE, may_read_inquiry_file, max_bytes=50 * MEGABYTE)
    hooks.register_case_kind(
        INQUIRY,
        hooks.CaseKind(
            label="照会",
            summary_template="cases/_inquiry_task.html",
            summary_context=lambda case: {"inquiry": asked_by_task(case)},
            acts=_acts,
            has_public_thread=False,
        ),
    )


def _acts(case: Case, actor: Actor) -> Sequence[hooks.CaseAct]:
    inquiry = asked_by_task(case)
    if inquiry is None or not inquiry.is_open or not may_answer(actor, inquiry):
        return ()
    return [hooks.CaseAct("回答する", reverse("cases-staff:inquiry", args=[inquiry.id]), primary=True)]


@service
def ask_section(
    *,
    actor: Actor,
    case: Case,
    department: Department,
    question: str,
    due_on: date,
    scope: str = Scope.QUESTION.value,
    files: Sequence[StoredFile] = (),
) -> Inquiry:
    """Ask a section for its opinion by a day. It becomes a piece of work there; the asking case waits for it.

    `scope` says what the asked section is shown of the case. Raises `DomainError` beside `question`, `due_on` or `department`
    (its own section, or one that was asked and has not answered), `Stale` for a closed case.
    """
    require(actor, CasePermission.HANDLE)
    text = question.strip().replace("\x00", "")[:3000]
    if not text:
        raise DomainError("聞きたいことを書いてください。", field="question", code="required")
    if due_on <= clock.today():
        raise DomainError("期限は明日以降の日にしてください。", field="due_on")
    if department.id == case.department_id:
        raise DomainError("担当課には照会できません。職員だけのメモを使ってください。", field="department")
    if not case.is_open:
        raise Stale("この案件は完了しています。")
    inquiry = Inquiry(
        case=case, department=department, question=text, scope=Scope(scope).value, due_on=due_on, asked_by=actor.label[:200],
        asked_by_person_id=actor.id if actor.kind is ActorKind.STAFF else None, asked_from=case.department.name,
    )  # fmt: skip
    try:
        with transaction.atomic():
            inquiry.save(force_insert=True)
    except IntegrityError:
        raise DomainError(
            f"{department.name}には、もう照会しています。回答を待ってください。", field="department"
        ) from None
    InquiryFile.objects.bulk_create([InquiryFile(inquiry=inquiry, stored_file=file) for file in files])
    act_id = uuid7()
    inquiry.task = open_case(
        actor=actor,
        kind=INQUIRY,
        # The applicant is named only where the asked section may see the case itself.
        subject=f"照会：{case.subject if scope == Scope.CONTENT else text.splitlines()[0][:60]}",
        source_id=inquiry.id,
        department=department,
        requester_name=f"{case.department.name} {actor.label}"[:100],
        due_on=due_on,
        state_label="照会を受けた",
        act_id=act_id,
    )
    inquiry.save(update_fields=["task"])
    payload = {
        "section": department.name,
        "due_on": due_on.isoformat(),
        "scope": inquiry.scope,
        "state": department.name,
    }
    _record(actor, "cases.inquiry.asked", inquiry, payload, act_id)
    _wait(actor, case, act_id)
    chief = chief_of(department.id)
    if chief is not None:
        _tell(
            actor, inquiry, chief, f"{case.department.name}から照会が届きました（期限{format_wareki(due_on)}）", "asked"
        )
    return inquiry


@service
def answer_inquiry(
    *, actor: Actor, inquiry: Inquiry, stance: str, answer: str, files: Sequence[StoredFile] = ()
) -> Inquiry:
    """Answer for the asked section; its piece of work is closed and the asking case goes on when nobody else is asked.

    Raises `PermissionRefused` for another section, `DomainError` beside `answer`, `Stale` when it was answered or withdrawn.
    """
    require(actor, CasePermission.HANDLE)
    if not may_answer(actor, inquiry):
        raise PermissionRefused(CasePermission.HANDLE)
    text = answer.strip().replace("\x00", "")[:5000]
    word = Stance(stance)
    if word is not Stance.FINE and not text:
        raise DomainError("理由や条件を書いてください。", field="answer", code="required")
    now = clock.now()
    changes: dict[str, Any] = {
        "stance": word.value, "answer": text, "answered_by": actor.label[:200], "answered_at": now, "answered_on": clock.today(),
    }  # fmt: skip
    act_id = _end(actor, inquiry, changes)
    InquiryFile.objects.bulk_create(
        [InquiryFile(inquiry=inquiry, stored_file=file, with_answer=True) for file in files]
    )
    payload = {"section": inquiry.department.name, "stance": word.value, "state": word.label}
    _record(actor, "cases.inquiry.answered", inquiry, payload, act_id)
    _go_on(actor, inquiry, "回答済み", act_id)
    person = inquiry.case.handler or inquiry.asked_by_person
    if person is not None and person.id != actor.id:
        _tell(actor, inquiry, person, f"{inquiry.department.name}が照会に回答しました（{word.label}）", "answered")
    return inquiry


@service
def withdraw_inquiry(*, actor: Actor, inquiry: Inquiry) -> Inquiry:
    """Take a question back: nobody has to answer it. Raises `Stale` when it was answered, `PermissionRefused` for other sections."""
    require(actor, CasePermission.HANDLE)
    if getattr(actor, "department_id", None) not in {None, inquiry.case.department_id} and actor.id not in {
        inquiry.asked_by_person_id,
        inquiry.case.handler_id,
    }:
        raise PermissionRefused(CasePermission.HANDLE)
    act_id = _end(actor, inquiry, {"withdrawn_at": clock.now(), "answered_on": clock.today()})
    _record(actor, "cases.inquiry.withdrawn", inquiry, {"section": inquiry.department.name}, act_id)
    _go_on(actor, inquiry, "取り下げられた", act_id)
    return inquiry


@service
def remind_sections(*, government_id: UUID) -> int:
    """Remind of questions due tomorrow or over, once and then weekly; return of how many."""
    today, count = clock.today(), 0
    actor = system_actor(government_id)
    near = add_business_days(today, 1)
    due = Inquiry.objects.filter(answered_on__isnull=True, due_on__lte=near).select_related(
        "case", "department", "task"
    )
    for inquiry in due.select_for_update(of=("self",), skip_locked=True).order_by("id")[:500]:
        if inquiry.reminded_on is not None and (inquiry.due_on > today or today - inquiry.reminded_on < _AGAIN_AFTER):
            continue
        inquiry.reminded_on = today
        inquiry.save(update_fields=["reminded_on"])
        handler_id = inquiry.task.handler_id if inquiry.task else None
        person = Person.objects.filter(id=handler_id).first() if handler_id else chief_of(inquiry.department_id)
        words = "過ぎました" if inquiry.due_on < today else "近づいています"
        if person is not None:
            _tell(actor, inquiry, person, f"{inquiry.asked_from}からの照会の期限が{words}", f"due:{today}")
        count += 1
    return count


def _end(actor: Actor, inquiry: Inquiry, changes: dict[str, Any]) -> UUID:
    if not Inquiry.objects.filter(id=inquiry.id, answered_on__isnull=True).update(**changes):
        raise Stale("この照会は、もう終わっています。")
    for name, value in changes.items():
        setattr(inquiry, name, value)
    return uuid7()


def _wait(actor: Actor, case: Case, act_id: UUID) -> None:
    """The case waits for the section, unless it waits for the applicant or is being decided already."""
    if case.phase in {Phase.NEW, Phase.WORKING}:
        move_case(
            actor=actor, case=case, phase=Phase.WAITING, state_label=case.state_label, waiting_on=asked_section(case), act_id=act_id
        )  # fmt: skip


def _go_on(actor: Actor, inquiry: Inquiry, state: str, act_id: UUID) -> None:
    case = Case.objects.select_for_update().get(id=inquiry.case_id)
    if inquiry.task is not None and inquiry.task.is_open:
        close_case(actor=actor, case=inquiry.task, state_label=state, act_id=act_id)
    if not case.is_open or case.phase != Phase.WAITING or case.waiting_on != inquiry.department.name:
        return
    kind = hooks.case_kind(case.kind)
    move_case(
        actor=actor,
        case=case,
        phase=Phase.WORKING,
        state_label=case.state_label,
        due_on=kind.due(case) if kind.due else None,
        act_id=act_id,
    )


def _record(actor: Actor, code: str, inquiry: Inquiry, payload: dict[str, Any], act_id: UUID) -> None:
    record_event(
        actor=actor, code=code, subject_kind=SUBJECT_KIND, subject_id=inquiry.case_id,
        payload={"inquiry": str(inquiry.id), **payload}, act_id=act_id,
    )  # fmt: skip


def _tell(actor: Actor, inquiry: Inquiry, person: Person, sentence: str, what: str) -> None:
    send_notice(
        actor=actor,
        kind=NOTICE_ASKED,
        to=Recipient(person_id=person.id, name=person.name),
        subject=sentence,
        body_text=f"{sentence}。\n内容は、次のページで確かめてください。",
        url=absolute_url(get_government(current_government_id()), "cases-staff:inquiry", inquiry.id),
        idempotency_key=uuid7(),
    )
