"""改組: files and receipts go to the section that follows; no date and no number of theirs changes, and it finds them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Max

from kakehashi.records.models import Document, Receipt, RecordFile
from kakehashi.records.services.texts import DOCUMENT, RECEIPT
from kakehashi.search.services import regroup_texts


def carry_files(rows: Any, heir_id: UUID) -> int:
    """The files become the heir's; where it has one of the same kind and year, a moved one is its next volume (第2冊)."""
    moved = 0
    for file in list(rows.order_by("record_fiscal_year", "volume", "id")):
        same = RecordFile.objects.filter(
            department_id=heir_id, standard_file_id=file.standard_file_id, record_fiscal_year=file.record_fiscal_year
        )
        if same.filter(volume=file.volume).exists():
            file.volume = (same.aggregate(last=Max("volume"))["last"] or 0) + 1
        moved += RecordFile.objects.filter(id=file.id).update(department_id=heir_id, volume=file.volume)
        held = Document.objects.filter(record_file_id=file.id).values_list("id", flat=True)
        regroup_texts(kind=DOCUMENT, object_ids=list(held), department_id=heir_id)
    return moved


def carry_receipts(rows: Any, heir_id: UUID) -> int:
    """The receipts become the heir's; their numbers stay."""
    ids = list(rows.values_list("id", flat=True))
    regroup_texts(kind=RECEIPT, object_ids=ids, department_id=heir_id)
    return int(Receipt.objects.filter(id__in=ids).update(department_id=heir_id))
