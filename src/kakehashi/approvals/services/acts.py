"""What every act on a proposal does: lock it, ask the table, write the journal, tell the next."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from kakehashi.approvals.domain.routes import Basis
from kakehashi.approvals.domain.states import StepKind, StepState
from kakehashi.approvals.domain.transitions import Act, Refused, Situation, advance
from kakehashi.approvals.hooks import PROPOSAL
from kakehashi.approvals.models import Opinion, OpinionKind, Proposal, ProposalAttachment, ProposalStep
from kakehashi.approvals.selectors import Turn, current_steps
from kakehashi.approvals.services.telling import tell_turn
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.people.models import Person
from kakehashi.search.services import index_text


def locked(proposal: Proposal) -> Proposal:
    """The proposal as it is now, locked until the act is committed: acts on one proposal run one by one.

    Its boxes and attachments are read once and remembered; `released` forgets them again.
    """
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("rule", "matter", "department", "drafter")
    steps = Prefetch("steps", ProposalStep.objects.select_related("post"))
    found: Proposal = rows.prefetch_related(steps, "attachments").get(id=proposal.id)
    return found


def released(proposal: Proposal) -> Proposal:
    """The proposal as it is given back to the caller: its rows are asked of the database again when somebody looks."""
    proposal._prefetched_objects_cache = {}  # type: ignore[attr-defined]
    return proposal


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


def authority_of(proposal: Proposal, step: ProposalStep | None = None) -> dict[str, str]:
    """The basis an act rests on and where it is written: of the box that was stamped, else of the route."""
    basis = (step.authority if step else "") or proposal.basis
    clause = (step.authority_clause if step else "") or proposal.clause
    return {
        "basis": basis,
        "basis_label": Basis(basis).label if basis else "",
        "clause": clause,
        "rule": str(proposal.rule_id or ""),
    }


def record(
    actor: Actor,
    verb: str,
    proposal: Proposal,
    payload: dict[str, Any] | None = None,
    act_id: UUID | None = None,
    step: ProposalStep | None = None,
) -> None:
    """Write the act into the journal under `approvals.proposal.<verb>` with number, digest and the authority for it."""
    record_event(
        actor=actor,
        code=f"approvals.proposal.{verb}",
        subject_kind="approvals.proposal",
        subject_id=proposal.id,
        act_id=act_id,
        payload={
            "number": proposal.number,
            "digest": proposal.digest,
            "authority": authority_of(proposal, step),
        }
        | (payload or {}),
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


def stamp(
    actor: Actor, step: ProposalStep, state: StepState, digest: str, turn: Turn | None = None, clause: str = ""
) -> ProposalStep:
    """Put the actor's stamp on a box: name and post of this moment stay whatever happens to the organisation.

    `turn` says under which grant the actor stands there (職務代理 …); `clause` where the rule for it is written.
    """
    if turn is not None and turn.grant is not None:
        step.authority, clause = turn.grant.kind.basis.value, turn.grant.clause
    step.authority_clause = clause[:240]
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
    if proposal.is_on_paper:
        return []
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
        tell_turn(actor, proposal, step)
    return reached


def clear_stamp(step: ProposalStep, state: StepState) -> None:
    """The box is open again. The stamp that was taken back stays in the journal, nowhere else."""
    step.state = state.value
    step.person_id = step.acted_at = step.post_reviewer_id = step.carried_round = None
    step.person_name = step.acted_post_label = step.represents_name = step.exception_reason = step.digest = ""
    step.authority = step.authority_clause = ""
    step.needs_post_review = False
    step.save()


def attachment_digests(proposal: Proposal) -> list[dict[str, str]]:
    """SHA-256 of every attachment, for the event of an act. Names stand only where 廃棄 removes them: the log is for ever."""
    found = ProposalAttachment.objects.filter(proposal=proposal).order_by("sha256")
    return [{"sha256": digest} for digest in found.values_list("sha256", flat=True)]


def reason_digest(text: str, name: str = "reason") -> dict[str, str]:
    """The digest of free words, for the event of an act: the log is for ever, and a person may be named in them.

    The words stand on the proposal or among the opinions, which 廃棄 removes. Nothing for words that were not said.
    """
    return {f"{name}_sha256": sha256(text.strip().encode()).hexdigest()} if text.strip() else {}


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
