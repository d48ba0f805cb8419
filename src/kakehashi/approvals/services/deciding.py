"""The decision: once, by one authority, on what is on the screen. And its rare companions."""

from __future__ import annotations

from typing import Any

from kakehashi.approvals.domain.routes import Basis
from kakehashi.approvals.domain.states import StepKind, StepState
from kakehashi.approvals.domain.transitions import Act, Standing
from kakehashi.approvals.hooks import source_of
from kakehashi.approvals.models import OpinionKind, Proposal, ProposalStep
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.selectors import current_steps, situation_of, turn_of
from kakehashi.approvals.selectors.routes import line_of
from kakehashi.approvals.services.acts import (
    attachment_digests,
    locked,
    move,
    person_name,
    record,
    result_key,
    say,
    stamp,
    take_back,
    tell_drafter,
)
from kakehashi.approvals.services.circulation import step_of
from kakehashi.approvals.services.drafting import tell_consultees
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import PermissionRefused
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service


@service
def decide_proposal(*, actor: Actor, proposal: Proposal, digest: str, opinion: str = "") -> Proposal:
    """決裁 by the holder of authority. `digest` is what the person saw.

    Raises Stale when the body changed or somebody was faster, DomainError when a guard holds.
    """
    require(actor, ApprovalsPermission.ACT)
    current = locked(proposal)
    turn = turn_of(actor, current)
    move(Act.DECIDE, current, situation_of(actor, current, turn, digest_shown=digest))
    step = stamp(actor, step_of(turn), StepState.DECIDED, digest)
    say(actor, current, step, OpinionKind.OPINION, opinion)
    _decided(actor, current, "decided", {"basis": current.basis, "post": step.post_label})
    return current


@service
def act_for_decider(
    *, actor: Actor, proposal: Proposal, digest: str, exception_reason: str = "", opinion: str = ""
) -> Proposal:
    """代決 by the first present deputy while an absence of the decider is on record.

    A restricted matter needs `exception_reason` (特に指示を受けた／緊急やむを得ない). Opens a 後閲.
    """
    require(actor, ApprovalsPermission.ACT)
    current = locked(proposal)
    turn = turn_of(actor, current)
    now = situation_of(actor, current, turn, digest_shown=digest, reason=exception_reason)
    move(Act.ACT_FOR, current, now)
    step = stamp(actor, step_of(turn), StepState.ACTED_FOR, digest)
    step.represents_name = turn.holder.name if turn.holder else ""
    step.exception_reason = exception_reason.strip()
    step.needs_post_review = True
    step.post_reviewer_id = turn.holder.id if turn.holder else None
    step.save()
    say(actor, current, step, OpinionKind.EXCEPTION, exception_reason)
    say(actor, current, step, OpinionKind.OPINION, opinion)
    current.basis = Basis.ACTING.value
    facts = {"post": step.post_label, "for": step.represents_name, "exception_reason": step.exception_reason}
    _decided(actor, current, "acted_for", facts)
    return current


def _decided(actor: Actor, proposal: Proposal, verb: str, facts: dict[str, Any]) -> None:
    proposal.decided_at = clock.now()
    proposal.decided_by_label = actor.label
    proposal.save()
    tell_drafter(actor, proposal, "決裁", "decided")
    record(
        actor,
        verb,
        proposal,
        facts
        | {
            "rule": str(proposal.rule_id),
            "clause": proposal.clause,
            "round": proposal.round,
            "paper_route_reason": proposal.paper_route_reason,
            "attachments": attachment_digests(proposal),
        },
    )
    source_of(proposal.source_kind).on_decided(actor=actor, proposal=proposal)


@service
def undo_decision(*, actor: Actor, proposal: Proposal) -> Proposal:
    """元に戻す: a second act that opens the decision again, while nothing has left; never after 施行."""
    require(actor, ApprovalsPermission.ACT)
    current = locked(proposal)
    move(Act.UNDO_DECISION, current, situation_of(actor, current, turn_of(actor, current)))
    take_back(actor, result_key(current, "decided"))
    for step in current_steps(current):
        if step.state_enum in {StepState.DECIDED, StepState.ACTED_FOR}:
            _clear_stamp(step)
    current.decided_at = None
    current.decided_by_label = ""
    if current.basis == Basis.ACTING.value:
        current.basis = _basis_of_rule(current).value
    current.save()
    record(actor, "decision_undone", current)
    source_of(current.source_kind).on_undone(actor=actor, proposal=current)
    return current


def _basis_of_rule(proposal: Proposal) -> Basis:
    """The basis before a deputy stepped in: the head's own decision, or a standing delegation."""
    decider = next(step for step in current_steps(proposal) if step.kind_enum is StepKind.DECIDE)
    is_head = line_of(decider.post, clock.today())[0].is_head
    return Basis.HEAD if is_head else Basis.STANDING_DELEGATION


def _clear_stamp(step: ProposalStep) -> None:
    """The box lies with its post again. The stamp that was taken back stays in the journal."""
    step.state = StepState.ACTIVE.value
    step.person_id = None
    step.person_name = step.acted_post_label = step.represents_name = step.exception_reason = step.digest = ""
    step.acted_at = step.post_reviewer_id = None
    step.needs_post_review = False
    step.save()


@service
def reject_proposal(*, actor: Actor, proposal: Proposal, reason: str) -> Proposal:
    """否決・廃案 by the decider: final; consultees are told; a new proposal must be drafted."""
    require(actor, ApprovalsPermission.ACT)
    current = locked(proposal)
    turn = turn_of(actor, current)
    move(Act.REJECT, current, situation_of(actor, current, turn, reason=reason))
    steps = current_steps(current)
    step = stamp(actor, step_of(turn), StepState.RETURNED_HERE, current.digest)
    current.closed_at = clock.now()
    current.save()
    say(actor, current, step, OpinionKind.REJECT, reason)
    tell_drafter(actor, current, "否決", "rejected")
    tell_consultees(actor, current, steps, "否決されました")
    record(actor, "rejected", current)
    source_of(current.source_kind).on_rejected(actor=actor, proposal=current)
    return current


@service
def post_review_step(*, actor: Actor, step: ProposalStep, remark: str = "") -> ProposalStep:
    """後閲 by the person who was represented or passed over. It changes nothing that was decided."""
    require(actor, ApprovalsPermission.ACT)
    current = locked(step.proposal)
    turn = turn_of(actor, current)
    if Standing.POST_REVIEWER not in turn.standings:
        raise PermissionRefused(ApprovalsPermission.ACT)
    move(Act.POST_REVIEW, current, situation_of(actor, current, turn))
    mine = next((s for s in current_steps(current) if s.id == step.id), None)
    if mine is None or not mine.needs_post_review or mine.post_reviewed_at is not None:
        raise PermissionRefused(ApprovalsPermission.ACT)
    mine.post_reviewed_at = clock.now()
    mine.post_reviewer_name = actor.label
    if mine.state_enum is StepState.POST_REVIEW_PENDING:
        mine.state = StepState.POST_REVIEWED.value
        mine.person_id, mine.person_name, mine.acted_post_label = actor.id, person_name(actor), actor.label
    mine.save()
    say(actor, current, mine, OpinionKind.POST_REVIEW, remark)
    record(actor, "post_reviewed", current, {"post": mine.post_label})
    return mine
