"""経過・補正の依頼・交付物: what the staff do, on its way back to the applicant.

`procedures.progress` is the whole standing of one application as of a revision: state, 補正 requests, acts of the timeline. The
newest revision wins; what the applicant did meanwhile and the staff side did not know yet stands over it. So the applicant's
page is the same whatever order bundles come in. `procedures.document` is a letter with its PDF, which never changes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Concat

from kakehashi.cases.services import move_case, reopen_case
from kakehashi.exchange.domain.actors import exchange_actor
from kakehashi.exchange.hooks import Arrived, NotYet, Waiting, Written
from kakehashi.exchange.selectors import unsent
from kakehashi.files.models import StoredFile
from kakehashi.journal.models import Event
from kakehashi.journal.selectors import events_for
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.undo import UNDO_SECONDS
from kakehashi.procedures.domain.carried import Local, Told, standing_of
from kakehashi.procedures.domain.kinds import Result
from kakehashi.procedures.domain.names import RESIDENT_EVENTS
from kakehashi.procedures.domain.states import FACES, State
from kakehashi.procedures.models import Application, Correction, IssuedDocument
from kakehashi.procedures.selectors.clocks import clock_of
from kakehashi.procedures.services.carrying.applications import came_from_residents, is_withdrawal_known
from kakehashi.procedures.services.documents import open_document
from kakehashi.procedures.services.handling import record
from kakehashi.procedures.services.mails import tell_applicant

__all__ = [
    "PROGRESS",
    "apply_document",
    "apply_progress",
    "pending_progress",
    "unsent_documents",
    "unsent_progress",
    "write_document",
    "write_progress",
]

PROGRESS = "procedures.progress"
_WITHDRAWN = "procedures.application.withdrawn"
# The applicant's own acts are known where they were done.
_STAFF_EVENTS = RESIDENT_EVENTS - {
    "procedures.application.submitted",
    "procedures.correction.answered",
    _WITHDRAWN,
}  # fmt: skip


def _correction_count() -> Coalesce:
    rows = Correction.objects.filter(application=OuterRef("pk")).order_by().values("application")
    return Coalesce(Subquery(rows.annotate(found=Count("id")).values("found")), Value(0))


def _mark() -> Concat:
    """What of an application the applicant's page depends on; when it changes, the progress goes out again."""
    bar = Value("|")
    return Concat(
        F("state"), bar, F("result"), bar, Cast("answers_number", CharField()), bar,
        Cast(_correction_count(), CharField()), bar,
        Case(When(is_withdrawal_known(), then=Value("w")), default=Value("")),
    )  # fmt: skip


def unsent_progress() -> QuerySet[Application]:
    """Applications of the public side whose standing has changed since it was last told there.

    What was done within the last ten seconds may still be taken back (docs/decisions/0015), so it stays in the building.
    """
    just_now = Event.objects.filter(
        subject_id=OuterRef("pk"), occurred_at__gt=clock.now() - dt.timedelta(seconds=UNDO_SECONDS)
    )
    moved = came_from_residents().exclude(state=State.SUBMITTED)
    return unsent(moved.filter(~Exists(just_now)), PROGRESS, _mark())


def pending_progress(limit: int) -> list[Waiting]:
    """The first of them, each with its mark."""
    rows = unsent_progress().order_by("id").annotate(mark=_mark())
    return [Waiting(each, mark) for each, mark in rows.values_list("id", "mark")[:limit]]


def write_progress(application_id: UUID) -> Written | None:
    """The standing of one application. A result leaves the house only with 施行; nothing of the inner road is told."""
    found: Application | None = (
        Application.objects.annotate(knows=is_withdrawal_known()).filter(id=application_id).first()
    )
    if found is None:
        return None
    is_done = found.state in (State.DELIVERING, State.COMPLETED)
    data = {
        "state": found.state,
        "result": found.result if is_done else "",
        "accepted_at": _text(found.accepted_at),
        "completed_at": _text(found.completed_at),
        "days": found.days_to_decision if is_done else None,
        "knows_withdrawal": bool(found.knows),  # type: ignore[attr-defined]
        "corrections": [_written_correction(each) for each in found.corrections.order_by("asked_at", "id")],
        "events": [
            {"id": str(each.id), "code": each.code, "at": each.occurred_at.isoformat(), "who": each.actor_label}
            for each in events_for(found.id).filter(code__in=_STAFF_EVENTS)
        ],
    }
    return Written(data, clock.now())


def _text(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _written_correction(each: Correction) -> dict[str, Any]:
    return {
        "id": str(each.id),
        "message": each.message,
        "deadline": each.deadline.isoformat(),
        "asked_at": each.asked_at.isoformat(),
        "asked_on": each.asked_on.isoformat(),
        "asked_by": each.asked_by,
        "answered_at": _text(each.answered_at),
    }


def apply_progress(arrived: Arrived) -> None:
    """Bring the applicant's page to what the staff side said, under what the applicant did meanwhile."""
    application: Application | None = (
        Application.objects.select_for_update(of=("self",))
        .select_related("procedure", "case")
        .filter(id=arrived.item_id)
        .first()
    )
    if application is None:
        raise NotYet("この申請は、この側にありません。")
    actor = system_actor(arrived.government_id, "役所")
    new = _keep_corrections(application, arrived.data["corrections"])
    _keep_events(arrived, application)
    _move(actor, application, arrived.data)
    _tell(actor, application, new)


def _keep_corrections(application: Application, told: list[Mapping[str, Any]]) -> list[Correction]:
    """Write down the 補正 requests; those the staff side has settled are settled first, since only one may be open."""
    new = []
    for each in sorted(told, key=lambda one: one["answered_at"] is None):
        answered = _moment(each["answered_at"])
        settled = {"answered_at": answered, "answered_on": answered.astimezone(clock.JST).date()} if answered else {}
        known = Correction.objects.filter(id=each["id"], application=application)
        if known.exists():
            if settled:
                known.update(**settled)
            continue
        correction = Correction.objects.create(
            id=UUID(each["id"]),
            application=application,
            message=each["message"],
            deadline=dt.date.fromisoformat(each["deadline"]),
            asked_at=dt.datetime.fromisoformat(each["asked_at"]),
            asked_on=dt.date.fromisoformat(each["asked_on"]),
            asked_by=each["asked_by"][:200],
            **settled,
        )
        new.append(correction)
    return new


def _keep_events(arrived: Arrived, application: Application) -> None:
    """Acts of the staff side, once each, for the applicant's timeline; `happened_at` is when they were done there."""
    known = {str(each.get("origin")) for each in events_for(application.id).values_list("payload", flat=True)}
    for each in arrived.data["events"]:
        if each["code"] in _STAFF_EVENTS and each["id"] not in known:
            actor = exchange_actor(arrived.government_id, str(each["who"]), is_staff=True)
            record(actor, each["code"], application, {"origin": each["id"], "happened_at": each["at"]})


def _move(actor: Actor, application: Application, data: Mapping[str, Any]) -> None:
    told = Told(
        State(data["state"]),
        [UUID(each["id"]) for each in data["corrections"] if each["answered_at"] is None],
        bool(data["knows_withdrawal"]),
    )
    answered = Correction.objects.filter(application=application, answered_at__isnull=False)
    withdrawn = events_for(application.id).filter(code=_WITHDRAWN).exists()
    state = standing_of(told, Local(list(answered.values_list("id", flat=True)), withdrawn))
    completed = _moment(data["completed_at"]) or (application.completed_at if state is State.WITHDRAWN else None)
    changes = {
        "state": state.value,
        "result": Result(data["result"]).value,
        "accepted_at": _moment(data["accepted_at"]) or application.accepted_at,
        "completed_at": completed,
        "decided_at": completed if data["result"] else None,
        "days_to_decision": data["days"],
    }
    Application.objects.filter(id=application.id).update(**changes)
    for name, value in changes.items():
        setattr(application, name, value)
    _show_on_case(actor, application, state)


def _show_on_case(actor: Actor, application: Application, state: State) -> None:
    case, face = application.case, FACES[state]
    if case is None or (case.state_label == face.label and case.phase == face.phase):
        return
    if case.closed_at is not None:
        if face.phase == "done":
            return
        reopen_case(actor=actor, case=case, state_label=face.label)
    move_case(
        actor=actor,
        case=case,
        phase=face.phase,
        state_label=face.label,
        waiting_on=face.waiting_on,
        due_on=clock_of(application).due_on,
    )


def _tell(actor: Actor, application: Application, new: list[Correction]) -> None:
    """The mails that the staff side would have sent; each goes out once, whatever comes again."""
    for correction in new:
        if correction.answered_at is None:
            tell_applicant(
                actor=actor, application=application, what="correction", key=f"correction:{correction.id}",
                message=correction.message, deadline=correction.deadline,
            )  # fmt: skip
    if application.state not in (State.DELIVERING, State.COMPLETED):
        return
    if application.result == Result.ARRIVED:
        tell_applicant(actor=actor, application=application, what="arrived", key="arrived")
    elif events_for(application.id).filter(code="procedures.decision.recorded").exists():
        tell_applicant(actor=actor, application=application, what="closed", key="closed")
    elif application.result and not application.accepts_electronic_notice:
        tell_applicant(actor=actor, application=application, what="posted", key="posted")


def unsent_documents() -> QuerySet[IssuedDocument]:
    """Letters to applicants of the public side that have not gone there."""
    return unsent(
        IssuedDocument.objects.filter(application__in=came_from_residents(), by_post=False), "procedures.document"
    )


def write_document(document_id: UUID) -> Written | None:
    """A letter with its PDF, which is made now if nobody has opened it yet."""
    found: IssuedDocument | None = IssuedDocument.objects.filter(id=document_id).first()
    if found is None:
        return None
    staff = exchange_actor(found.government_id, "外との受け渡し", is_staff=True)
    file = open_document(actor=staff, document=found)
    data = {
        "application": str(found.application_id),
        "title": found.title,
        "number": found.document_number,
        "source": str(found.source_id) if found.source_id else None,
    }
    return Written(data, found.delivered_at, [file])


def apply_document(arrived: Arrived) -> None:
    """Put the letter on the applicant's page; from this moment it has arrived (デジタル手続法7条3項)."""
    data = arrived.data
    application: Application | None = (
        Application.objects.select_related("procedure", "case").filter(id=UUID(data["application"])).first()
    )
    if application is None:
        raise NotYet("この申請は、この側にありません。")
    if IssuedDocument.objects.filter(id=arrived.item_id).exists():
        return
    file = StoredFile.objects.filter(id__in=arrived.file_ids).first()
    if file is None:
        raise DomainError("通知のPDFがありません。")
    IssuedDocument.objects.create(
        id=arrived.item_id,
        application=application,
        stored_file=file,
        title=data["title"][:300],
        document_number=data["number"][:60],
        source_id=UUID(data["source"]) if data["source"] else None,
    )
    actor = system_actor(arrived.government_id, "役所")
    tell_applicant(
        actor=actor, application=application, what="issued", key=f"issued:{data['source'] or arrived.item_id}"
    )
