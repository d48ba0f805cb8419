"""From a trouble to a confirmed purpose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from kakehashi.cases.services import open_case
from kakehashi.desk.domain.states import ConsultationState, state_label
from kakehashi.desk.domain.themes import CHECKLISTS, Theme
from kakehashi.desk.domain.themes import LABELS as THEME_LABELS
from kakehashi.desk.models import Consultation, ConsultationDesk, DeskTask, Triage
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors import desk_department
from kakehashi.desk.services.movement import SUBJECT, index, move
from kakehashi.desk.services.origins import intake_of, keep_wishes
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.models import Department, Person
from kakehashi.people.selectors import acting_staff

CASE_KIND = "desk.consultation"
S = ConsultationState
QUESTIONS = (
    "task", "problem", "purpose", "desired_state", "frequency", "count", "minutes_each", "rule", "manager_knows",
)  # fmt: skip


@service
def save_draft(*, actor: Actor, consultation_id: UUID, answers: Mapping[str, Any]) -> Consultation:
    """Keep what was typed so far, in whatever state it is, and return it.

    `answers` maps names of `QUESTIONS` to values. A consultation that was filed meanwhile is returned unchanged: the page
    was sent twice. Raises NotFound when the id is another person's. A draft is not an official act.
    """
    require(actor, DeskPermission.FILE)
    person = acting_staff(actor)
    return keep_answers(person, consultation_id, answers, department_id=getattr(actor, "department_id", None))


def keep_answers(
    person: Person, consultation_id: UUID, answers: Mapping[str, Any], *, department_id: UUID | None
) -> Consultation:
    """The draft of a person with these answers, in the caller's transaction. Raises NotFound for another's id."""
    rows = Consultation.objects.select_for_update().filter(id=consultation_id)
    consultation: Consultation | None = rows.first()
    if consultation is None:
        # The page keeps the draft while its writer presses the button: both may insert, one row is made.
        new = Consultation(id=consultation_id, asked_by=person, department_id=department_id)
        Consultation.objects.bulk_create([new], ignore_conflicts=True)
        consultation = rows.first()
    # An id that is taken but cannot be seen is another government's.
    if consultation is None or consultation.asked_by_id != person.id:
        raise NotFound
    if consultation.status is not S.DRAFT:
        return consultation
    for name in QUESTIONS:
        if name in answers:
            setattr(consultation, name, answers[name])
    consultation.save()
    keep_wishes(consultation, answers)
    return consultation


@service
def file_consultation(*, actor: Actor, consultation_id: UUID, answers: Mapping[str, Any]) -> Consultation:
    """File a consultation: keep the answers, open its case in the desk's inbox, write the event; twice is once.

    Raises DomainError when the task or the trouble is missing. Purpose and desired state may still be empty: finding
    them is the desk's first work.
    """
    consultation = save_draft(actor=actor, consultation_id=consultation_id, answers=answers)
    return file_draft(actor, consultation)


def file_draft(actor: Actor, consultation: Consultation) -> Consultation:
    """File what was kept, in the caller's transaction; what is filed already is returned as it is. Raises DomainError."""
    if consultation.status is not S.DRAFT:
        return consultation
    for name, message in (("task", "業務の名前を書いてください。"), ("problem", "困っていることを書いてください。")):
        if not getattr(consultation, name).strip():
            raise DomainError(message, field=name, code="required")
    department = desk_department(consultation.department)
    if department is None:
        raise DomainError("相談窓口を置く課がまだ決まっていません。管理者に知らせてください。", code="no_desk")
    intake, act = intake_of(consultation), uuid7()
    consultation.case = open_case(
        actor=actor,
        kind=CASE_KIND,
        subject=consultation.task,
        source_id=consultation.id,
        department=department,
        requester_name=consultation.asked_by.name,
        state_label=state_label(S.RECEIVED),
        due_on=intake.due_wish,
        act_id=act,
    )
    consultation.state, consultation.filed_at = S.RECEIVED, clock.now()
    consultation.save(update_fields=["case", "state", "filed_at"])
    record_event(
        actor=actor,
        code="desk.consultation.filed",
        subject_kind=SUBJECT,
        subject_id=consultation.id,
        payload={"state": consultation.state_label, "has_purpose": consultation.has_purpose, "channel": intake.channel},
        act_id=act,
    )
    index(consultation)
    return consultation


@service
def triage_consultation(
    *, actor: Actor, consultation: Consultation, theme: str = Theme.OTHER.value, note: str = ""
) -> Consultation:
    """Say that the desk has looked and takes the consultation, and what it is about. Raises DomainError for no theme.

    What is to be checked for the theme becomes tasks.
    """
    require(actor, DeskPermission.SUPPORT)
    if theme not in set(Theme):
        raise DomainError("テーマを選んでください。", field="theme", code="required")
    moved = move(
        actor, consultation, S.TRIAGED, "desk.consultation.triaged", payload={"theme": THEME_LABELS[Theme(theme)]}
    )
    Triage.objects.update_or_create(
        consultation=consultation,
        defaults={
            "theme": theme,
            "note": note.strip()[:300],
            "triaged_by": actor.label[:200],
            "triaged_at": clock.now(),
        },
    )
    DeskTask.objects.bulk_create(
        [DeskTask(consultation=consultation, text=text) for text in CHECKLISTS.get(Theme(theme), ())]
    )
    return moved


@service
def confirm_purpose(*, actor: Actor, consultation: Consultation, purpose: str, desired_state: str) -> Consultation:
    """Write down and confirm what the task is for and how it should be.

    Raises DomainError when either is empty: without them nobody is assigned and nothing is advised.
    """
    require(actor, DeskPermission.SUPPORT)
    for field, value, message in (
        ("purpose", purpose, "この業務は何のためかを書いてください。"),
        ("desired_state", desired_state, "どうなりたいかを書いてください。"),
    ):
        if not value.strip():
            raise DomainError(message, field=field, code="required")
    return move(
        actor, consultation, S.PURPOSE_CONFIRMED, "desk.consultation.purpose_confirmed",
        purpose=purpose.strip(), desired_state=desired_state.strip(),
    )  # fmt: skip


@service
def decline_consultation(*, actor: Actor, consultation: Consultation, reason: str) -> Consultation:
    """Say that the desk does not take the consultation, with the reason, which the person who asked reads."""
    require(actor, DeskPermission.SUPPORT)
    if not reason.strip():
        raise DomainError("対応しない理由を書いてください。", field="reason", code="required")
    return move(
        actor, consultation, S.DECLINED, "desk.consultation.declined", payload={"reason": reason.strip()[:500]},
    )  # fmt: skip


@service
def withdraw_consultation(*, actor: Actor, consultation: Consultation) -> Consultation:
    """Take one's own consultation back. Raises NotFound for another person's."""
    require(actor, DeskPermission.FILE)
    if consultation.asked_by_id != actor.id:
        raise NotFound
    return move(actor, consultation, S.WITHDRAWN, "desk.consultation.withdrawn")


@service
def place_desk(*, actor: Actor, department: Department) -> ConsultationDesk:
    """Name the section that runs the desk; new consultations come into its inbox."""
    require(actor, DeskPermission.SUPPORT)
    desk, _ = ConsultationDesk.objects.update_or_create(defaults={"department": department})
    record_event(
        actor=actor,
        code="desk.desk.placed",
        subject_kind="desk.desk",
        subject_id=desk.id,
        payload={"department": department.name},
    )
    return desk
