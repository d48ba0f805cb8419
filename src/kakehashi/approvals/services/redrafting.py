"""再決裁 and 引用起案: a new draft from an old proposal. What was decided is never edited; it is decided anew."""

from __future__ import annotations

from uuid import UUID

from kakehashi.approvals.domain.states import AFTER_DECISION
from kakehashi.approvals.hooks import FREE_KIND
from kakehashi.approvals.models import Proposal, ProposalAttachment
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.selectors import current_digest
from kakehashi.approvals.services.drafting import blank_proposal
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service


@service
def redraft_proposal(
    *, actor: Actor, proposal: Proposal, idempotency_key: UUID, corrects: bool = False, reason: str = ""
) -> Proposal:
    """引用起案: a draft with the words, the notice and the files of another proposal.

    `corrects`: 再決裁 of a decided one, with the reason; when the new one is decided, the old one says so and stays as it
    was decided. Raises DomainError for a proposal that was not decided, or one that is being decided anew already.
    """
    require(actor, ApprovalsPermission.DRAFT)
    existing = Proposal.objects.filter(idempotency_key=idempotency_key).first()
    if existing is not None:
        return existing
    old = Proposal.objects.select_for_update().get(id=proposal.id)
    if corrects:
        _check(old, reason)
    new = blank_proposal(actor, old.matter_code, idempotency_key)
    for name in ("subject", "amount", "bars", "disclosure", "is_outward", "purpose", "seal", "case_id"):
        setattr(new, name, getattr(old, name))
    # The source took its own road with the first decision: its words are quoted, its callbacks are not called again.
    new.source_kind, new.body = FREE_KIND, dict(old.body)
    if corrects:
        new.corrects, new.redraft_reason = old, reason.strip()[:400]
        new.subject = f"（再決裁）{old.subject}"[:200]
        new.body["subject"] = new.subject
    else:
        new.body["source"] = []
    new.save(force_insert=True)
    ProposalAttachment.objects.bulk_create(
        [
            ProposalAttachment(
                proposal=new, file_id=a.file_id, name=a.name, sha256=a.sha256, size=a.size, media_type=a.media_type
            )
            for a in old.attachments.all()
        ]
    )
    new.digest = current_digest(new)
    new.save(update_fields=["digest"])
    return new


def _check(old: Proposal, reason: str) -> None:
    if old.state_enum not in AFTER_DECISION:
        raise DomainError("再決裁は、決裁された起案にだけできます。")
    if not reason.strip():
        raise DomainError("再決裁する理由を記入してください。", field="reason")
    open_states = ("draft", "in_circulation", "returned")
    if Proposal.objects.filter(corrects=old, state__in=open_states).exists():
        raise DomainError("この決裁を改める起案が、すでに作られています。")
