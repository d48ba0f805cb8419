"""Reads of 収受: the register of incoming documents and the mails that wait."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from kakehashi.cases.models import Case
from kakehashi.files.models import StoredFile
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.fiscal_year import fiscal_year_bounds
from kakehashi.records.models import IncomingMail, MailPart, MailState, Receipt, ReceiptFile
from kakehashi.records.permissions import RecordsPermission
from kakehashi.records.selectors.access import may_read, readable


@dataclass(frozen=True, kw_only=True)
class ReceiptFilter:
    """What the register is narrowed to; None and empty mean everything."""

    text: str = ""
    fiscal_year: int | None = None
    department_id: UUID | None = None
    way: str = ""
    state: str = ""
    first: dt.date | None = None
    last: dt.date | None = None


def receipts(actor: Actor, wanted: ReceiptFilter) -> QuerySet[Receipt]:
    """収受簿: what came in and the actor may read, with section, case, filed document and number of files."""
    rows = Receipt.objects.filter(readable(actor)).select_related("department", "case", "document__record_file")
    rows = rows.annotate(file_count=Count("files"))
    if wanted.text:
        words = Q(title__icontains=wanted.text) | Q(sender__icontains=wanted.text)
        rows = rows.filter(words | Q(number__icontains=wanted.text) | Q(sender_number__icontains=wanted.text))
    first, last = fiscal_year_bounds(wanted.fiscal_year) if wanted.fiscal_year is not None else (None, None)
    first, last = wanted.first or first, wanted.last or last
    if first:
        rows = rows.filter(received_on__gte=first)
    if last:
        rows = rows.filter(received_on__lte=last)
    if wanted.department_id is not None:
        rows = rows.filter(department_id=wanted.department_id)
    if wanted.way:
        rows = rows.filter(way=wanted.way)
    return _in_state(rows, wanted.state)


def _in_state(rows: QuerySet[Receipt], state: str) -> QuerySet[Receipt]:
    """Those that are open, completed, not filed yet, or voided; any other word narrows nothing."""
    narrowed = {
        "open": Q(completed_on__isnull=True, voided_on__isnull=True),
        "completed": Q(completed_on__isnull=False),
        "unfiled": Q(document__isnull=True, voided_on__isnull=True),
        "voided": Q(voided_on__isnull=False),
    }.get(state)
    return rows.filter(narrowed) if narrowed is not None else rows


def may_read_receipt(actor: Actor, receipt: Receipt) -> bool:
    """Whether an actor may open a receipt."""
    return may_read(actor, receipt.confidentiality, receipt.department_id)


def may_read_receipt_file(actor: Actor, stored: StoredFile) -> bool:
    """Whether an actor may download a scan or a mail: by its receipt, or as whoever receives while it waits for one."""
    if not actor.can(RecordsPermission.READ, stored.government_id):
        return False
    found = ReceiptFile.objects.filter(file_id=stored.id).select_related("receipt").first()
    if found is not None:
        return may_read_receipt(actor, found.receipt)
    return actor.can(RecordsPermission.RECEIVE, stored.government_id)


def case_of(number: str) -> Case | None:
    """The case of a number as somebody types it."""
    return Case.objects.filter(number=number.strip()).first() if number.strip() else None


def waiting_mails() -> QuerySet[IncomingMail]:
    """Mails nobody has received or set aside, oldest first."""
    return (
        IncomingMail.objects.filter(state=MailState.WAITING).select_related("department").order_by("arrived_at", "id")
    )


def parts_of(mail: IncomingMail) -> QuerySet[MailPart]:
    """The attachments of a mail and the mail itself."""
    return MailPart.objects.filter(mail=mail)


def describe_receipts(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Receipts as the access log calls them: by their number."""
    return dict(Receipt.objects.filter(id__in=ids).values_list("id", "number"))


def describe_mails(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Mails as the access log calls them: by the end of their id, for a subject may name a person."""
    return {mail_id: str(mail_id)[-8:] for mail_id in ids}
