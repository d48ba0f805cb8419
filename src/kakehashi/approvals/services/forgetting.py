"""What goes with a destroyed record file: the text of its proposals, their notices, what search knew of them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from kakehashi.approvals.hooks import PROPOSAL
from kakehashi.approvals.models import Proposal
from kakehashi.approvals.services.papers import decision_pdf, notice_pdf
from kakehashi.files.services import discard_files
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.search.services import remove_texts


def forget_proposals(proposal_ids: Sequence[UUID]) -> None:
    """Remove body, opinions, names of attachments, notice and index entry; number, acts and digests stay.

    The database does it, and only for proposals whose record file has gone: nobody else can, whatever they write.
    """
    owner = current_government_id()
    notices = Proposal.objects.filter(id__in=proposal_ids, notice_file_id__isnull=False)
    files = [file_id for file_id in notices.values_list("notice_file_id", flat=True) if file_id is not None]
    discard_files(actor=system_actor(owner, "廃棄・移管"), file_ids=files)
    with connection.cursor() as cursor:
        cursor.execute("SELECT approvals_forget(%s)", [list(proposal_ids)])
    remove_texts(government_id=owner, kind=PROPOSAL, object_ids=proposal_ids)


def papers_for_archives(proposal_id: UUID) -> Sequence[tuple[str, bytes]]:
    """原議 and 通知書 as PDF/A for a transfer package."""
    proposal = Proposal.objects.filter(id=proposal_id).first()
    if proposal is None:
        return ()
    papers = [("原議.pdf", decision_pdf(proposal=proposal))]
    if proposal.is_outward and proposal.is_issued:
        papers.append(("通知書.pdf", notice_pdf(proposal=proposal)))
    return papers
