"""What the inbox and the search need to know of the desk's things."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse

from kakehashi.cases.hooks import CaseKind
from kakehashi.cases.models import Case
from kakehashi.desk.models import Consultation, ManualRevision
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors.joining import askers_besides, joined_thread
from kakehashi.files.models import StoredFile
from kakehashi.kernel.actor import Actor
from kakehashi.notices.services import Recipient
from kakehashi.search.hooks import SearchKind


def _page(case: Case) -> str:
    return reverse("desk-staff:consultation", args=[case.source_id])


def _summary(case: Case) -> Mapping[str, Any]:
    return {"consultation": Consultation.objects.filter(id=case.source_id).first()}


def _asker(case: Case) -> Recipient | None:
    consultation = Consultation.objects.select_related("asked_by").filter(id=case.source_id).first()
    return Recipient(person_id=consultation.asked_by_id, name=consultation.asked_by.name) if consultation else None


def _case_page(case_id: UUID) -> str:
    return reverse("desk-staff:case", args=[case_id])


def _shared_page(case_id: UUID) -> str:
    return reverse("desk-staff:shared-case", args=[case_id])


CONSULTATION = CaseKind(
    label="業務DX相談",
    staff_url=_page,
    summary_template="desk/_consultation.html",
    summary_context=_summary,
    requester=_asker,
    joined=joined_thread,
    also_told=askers_besides,
)
CONSULTATIONS = SearchKind(
    label="業務DX相談",
    url=lambda object_id: reverse("desk-staff:consultation", args=[object_id]),
    permission=DeskPermission.READ.value,
)
SOLVED_CASE = SearchKind(
    label="解決事例", url=_case_page, permission=DeskPermission.CASE_READ.value, shared_url=_shared_page
)
RECEIVED_CASE = SearchKind(
    label="別のシステムの解決事例",
    url=lambda object_id: reverse("desk-staff:received-case", args=[object_id]),
    permission=DeskPermission.CASE_READ.value,
)
MANUAL = SearchKind(
    label="業務マニュアル",
    url=lambda object_id: reverse("desk-staff:manual", args=[object_id]),
    permission=DeskPermission.MANUAL_READ.value,
)
MANUAL_FILE = "desk.manual"


def may_read_manual_file(actor: Actor, file: StoredFile) -> bool:
    """A file of a manual is for whoever may read manuals, once it belongs to one."""
    return (
        actor.can(DeskPermission.MANUAL_READ, file.government_id)
        and ManualRevision.objects.filter(file_id=file.id).exists()
    )
