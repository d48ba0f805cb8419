"""Why a proposal does not move when somebody is away, and what can be done: the facts behind the panel on its page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Prefetch, QuerySet

from kakehashi.approvals.domain.deputies import acting_deputy
from kakehashi.approvals.domain.states import ProposalState, StepKind, StepState
from kakehashi.approvals.domain.transitions import Standing
from kakehashi.approvals.models import Proposal, ProposalStep
from kakehashi.approvals.selectors.authority import acting_posts_for
from kakehashi.approvals.selectors.proposals import current_steps
from kakehashi.approvals.selectors.standing import boxes_above, deputy_candidates, turn_of
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.people.models import Person
from kakehashi.people.selectors import absent_ids, away_now, holder_ids, holder_of, is_absent


@dataclass(frozen=True)
class Stuck:
    """A box nobody works in now: whose it is, until when they are away, and who else may do something.

    `holder` None: the post is vacant. `deputy` may decide in their place (代決); when there is none, `why_no_deputy` says why.
    `superiors` are present holders of the boxes above, who may pull the proposal up (引上げ).
    """

    step: ProposalStep
    holder: Person | None
    until: dt.datetime | None
    deputy: str
    why_no_deputy: str
    superiors: list[tuple[ProposalStep, Person]]

    @property
    def post_label(self) -> str:
        """The post of the box, as the route names it."""
        return str(self.step.post_label)

    @property
    def decides(self) -> bool:
        """Whether the decision itself waits in the box."""
        return self.step.kind_enum is StepKind.DECIDE


def stuck_at(proposal: Proposal) -> Stuck | None:
    """The first box the proposal lies in whose holder is away or missing, when nobody acts under a grant; else None."""
    if proposal.state_enum is not ProposalState.IN_CIRCULATION or proposal.is_on_paper:
        return None
    steps, now = current_steps(proposal), clock.now()
    for step in steps:
        if step.state_enum is not StepState.ACTIVE:
            continue
        holder = holder_of(step.post, clock.today())
        if holder is not None and not is_absent(holder, now):
            continue
        if acting_posts_for(step.post_id, proposal.matter_id, clock.today()):
            continue
        deputy, why = _deputy(step, proposal)
        return Stuck(step, holder, _back_at(holder, now), deputy, why, _superiors(step, steps, now))
    return None


def _deputy(step: ProposalStep, proposal: Proposal) -> tuple[str, str]:
    """Who may decide in the holder's place, or why nobody may."""
    if step.kind_enum is not StepKind.DECIDE:
        return "", "代決は決裁する職についてだけできます。"
    candidates = deputy_candidates(step)
    able = acting_deputy(candidates, proposal.drafter_id)
    if able is not None:
        person = Person.objects.filter(id=able.person_id).first() if able.person_id else None
        return f"{able.post_label} {person.name if person else ''}".strip(), ""
    if not candidates:
        return "", "代決する順が決められていません。"
    if any(each.person_id == proposal.drafter_id and not each.is_absent for each in candidates):
        return "", "代決の順に当たるのが起案者だけです。起案者は、自分の起案を代決できません。"
    return "", "代決の順にある職も、不在か欠員です。"


def _superiors(passed: ProposalStep, steps: list[ProposalStep], now: dt.datetime) -> list[tuple[ProposalStep, Person]]:
    if passed.kind_enum not in {StepKind.ENDORSE, StepKind.DECIDE}:
        return []
    found = []
    for step in boxes_above(passed, steps):
        holder = holder_of(step.post, clock.today())
        if holder is not None and not is_absent(holder, now):
            found.append((step, holder))
    return found


def _back_at(holder: Person | None, now: dt.datetime) -> dt.datetime | None:
    """The end of the absence that covers this moment; None while the post is vacant or no end is known."""
    if holder is None:
        return None
    last = away_now(now).filter(person=holder).last()
    return last.ends_at if last else None


def proposals_to_act_for(actor: Actor) -> QuerySet[Proposal]:
    """What lies with somebody who is away or missing and that the actor may decide for them (代決) or pull up (引上げ)."""
    lying = ProposalStep.objects.filter(
        state=StepState.ACTIVE.value, round=F("proposal__round"), proposal__state=ProposalState.IN_CIRCULATION.value
    ).values_list("post_id", "proposal_id")
    piles: dict[UUID, set[UUID]] = {}
    for post_id, proposal_id in lying:
        piles.setdefault(post_id, set()).add(proposal_id)
    holders = holder_ids(piles, clock.today())
    away = absent_ids(holders.values(), clock.now())
    ids = {each for post_id, pile in piles.items() for each in pile if holders.get(post_id) in {None, *away}}
    steps = Prefetch("steps", ProposalStep.objects.select_related("post"))
    rows = Proposal.objects.filter(id__in=ids).exclude(drafter_id=actor.id).select_related("matter")
    open_to = {Standing.DEPUTY, Standing.SUPERIOR}
    mine = [each.id for each in rows.prefetch_related(steps) if open_to & turn_of(actor, each).standings]
    return Proposal.objects.filter(id__in=mine)
