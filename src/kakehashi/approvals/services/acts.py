"""What every act on a proposal does: lock it, ask the table, write the journal, tell the next."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from django.urls import NoReverseMatch

from kakehashi.approvals.domain.states import StepKind, StepState
from kakehashi.approvals.domain.transitions import Act, Refused, Situation, advance
from kakehashi.approvals.hooks import PROPOSAL
from kakehashi.approvals.models import Opinion, OpinionKind, Proposal, ProposalAttachment, ProposalStep
from kakehashi.approvals.selectors import current_steps
from kakehashi.governments.selectors import absolute_url, get_government
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.notices.services import Recipient, cancel_notice, send_notice
from kakehashi.people.models import Person
from kakehashi.people.selectors import holder_of
from kakehashi.search.services import index_text

TURN = "approvals.turn"
RESULT = "approvals.result"


def locked(proposal: Proposal) -> Proposal:
    """The proposal as it is now, locked until the act is committed: acts on one proposal run one by one."""
    return Proposal.objects.select_for_update().get(id=proposal.id)


def move(act: Act, proposal: Proposal, now: Situation) -> None:
    """Ask the table of transitions and set the next state.

    Raises `Stale` for an outdated screen or a lost race, `PermissionRefused` for the wrong person,
    `DomainError` for a rule that is not met.
    """
    try:
        proposal.state = advance(act, now).value
    except Refused as refused:
        if refused.code == "stale":
            raise Stale(refused.message_ja) from refused
        if refused.code == "standing":
            raise PermissionRefused(f"approvals.{act.value}") from refused
        if refused.code in {"acted", "state"}:
            raise Stale(refused.message_ja) from refused
        field = "reason" if refused.code in {"reason", "restricted"} else None
        raise DomainError(refused.message_ja, field=field, code=refused.code) from refused


def record(
    actor: Actor, verb: str, proposal: Proposal, payload: dict[str, Any] | None = None, act_id: UUID | None = None
) -> None:
    """Write the act into the journal under `approvals.proposal.<verb>` with number and digest."""
    record_event(
        actor=actor,
        code=f"approvals.proposal.{verb}",
        subject_kind="approvals.proposal",
        subject_id=proposal.id,
        act_id=act_id,
        payload={"number": proposal.number, "digest": proposal.digest} | (payload or {}),
    )


def say(actor: Actor, proposal: Proposal, step: ProposalStep | None, kind: OpinionKind, text: str) -> Opinion | None:
    """Keep what was said; an empty text leaves nothing."""
    if not text.strip():
        return None
    return Opinion.objects.create(
        proposal=proposal,
        step=step,
        kind=kind,
        text=text.strip(),
        author_id=actor.id,
        author_label=actor.label,
    )


def stamp(actor: Actor, step: ProposalStep, state: StepState, digest: str) -> ProposalStep:
    """Put the actor's stamp on a box: name and post of this moment stay whatever happens to the organisation."""
    step.state = state.value
    step.person_id = actor.id
    step.person_name = person_name(actor)
    step.acted_post_label = actor.label
    step.acted_at = clock.now()
    step.digest = digest
    step.save()
    return step


def person_name(actor: Actor) -> str:
    """The name alone, for the box; the label with the post is kept beside it."""
    person = Person.objects.filter(id=actor.id).first() if actor.id else None
    return person.name if person else actor.label


def activate_next(actor: Actor, proposal: Proposal) -> list[ProposalStep]:
    """Hand the proposal to the next boxes when the present ones are done; boxes of one order run in parallel."""
    steps = current_steps(proposal)
    if any(step.state_enum is StepState.ACTIVE for step in steps):
        return []
    waiting = [step for step in steps if step.state_enum is StepState.WAITING and step.kind_enum is not StepKind.ABOVE]
    if not waiting:
        return []
    first = min(step.order for step in waiting)
    reached = [step for step in waiting if step.order == first]
    for step in reached:
        step.state = StepState.ACTIVE.value
        step.activated_at = clock.now()
        step.save(update_fields=["state", "activated_at"])
        _tell_holder(actor, proposal, step)
    return reached


def page_of(proposal: Proposal) -> str:
    """The path of the decision page for a notice, the government's slug included, from a request or from the worker.

    Empty where the staff surface is not served.
    """
    government = get_government(proposal.government_id)
    try:
        return urlsplit(absolute_url(government, "approvals-staff:proposal", proposal.id)).path
    except NoReverseMatch:
        return ""


def _tell_holder(actor: Actor, proposal: Proposal, step: ProposalStep) -> None:
    holder = holder_of(step.post, clock.today())
    if holder is None:
        return
    verb = {"endorse": "承認", "consult": "同意", "decide": "決裁"}[step.kind]
    tell(
        actor,
        proposal,
        person_id=holder.id,
        name=holder.name,
        kind=TURN,
        subject=f"{verb}をお願いします: {proposal.subject}",
        body_text=f"{proposal.drafter_label}の起案「{proposal.subject}」が{step.post_label}の手元に届きました。",
        key=turn_key(step),
    )


def turn_key(step: ProposalStep) -> UUID:
    """The key of the message that tells a box's holder; a box reached again is told again."""
    reached = step.activated_at.isoformat() if step.activated_at else ""
    return uuid5(step.id, f"turn {reached}")


def tell(
    actor: Actor,
    proposal: Proposal,
    *,
    person_id: UUID,
    name: str,
    kind: str,
    subject: str,
    body_text: str,
    key: UUID,
) -> None:
    """Send one message about a proposal. It waits ten seconds, so that the act can be undone."""
    send_notice(
        actor=actor,
        kind=kind,
        to=Recipient(person_id=person_id, name=name),
        subject=subject,
        body_text=body_text,
        url=page_of(proposal),
        idempotency_key=key,
    )


def tell_drafter(actor: Actor, proposal: Proposal, sentence: str, event: str) -> None:
    """Tell the drafter what became of the proposal."""
    tell(
        actor,
        proposal,
        person_id=proposal.drafter_id,
        name=proposal.drafter.name,
        kind=RESULT,
        subject=f"{sentence}: {proposal.subject}",
        body_text=f"起案「{proposal.subject}」は、{actor.label}により{sentence}となりました。",
        key=result_key(proposal, event),
    )


def result_key(proposal: Proposal, event: str) -> UUID:
    """The key of a message to the drafter about one event of one round."""
    return uuid5(proposal.id, f"{event} {proposal.round} {proposal.decided_at or ''}")


def take_back(actor: Actor, key: UUID) -> bool:
    """Cancel a message that has not left. False: it was too late or there was none."""
    return cancel_notice(actor=actor, idempotency_key=key)


def attachment_digests(proposal: Proposal) -> list[dict[str, str]]:
    """Name and SHA-256 of every attachment, for the event of a decision."""
    return [{"name": a.name, "sha256": a.sha256} for a in ProposalAttachment.objects.filter(proposal=proposal)]


def make_findable(proposal: Proposal) -> None:
    """Let staff who may read proposals find this one by its words and numbers."""
    index_text(
        government_id=proposal.government_id,
        kind=PROPOSAL,
        object_id=proposal.id,
        title=proposal.subject,
        fields={
            "request": proposal.request,
            "reason": proposal.reason,
            "number": proposal.number,
            "document_number": proposal.document_number,
        },
    )
