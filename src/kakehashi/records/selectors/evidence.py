"""What records adds to 証明一式: how the documents of a case are kept."""

from __future__ import annotations

from uuid import UUID

from kakehashi.journal.hooks import DossierPart, Standing
from kakehashi.records.selectors.registry import document_for, holds_on


def dossier_part(kind: str, subject_id: UUID) -> DossierPart | None:
    """What 証明一式 of a source tells of its document: the acts on it and its file, and the holds that lie on the file."""
    document = document_for(kind, subject_id)
    if document is None:
        return None
    file = ("records.file", document.record_file_id)
    open_now = [str(hold_id) for hold_id in holds_on(document.record_file).values_list("id", flat=True)]
    holds = Standing(file, "廃棄の保留", "records.file.held", "records.hold.released", "hold", open_now)
    return DossierPart(subjects=[("records.document", document.id), file], standing=[holds])
