"""一括決裁: chosen on the list, looked at on one page, then decided one by one, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from kakehashi.approvals.models import BatchRowState, DecisionBatch, DecisionBatchRow, Proposal
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.selectors import current_digest
from kakehashi.approvals.selectors.batches import why_not_together
from kakehashi.approvals.services.deciding import decide_proposal
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, KakehashiError, PermissionRefused
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.models import Person
from kakehashi.people.selectors import staff_actor

MOST = 50


@service
def plan_batch(*, actor: Actor, proposal_ids: Sequence[UUID]) -> DecisionBatch:
    """Put up to 50 proposals together with the digest each has now. Nothing is decided yet.

    What cannot be decided together is in the list with the reason. Raises DomainError for none or too many.
    """
    require(actor, ApprovalsPermission.ACT)
    chosen = list(dict.fromkeys(proposal_ids))
    if not chosen:
        raise DomainError("決裁する起案を選んでください。")
    if len(chosen) > MOST:
        raise DomainError(f"一度に決裁できるのは{MOST}件までです。")
    if actor.id is None:
        raise PermissionRefused(ApprovalsPermission.ACT)
    rows = Proposal.objects.filter(id__in=chosen).exclude(state="draft").select_related("matter", "rule")
    found = {row.id: row for row in rows.prefetch_related("attachments")}
    batch = DecisionBatch.objects.create(made_by_id=actor.id, made_as_id=actor.post_id, made_by_label=actor.label)
    for position, proposal_id in enumerate(each for each in chosen if each in found):
        proposal = found[proposal_id]
        why = why_not_together(actor, proposal)
        DecisionBatchRow.objects.create(
            batch=batch,
            proposal=proposal,
            digest=current_digest(proposal),
            position=position,
            state=BatchRowState.FAILED if why else BatchRowState.WAITING,
            failure=why,
        )
    return batch


@service
def confirm_batch(*, actor: Actor, batch: DecisionBatch) -> DecisionBatch:
    """決裁する: the person looked at the list. Pressing twice confirms once. The acts follow, each for itself."""
    require(actor, ApprovalsPermission.ACT)
    current = _own(actor, batch)
    if current.confirmed_at is None:
        current.confirmed_at = clock.now()
        current.save(update_fields=["confirmed_at"])
        rows = current.rows.filter(state=BatchRowState.WAITING).select_related("proposal")
        record_event(
            actor=actor,
            code="approvals.batch.confirmed",
            subject_kind="approvals.batch",
            subject_id=current.id,
            payload={"proposals": [{"number": row.proposal.number, "digest": row.digest} for row in rows]},
        )
        _finish_if_done(current)
    return current


@service
def decide_next(*, actor: Actor, batch: DecisionBatch) -> DecisionBatch:
    """Decide the next proposal of a confirmed batch; what cannot be decided any more is kept with the reason.

    Call it in a transaction of its own: a failure leaves every other decision as it is.
    """
    current = _own(actor, batch)
    row = current.rows.filter(state=BatchRowState.WAITING).select_related("proposal").first()
    if current.confirmed_at is None or row is None:
        return current
    try:
        decide_proposal(actor=actor, proposal=row.proposal, digest=row.digest)
    except KakehashiError as error:
        row.state, row.failure = BatchRowState.FAILED, (getattr(error, "message", "") or "決裁できません。")[:300]
    else:
        row.state = BatchRowState.DONE
    row.save(update_fields=["state", "failure"])
    _finish_if_done(current)
    return current


def resume_one(government_id: UUID) -> int:
    """The worker goes on with a batch whose page was closed: one decision; returns how many."""
    batch = (
        DecisionBatch.objects.filter(confirmed_at__isnull=False, finished_at__isnull=True).order_by("made_at").first()
    )
    person = Person.objects.filter(id=batch.made_by_id, is_active=True).first() if batch else None
    if batch is None or person is None:
        return 0
    decide_next(actor=staff_actor(person, post_id=batch.made_as_id), batch=batch)
    return 1


def _own(actor: Actor, batch: DecisionBatch) -> DecisionBatch:
    current: DecisionBatch = DecisionBatch.objects.select_for_update().get(id=batch.id)
    if current.made_by_id != actor.id:
        raise PermissionRefused(ApprovalsPermission.ACT)
    return current


def _finish_if_done(batch: DecisionBatch) -> None:
    if not batch.rows.filter(state=BatchRowState.WAITING).exists():
        batch.finished_at = clock.now()
        batch.save(update_fields=["finished_at"])
