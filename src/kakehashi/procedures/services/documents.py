"""交付物: hand the applicant the document, made when it is first asked for."""

from __future__ import annotations

from kakehashi.approvals.models import Proposal
from kakehashi.approvals.services import notice_pdf
from kakehashi.files.models import StoredFile
from kakehashi.files.services import store_file
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, ActorKind
from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.services import service
from kakehashi.procedures.domain.names import APPLICATION, FILE_PURPOSE_ISSUED
from kakehashi.procedures.models import IssuedDocument

__all__ = ["open_document"]


@service
def open_document(*, actor: Actor, document: IssuedDocument) -> StoredFile:
    """Return the file of an issued document, making the PDF the first time.

    The first opening by the applicant is recorded: from then on nobody need doubt that the notice was
    received (デジタル手続法7条3項 asks for the record on the recipient's file, which is `delivered_at`).
    """
    locked: IssuedDocument = IssuedDocument.objects.select_for_update().get(id=document.id)
    if locked.stored_file is None:
        proposal = Proposal.objects.filter(id=locked.source_id).first() if locked.source_id else None
        if proposal is None:
            raise NotFound
        locked.stored_file = store_file(
            actor=actor,
            name=f"{locked.title}.pdf",
            content=notice_pdf(proposal=proposal),
            purpose=FILE_PURPOSE_ISSUED,
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
