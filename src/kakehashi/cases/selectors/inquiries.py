"""Reads of 照会."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from kakehashi.cases.models import Case, Inquiry, InquiryFile
from kakehashi.files.models import StoredFile
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.people.models import Person, PostHolding
from kakehashi.people.selectors import valid_on

__all__ = ["asked_by_task", "chief_of", "get_inquiry", "inquiries_of", "may_answer", "may_read_inquiry_file", "may_see"]


def get_inquiry(inquiry_id: UUID) -> Inquiry | None:
    """One question with its case, its task and both sections."""
    found: Inquiry | None = (
        Inquiry.objects.select_related("case__department", "case__handler", "task", "department", "asked_by_person")
        .filter(id=inquiry_id)
        .first()
    )
    return found


def asked_by_task(task: Case) -> Inquiry | None:
    """The question that a piece of work is, without the asking case: its page shows nothing of that and reads nothing of it."""
    found: Inquiry | None = Inquiry.objects.select_related("task", "department").filter(id=task.source_id).first()
    return found


def inquiries_of(case: Case) -> Sequence[Inquiry]:
    """What was asked about a case, in order, with files."""
    rows = Inquiry.objects.filter(case=case).select_related("department")
    return list(rows.prefetch_related("attachments__stored_file").order_by("id"))


def may_answer(actor: Actor, inquiry: Inquiry) -> bool:
    """The asked section answers, and whoever it gave the task to; never the section that asks."""
    handler = inquiry.task.handler_id if inquiry.task else None
    return getattr(actor, "department_id", None) == inquiry.department_id or (
        handler is not None and handler == actor.id
    )


def may_see(actor: Actor, inquiry: Inquiry) -> bool:
    """Both sections, whoever handles either side, and posts above the sections."""
    here = getattr(actor, "department_id", None)
    sections = {inquiry.department_id, inquiry.case.department_id}
    people = {inquiry.case.handler_id, inquiry.asked_by_person_id, inquiry.task.handler_id if inquiry.task else None}
    return here is None or here in sections or actor.id in people - {None}


def may_read_inquiry_file(actor: Actor, stored_file: StoredFile) -> bool:
    """Whoever may see the question may open what went with it."""
    rows = InquiryFile.objects.filter(stored_file=stored_file).select_related("inquiry__case", "inquiry__task")
    return any(may_see(actor, row.inquiry) for row in rows)


def chief_of(department_id: UUID) -> Person | None:
    """Whoever holds the highest post of a section today; None in a section without staff."""
    held = PostHolding.objects.filter(
        valid_on(clock.today()), post__department_id=department_id, person__is_active=True
    )
    first = held.select_related("person").order_by("post__rank", "id").first()
    return first.person if first else None
