"""一括決裁: what may be decided together, and what stands in the way of the rest."""

from __future__ import annotations

from uuid import UUID

from kakehashi.approvals.domain.states import StepState
from kakehashi.approvals.domain.transitions import Act, Refused, advance
from kakehashi.approvals.models import DecisionBatch, Proposal
from kakehashi.approvals.selectors.proposals import current_steps
from kakehashi.approvals.selectors.standing import situation_of, turn_of
from kakehashi.kernel.actor import Actor


def why_not_together(actor: Actor, proposal: Proposal) -> str:
    """Why a proposal cannot be decided with others by this person; empty: it can.

    Only a matter the rule pack allows, without a 専決によらない事由 and without an open dissent: those are looked at one by one.
    """
    if not proposal.matter.batch_allowed:
        return "この決裁事項は、規程で一括決裁の対象とされていません。"
    if proposal.bars:
        return "専決によらない事由があるため、1件ずつ決裁します。"
    if any(step.state_enum is StepState.DISSENTED for step in current_steps(proposal)):
        return "合議に不同意があるため、1件ずつ決裁します。"
    try:
        advance(Act.DECIDE, situation_of(actor, proposal, turn_of(actor, proposal)))
    except Refused as refused:
        return refused.message_ja
    return ""


def batch_of(actor: Actor, batch_id: UUID) -> DecisionBatch | None:
    """A batch of this very person, or None."""
    if actor.id is None:
        return None
    return DecisionBatch.objects.filter(id=batch_id, made_by_id=actor.id).first()
