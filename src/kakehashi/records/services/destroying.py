"""Taking the content of a record file away: files, words, titles, what the source keeps. The registry row and its tombstone stay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

from kakehashi.files.services import discard_files
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.kernel.wareki import format_wareki
from kakehashi.records.domain.contents import content_lines
from kakehashi.records.domain.retention import calculate, is_disposable
from kakehashi.records.hooks import source_of
from kakehashi.records.models import (
    DisposalAct,
    DisposalItem,
    Document,
    DocumentFile,
    FileState,
    Measure,
    PaperItem,
    RecordFile,
    Tombstone,
)
from kakehashi.records.selectors import holds_on, retention_facts, retention_rule, why_this_date
from kakehashi.records.services.texts import DOCUMENT, GONE
from kakehashi.search.services import remove_texts


def why_not_now(record_file: RecordFile) -> str:
    """Why a locked file may not leave today; empty when it may. Holds are read anew, never from the stored date."""
    if record_file.state != FileState.KEPT:
        return f"すでに{record_file.get_state_display()}です。"
    holds = list(holds_on(record_file))
    dates = calculate(retention_rule(record_file), retention_facts(record_file, holds))
    if dates.expires_on is None and holds:
        return f"廃棄の保留があります（{holds[0].reason}）。"[:200]
    if not is_disposable(dates.expires_on, clock.today()):
        until = format_wareki(dates.expires_on) if dates.expires_on else "未定"
        return f"保存期間が満了していません（{until}）。"
    return ""


def erase_content(*, actor: Actor, item: DisposalItem, record_file: RecordFile, went_to: str = "") -> Tombstone:
    """Write the tombstone of a locked file and remove its content, in the caller's transaction. The caller has checked holds."""
    documents = list(Document.objects.filter(record_file=record_file).order_by("id"))
    files = list(DocumentFile.objects.filter(document__record_file=record_file).order_by("document_id", "id"))
    papers = PaperItem.objects.filter(document__record_file=record_file, gone_on__isnull=True)
    stone: Tombstone = Tombstone.objects.create(
        record_file=record_file,
        item=item,
        measure=item.measure,
        documents=len(documents),
        files=len(files),
        papers=papers.count(),
        size=sum(file.size for file in files),
        digest=digest_of(documents, files),
        grounds=_grounds(item, record_file),
        went_to=went_to,
        executed_by_label=actor.label,
    )
    papers.update(gone_on=clock.today(), gone_by_label=actor.label)
    _forget(actor, documents, files)
    record_file.state = FileState.TRANSFERRED if item.measure == Measure.TRANSFER else FileState.DESTROYED
    record_file.disposed_on = clock.today()
    record_file.save(update_fields=["state", "disposed_on"])
    return stone


def digest_of(documents: Sequence[Document], files: Sequence[DocumentFile]) -> str:
    """SHA-256 over one line a document and one a file, in order: what was in the file can be proved, not read."""
    text = content_lines(
        ((one.id, one.source_kind, one.source_id, one.document_number) for one in documents),
        ((one.document_id, one.sha256, one.size) for one in files),
    )
    return sha256(text.encode()).hexdigest()


def _grounds(item: DisposalItem, record_file: RecordFile) -> str:
    """Why: every sentence of the date, and every stage with who did it."""
    lines = [
        f"{reason.text}［{reason.clause}］" if reason.clause else reason.text
        for reason in why_this_date(record_file).reasons
    ]
    for act in DisposalAct.objects.filter(item=item):
        clause = f"［{act.clause}］" if act.clause else ""
        day = act.acted_at.astimezone(clock.JST).date()
        lines.append(f"{format_wareki(day)} {act.name}{clause} {act.actor_label}")
    return "\n".join(lines)


def _forget(actor: Actor, documents: Sequence[Document], files: Sequence[DocumentFile]) -> None:
    """Stored files, names, titles, index entries, and what the rooms keep that the documents came from."""
    discard_files(actor=actor, file_ids=[file.file_id for file in files])
    DocumentFile.objects.filter(id__in=[file.id for file in files]).update(name=GONE)
    ids = [document.id for document in documents]
    Document.objects.filter(id__in=ids).update(title=GONE)
    remove_texts(government_id=current_government_id(), kind=DOCUMENT, object_ids=ids)
    by_kind: dict[str, list[UUID]] = defaultdict(list)
    for document in documents:
        by_kind[document.source_kind].append(document.source_id)
    for kind, source_ids in by_kind.items():
        source = source_of(kind)
        if source is not None:
            source.forget(source_ids)
