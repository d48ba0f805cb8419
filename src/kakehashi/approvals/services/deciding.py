"""The decision: once, by one authority, on what is on the screen. And its rare companions."""

from __future__ import annotations

from datetime import datetime
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
    clear_stamp,
    locked,
    move,
    person_name,
    reason_digest,
    record,
    released,
    say,
    stamp,
)
from kakehashi.approvals.services.circulation import step_of
from kakehashi.approvals.services.reading import show_to_readers, take_from_readers
from kakehashi.approvals.services.telling import result_key, take_back, tell_drafter, tell_who_saw
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
    mine = step_of(turn)
    mine.authority = current.basis
    step = stamp(actor, mine, StepState.DECIDED, digest, turn, current.clause)
    current.basis = step.authority
    say(actor, current, step, OpinionKind.OPINION, opinion)
    complete_decision(actor, current, step, "decided", {"basis": current.basis, "post": step.post_label})
    return released(current)


@service
def act_for_decider(
    *, actor: Actor, proposal: Proposal, digest: str, exception_reason: str = "", opinion: str = ""
) -> Proposal:
    """代決 by the first present deputy while an absence of the decider is on record.

    A restricted matter needs `exception_reason` (特に指示を受けた／緊急やむを得ない), and so does a deputy whose order has a
    condition: why it is met. Opens a 後閲.
    """
    require(actor, ApprovalsPermission.ACT)
    current = locked(proposal)
    turn = turn_of(actor, current)
    now = situation_of(actor, current, turn, digest_shown=digest, reason=exception_reason)
    move(Act.ACT_FOR, current, now)
    mine = step_of(turn)
    mine.authority = Basis.ACTING.value
    clause = "、".join(filter(None, (current.clause, turn.deputy_clause)))
    step = stamp(actor, mine, StepState.ACTED_FOR, digest, clause=clause)
    step.represents_name = turn.holder.name if turn.holder else ""
    step.exception_reason = exception_reason.strip()
    step.needs_post_review = True
    step.post_reviewer_id = turn.holder.id if turn.holder else None
    step.save()
    say(actor, current, step, OpinionKind.EXCEPTION, exception_reason)
    say(actor, current, step, OpinionKind.OPINION, opinion)
    current.basis = Basis.ACTING.value
    facts = {
        "post": step.post_label,
        "for": step.represents_name,
        "condition": turn.deputy_condition,
    } | reason_digest(step.exception_reason, "exception_reason")
    complete_decision(actor, current, step, "acted_for", facts)
    return released(current)


def complete_decision(
    actor: Actor,
    proposal: Proposal,
    step: ProposalStep,
    verb: str,
    facts: dict[str, Any],
    by: str = "",
    at: datetime | None = None,
) -> None:
    """What every decision brings with it, on the screen or on paper: journal, messages, readers, the source.

    `step` is the decider's box; `by` and `at` who decided and when, if not the actor now (a decision on paper).
    """
    proposal.decided_at = at or clock.now()
    proposal.decided_by_label = by or actor.label
    proposal.save()
    show_to_readers(actor, proposal)
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
            "on_paper": proposal.is_on_paper,
            "attachments": attachment_digests(proposal),
        }
        | reason_digest(proposal.paper_route_reason, "paper_route_reason"),
        step=step,
    )
    if proposal.corrects is not None:
        facts = {"by": proposal.number} | reason_digest(proposal.redraft_reason)
        record(actor, "superseded", proposal.corrects, facts)
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
            clear_stamp(step, StepState.ACTIVE)
    take_from_readers(current)
    current.decided_at = None
    current.decided_by_label = ""
    if current.basis not in {Basis.HEAD.value, Basis.STANDING_DELEGATION.value}:
        current.basis = _basis_of_rule(current).value
    current.save()
    record(actor, "decision_undone", current)
    source_of(current.source_kind).on_undone(actor=actor, proposal=current)
    return released(current)


def _basis_of_rule(proposal: Proposal) -> Basis:
    """The basis before a deputy stepped in: the head's own decision, or a standing delegation."""
    decider = next(step for step in current_steps(proposal) if step.kind_enum is StepKind.DECIDE)
    is_head = line_of(decider.post, clock.today())[0].is_head
    return Basis.HEAD if is_head else Basis.STANDING_DELEGATION


@service
def reject_proposal(*, actor: Actor, proposal: Proposal, reason: str) -> Proposal:
    """否決・廃案 by the decider: final; everybody who saw it is told; a new proposal must be drafted (引用起案)."""
    require(actor, ApprovalsPermission.ACT)
    current = locked(proposal)
    turn = turn_of(actor, current)
    move(Act.REJECT, current, situation_of(actor, current, turn, reason=reason))
    step = stamp(actor, step_of(turn), StepState.RETURNED_HERE, current.digest, turn, current.clause)
    current.closed_at = clock.now()
    current.save()
    say(actor, current, step, OpinionKind.REJECT, reason)
    tell_drafter(actor, current, "否決", "rejected")
    told = tell_who_saw(actor, current, "否決されました", reason)
    record(actor, "rejected", current, {"told": told} | reason_digest(reason), step=step)
    source_of(current.source_kind).on_rejected(actor=actor, proposal=current)
    return released(current)


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
    record(actor, "post_reviewed", current, {"post": mine.post_label}, step=mine)
    return mine
