"""The 原議 becomes a record by itself: class, retention, start and expiry come from the town's schedule."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from kakehashi.approvals.domain.numbering import office_day
from kakehashi.approvals.domain.transitions import Act, Standing
from kakehashi.approvals.hooks import PROPOSAL
from kakehashi.approvals.models import PaperOriginal, Proposal
from kakehashi.approvals.selectors import situation_of, turn_of
from kakehashi.approvals.services.acts import move
from kakehashi.governments.selectors import room_is_on
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.records.models import Document
from kakehashi.records.services import file_document, number_document


@dataclass(frozen=True)
class _Content:
    """An attachment as records see it: under the id of its stored file."""

    id: UUID
    name: str
    sha256: str
    size: int
    media_type: str


def file_decided(*, actor: Actor, proposal: Proposal, act_id: UUID) -> Document | None:
    """File the 原議 with its attachments. The archive keeps the day it was submitted and the day it was completed.

    Where the room of records is off, nothing is filed here: the 原議 waits to be handed over to the town's present 文書管理.
    Filing follows from 施行 and needs no permission of its own: it is the program's act, named after the actor.
    """
    if not room_is_on(proposal.government_id, "records"):
        return None
    submitted = proposal.submitted_at or proposal.created_at
    return file_document(
        actor=system_actor(proposal.government_id, label=f"{actor.label}（施行による自動整理）"),
        title=proposal.subject,
        class_code=proposal.class_code,
        created_on=office_day(submitted),
        completed_on=proposal.completed_on or clock.today(),
        source_kind=PROPOSAL,
        source_id=proposal.id,
        department=proposal.department,
        files=_contents(proposal),
        disclosure=proposal.disclosure,
        act_id=act_id,
    )


def _contents(proposal: Proposal) -> list[_Content]:
    """The attachments, and the scanned paper of a decision that was made on paper."""
    rows = [*proposal.attachments.all()]
    scans = PaperOriginal.objects.filter(proposal=proposal) if proposal.is_on_paper else ()
    return [_Content(a.file_id, a.name, a.sha256, a.size, a.media_type) for a in (*rows, *scans)]


def complete_and_file(actor: Actor, proposal: Proposal, act_id: UUID) -> None:
    """完結 and 整理 follow the last act of a proposal: nobody has to remember to file."""
    proposal.completed_on = clock.today()
    proposal.closed_at = clock.now()
    for act in (Act.COMPLETE, Act.FILE):
        now = situation_of(actor, proposal, turn_of(actor, proposal))
        # The act just done gave the right to this; after it a reader is no reader any more.
        move(act, proposal, replace(now, standings=now.standings | {Standing.READER}, unread=0))
    document = file_decided(actor=actor, proposal=proposal, act_id=act_id)
    proposal.record_document_id = document.id if document is not None else None


def write_number_on_record(proposal: Proposal) -> None:
    """Write the 文書番号 on the filed document, as it is known only at the end of 施行."""
    if proposal.record_document_id is not None:
        number_document(document_id=proposal.record_document_id, document_number=proposal.document_number)
