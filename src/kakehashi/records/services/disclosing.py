"""開示請求: received, documents found and held, parts marked with their grounds, decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from kakehashi.cases.models import Case
from kakehashi.cases.services import move_case, open_case
from kakehashi.files.selectors import read_file
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, NotFound, Stale
from kakehashi.kernel.fiscal_year import fiscal_year
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.models import Department
from kakehashi.records.adapters.found_words import places_of
from kakehashi.records.domain.retention import HoldGround, hold_until
from kakehashi.records.models import (
    Decision,
    DisclosureDocument,
    DisclosureMark,
    DisclosureRequest,
    Document,
    FileState,
    Ground,
    Hold,
    RequestKind,
)
from kakehashi.records.permissions import RecordsPermission
from kakehashi.records.selectors.disclosures import file_of
from kakehashi.records.services.retention import locked_file, recalculate

DISCLOSURE = "records.disclosure"
_GROUNDS = {RequestKind.INFORMATION: HoldGround.DISCLOSURE, RequestKind.PERSONAL: HoldGround.PERSONAL_INFORMATION}


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A part of a page in thousandths of the page; a whole page is 0, 0, 1000, 1000."""

    page: int
    left: int = 0
    top: int = 0
    width: int = 1000
    height: int = 1000


@dataclass(frozen=True)
class Why:
    """The ground and clause a part is not disclosed under."""

    ground: Ground
    clause: str
    note: str = ""


@service
def receive_request(
    *,
    actor: Actor,
    kind: RequestKind,
    requester: str,
    asked_for: str,
    requested_on: dt.date,
    due_on: dt.date,
    department: Department,
    idempotency_key: UUID,
) -> DisclosureRequest:
    """Register a request with the next number of its fiscal year and open its case. Event `records.disclosure.received`.

    A second call with the same key returns the first. Raises DomainError for days that cannot be.
    """
    require(actor, RecordsPermission.DISCLOSE)
    known = DisclosureRequest.objects.filter(idempotency_key=idempotency_key).first()
    if known is not None:
        return known
    if requested_on > clock.today() or due_on < requested_on:
        raise DomainError("請求の日は今日まで、決定の期限は請求の日より後にしてください。", field="requested_on")
    made = _numbered(
        kind=kind,
        requester=requester,
        asked_for=asked_for,
        requested_on=requested_on,
        due_on=due_on,
        department=department,
        registered_by_label=actor.label,
        idempotency_key=idempotency_key,
    )
    if Case.objects.filter(kind=DISCLOSURE, source_id=made.id).exists():
        return made
    open_case(
        actor=actor,
        kind=DISCLOSURE,
        subject=f"{made.get_kind_display()} {made.number}",
        source_id=made.id,
        department=department,
        requester_name=requester,
        due_on=due_on,
    )
    _record(actor, "received", made, {"number": made.number, "kind": kind})
    return made


@service
def take_documents(*, actor: Actor, request: DisclosureRequest, document_ids: Sequence[UUID]) -> int:
    """対象文書にする: hold the record files of these documents for the request; how many are new. Event `records.disclosure.found`."""
    require(actor, RecordsPermission.DISCLOSE)
    _undecided(request)
    taken = set(DisclosureDocument.objects.filter(request=request).values_list("document_id", flat=True))
    rows = Document.objects.filter(id__in=document_ids, record_file__state=FileState.KEPT).select_related("record_file")
    new = [row for row in rows.order_by("record_file_id", "id") if row.id not in taken]
    for document in new:
        DisclosureDocument.objects.create(request=request, document=document, hold=_hold(actor, request, document))
    if new:
        _record(actor, "found", request, {"documents": [str(document.id) for document in new]})
    return len(new)


@service
def drop_document(*, actor: Actor, target: DisclosureDocument) -> None:
    """対象から外す: its marks go; the hold goes with the last document of that record file. Event `records.disclosure.dropped`."""
    require(actor, RecordsPermission.DISCLOSE)
    _undecided(target.request)
    DisclosureMark.objects.filter(target=target).delete()
    hold, request, document_id = target.hold, target.request, target.document_id
    target.delete()
    if not DisclosureDocument.objects.filter(hold=hold).exists():
        locked = locked_file(hold.record_file)
        Hold.objects.filter(id=hold.id).update(released_at=clock.now(), released_by_label=actor.label)
        recalculate(locked)
    _record(actor, "dropped", request, {"document": str(document_id)})


@service
def mark_part(*, actor: Actor, target: DisclosureDocument, file_id: UUID, spot: Spot, why: Why) -> DisclosureMark:
    """Mark a part of a page as not disclosed. Raises DomainError without a clause or outside the page. Event `records.disclosure.marked`."""
    require(actor, RecordsPermission.DISCLOSE)
    _undecided(target.request)
    if file_of(target, file_id) is None:
        raise NotFound(str(file_id))
    return _mark(actor, target, file_id, [spot], why)[0]


@service
def mark_words(*, actor: Actor, target: DisclosureDocument, file_id: UUID, words: str, why: Why) -> int:
    """Mark every place where words stand in a PDF; how many. Raises DomainError when they are nowhere. Event `records.disclosure.marked`."""
    require(actor, RecordsPermission.DISCLOSE)
    _undecided(target.request)
    stored = file_of(target, file_id)
    if stored is None:
        raise NotFound(str(file_id))
    places = places_of(read_file(stored), words.strip()) if words.strip() else []
    if not places:
        raise DomainError("この言葉は見つかりません。スキャンした画像では、囲んで指定してください。", field="words")
    spots = [Spot(page=p.page, left=p.left, top=p.top, width=p.width, height=p.height) for p in places]
    return len(_mark(actor, target, file_id, spots, why))


@service
def unmark_part(*, actor: Actor, mark: DisclosureMark) -> None:
    """Take a mark away. Event `records.disclosure.unmarked`."""
    require(actor, RecordsPermission.DISCLOSE)
    request = mark.target.request
    _undecided(request)
    facts = {"document": str(mark.target.document_id), "page": mark.page, "ground": mark.ground}
    mark.delete()
    _record(actor, "unmarked", request, facts)


@service
def judge_document(
    *, actor: Actor, target: DisclosureDocument, outcome: Decision, ground: str = "", clause: str = ""
) -> DisclosureDocument:
    """Whether one document is disclosed whole, in part or not. Event `records.disclosure.judged`.

    In part needs marks; not at all needs ground and clause; whole has no marks. Raises DomainError.
    """
    require(actor, RecordsPermission.DISCLOSE)
    _undecided(target.request)
    marked = DisclosureMark.objects.filter(target=target).exists()
    if outcome == Decision.PARTIAL and not marked:
        raise DomainError("一部を開示するときは、開示しない部分を先に指定してください。", field="outcome")
    if outcome == Decision.OPEN and marked:
        raise DomainError(
            "開示しない部分が指定されています。全部を開示するなら、指定を外してください。", field="outcome"
        )
    if outcome == Decision.CLOSED and not (ground in Ground.values and clause.strip()):
        raise DomainError("開示しないときは、事由と条項を記入してください。", field="clause")
    closed = outcome == Decision.CLOSED
    target.outcome, target.ground, target.clause = outcome, ground if closed else "", clause.strip() if closed else ""
    target.save(update_fields=["outcome", "ground", "clause"])
    facts = {"document": str(target.document_id), "outcome": outcome, "clause": target.clause}
    _record(actor, "judged", target.request, facts)
    return target


@service
def decide_request(
    *, actor: Actor, request: DisclosureRequest, decision: Decision, decided_on: dt.date, reason: str = ""
) -> DisclosureRequest:
    """開示決定等: the decision of its day; the holds last one year from the day after (施行令9条1項). Event `records.disclosure.decided`.

    Raises DomainError while a document is not judged, or when the decision does not fit what was judged.
    """
    require(actor, RecordsPermission.DISCLOSE)
    locked: DisclosureRequest = DisclosureRequest.objects.select_for_update().get(id=request.id)
    _undecided(locked)
    targets = list(DisclosureDocument.objects.filter(request=locked).select_related("hold__record_file"))
    _fits(decision, [target.outcome for target in targets])
    if not locked.requested_on <= decided_on <= clock.today():
        raise DomainError("決定の日は、請求の日から今日までの日にしてください。", field="decided_on")
    if decision not in {Decision.OPEN, Decision.PARTIAL} and not reason.strip():
        raise DomainError("開示しない理由を記入してください。", field="reason")
    for hold in {target.hold_id: target.hold for target in targets}.values():
        locked_one = locked_file(hold.record_file)
        Hold.objects.filter(id=hold.id).update(until=hold_until(HoldGround(hold.ground), decided_on))
        recalculate(locked_one)
    locked.decision, locked.decided_on, locked.reason = decision, decided_on, reason.strip()
    locked.save(update_fields=["decision", "decided_on", "reason"])
    own = Case.objects.filter(kind=DISCLOSURE, source_id=locked.id, closed_at__isnull=True).first()
    if own is not None:
        move_case(actor=actor, case=own, phase="done", state_label=locked.get_decision_display())
    _record(actor, "decided", locked, {"decision": decision, "decided_on": decided_on.isoformat()})
    return locked


def _numbered(**facts: Any) -> DisclosureRequest:
    """A request with the next number of its year. Two that arrive at once meet at the unique number; the second takes the one after."""
    year = fiscal_year(facts["requested_on"])
    while True:
        last = DisclosureRequest.objects.filter(fiscal_year=year).aggregate(last=Max("sequence"))["last"] or 0
        try:
            with transaction.atomic():
                made: DisclosureRequest = DisclosureRequest.objects.create(fiscal_year=year, sequence=last + 1, **facts)
                return made
        except IntegrityError:
            # The same key sent twice at once: the first one is there now.
            known = DisclosureRequest.objects.filter(idempotency_key=facts["idempotency_key"]).first()
            if known is not None:
                return known


def _fits(decision: Decision, outcomes: Sequence[str]) -> None:
    if decision in {Decision.NONE, Decision.UNANSWERED}:
        if outcomes:
            raise DomainError(
                "対象の文書があります。不存在・存否応答拒否とするなら、文書を外してください。", field="decision"
            )
        return
    if not outcomes or "" in outcomes:
        raise DomainError("開示するかどうかを決めていない文書があります。", field="decision")
    same = set(outcomes)
    told = Decision(outcomes[0]) if len(same) == 1 else Decision.PARTIAL
    if decision != told:
        raise DomainError(f"文書ごとの判断に合うのは「{told.label}」です。", field="decision")


def _mark(
    actor: Actor, target: DisclosureDocument, file_id: UUID, spots: Sequence[Spot], why: Why
) -> list[DisclosureMark]:
    if not why.clause.strip():
        raise DomainError("根拠となる条例の条項を記入してください。", field="clause")
    for spot in spots:
        inside = spot.left >= 0 and spot.top >= 0 and spot.left + spot.width <= 1000 and spot.top + spot.height <= 1000
        if not inside or spot.page < 1 or spot.width < 1 or spot.height < 1:
            raise DomainError("ページの中の部分を指定してください。", field="left")
    made = DisclosureMark.objects.bulk_create(
        [
            DisclosureMark(
                target=target,
                file_id=file_id,
                ground=why.ground,
                clause=why.clause.strip(),
                note=why.note.strip(),
                made_by_label=actor.label,
                **asdict(spot),
            )
            for spot in spots
        ]
    )
    facts = {"document": str(target.document_id), "parts": len(made), "ground": why.ground, "clause": why.clause}
    _record(actor, "marked", target.request, facts)
    return made


def _hold(actor: Actor, request: DisclosureRequest, document: Document) -> Hold:
    """The request's hold on a document's record file: one for all of its documents."""
    known = DisclosureDocument.objects.filter(request=request, document__record_file_id=document.record_file_id).first()
    if known is not None:
        return known.hold  # type: ignore[no-any-return]
    locked = locked_file(document.record_file)
    ground = _GROUNDS[RequestKind(request.kind)]
    hold: Hold = Hold.objects.create(
        record_file=locked,
        ground=ground.value,
        reason=f"{request.get_kind_display()} {request.number}",
        placed_by_label=actor.label,
    )
    recalculate(locked)
    record_event(
        actor=actor,
        code="records.file.held",
        subject_kind="records.file",
        subject_id=locked.id,
        payload={"hold": str(hold.id), "ground": ground.value, "expires_on": None},
    )
    return hold


def _undecided(request: DisclosureRequest) -> None:
    if DisclosureRequest.objects.get(id=request.id).decided_on is not None:
        raise Stale("この請求は、すでに決定されています。")


def _record(actor: Actor, verb: str, request: DisclosureRequest, payload: dict[str, Any]) -> None:
    code = f"{DISCLOSURE}.{verb}"
    record_event(actor=actor, code=code, subject_kind=DISCLOSURE, subject_id=request.id, payload=payload)
