"""申請 as the access log knows them: by receipt number, and whose work they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import Q

from kakehashi.approvals.models import Proposal
from kakehashi.approvals.selectors.concern import concerns_actor
from kakehashi.cases.models import Case
from kakehashi.kernel.actor import Actor
from kakehashi.procedures.domain.attached import attached_files
from kakehashi.procedures.domain.names import APPLICATION
from kakehashi.procedures.domain.receipt import format_receipt, normalise_receipt
from kakehashi.procedures.models import Application, Consent, IssuedDocument, PaperScan, Proxy

__all__ = ["describe_applications", "find_applications", "is_own_application", "related_ids"]


def describe_applications(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Applications by receipt number."""
    rows = Application.objects.filter(id__in=ids).values_list("id", "receipt_number")
    return {application_id: format_receipt(number) for application_id, number in rows}


def find_applications(text: str) -> Collection[UUID]:
    """What a receipt number or an applicant's mail address stands for: the applications and everything made from them."""
    if "@" in text:
        mail = text.strip()
        theirs = Q(applicant_email__iexact=mail) | Q(resident__email__iexact=mail)
        ids = list(Application.objects.filter(theirs).values_list("id", flat=True))
        for behind in (Proxy, Consent):
            rows = behind.objects.filter(email__iexact=mail, application__isnull=False)
            ids += rows.values_list("application_id", flat=True)
    else:
        try:
            number = normalise_receipt(text)
        except ValueError:
            return ()
        ids = list(Application.objects.filter(receipt_number=number).values_list("id", flat=True))
    return related_ids(ids)


def related_ids(ids: Collection[UUID]) -> set[UUID]:
    """The applications with their attachments, their proposals and the documents issued: all of it is the applicant's data."""
    found = set(ids)
    for answers in Application.objects.filter(id__in=ids).values_list("answers", flat=True):
        found |= attached_files(answers)
    found |= set(Case.objects.filter(kind=APPLICATION, source_id__in=ids).values_list("id", flat=True))
    found |= set(Proposal.objects.filter(source_kind=APPLICATION, source_id__in=ids).values_list("id", flat=True))
    proofs = Proxy.objects.filter(application_id__in=ids, proof_file__isnull=False)
    found |= set(proofs.values_list("proof_file_id", flat=True))
    found |= set(PaperScan.objects.filter(application_id__in=ids).values_list("stored_file_id", flat=True))
    issued = IssuedDocument.objects.filter(application_id__in=ids, stored_file__isnull=False)
    return found | set(issued.values_list("stored_file_id", flat=True))


def is_own_application(actor: Actor, application_id: UUID) -> bool:
    """Whether another section's application is the actor's work all the same: its handler, or somebody on its proposal's route."""
    if Case.objects.filter(kind=APPLICATION, source_id=application_id, handler_id=actor.id).exists():
        return True
    return concerns_actor(actor, Q(source_kind=APPLICATION, source_id=application_id))
