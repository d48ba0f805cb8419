"""What records adds to 証明一式: how the documents of a case are kept."""

from __future__ import annotations

from uuid import UUID

from kakehashi.journal.hooks import DossierPart, Paper, Standing
from kakehashi.records.domain.contents import content_lines
from kakehashi.records.models import Document, DocumentFile, FileState, RecordFile
from kakehashi.records.selectors.registry import document_for, holds_on


def dossier_part(kind: str, subject_id: UUID) -> DossierPart | None:
    """What 証明一式 of a source tells of its document: the acts on it and its file, and the holds that lie on the file."""
    document = document_for(kind, subject_id)
    if document is None:
        return None
    file = ("records.file", document.record_file_id)
    open_now = [str(hold_id) for hold_id in holds_on(document.record_file).values_list("id", flat=True)]
    holds = Standing(file, "廃棄の保留", "records.file.held", "records.hold.released", "hold", open_now)
    return DossierPart(
        subjects=[("records.document", document.id), file], papers=_gone(document.record_file), standing=[holds]
    )


def _gone(record_file: RecordFile) -> list[Paper]:
    """What a destroyed or transferred file held, as its tombstone's digest was taken of it; nothing while it is kept."""
    if record_file.state == FileState.KEPT:
        return []
    documents = Document.objects.filter(record_file=record_file).order_by("id")
    files = DocumentFile.objects.filter(document__record_file=record_file).order_by("document_id", "id")
    text = content_lines(
        documents.values_list("id", "source_kind", "source_id", "document_number"),
        files.values_list("document_id", "sha256", "size"),
    )
    name = f"廃棄・移管した内容_{str(record_file.id)[-8:]}.txt"
    return [Paper(name, text.encode(), "廃棄・移管した簿冊にあったものの一覧（要約値だけ）")]
