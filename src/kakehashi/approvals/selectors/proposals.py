"""Reads of proposals: whose turn, what was said, what the stamp sheet shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from kakehashi.approvals.domain.digests import attachment_entry, body_digest
from kakehashi.approvals.domain.stamps import Stamp, StampFact, stamp_sheet
from kakehashi.approvals.domain.states import StepKind, StepState
from kakehashi.approvals.models import Opinion, Proposal, ProposalStep, ProposalVersion, Reader
from kakehashi.approvals.selectors.authority import granted
from kakehashi.exchange.selectors import find_outside_numbers
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.shared_reads import read_once
from kakehashi.people.models import DeputyRule, PostHolding
from kakehashi.people.selectors import valid_on


def current_digest(proposal: Proposal) -> str:
    """The digest of body and attachments as they are in the database now."""
    entries = [attachment_entry(a.name, a.sha256, a.size) for a in proposal.attachments.all()]
    return body_digest(proposal.body, entries)


def current_steps(proposal: Proposal) -> list[ProposalStep]:
    """The boxes of the present round in the order of the route."""
    return [step for step in proposal.steps.all() if step.round == proposal.round]


@read_once
def my_post_ids(person_id: UUID | None) -> list[UUID]:
    """The posts a person holds today."""
    if person_id is None:
        return []
    holdings = PostHolding.objects.filter(valid_on(clock.today()), person_id=person_id)
    return list(holdings.values_list("post_id", flat=True))


def proposals_waiting_for(actor: Actor) -> QuerySet[Proposal]:
    """What lies with one of the actor's posts, or with a post whose authority they exercise (職務代理 …)."""
    posts = my_post_ids(actor.id)
    active = ProposalStep.objects.filter(
        Q(post_id__in=posts) | granted(posts, clock.today(), post="post_id", matter="proposal__matter_id"),
        proposal=OuterRef("pk"),
        round=OuterRef("round"),
        state=StepState.ACTIVE.value,
    )
    return Proposal.objects.filter(Exists(active), state="in_circulation")


def proposals_deputised_to(actor: Actor) -> QuerySet[Proposal]:
    """What waits for a decider in whose order of deputies the actor stands, present or away: the road of their section."""
    posts = DeputyRule.objects.filter(deputy_post_id__in=my_post_ids(actor.id)).values("post_id")
    active = ProposalStep.objects.filter(
        proposal=OuterRef("pk"),
        round=OuterRef("round"),
        state=StepState.ACTIVE.value,
        kind=StepKind.DECIDE.value,
        post_id__in=posts,
    )
    return Proposal.objects.filter(Exists(active), state="in_circulation").exclude(drafter_id=actor.id)


def proposals_to_read(actor: Actor) -> QuerySet[Proposal]:
    """供覧: what is shown to one of the actor's posts and was not read yet."""
    shown = Reader.objects.filter(
        proposal=OuterRef("pk"),
        round=OuterRef("round"),
        reached_at__isnull=False,
        read_at__isnull=True,
        post_id__in=my_post_ids(actor.id),
    )
    return Proposal.objects.filter(Exists(shown)).exclude(state="withdrawn")


def drafted_by(actor: Actor) -> QuerySet[Proposal]:
    """What the actor drafted."""
    return Proposal.objects.filter(drafter_id=actor.id)


def pending_post_reviews(actor: Actor) -> QuerySet[ProposalStep]:
    """後閲 that the actor owes, oldest first. It never blocks anything and never changes a decision."""
    return (
        ProposalStep.objects.filter(
            Q(post_reviewer_id=actor.id) | Q(post_reviewer_id__isnull=True, post_id__in=my_post_ids(actor.id)),
            needs_post_review=True,
            post_reviewed_at__isnull=True,
        )
        .select_related("proposal")
        .order_by("acted_at", "id")
    )


def proposal_of_source(source_kind: str, source_id: UUID) -> Proposal | None:
    """The latest proposal of a source, or None."""
    return Proposal.objects.filter(source_kind=source_kind, source_id=source_id).order_by("-created_at", "-id").first()


def opinions_on(proposal: Proposal) -> QuerySet[Opinion]:
    """Everything that was said, oldest first."""
    return Opinion.objects.filter(proposal=proposal).order_by("written_at", "id")


def stamps_of(proposal: Proposal) -> tuple[Stamp, ...]:
    """The stamp sheet of the present round."""
    return stamp_sheet(
        [
            StampFact(
                kind=step.kind_enum,
                state=step.state_enum,
                post_label=step.post_label,
                person_name=step.person_name,
                acted_at=step.acted_at,
                seen_at=step.seen_at,
                post_reviewed_at=step.post_reviewed_at,
                basis=step.authority,
                rejected=proposal.state == "rejected",
            )
            for step in current_steps(proposal)
        ]
    )


@dataclass(frozen=True)
class WaitingOn:
    """Whom a proposal waits on: the post, who holds it today (empty: vacant), and since when."""

    post_label: str
    person_name: str
    since: datetime | None


def waiting_on(proposals: list[Proposal]) -> dict[UUID, list[WaitingOn]]:
    """For each proposal in circulation, the boxes it lies with now. Two queries for a whole page."""
    rounds = {proposal.id: proposal.round for proposal in proposals}
    steps = [
        step
        for step in ProposalStep.objects.filter(proposal_id__in=list(rounds), state=StepState.ACTIVE.value)
        if step.round == rounds[step.proposal_id]
    ]
    holders = {
        holding.post_id: holding.person.name
        for holding in PostHolding.objects.filter(valid_on(clock.today()), post_id__in=[step.post_id for step in steps])
        .select_related("person")
        .order_by("is_primary")
    }
    waiting: dict[UUID, list[WaitingOn]] = {}
    for step in steps:
        waiting.setdefault(step.proposal_id, []).append(
            WaitingOn(step.post_label, holders.get(step.post_id, ""), step.activated_at)
        )
    return waiting


LABELS = {
    "subject": "件名",
    "request": "伺い",
    "reason": "理由",
    "amount": "金額",
    "class_code": "分類",
    "disclosure": "公開区分",
    "bars": "専決によらない事由",
    "notice": "通知の内容",
    "source": "もとの申請などの内容",
    "matter": "決裁事項",
}


def changes_since(proposal: Proposal, digest: str) -> list[tuple[str, str, str]]:
    """What changed between the version with this digest and the present one: (label, before, after).

    Empty when the digest belongs to no version of this proposal.
    """
    old = ProposalVersion.objects.filter(proposal=proposal, digest=digest).order_by("-round").first()
    if old is None:
        return []
    changes = [
        (label, _words(old.body.get(name)), _words(proposal.body.get(name)))
        for name, label in LABELS.items()
        if old.body.get(name) != proposal.body.get(name)
    ]
    before = sorted(f"{a['name']}（{a['sha256'][:12]}…）" for a in old.attachments)
    after = sorted(f"{a.name}（{a.sha256[:12]}…）" for a in proposal.attachments.all())
    if before != after:
        changes.append(("添付", "\n".join(before), "\n".join(after)))
    return changes


def _words(value: Any) -> str:
    """A JSON value as lines a person can compare."""
    if value in (None, "", [], {}):
        return "（なし）"
    if isinstance(value, dict):
        return "\n".join(_words(item) for item in value.values() if item)
    if isinstance(value, list):
        return "\n".join("：".join(map(_words, item)) if isinstance(item, list) else _words(item) for item in value)
    return str(value)


def search_proposals(rows: QuerySet[Proposal], *, text: str = "", state: str = "") -> QuerySet[Proposal]:
    """A list narrowed by words in the subject or a number, and by state."""
    if text:
        outside = [each.subject_id for each in find_outside_numbers(text) if each.subject_kind == "approvals.proposal"]
        by_number = Q(number__icontains=text) | Q(document_number__icontains=text) | Q(id__in=outside)
        rows = rows.filter(Q(subject__icontains=text) | by_number)
    if state:
        rows = rows.filter(state=state)
    return rows
