"""交付物: hand the applicant the document, made when it is first asked for."""

from __future__ import annotations

from kakehashi.approvals.models import Proposal
from kakehashi.approvals.services import notice_pdf
from kakehashi.approvals.services.papers import seal_paper
from kakehashi.files.models import StoredFile
from kakehashi.files.services import store_file
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, ActorKind
from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.services import service
from kakehashi.procedures.domain.names import APPLICATION, FILE_PURPOSE_ISSUED
from kakehashi.procedures.models import Certificate, IssuedDocument
from kakehashi.procedures.services.certificates import certificate_pdf

__all__ = ["open_document"]


@service
def open_document(*, actor: Actor, document: IssuedDocument) -> StoredFile:
    """Return the file of an issued document, making the PDF the first time.

    The first opening by the applicant is recorded: from then on nobody need doubt that the notice was
    received (デジタル手続法7条3項 asks for the record on the recipient's file, which is `delivered_at`).
    """
    locked: IssuedDocument = IssuedDocument.objects.select_for_update().get(id=document.id)
    if locked.stored_file is None:
        locked.stored_file = store_file(
            actor=actor, name=f"{locked.title}.pdf", content=_content(actor, locked), purpose=FILE_PURPOSE_ISSUED
        )
    if locked.first_opened_at is None and actor.kind is not ActorKind.STAFF:
        locked.first_opened_at = clock.now()
        record_event(
            actor=actor,
            code="procedures.document.opened",
            subject_kind=APPLICATION,
            subject_id=locked.application_id,
            payload={"document": str(locked.id)},
        )
    locked.save()
    file: StoredFile = locked.stored_file
    return file


def _content(actor: Actor, document: IssuedDocument) -> bytes:
    """The certificate with its code, sealed where it was decided so, or the notice that was decided. Raises NotFound when nothing says what it was made from."""
    certificate = Certificate.objects.filter(document=document).first()
    # A reissued certificate is written from the same decision as the first one.
    source_id = document.application.proposal_id if certificate is not None else document.source_id
    proposal = Proposal.objects.filter(id=source_id).first() if source_id else None
    if proposal is None:
        raise NotFound
    if certificate is None:
        return notice_pdf(proposal=proposal)
    return seal_paper(actor=actor, proposal=proposal, pdf=certificate_pdf(certificate, proposal))
