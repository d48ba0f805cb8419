"""Solved cases between installations: out as a signed bundle, in when the signer is believed, results back to the origin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings

from kakehashi.desk.domain.case_file import (
    MOST_CASES,
    Bundle,
    CaseBody,
    ResultBody,
    UnreadableBundleError,
    fingerprint,
    read_bundle,
    signer_name,
    write_bundle,
)
from kakehashi.desk.models import (
    CaseFeed,
    CaseSigner,
    Consultation,
    PublishedCase,
    ReceivedCase,
    ReturnedResult,
    ReuseResult,
    Scope,
    SolvedCase,
)
from kakehashi.desk.models.solved_cases import COPIED_FIELDS
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors.exchange import RECEIVED_KIND, untold_results
from kakehashi.desk.services.reuse import begin_work, refuse_persons
from kakehashi.governments.selectors import get_government
from kakehashi.journal.adapters.signing_key import load_signing_key
from kakehashi.journal.domain.notes import verifier_key
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.search.services import index_text, remove_text

__all__ = [
    "Receipt", "adopt_received", "confirm_case_signer", "export_cases", "export_results", "feed_bundle",
    "forget_case_signer", "mark_told", "own_fingerprint", "receive_bundle", "report_received", "store_bundle",
]  # fmt: skip

SIGNER, RECEIVED = "desk.case_signer", "desk.received_case"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a bundle brought: new and newer cases, cases that were withdrawn, results for cases of ours."""

    origin_name: str
    cases: int
    withdrawn: int
    results: int


@service
def export_cases(*, actor: Actor, with_prefecture: bool = False) -> bytes:
    """Return our published cases as a signed file: those for the country, and with `with_prefecture` those for the prefecture.

    It leaves the house: an official act. Raises DomainError where there is nothing to give.
    """
    require(actor, DeskPermission.CASE_EXCHANGE)
    audiences = [Scope.COUNTRY, Scope.PREFECTURE] if with_prefecture else [Scope.COUNTRY]
    cases = _published(audiences)
    if not cases:
        raise DomainError("渡せる事例がありません。先に、県内か全国に公開してください。", code="nothing")
    content = _signed(cases, current=None, results=())
    record_event(
        actor=actor, code="desk.solved_case.exported", subject_kind="desk.desk", subject_id=current_government_id(),
        payload={"cases": [str(case.id) for case in cases], "with_prefecture": with_prefecture},
    )  # fmt: skip
    return content


def feed_bundle(page: int = 1) -> bytes:
    """Return what the feed answers: a page of the cases published to the whole country, newest first, and the ids of all."""
    cases = _published([Scope.COUNTRY], page)
    ids = PublishedCase.objects.filter(origin_id=current_government_id(), audience=Scope.COUNTRY)
    return _signed(cases, current=list(ids.values_list("id", flat=True)), results=())


@service
def export_results(*, actor: Actor, origin_code: str) -> bytes:
    """Return, signed, what came of a government's cases here, and note them as told. Raises DomainError when nothing is new."""
    require(actor, DeskPermission.CASE_EXCHANGE)
    rows = list(untold_results(origin_code))
    if not rows:
        raise DomainError("この団体に伝える新しい結果はありません。", code="nothing")
    content = _signed((), current=None, results=_results(rows))
    mark_told(rows)
    record_event(
        actor=actor, code="desk.received_case.told", subject_kind="desk.desk", subject_id=current_government_id(),
        payload={"origin": origin_code, "cases": [str(row.case_id) for row in rows]},
    )  # fmt: skip
    return content


def results_bundle(rows: Sequence[ReceivedCase]) -> bytes:
    """Return the signed bundle of results that is posted to a feed's origin."""
    return _signed((), current=None, results=_results(rows))


def mark_told(rows: Sequence[ReceivedCase]) -> None:
    """Note that the origin has these results."""
    ReceivedCase.objects.filter(id__in=[row.id for row in rows]).update(told_at=clock.now())


def own_fingerprint() -> str:
    """What the other side compares before it believes a bundle of ours."""
    code = get_government(current_government_id()).code
    return fingerprint(verifier_key(signer_name(code), load_signing_key(settings.JOURNAL_KEY)))


@service
def receive_bundle(*, actor: Actor, content: bytes) -> Receipt | CaseSigner:
    """Take in a signed bundle: a receipt, or, where nobody has confirmed the key yet, the signer that waits for it.

    Nothing of a bundle is kept before its signer is believed: it is handed in again after that. Raises DomainError (field
    `file`) for what is no bundle, was altered, or is our own.
    """
    require(actor, DeskPermission.CASE_EXCHANGE)
    bundle = open_bundle(content)
    signer = note_signer(actor, bundle)
    if signer.confirmed_at is None:
        return signer
    return store_bundle(actor, bundle, None)


def open_bundle(content: bytes) -> Bundle:
    """Read a bundle of somebody else's. Raises DomainError (field `file`)."""
    try:
        bundle = read_bundle(content)
    except UnreadableBundleError as error:
        raise DomainError(str(error), field="file", code="unreadable") from error
    if bundle.origin_code == get_government(current_government_id()).code:
        raise DomainError(
            "この団体が書き出したものです。ほかの団体のファイルを選んでください。", field="file", code="own"
        )
    return bundle


def note_signer(actor: Actor, bundle: Bundle) -> CaseSigner:
    """Return the row of the key that signed a bundle, made when it is seen for the first time."""
    signer, is_new = CaseSigner.objects.get_or_create(
        code=bundle.origin_code, signer=str(bundle.signer), defaults={"name": bundle.origin_name}
    )
    if is_new:
        _record(actor, "desk.case_signer.seen", SIGNER, signer.id, {"code": signer.code, "name": signer.name})
    made: CaseSigner = signer
    return made


@service
def confirm_case_signer(*, actor: Actor, signer: CaseSigner, how: str) -> CaseSigner:
    """Believe a key; `how` says in what way its fingerprint was compared. Raises DomainError without it."""
    require(actor, DeskPermission.CASE_EXCHANGE)
    if not how.strip():
        raise DomainError("どうやって確かめたかを書いてください。", field="how", code="required")
    signer.how, signer.confirmed_by, signer.confirmed_at = how.strip()[:200], actor.label[:200], clock.now()
    signer.save()
    _record(actor, "desk.case_signer.confirmed", SIGNER, signer.id, {"code": signer.code, "how": signer.how})
    return signer


@service
def forget_case_signer(*, actor: Actor, signer: CaseSigner) -> None:
    """Believe a key no more: its cases are not shown until somebody confirms it again. Work that was taken over stays."""
    require(actor, DeskPermission.CASE_EXCHANGE)
    signer.how = signer.confirmed_by = ""
    signer.confirmed_at = None
    signer.save()
    for row in ReceivedCase.objects.filter(signer=signer.signer):
        remove_text(government_id=row.government_id, kind=RECEIVED_KIND, object_id=row.id)
    _record(actor, "desk.case_signer.forgotten", SIGNER, signer.id, {"code": signer.code, "name": signer.name})


def store_bundle(actor: Actor, bundle: Bundle, feed: CaseFeed | None) -> Receipt:
    """Keep what a believed signer says: cases that are new or newer, withdrawals of a feed, results for cases of ours."""
    cases = sum(_store_case(actor, bundle, case, feed) for case in bundle.cases)
    results = sum(_store_result(actor, bundle, result) for result in bundle.results)
    return Receipt(bundle.origin_name, cases, _withdraw(actor, bundle, feed), results)


@service
def adopt_received(*, actor: Actor, received: ReceivedCase) -> Consultation:
    """「うちでも使う」: make our own work from a received case, its steps filled in; twice is once."""
    require(actor, DeskPermission.CASE_ADOPT)
    locked: ReceivedCase = ReceivedCase.objects.select_for_update().get(id=received.id)
    if locked.consultation_id is not None:
        existing: Consultation = Consultation.objects.get(id=locked.consultation_id)
        return existing
    if locked.withdrawn_at is not None:
        raise NotFound
    consultation = begin_work(actor, locked, locked.case_id)
    locked.consultation, locked.taken_revision = consultation, locked.revision
    if not locked.result:
        locked.result, locked.reported_on = ReuseResult.ADOPTED, clock.today()
    locked.save()
    payload = {"title": locked.title, "origin": locked.origin_name, "received": str(locked.id)}
    record_event(
        actor=actor, code="desk.reuse.adopted", subject_kind="desk.consultation", subject_id=consultation.id, payload=payload
    )  # fmt: skip
    return consultation


@service
def report_received(
    *,
    actor: Actor,
    received: ReceivedCase,
    result: str,
    note: str = "",
    hours_released: Decimal | None = None,
    is_checked: bool = False,
) -> ReceivedCase:
    """Write down what came of a received case; it goes back with the next feed, or as a file.

    Raises DomainError as `report_reuse` does.
    """
    require(actor, DeskPermission.CASE_ADOPT)
    if result not in {ReuseResult.WORKED, ReuseResult.DID_NOT_FIT}:
        raise DomainError("結果を選んでください。", field="result", code="required")
    if result == ReuseResult.DID_NOT_FIT and not note.strip():
        raise DomainError(
            "何が違ったかを一行で書いてください。次に読む町の役に立ちます。", field="note", code="required"
        )
    refuse_persons(note, field="note", is_checked=is_checked)
    received.result, received.result_note = result, note.strip()[:300]
    received.hours_released, received.reported_on, received.told_at = hours_released, clock.today(), None
    received.save()
    _record(actor, "desk.received_case.reported", RECEIVED, received.id, {"result": result})
    return received


def _published(audiences: Sequence[str], page: int = 1) -> list[PublishedCase]:
    rows = PublishedCase.objects.filter(origin_id=current_government_id(), audience__in=audiences)
    return list(rows.order_by("-published_at", "-id")[(page - 1) * MOST_CASES : page * MOST_CASES])


def _signed(cases: Sequence[PublishedCase], *, current: Sequence[UUID] | None, results: Sequence[ResultBody]) -> bytes:
    government = get_government(current_government_id())
    content = write_bundle(
        origin_code=government.code, origin_name=government.name, made_at=clock.now(), current=current,
        cases=[_body(case) for case in cases], results=results, key=load_signing_key(settings.JOURNAL_KEY),
    )  # fmt: skip
    try:
        read_bundle(content)
    except UnreadableBundleError as error:
        raise DomainError(f"このままでは渡せません。{error}", code="not_ready") from error
    return content


def _body(case: PublishedCase) -> CaseBody:
    values = {name: getattr(case, name) for name in COPIED_FIELDS}
    return CaseBody(case.id, case.revision, case.published_at.astimezone(clock.JST).date(), case.note, values)


def _results(rows: Sequence[ReceivedCase]) -> list[ResultBody]:
    return [
        ResultBody(row.case_id, row.origin_code, row.result, row.result_note, row.hours_released, row.reported_on)
        for row in rows
        if row.reported_on is not None
    ]


def _store_case(actor: Actor, bundle: Bundle, case: CaseBody, feed: CaseFeed | None) -> int:
    """Keep a case that is new or newer; 1 when it was."""
    key: dict[str, Any] = {"origin_code": bundle.origin_code, "case_id": case.id}
    row: ReceivedCase | None = ReceivedCase.objects.select_for_update().filter(**key).first()
    if row is not None and row.revision >= case.revision and row.withdrawn_at is None:
        return 0
    if row is not None and row.revision > case.revision:
        return 0
    values: dict[str, Any] = {
        **case.values, "origin_name": bundle.origin_name, "revision": case.revision, "note": case.note,
        "published_on": case.published_on, "signer": str(bundle.signer), "received_at": clock.now(), "withdrawn_at": None,
    }  # fmt: skip
    if feed is not None or row is None:
        values["feed"] = feed
    made: ReceivedCase = ReceivedCase.objects.update_or_create(**key, defaults=values)[0]
    index_text(
        government_id=made.government_id, kind=RECEIVED_KIND, object_id=made.id, title=made.title,
        fields={name: getattr(made, name) for name in ("purpose", "problem", "cause", "what_was_done", "what_failed")},
    )  # fmt: skip
    payload = {"origin": bundle.origin_code, "case": str(case.id), "revision": case.revision}
    _record(actor, "desk.received_case.received", RECEIVED, made.id, payload)
    return 1


def _withdraw(actor: Actor, bundle: Bundle, feed: CaseFeed | None) -> int:
    """What a feed no longer names was taken back by its origin; a file says nothing about what is not in it."""
    if feed is None or bundle.current is None:
        return 0
    gone = ReceivedCase.objects.filter(feed=feed, withdrawn_at__isnull=True).exclude(case_id__in=bundle.current)
    count = 0
    for row in gone:
        row.withdrawn_at = clock.now()
        row.save(update_fields=["withdrawn_at"])
        remove_text(government_id=row.government_id, kind=RECEIVED_KIND, object_id=row.id)
        _record(actor, "desk.received_case.withdrawn", RECEIVED, row.id, {"origin": row.origin_code})
        count += 1
    return count


def _store_result(actor: Actor, bundle: Bundle, result: ResultBody) -> int:
    """Keep what came of a case of ours; 1 when it says something new."""
    if result.case_origin != get_government(current_government_id()).code:
        return 0
    case: SolvedCase | None = SolvedCase.objects.filter(id=result.case_id, revision__gte=1).first()
    if case is None:
        return 0
    key: dict[str, Any] = {"case": case, "adopter_code": bundle.origin_code}
    known = ReturnedResult.objects.filter(**key).first()
    if known is not None and known.reported_on > result.reported_on:
        return 0
    values = {
        "adopter_name": bundle.origin_name, "result": result.result, "note": result.note,
        "hours_released": result.hours_released, "reported_on": result.reported_on,
    }  # fmt: skip
    if known is not None and all(getattr(known, name) == value for name, value in values.items()):
        return 0
    ReturnedResult.objects.update_or_create(**key, defaults=values)
    payload = {"adopter": bundle.origin_name, "result": result.result}
    _record(actor, "desk.reuse.returned", "desk.solved_case", case.id, payload)
    return 1


def _record(actor: Actor, code: str, kind: str, subject_id: UUID, payload: dict[str, Any]) -> None:
    record_event(actor=actor, code=code, subject_kind=kind, subject_id=subject_id, payload=payload)
