"""What waits on whom, and how long: by post, in the order of the organisation, without a ranking of people."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from statistics import median
from uuid import UUID

from django.db.models import F
from django.urls import reverse

from kakehashi.approvals.domain.reminders import waited_days
from kakehashi.approvals.domain.states import StepKind, StepState
from kakehashi.approvals.models import ProposalStep
from kakehashi.approvals.selectors.proposals import proposals_waiting_for
from kakehashi.cases.hooks import WaitingWork
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.people.models import Department, Post
from kakehashi.people.selectors import absent_ids, holder_ids


@dataclass(frozen=True)
class WaitingItem:
    """One proposal in a box: since when, and the business days since then."""

    proposal_id: UUID
    number: str
    subject: str
    kind: StepKind
    since: dt.datetime | None
    days: int


@dataclass
class PostPile:
    """What lies with a post. `hint` says what helps when nobody is there: a vacancy or an absence, never a fault."""

    post: Post
    hint: str = ""
    items: list[WaitingItem] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many."""
        return len(self.items)

    @property
    def longest(self) -> int:
        """Business days of the one that lies there longest."""
        return max((item.days for item in self.items), default=0)

    @property
    def middle(self) -> float:
        """The median of the business days."""
        return float(median([item.days for item in self.items])) if self.items else 0.0


def waiting_by_post(department: Department | None = None) -> list[PostPile]:
    """Piles of all posts something lies with, or of one section. Four queries, however many proposals."""
    rows = ProposalStep.objects.filter(
        state=StepState.ACTIVE.value, round=F("proposal__round"), proposal__state="in_circulation"
    )
    if department is not None:
        rows = rows.filter(post__department=department)
    ordered = rows.select_related("proposal", "post__department").order_by(
        F("post__department__order").asc(nulls_first=True), "post__department__code", "post__rank", "activated_at"
    )
    piles: dict[UUID, PostPile] = {}
    now = clock.now()
    for step in ordered:
        pile = piles.setdefault(step.post_id, PostPile(step.post))
        pile.items.append(
            WaitingItem(
                step.proposal_id,
                step.proposal.number,
                step.proposal.subject,
                step.kind_enum,
                step.activated_at,
                waited_days(step.activated_at, now) if step.activated_at else 0,
            )
        )
    _say_what_helps(piles)
    return list(piles.values())


def _say_what_helps(piles: dict[UUID, PostPile]) -> None:
    holders = holder_ids(piles, clock.today())
    away = absent_ids(holders.values(), clock.now())
    for post_id, pile in piles.items():
        decides = any(item.kind is StepKind.DECIDE for item in pile.items)
        if post_id not in holders:
            pile.hint = "欠員です。職務代理・事務取扱を記録すると進みます。"
        elif holders[post_id] in away:
            pile.hint = (
                "不在です。代決か、上位の職の引上げで進みます。"
                if decides
                else "不在です。上位の職が引き上げられます。"
            )


def my_turn(actor: Actor) -> WaitingWork:
    """How many proposals wait for the actor's 承認・同意・決裁 now."""
    count = proposals_waiting_for(actor).count()
    return WaitingWork("あなたの承認・決裁を待つ起案", count, reverse("approvals-staff:index"))
