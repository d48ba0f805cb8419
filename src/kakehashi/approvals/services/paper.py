"""紙の決裁: the scanned original is attached, and what was stamped on it is registered once."""

from __future__ import annotations

import datetime as dt

from kakehashi.approvals.domain.numbering import office_day
from kakehashi.approvals.domain.states import StepKind, StepState
from kakehashi.approvals.domain.transitions import Act
from kakehashi.approvals.models import PaperOriginal, Proposal, ProposalStep
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.selectors import current_steps, situation_of, turn_of
from kakehashi.approvals.services.acts import locked, move, record, released
from kakehashi.approvals.services.deciding import complete_decision
from kakehashi.approvals.services.drafting import StoredContent
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.selectors import holder_of


@service
def attach_original(*, actor: Actor, proposal: Proposal, file: StoredContent, location: str = "") -> PaperOriginal:
    """Keep the scan of the stamped paper, and where the paper lies. Raises DomainError when it is not decided on paper."""
    require(actor, ApprovalsPermission.DRAFT)
    current = locked(proposal)
    if not current.is_on_paper or current.round == 0:
        raise DomainError("紙で回議している起案にだけ、原本を付けられます。", field="original")
    kept, is_new = PaperOriginal.objects.get_or_create(
        proposal=current,
        sha256=file.sha256,
        defaults={
            "file_id": file.id,
            "name": file.name,
            "size": file.size,
            "media_type": file.media_type,
            "location": location.strip(),
            "registered_by_label": actor.label,
        },
    )
    if is_new:
        record(actor, "original_attached", current, {"sha256": file.sha256})
    return kept


@service
def record_paper_decision(*, actor: Actor, proposal: Proposal, digest: str, decided_on: dt.date) -> Proposal:
    """Register what was stamped on paper: the decider of the route decided on `decided_on`, the others agreed.

    Needs the scanned original. The journal says who registered it and that it was paper; `decided_at` is the day on the
    paper, so that days to a decision are honest. Raises DomainError for a day before the submission or in the future.
    """
    require(actor, ApprovalsPermission.DRAFT)
    current = locked(proposal)
    move(Act.RECORD_PAPER, current, situation_of(actor, current, turn_of(actor, current), digest_shown=digest))
    started = office_day(current.submitted_at or current.created_at)
    if not started <= decided_on <= clock.today():
        raise DomainError("決裁日は、起案した日から今日までの日にしてください。", field="decided_on")
    moment = clock.now() if decided_on == clock.today() else dt.datetime.combine(decided_on, dt.time(17), clock.JST)
    decider: ProposalStep | None = None
    for step in current_steps(current):
        if step.state_enum is StepState.NOT_REQUIRED:
            continue
        _stamp_on_paper(current, step, moment, decided_on)
        decider = step if step.kind_enum is StepKind.DECIDE else decider
    if decider is None:
        raise DomainError("決裁する職が経路にありません。")
    _complete(actor, current, decider, moment)
    return released(current)


def _stamp_on_paper(proposal: Proposal, step: ProposalStep, moment: dt.datetime, on: dt.date) -> None:
    holder = holder_of(step.post, on)
    step.state = StepState.ON_PAPER.value
    step.person_id = holder.id if holder else None
    step.person_name = holder.name if holder else ""
    step.acted_post_label = f"{step.post_label} {step.person_name}".strip()
    step.acted_at, step.digest = moment, proposal.digest
    if step.kind_enum is StepKind.DECIDE:
        step.authority, step.authority_clause = proposal.basis, proposal.clause
    step.save()


def _complete(actor: Actor, proposal: Proposal, decider: ProposalStep, moment: dt.datetime) -> None:
    originals = PaperOriginal.objects.filter(proposal=proposal)
    facts = {
        "basis": proposal.basis,
        "post": decider.post_label,
        "decided_at": moment.isoformat(),
        "originals": [{"sha256": each.sha256} for each in originals],
    }
    complete_decision(
        actor, proposal, decider, "decided_on_paper", facts, by=f"{decider.acted_post_label}（紙による）", at=moment
    )
