"""How an actor stands to a proposal now: what a guard asks and what a page shows buttons by."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kakehashi.approvals.domain.authority import Grant, grant_for
from kakehashi.approvals.domain.deputies import DeputyCandidate, acting_deputy
from kakehashi.approvals.domain.states import (
    AFTER_DECISION,
    CONSENT_STEPS,
    MANDATORY_KINDS,
    OPEN_STEPS,
    ProposalState,
    StepKind,
    StepState,
)
from kakehashi.approvals.domain.transitions import Situation, Standing
from kakehashi.approvals.models import AuthorityRule, PaperOriginal, Proposal, ProposalStep, Reader
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.selectors.authority import grants_of
from kakehashi.approvals.selectors.packs import deputies_for
from kakehashi.approvals.selectors.proposals import current_digest, current_steps, my_post_ids
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.undo import UNDO_SECONDS
from kakehashi.people.models import DeputyRule, Person, Post
from kakehashi.people.selectors import holder_of, is_absent

_STANDING_OF_KIND = {
    StepKind.ENDORSE: Standing.ENDORSER,
    StepKind.CONSULT: Standing.CONSULTEE,
    StepKind.PROVISIONAL: Standing.PROVISIONAL,
    StepKind.DECIDE: Standing.DECIDER,
}


@dataclass(frozen=True)
class Turn:
    """The actor's part at this moment.

    `step` is the box they act in (None: not their turn); `holder` the person a deputy decides for; `deputy_clause` where
    the order of deputies is written and `deputy_condition` when alone they may act; `grant` the authority they exercise for the box's post; `passed` the lower box that
    引上げ would skip; `reader` their place among those the proposal is shown to.
    """

    standings: frozenset[Standing]
    step: ProposalStep | None = None
    holder: Person | None = None
    passed: ProposalStep | None = None
    holder_absent: bool = False
    lower_absent: bool = False
    grant: Grant | None = None
    deputy_clause: str = ""
    deputy_condition: str = ""
    reader: Reader | None = None


def turn_of(actor: Actor, proposal: Proposal) -> Turn:
    """How the actor stands to the proposal, by the posts held and the absences recorded at this instant."""
    steps = current_steps(proposal)
    posts = set(my_post_ids(actor.id))
    standings = set(_plain_standings(actor, proposal, steps, posts))
    active = [step for step in steps if step.state_enum is StepState.ACTIVE]
    own = next((step for step in active if step.post_id in posts), None)
    if own is not None:
        standings.add(_STANDING_OF_KIND[own.kind_enum])
        return Turn(frozenset(standings), step=own)
    reader = _reader(proposal, posts)
    if reader is not None:
        return Turn(frozenset(standings | {Standing.READER}), reader=reader)
    if not active or not posts:
        return Turn(frozenset(standings))
    grants = grants_of(posts, clock.today())
    for step in active:
        grant = grant_for(grants, step.post_id, posts, proposal.matter_code, clock.today())
        if grant is not None:
            standings.add(_STANDING_OF_KIND[step.kind_enum])
            return Turn(frozenset(standings), step=step, grant=grant)
    deputy = _deputy_turn(actor, proposal, active, standings)
    return deputy or _pull_up_turn(standings, steps, active, posts)


def _reader(proposal: Proposal, posts: set[UUID]) -> Reader | None:
    """The actor's place among the readers the proposal lies with now."""
    if proposal.state_enum not in AFTER_DECISION | {ProposalState.READING}:
        return None
    return next(
        (
            reader
            for reader in proposal.readers.all()
            if reader.round == proposal.round
            and reader.reached_at is not None
            and reader.read_at is None
            and reader.post_id in posts
        ),
        None,
    )


def _deputy_turn(actor: Actor, proposal: Proposal, active: list[ProposalStep], standings: set[Standing]) -> Turn | None:
    """代決: the decider is away on record, and the actor is the first present deputy."""
    decide = next((step for step in active if step.kind_enum is StepKind.DECIDE), None)
    if decide is None or actor.id is None:
        return None
    holder, absent = _holder(decide)
    if holder is None or not absent:
        return None
    candidates = deputy_candidates(decide)
    first = acting_deputy(candidates, proposal.drafter_id)
    if first is None or first.person_id != actor.id:
        return None
    return Turn(
        frozenset(standings | {Standing.DEPUTY}),
        step=decide,
        holder=holder,
        holder_absent=True,
        deputy_clause=first.clause,
        deputy_condition=first.condition,
    )


def _plain_standings(actor: Actor, proposal: Proposal, steps: list[ProposalStep], posts: set[UUID]) -> set[Standing]:
    found: set[Standing] = set()
    if actor.id is not None and actor.id == proposal.drafter_id:
        found |= {Standing.DRAFTER, Standing.SENDER}
    if actor.can(ApprovalsPermission.ISSUE, proposal.government_id):
        found.add(Standing.ISSUER)
    if actor.id is not None and any(_owes_review(step, actor.id, posts) for step in steps):
        found.add(Standing.POST_REVIEWER)
    if own_hop(actor.id, steps) is not None:
        found.add(Standing.LAST_ENDORSER)
    if proposal.state_enum in AFTER_DECISION and any(_decided(step, actor.id) for step in steps):
        # Who decided may take it back while nothing has left; the table of transitions says when.
        found.add(Standing.DECIDER)
    return found


def own_hop(person_id: UUID | None, steps: list[ProposalStep]) -> ProposalStep | None:
    """The box this person sent on last, while nobody after it has acted: what may still be taken back."""
    if person_id is None:
        return None
    mine = [
        step
        for step in steps
        if step.person_id == person_id and step.state_enum in CONSENT_STEPS and step.carried_round is None
    ]
    if not mine:
        return None
    last = max(mine, key=lambda step: step.order)
    later = [step for step in steps if step.order > last.order and step.state_enum is not StepState.NOT_REQUIRED]
    untouched = all(step.state_enum in OPEN_STEPS or step.carried_round is not None for step in later)
    return last if untouched else None


def _decided(step: ProposalStep, person_id: UUID | None) -> bool:
    return step.kind_enum is StepKind.DECIDE and person_id is not None and step.person_id == person_id


def _owes_review(step: ProposalStep, person_id: UUID, posts: set[UUID]) -> bool:
    if not step.needs_post_review or step.post_reviewed_at is not None:
        return False
    if step.post_reviewer_id is not None:
        return step.post_reviewer_id == person_id
    return step.post_id in posts


def _pull_up_turn(
    standings: set[Standing], steps: list[ProposalStep], active: list[ProposalStep], posts: set[UUID]
) -> Turn:
    """引上げ: a higher box of the same line takes the proposal past an absent endorser, or past an absent holder of 専決."""
    passed = next((step for step in active if step.kind_enum in {StepKind.ENDORSE, StepKind.DECIDE}), None)
    mine = next((step for step in boxes_above(passed, steps) if step.post_id in posts), None) if passed else None
    if passed is None or mine is None:
        return Turn(frozenset(standings))
    holder, absent = _holder(passed)
    standings.add(Standing.SUPERIOR)
    return Turn(frozenset(standings), step=mine, holder=holder, passed=passed, lower_absent=absent or holder is None)


def boxes_above(passed: ProposalStep, steps: list[ProposalStep]) -> list[ProposalStep]:
    """The boxes whose posts may pull a proposal up past this one: later on its line, or, of a decision, above it."""
    kinds = {StepKind.ENDORSE, StepKind.DECIDE} if passed.kind_enum is StepKind.ENDORSE else {StepKind.ABOVE}
    return [step for step in steps if step.order > passed.order and step.kind_enum in kinds]


def _holder(step: ProposalStep) -> tuple[Person | None, bool]:
    """Who holds the step's post today, and whether an absence covers this instant."""
    holder = holder_of(step.post, clock.today())
    return holder, bool(holder and is_absent(holder, clock.now()))


def deputy_posts(step: ProposalStep) -> list[tuple[Post, str, str]]:
    """Who may act for a step's post, in order, with clause and condition: as set for that very post, else as the rule pack says."""
    rules = DeputyRule.objects.filter(post_id=step.post_id).select_related("deputy_post").order_by("order")
    own = [(rule.deputy_post, rule.clause, "") for rule in rules]
    if own:
        return own
    lines = deputies_for(step.post, step.proposal.matter_code, clock.today())
    return [(post, line.clause, line.condition) for post, line in lines]


def deputy_candidates(step: ProposalStep) -> list[DeputyCandidate]:
    """The deputy order of a step's post with holders and absences of this instant."""
    now = clock.now()
    candidates = []
    for post, clause, condition in deputy_posts(step):
        holder = holder_of(post, clock.today())
        candidates.append(
            DeputyCandidate(
                post_id=post.id,
                post_label=post.name,
                person_id=holder.id if holder else None,
                is_absent=bool(holder and is_absent(holder, now)),
                clause=clause,
                condition=condition,
            )
        )
    return candidates


def standings_of(actor: Actor, proposal: Proposal) -> frozenset[Standing]:
    """Only the standings of `turn_of`."""
    return turn_of(actor, proposal).standings


def situation_of(
    actor: Actor,
    proposal: Proposal,
    turn: Turn,
    *,
    digest_shown: str | None = None,
    reason: str = "",
    missing: tuple[str, ...] = (),
    route_length: int = 0,
) -> Situation:
    """Everything the guards look at. `digest_shown` None: the caller shows what is current."""
    steps = current_steps(proposal)
    digest = current_digest(proposal)
    done = [
        step
        for step in steps
        if step.state_enum not in OPEN_STEPS | {StepState.NOT_REQUIRED} and step.carried_round is None
    ]
    rule = proposal.rule
    return Situation(
        state=proposal.state_enum,
        standings=turn.standings,
        digest_shown=digest if digest_shown is None else digest_shown,
        digest_now=digest,
        reason=reason.strip(),
        missing=missing,
        route_length=route_length,
        next_actor_has_acted=bool(done),
        open_mandatory_steps=_open_before(steps),
        open_dissent=any(step.state_enum is StepState.DISSENTED for step in steps),
        may_proceed_with_opinion=not any(_stops(step, rule) for step in steps),
        authority_clause=proposal.clause,
        holder_absent=turn.holder_absent,
        deputy_condition=turn.deputy_condition,
        deputy_barred=(rule.deputy_barred if rule else False) or bool(proposal.bars),
        lower_actor_absent=turn.lower_absent,
        is_drafter=actor.id is not None and actor.id == proposal.drafter_id,
        self_decision_allowed=rule.self_decision_allowed if rule else False,
        anything_left=_has_left(proposal),
        was_submitted=proposal.round > 0,
        on_paper=proposal.is_on_paper,
        has_original=proposal.is_on_paper and PaperOriginal.objects.filter(proposal=proposal).exists(),
        unread=_unread(proposal),
    )


def _stops(step: ProposalStep, rule: AuthorityRule | None) -> bool:
    """Whether this box dissents where consent is asked for; an opinion that was only listened to stops nothing."""
    if step.state_enum is not StepState.DISSENTED:
        return False
    if rule is not None and not rule.proceed_with_opinion and not step.school:
        return True
    return step.school == "consent"


def _unread(proposal: Proposal) -> int:
    """How many have still to read what goes round only to be read; readers of a decided proposal stop nothing."""
    if proposal.state_enum is not ProposalState.READING:
        return 0
    return sum(reader.round == proposal.round and reader.read_at is None for reader in proposal.readers.all())


def _open_before(steps: list[ProposalStep]) -> int:
    return sum(step.kind_enum in MANDATORY_KINDS and step.state_enum in OPEN_STEPS for step in steps)


def _has_left(proposal: Proposal) -> bool:
    """Outward effects wait ten seconds after the decision; then the decision stands."""
    if proposal.decided_at is None:
        return False
    return (clock.now() - proposal.decided_at).total_seconds() > UNDO_SECONDS or proposal.is_issued
