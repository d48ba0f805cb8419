"""Letting go of drafts and of applications whose period is over (個人情報保護法61条: no longer than the purpose needs).

What stays of an application is its tombstone: receipt number, procedure, days and result, and the journal's events, which hold no
personal data. An application is kept for as long as a record file that was made from it is kept or held.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from kakehashi.approvals.models import Proposal
from kakehashi.cases.services import purge_case
from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.models import OutgoingItem
from kakehashi.exchange.selectors import peer
from kakehashi.exchange.services import retitle_outside_numbers
from kakehashi.files.models import StoredFile
from kakehashi.files.services import discard_file
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.procedures.domain.attached import attached_files
from kakehashi.procedures.domain.names import APPLICATION
from kakehashi.procedures.domain.states import State
from kakehashi.procedures.models import (
    AnswerVersion,
    Application,
    Consent,
    DocumentDelivery,
    Draft,
    IssuedDocument,
    PaperIntake,
    PaperScan,
    Payment,
    Proxy,
    ReuseConsent,
)
from kakehashi.procedures.services.filing_tallies import keep_tallies
from kakehashi.procedures.services.parties import forget_parties
from kakehashi.procedures.services.reuse import forget_reuse
from kakehashi.procedures.services.uploads import discard_uploads_of
from kakehashi.records.selectors import kept_sources

__all__ = ["PURGED_NAME", "purge_application", "purge_applications", "purge_drafts", "purge_public_copies"]

# As the exchange calls an application that travels.
APPLICATION_ITEM = "procedures.application"
PURGED_NAME = "（消去済み）"
_ACTOR = "個人情報の消去"
_CHUNK = 1000


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.JST)


def purge_drafts(before: date, limit: int) -> int:
    """Forget drafts that nobody has touched since before a day; a clock of the room."""
    rows = list(Draft.objects.filter(updated_at__lt=_midnight(before)).order_by("updated_at")[:limit])
    actor = system_actor(current_government_id(), _ACTOR)
    keep_tallies(drafts=rows)
    discard_uploads_of(actor=actor, drafts=rows)
    forget_parties(actor=actor, drafts=rows)
    forget_reuse(rows)
    Draft.objects.filter(id__in=[row.id for row in rows]).delete()
    return len(rows)


def purge_applications(before: date, limit: int) -> int:
    """Purge applications that ended before a day and are kept by no record file; a clock of the room."""
    ended = Application.objects.filter(
        state__in=[State.COMPLETED, State.WITHDRAWN], purged_at__isnull=True, completed_at__lt=_midnight(before)
    )
    # What is held stays in front for years: the ids of all are looked through, not the first few only.
    ids = list(ended.order_by("completed_at").values_list("id", flat=True))
    held = {one for start in range(0, len(ids), _CHUNK) for one in _held(ids[start : start + _CHUNK])}
    due = [one for one in ids if one not in held][:limit]
    actor = system_actor(current_government_id(), _ACTOR)
    for row in Application.objects.filter(id__in=due).select_related("procedure", "case"):
        purge_application(actor=actor, application=row)
    return len(due)


def purge_public_copies(before: date, limit: int) -> int:
    """Purge, on the public side of a split installation, what ended before a day and lies on the staff side; a clock of the room.

    Only what the staff side said had arrived, and of which nothing waits to be sent again: its copy is the one that counts.
    """
    half = peer()
    if half is None or half.side is not Side.PUBLIC:
        return 0
    arrived = OutgoingItem.objects.filter(
        kind=APPLICATION_ITEM, item_id=OuterRef("id"), is_waiting=False, bundle__acknowledged_at__isnull=False
    )
    due = Application.objects.filter(
        Exists(arrived),
        state__in=[State.COMPLETED, State.WITHDRAWN],
        purged_at__isnull=True,
        completed_at__lt=_midnight(before),
    )
    actor = system_actor(current_government_id(), _ACTOR)
    rows = list(due.order_by("completed_at").select_related("procedure", "case")[:limit])
    for row in rows:
        purge_application(actor=actor, application=row)
    return len(rows)


def _held(ids: list[UUID]) -> set[UUID]:
    """The applications that a document in a kept or held record file was made from, or from whose proposal."""
    held = set(kept_sources(APPLICATION, ids))
    made = dict(Proposal.objects.filter(source_kind=APPLICATION, source_id__in=ids).values_list("id", "source_id"))
    kept = kept_sources("approvals.proposal", list(made))
    held |= {source_id for proposal_id in kept if (source_id := made[proposal_id]) is not None}
    return held


@service
def purge_application(*, actor: Actor, application: Application) -> Application:
    """Remove answers, name, address, messages and files of an ended application. Writes `procedures.application.purged`.

    The caller has made sure that the period is over and no record file keeps it.
    """
    issued = IssuedDocument.objects.filter(application=application).values_list("stored_file_id", flat=True)
    files = _all_files(application) | {file_id for file_id in issued if file_id is not None}
    AnswerVersion.objects.filter(application=application).delete()
    drafts = Draft.objects.filter(
        Q(correction__application=application) | Q(idempotency_key=application.idempotency_key)
    )
    keep_tallies(drafts=list(drafts))
    drafts.delete()
    proxies = Proxy.objects.filter(application=application)
    files |= {file_id for file_id in proxies.values_list("proof_file_id", flat=True) if file_id is not None}
    proxies.delete()
    Consent.objects.filter(application=application).delete()
    ReuseConsent.objects.filter(filing_key=application.idempotency_key).delete()
    scans = PaperScan.objects.filter(application=application)
    files |= set(scans.values_list("stored_file_id", flat=True))
    scans.delete()
    PaperIntake.objects.filter(application=application).delete()
    IssuedDocument.objects.filter(application=application).update(stored_file=None)
    DocumentDelivery.objects.filter(application=application).update(
        addressee=PURGED_NAME, postcode="", address="", note=""
    )
    Payment.objects.filter(application=application).update(reason="", chosen={}, refunds=[])
    application.corrections.update(message=PURGED_NAME)
    application.answers = {}
    application.applicant_name, application.applicant_email, application.refusal_text = PURGED_NAME, "", ""
    application.resident, application.purged_at = None, clock.now()
    columns = ["answers", "applicant_name", "applicant_email", "refusal_text", "resident", "purged_at"]
    application.save(update_fields=columns)
    if application.case is not None:
        purge_case(actor=actor, case=application.case, subject=f"{application.procedure.name}{PURGED_NAME}")
    retitle_outside_numbers(
        actor=actor,
        subject_kind=APPLICATION,
        subject_id=application.id,
        title=f"{application.procedure.name}{PURGED_NAME}",
    )
    _discard(files, actor)
    record_event(
        actor=actor,
        code="procedures.application.purged",
        subject_kind=APPLICATION,
        subject_id=application.id,
        payload={"receipt": application.receipt_number, "files": len(files)},
    )
    return application


def _discard(file_ids: Iterable[UUID], actor: Actor) -> None:
    for stored in StoredFile.objects.filter(id__in=list(file_ids)):
        discard_file(actor=actor, stored_file=stored)


def _all_files(application: Application) -> set[UUID]:
    older = [each.answers for each in application.older_answers.all()]
    return {file_id for answers in (application.answers, *older) for file_id in attached_files(answers)}
