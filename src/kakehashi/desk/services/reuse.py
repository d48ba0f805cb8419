"""A case of elsewhere becomes work here, and what came of it flows back."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from kakehashi.desk.domain.conditions import adoption_steps
from kakehashi.desk.domain.effect import Frequency
from kakehashi.desk.models import AdoptionStep, CaseReuse, Consultation, PublishedCase, ReuseResult
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors import published_cases
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
    consultation = file_consultation(actor=actor, consultation_id=uuid7(), answers=_answers(case))
    consultation.adopted_case_id = case.id
    consultation.save(update_fields=["adopted_case_id"])
    reuse.consultation_id, reuse.result = consultation.id, ReuseResult.ADOPTED
    reuse.save(update_fields=["consultation_id", "result"])
    AdoptionStep.objects.bulk_create(
        [
            AdoptionStep(consultation=consultation, order=order, text=text[:500])
            for order, text in enumerate(adoption_steps(case.what_was_done), start=1)
        ]
    )
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
    *, actor: Actor, case_id: UUID, result: str, note: str = "", hours_released: Decimal | None = None
) -> CaseReuse:
    """Tell the origin what came of its case here: it worked, or it did not fit (「当てはまらなかった」), in one line.

    It can be said without having adopted the case. Raises DomainError for an unknown result, or when a misfit has no word
    on why; NotFound when the case is not published to us.
    """
    require(actor, DeskPermission.CASE_ADOPT)
    case = published_cases().filter(id=case_id).first()
    if case is None:
        raise NotFound
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
def tick_step(*, actor: Actor, step_id: UUID, is_done: bool) -> AdoptionStep:
    """Tick a step of work taken over as done, or not. Raises NotFound."""
    require(actor, DeskPermission.SUPPORT)
    step: AdoptionStep | None = AdoptionStep.objects.select_related("consultation").filter(id=step_id).first()
    if step is None:
        raise NotFound
    step.done_at = clock.now() if is_done else None
    step.save(update_fields=["done_at"])
    return step


def _answers(case: PublishedCase) -> dict[str, object]:
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
