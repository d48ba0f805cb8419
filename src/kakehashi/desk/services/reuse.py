"""A case of elsewhere becomes work here, and what came of it flows back."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID, uuid5

from django.db.models import F
from django.urls import reverse

from kakehashi.desk.domain.conditions import adoption_steps
from kakehashi.desk.domain.effect import Frequency
from kakehashi.desk.models import AdoptionStep, CaseReuse, Consultation, ReceivedCase, ReuseResult
from kakehashi.desk.models.solved_cases import CaseText
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors import published_cases
from kakehashi.desk.selectors.solved_cases import personal_in
from kakehashi.desk.services.consultations import file_consultation
from kakehashi.governments.selectors import get_government
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.notices.models import Notice
from kakehashi.notices.services import Recipient, send_notice

SUBJECT = "desk.reuse"


@service
def adopt_case(*, actor: Actor, case_id: UUID) -> Consultation:
    """「うちでも使う」: make our own work from a published case, its steps filled in, and return it; twice is once.

    The origin sees that and where its case is used, nothing of the work itself. Raises NotFound when the case is not
    published to us.
    """
    require(actor, DeskPermission.CASE_ADOPT)
    case = published_cases().filter(id=case_id).first()
    if case is None:
        raise NotFound
    CaseReuse.objects.get_or_create(
        origin_id=current_government_id(),
        case_id=case.id,
        defaults={
            "case_origin_id": case.origin_id,
            "case_title": case.title,
            "adopter_name": get_government(current_government_id()).name,
        },
    )
    # Whoever holds this row makes the work; a colleague who pressed at the same moment waits and finds it made.
    reuse = CaseReuse.objects.select_for_update().get(origin_id=current_government_id(), case_id=case.id)
    if reuse.consultation_id is not None:
        existing: Consultation = Consultation.objects.get(id=reuse.consultation_id)
        return existing
    consultation = begin_work(actor, case, case.id)
    reuse.consultation_id, reuse.result, reuse.revision = consultation.id, ReuseResult.ADOPTED, case.revision
    reuse.save(update_fields=["consultation_id", "result", "revision"])
    record_event(
        actor=actor,
        code="desk.reuse.adopted",
        subject_kind="desk.consultation",
        subject_id=consultation.id,
        payload={"case_id": str(case.id), "title": case.title, "origin": case.origin_name},
    )
    return consultation


@service
def report_reuse(
    *,
    actor: Actor,
    case_id: UUID,
    result: str,
    note: str = "",
    hours_released: Decimal | None = None,
    is_checked: bool = False,
) -> CaseReuse:
    """Tell the origin what came of its case here: it worked, or it did not fit (「当てはまらなかった」), in one line.

    It can be said without having adopted the case. Raises DomainError for an unknown result, or when a misfit has no word
    on why, or where the remark could name a person (see `refuse_persons`); NotFound when the case is not published to us.
    """
    require(actor, DeskPermission.CASE_ADOPT)
    case = published_cases().filter(id=case_id).first()
    if case is None:
        raise NotFound
    refuse_persons(note, field="note", is_checked=is_checked)
    if result not in {ReuseResult.WORKED, ReuseResult.DID_NOT_FIT}:
        raise DomainError("結果を選んでください。", field="result", code="required")
    if result == ReuseResult.DID_NOT_FIT and not note.strip():
        raise DomainError(
            "何が違ったかを一行で書いてください。次に読む町の役に立ちます。", field="note", code="required"
        )
    reuse, _ = CaseReuse.objects.update_or_create(
        origin_id=current_government_id(),
        case_id=case.id,
        defaults={
            "case_origin_id": case.origin_id,
            "case_title": case.title,
            "adopter_name": get_government(current_government_id()).name,
            "result": result,
            "note": note.strip()[:300],
            "hours_released": hours_released,
            "reported_at": clock.now(),
        },
    )
    record_event(
        actor=actor,
        code="desk.reuse.reported",
        subject_kind=SUBJECT,
        subject_id=reuse.id,
        payload={"case_id": str(case.id), "result": result},
    )
    return reuse


@service
def tell_of_revisions(*, actor: Actor) -> int:
    """Tell whoever took a case over that its origin published another revision; once for each. Run by the worker."""
    mine = CaseReuse.objects.filter(origin_id=current_government_id(), consultation_id__isnull=False)
    newer = {case.id: case for case in published_cases().filter(id__in=mine.values("case_id"))}
    facts = [
        (
            reuse.id,
            reuse.consultation_id,
            newer[reuse.case_id].title,
            newer[reuse.case_id].revision,
            newer[reuse.case_id].note,
        )
        for reuse in mine
        if reuse.case_id in newer and newer[reuse.case_id].revision > reuse.revision
    ]
    received = ReceivedCase.objects.filter(consultation__isnull=False, withdrawn_at__isnull=True)
    facts += [
        (row.id, row.consultation_id, row.title, row.revision, row.note)
        for row in received.filter(revision__gt=F("taken_revision"))
    ]
    return sum(_tell_of_revision(actor, *fact) for fact in facts)


def _tell_of_revision(
    actor: Actor, key: UUID, consultation_id: UUID | None, title: str, revision: int, note: str
) -> int:
    """One notice, unless it went out before; 1 when it is new."""
    consultation = Consultation.objects.select_related("asked_by").filter(id=str(consultation_id)).first()
    once = uuid5(key, f"revision:{revision}")
    if consultation is None or Notice.objects.filter(idempotency_key=once).exists():
        return 0
    send_notice(
        actor=actor,
        kind="desk.revision",
        to=Recipient(person_id=consultation.asked_by_id, name=consultation.asked_by.name),
        subject=f"取り入れた事例が第{revision}版になりました：{title}",
        body_text=note or "もとの団体が、事例を新しくしました。",
        url=reverse("desk-staff:shared-case", args=[consultation.adopted_case_id]),
        idempotency_key=once,
    )
    return 1


@service
def tick_step(*, actor: Actor, step_id: UUID, is_done: bool) -> AdoptionStep:
    """Tick a step of work taken over as done, or not. Raises NotFound."""
    require(actor, DeskPermission.SUPPORT)
    step: AdoptionStep | None = AdoptionStep.objects.select_related("consultation").filter(id=step_id).first()
    if step is None:
        raise NotFound
    step.done_at = clock.now() if is_done else None
    step.save(update_fields=["done_at"])
    return step


def begin_work(actor: Actor, case: CaseText, case_id: UUID) -> Consultation:
    """Make our own consultation from a case of elsewhere, with its steps filled in, in the caller's transaction."""
    consultation = file_consultation(actor=actor, consultation_id=uuid7(), answers=_answers(case))
    consultation.adopted_case_id = case_id
    consultation.save(update_fields=["adopted_case_id"])
    AdoptionStep.objects.bulk_create(
        [
            AdoptionStep(consultation=consultation, order=order, text=text[:500])
            for order, text in enumerate(adoption_steps(case.what_was_done), start=1)
        ]
    )
    return consultation


def refuse_persons(text: str, *, field: str, is_checked: bool) -> None:
    """Stop a remark that leaves the building while something in it could name a person. Raises DomainError beside `field`.

    With `is_checked` a person has said that what only may be a name or a place is none; numbers and addresses never pass.
    """
    open_findings = [one for one in personal_in({field: text}) if not (is_checked and one.may_keep)]
    if not open_findings:
        return
    found = "、".join(dict.fromkeys(f"{one.label}「{one.text}」" for one in open_findings))
    advice = (
        "人を指していなければ、下の印を付けてください。"
        if all(one.may_keep for one in open_findings)
        else "消してください。"
    )
    raise DomainError(f"個人が分かりそうな所があります（{found[:150]}）。{advice}", field=field, code="unmasked")


def _answers(case: CaseText) -> dict[str, object]:
    return {
        "task": case.title[:100],
        "problem": case.problem or case.title,
        "purpose": case.purpose,
        "desired_state": "",
        "frequency": Frequency.YEARLY.value,
        "count": None,
        "minutes_each": None,
        "rule": case.rule,
    }
