"""What approvals tells records about the documents it files, and files about its attachments."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse

from kakehashi.approvals.models import Proposal
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.files.models import StoredFile
from kakehashi.kernel.actor import Actor
from kakehashi.records.hooks import RecordSource


def proposal_url(source_id: UUID) -> str:
    """The decision page of a proposal."""
    return reverse("approvals-staff:proposal", args=[source_id])


def _renditions(source_id: UUID) -> Sequence[tuple[str, str]]:
    papers = [("原議（決裁欄つき）", reverse("approvals-staff:decision-pdf", args=[source_id]))]
    if Proposal.objects.filter(id=source_id, is_outward=True).exists():
        papers.append(("通知書", reverse("approvals-staff:notice-pdf", args=[source_id])))
    return papers


def record_source() -> RecordSource:
    """How a filed 原議 is reached from the registry."""
    return RecordSource(label="起案・決裁", url=proposal_url, renditions=_renditions)


def may_read_file(actor: Actor, stored: StoredFile) -> bool:
    """Whoever may read proposals may read what hangs on them; residents get theirs through a signed address."""
    return actor.can(ApprovalsPermission.READ, stored.government_id)
