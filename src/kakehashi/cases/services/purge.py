"""Letting go of the personal data of a case whose period is over; its number, kind and dates stay as a tombstone."""

from __future__ import annotations

from kakehashi.cases.models import Case, Inquiry, InquiryFile, Message, MessageFile
from kakehashi.cases.services.numbers import SEARCH_KIND
from kakehashi.files.models import StoredFile
from kakehashi.files.services import discard_file
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.services import service
from kakehashi.search.services import remove_text

__all__ = ["purge_case"]


@service
def purge_case(*, actor: Actor, case: Case, subject: str) -> Case:
    """Remove names, threads and their files; `subject` is how the case is called from now on, naming nobody.

    The owning room has made sure that the period is over and nothing is held, and writes the event.
    """
    attached = list(MessageFile.objects.filter(message__case=case).values_list("stored_file_id", flat=True))
    attached += InquiryFile.objects.filter(inquiry__case=case).values_list("stored_file_id", flat=True)
    InquiryFile.objects.filter(inquiry__case=case).delete()
    tasks = list(Inquiry.objects.filter(case=case, task__isnull=False).values_list("task_id", flat=True))
    Inquiry.objects.filter(case=case).update(question="", answer="")
    Message.objects.filter(case_id__in=tasks).delete()
    Case.objects.filter(id__in=tasks).update(subject="照会（保存期間満了）")
    MessageFile.objects.filter(message__case=case).delete()
    Message.objects.filter(case=case).delete()
    for stored in StoredFile.objects.filter(id__in=attached):
        discard_file(actor=actor, stored_file=stored)
    case.subject, case.requester_name = subject[:300], ""
    case.save(update_fields=["subject", "requester_name"])
    remove_text(government_id=case.government_id, kind=SEARCH_KIND, object_id=case.id)
    return case
