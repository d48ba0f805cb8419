"""The way to the decider: approve, consent, give an opinion, send back, take back, pull up."""

from __future__ import annotations

from uuid import uuid5

from kakehashi.approvals.domain.routes import Basis
from kakehashi.approvals.domain.states import ProposalState, StepKind, StepState
from kakehashi.approvals.domain.transitions import Act, Standing
from kakehashi.approvals.hooks import source_of
from kakehashi.approvals.models import Opinion, OpinionKind, Proposal, ProposalStep
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.selectors import Turn, current_steps, situation_of, turn_of
from kakehashi.approvals.selectors.routes import line_of
from kakehashi.approvals.selectors.standing import own_hop
from kakehashi.approvals.selectors.stuck import stuck_at
from kakehashi.approvals.services.acts import (
    activate_next,
    clear_stamp,
    locked,
    move,
    reason_digest,
    record,
    released,
    say,
    stamp,
)
from kakehashi.approvals.services.telling import TURN, take_back, tell, tell_drafter, turn_key
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service


def step_of(turn: Turn) -> ProposalStep:
    """The box the actor acts in. Raises PermissionRefused when it is not their turn."""
    if turn.step is None:
        raise PermissionRefused(ApprovalsPermission.ACT)
    return turn.step


@service
def endorse_step(*, actor: Actor, proposal: Proposal, digest: str, opinion: str = "") -> Proposal:
    """承認 in the drafter's own line. `digest` is what the person saw; Raises Stale when it is not current."""
    require(actor, ApprovalsPermission.ACT)
    current = locked(proposal)
    turn = turn_of(actor, current)
    move(Act.ENDORSE, current, situation_of(actor, current, turn, digest_shown=digest))
    step = stamp(actor, step_of(turn), StepState.ENDORSED, digest, turn)
    say(actor, current, step, OpinionKind.OPINION, opinion)
    activate_next(actor, current)
    record(actor, "endorsed", current, {"post": step.post_label, "with_opinion": bool(opinion.strip())}, step=step)
    return released(current)


@service
def decide_provisionally(*, actor: Actor, proposal: Proposal, digest: str, opinion: str = "") -> Proposal:
    """仮決裁: the holder of authority agrees before the other sections are asked. It is no decision; 本決裁 follows."""
    require(actor, ApprovalsPermission.ACT)
    current = locked(proposal)
    turn = turn_of(actor, current)
    move(Act.DECIDE_PROVISIONALLY, current, situation_of(actor, current, turn, digest_shown=digest))
    step = stamp(actor, step_of(turn), StepState.PROVISIONALLY_DECIDED, digest, turn, current.clause)
    say(actor, current, step, OpinionKind.OPINION, opinion)
    activate_next(actor, current)
    record(actor, "provisionally_decided", current, {"post": step.post_label}, step=step)
    return released(current)


@service
def consent_step(*, actor: Actor, proposal: Proposal, digest: str, agrees: bool = True, opinion: str = "") -> Proposal:
    """同意 (with or without an opinion) or 不同意 of a consultee. A dissent needs its reason in `opinion`."""
    require(actor, ApprovalsPermission.ACT)
    current = locked(proposal)
    turn = turn_of(actor, current)
    move(Act.CONSENT, current, situation_of(actor, current, turn, digest_shown=digest))
    if not agrees and not opinion.strip():
        raise DomainError("不同意の理由を記入してください。", field="opinion")
    state = StepState.DISSENTED
    if agrees:
        state = StepState.AGREED_WITH_OPINION if opinion.strip() else StepState.AGREED
    step = stamp(actor, step_of(turn), state, digest, turn)
    say(actor, current, step, OpinionKind.OPINION if agrees else OpinionKind.DISSENT, opinion)
    activate_next(actor, current)
    record(actor, "consented" if agrees else "dissented", current, {"post": step.post_label}, step=step)
    return released(current)


@service
def return_proposal(
    *, actor: Actor, proposal: Proposal, reason: str, target_step: ProposalStep | None = None
) -> Proposal:
    """差戻し to the drafter, or to an earlier box of the route; the reason is mandatory."""
    require(actor, ApprovalsPermission.ACT)
    current = locked(proposal)
    turn = turn_of(actor, current)
    move(Act.RETURN, current, situation_of(actor, current, turn, reason=reason))
    step = step_of(turn)
    say(actor, current, step, OpinionKind.RETURN, reason)
    if target_step is not None:
        _reopen_from(actor, current, step, target_step)
    else:
        stamp(actor, step, StepState.RETURNED_HERE, current.digest, turn)
        _lay_down_others(actor, current, step)
        tell_drafter(actor, current, "差戻し", "returned")
    current.save()
    facts = {
        "to": target_step.post_label if target_step else "起案者",
        "from": step.post_label,
    } | reason_digest(reason)
    record(actor, "returned", current, facts, step=step)
    if target_step is None:
        source_of(current.source_kind).on_returned(actor=actor, proposal=current)
    return released(current)


def _lay_down_others(actor: Actor, proposal: Proposal, returned: ProposalStep) -> None:
    """Nobody else holds a returned proposal: parallel boxes wait again."""
    for step in current_steps(proposal):
        if step.id != returned.id and step.state_enum is StepState.ACTIVE:
            take_back(actor, turn_key(step))
            step.state = StepState.WAITING.value
            step.save(update_fields=["state"])


def _reopen_from(actor: Actor, proposal: Proposal, step: ProposalStep, target: ProposalStep) -> None:
    """Back to an earlier box: it and everything after it, up to the sender's, is open again and without a stamp."""
    steps = current_steps(proposal)
    aim = next((s for s in steps if s.id == target.id), None)
    if aim is None or aim.order >= step.order:
        raise DomainError("差戻し先は、経路の前の段階から選んでください。", field="back_to")
    for other in steps:
        if aim.order <= other.order <= step.order and other.state_enum is not StepState.NOT_REQUIRED:
            if other.state_enum is StepState.ACTIVE:
                take_back(actor, turn_key(other))
            clear_stamp(other, StepState.WAITING)
    proposal.state = ProposalState.IN_CIRCULATION.value
    activate_next(actor, proposal)


@service
def recall_proposal(*, actor: Actor, proposal: Proposal, reason: str) -> Proposal:
    """引戻し by the drafter while nobody has acted. Raises Stale when the next person was faster."""
    require(actor, ApprovalsPermission.DRAFT)
    current = locked(proposal)
    move(Act.RECALL, current, situation_of(actor, current, turn_of(actor, current), reason=reason))
    for step in current_steps(current):
        if step.state_enum is StepState.ACTIVE:
            take_back(actor, turn_key(step))
            step.state = StepState.WAITING.value
            step.save(update_fields=["state"])
    current.save()
    say(actor, current, None, OpinionKind.RECALL, reason)
    record(actor, "recalled", current, reason_digest(reason))
    source_of(current.source_kind).on_recalled(actor=actor, proposal=current)
    return released(current)


@service
def take_back_step(*, actor: Actor, proposal: Proposal, reason: str) -> Proposal:
    """引戻し of one's own 承認 or 同意 while nobody after it has acted: the box is open again.

    Raises PermissionRefused when somebody acted first, or there is nothing of one's own to take back.
    """
    require(actor, ApprovalsPermission.ACT)
    current = locked(proposal)
    steps = current_steps(current)
    move(Act.TAKE_BACK, current, situation_of(actor, current, turn_of(actor, current), reason=reason))
    mine = own_hop(actor.id, steps)
    if mine is None:
        raise PermissionRefused(ApprovalsPermission.ACT)
    for step in steps:
        if step.order > mine.order and step.state_enum is StepState.ACTIVE:
            take_back(actor, turn_key(step))
            step.state = StepState.WAITING.value
            step.save(update_fields=["state"])
    clear_stamp(mine, StepState.ACTIVE)
    say(actor, current, mine, OpinionKind.RECALL, reason)
    record(actor, "taken_back", current, {"post": mine.post_label} | reason_digest(reason))
    return released(current)


@service
def pull_up_proposal(*, actor: Actor, proposal: Proposal, reason: str = "") -> Proposal:
    """引上げ: take the proposal past an absent lower box, which becomes 後閲. Then it is the next one's turn.

    Past an absent holder of 専決 the decision itself goes up: the superior's struck box is the one that decides.
    """
    require(actor, ApprovalsPermission.ACT)
    current = locked(proposal)
    turn = turn_of(actor, current)
    move(Act.PULL_UP, current, situation_of(actor, current, turn, reason=reason))
    passed = turn.passed
    if passed is None:
        raise PermissionRefused(ApprovalsPermission.ACT)
    passed.state = StepState.POST_REVIEW_PENDING.value
    passed.needs_post_review = True
    passed.post_reviewer_id = turn.holder.id if turn.holder else None
    passed.acted_at = clock.now()
    decision_rises = passed.kind_enum is StepKind.DECIDE
    if decision_rises:
        passed.kind = StepKind.ENDORSE.value
    passed.save()
    if decision_rises:
        _raise_decision(current, passed, step_of(turn))
    say(actor, current, passed, OpinionKind.OPINION, reason)
    activate_next(actor, current)
    record(actor, "pulled_up", current, {"past": passed.post_label, "by": step_of(turn).post_label})
    return released(current)


def _raise_decision(proposal: Proposal, passed: ProposalStep, taker: ProposalStep) -> None:
    """The superior's box is no longer struck: it decides, and the proposal says why it went higher than the table."""
    taker.kind, taker.state = StepKind.DECIDE.value, StepState.WAITING.value
    taker.save(update_fields=["kind", "state"])
    is_head = line_of(taker.post, clock.today())[0].is_head
    proposal.basis = (Basis.HEAD if is_head else Basis.STANDING_DELEGATION).value
    proposal.raised_because = f"{passed.post_label}が不在のため、{taker.post_label}が引き上げて決裁します。"[:200]
    proposal.save(update_fields=["basis", "raised_because"])


@service
def ask_to_pull_up(*, actor: Actor, proposal: Proposal) -> list[str]:
    """The drafter tells those above an absent box that they may pull the proposal up; returns whom. No act of its own.

    Asking again tells nobody twice. Raises DomainError when nobody is away, or nobody stands above.
    """
    require(actor, ApprovalsPermission.DRAFT)
    current = locked(proposal)
    stuck = stuck_at(current)
    if actor.id != current.drafter_id or stuck is None or not stuck.superiors:
        raise DomainError("引上げを頼める段階がありません。今の経路を確かめてください。")
    for step, person in stuck.superiors:
        tell(
            actor,
            current,
            person_id=person.id,
            name=person.name,
            kind=TURN,
            subject=f"引上げの依頼：{current.subject}",
            body_text=f"{stuck.post_label}が不在のため、引き上げて処理できるかを見てください。",
            key=uuid5(turn_key(stuck.step), f"pull up {step.id}"),
        )
    return [f"{step.post_label} {person.name}" for step, person in stuck.superiors]


@service
def write_opinion(*, actor: Actor, proposal: Proposal, text: str) -> Opinion:
    """意見: say something without moving the proposal; whoever may act or drafted it can."""
    require(actor, ApprovalsPermission.ACT)
    current = locked(proposal)
    turn = turn_of(actor, current)
    if turn.step is None and turn.reader is None and Standing.DRAFTER not in turn.standings:
        raise PermissionRefused(ApprovalsPermission.ACT)
    opinion = say(actor, current, turn.step, OpinionKind.OPINION, text)
    if opinion is None:
        raise DomainError("意見を記入してください。", field="opinion")
    return opinion


@service
def see_proposal(*, actor: Actor, proposal: Proposal) -> bool:
    """Remember when the person whose turn it is first opened the page; True that first time. Not an official act."""
    turn = turn_of(actor, proposal)
    if turn.step is None or turn.step.seen_at is not None or turn.step.state_enum is not StepState.ACTIVE:
        return False
    seen = ProposalStep.objects.filter(id=turn.step.id, seen_at__isnull=True).update(
        seen_at=clock.now(), seen_by_id=actor.id
    )
    return seen == 1
