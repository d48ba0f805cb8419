"""Reads of 開示請求 and of full-text search over records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import Q, QuerySet

from kakehashi.files.models import StoredFile
from kakehashi.kernel.actor import Actor
from kakehashi.records.models import (
    DisclosureDocument,
    DisclosureMark,
    DisclosureRequest,
    Document,
    DocumentFile,
    FileState,
)
from kakehashi.records.permissions import RecordsPermission
from kakehashi.records.selectors.access import readable
from kakehashi.search.selectors.finding import Hit, rank_texts, search_texts

KINDS = ("records.document", "records.receipt")


def find_records(actor: Actor, query: str, limit: int = 50) -> list[Hit]:
    """公文書 and 収受文書 by the words of title, number and files, as far as the actor may see them."""
    return search_texts(actor=actor, query=query, kinds=KINDS, limit=limit) if query else []


def find_documents(actor: Actor, query: str, limit: int = 50) -> list[Document]:
    """Kept documents an actor may read, by full text (a part of the number too) and by the whole number, best first."""
    if not query:
        return []
    ids = rank_texts(actor=actor, query=query, kind="records.document", limit=limit)
    allowed = Document.objects.filter(readable(actor, "record_file__department_id"), record_file__state=FileState.KEPT)
    numbered = list(allowed.filter(document_number=query.strip()).values_list("id", flat=True)[:limit])
    rows = {row.id: row for row in allowed.filter(id__in=[*ids, *numbered]).select_related("record_file")}
    return [rows[one] for one in dict.fromkeys([*ids, *numbered]) if one in rows]


def disclosure_requests(*, text: str = "", state: str = "") -> QuerySet[DisclosureRequest]:
    """The requests, newest first; `state` is `open` or `decided`."""
    rows = DisclosureRequest.objects.select_related("department")
    if text:
        rows = rows.filter(Q(asked_for__icontains=text) | Q(requester__icontains=text))
    if state:
        rows = rows.filter(decided_on__isnull=state == "open")
    return rows


def targets_of(request: DisclosureRequest) -> QuerySet[DisclosureDocument]:
    """The documents of a request with their record files and marks."""
    rows = DisclosureDocument.objects.filter(request=request).select_related("document__record_file", "request", "hold")
    return rows.prefetch_related("marks", "document__files").order_by("id")


def file_of(target: DisclosureDocument, file_id: UUID) -> StoredFile | None:
    """A stored file of the target's document; None for any other."""
    belongs = DocumentFile.objects.filter(document_id=target.document_id, file_id=file_id).exists()
    return StoredFile.objects.filter(id=file_id).first() if belongs else None


def marks_on(target: DisclosureDocument, file_id: UUID) -> QuerySet[DisclosureMark]:
    """The marks on one file."""
    return DisclosureMark.objects.filter(target=target, file_id=file_id)


def days_left(request: DisclosureRequest, on: dt.date) -> int:
    """Calendar days to the day to decide by; negative when it is over."""
    return (request.due_on - on).days


def may_read_disclosure_file(actor: Actor, stored: StoredFile) -> bool:
    """What was made to be handed out is for those who handle requests."""
    return actor.can(RecordsPermission.DISCLOSE, stored.government_id)


def describe_disclosures(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Requests as the access log calls them: by their number."""
    return {row.id: row.number for row in DisclosureRequest.objects.filter(id__in=ids)}


def readable_documents(actor: Actor, ids: Collection[UUID]) -> QuerySet[Document]:
    """Those of the documents that an actor may read."""
    return Document.objects.filter(readable(actor, "record_file__department_id"), id__in=ids)
