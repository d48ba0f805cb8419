"""Reads of personnel change: the plan of an uploaded order, what it breaks, and the handover pack of a post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from kakehashi.people.domain.deputies import Candidate
from kakehashi.people.domain.handover import Breakage, LosingPost
from kakehashi.people.domain.periods import Period
from kakehashi.people.domain.personnel_change import ChangePlan, Picture, PostFact, Staff, plan_change
from kakehashi.people.domain.personnel_csv import read_orders
from kakehashi.people.domain.posts import HoldingFact
from kakehashi.people.models import DeputyRule, HandoverNote, Person, PersonnelChange, Post, PostHolding
from kakehashi.people.selectors.actors import holder_ids, holder_of, posts_of, valid_on
from kakehashi.people.selectors.organisation import department_facts, deputy_line


def picture() -> Picture:
    """Everything the planner looks at, in four queries."""
    return Picture(
        departments=list(department_facts().values()),
        posts=[
            PostFact(row.id, row.department_id, row.name, row.rank, Period(row.valid_from, row.valid_to), row.is_single)
            for row in Post.objects.all()
            if row.department_id is not None
        ],
        holdings=[
            HoldingFact(row.id, row.person_id, row.post_id, Period(row.valid_from, row.valid_to), row.is_primary)
            for row in PostHolding.objects.all()
        ],
        staff=[
            Staff(row.id, row.staff_number, row.name)
            for row in Person.objects.filter(is_active=True).exclude(staff_number="")
        ],
    )


def plan_of(change: PersonnelChange) -> ChangePlan:
    """What the order means now. Lines that could not be read come first among the problems."""
    rows, unreadable = read_orders(bytes(change.content))
    plan = plan_change(rows, picture(), change.effective_on)
    plan.problems[:0] = unreadable
    return plan


def losing_posts(plan: ChangePlan) -> list[LosingPost]:
    """The posts whose holder leaves them in this plan."""
    posts = {
        post.id: post
        for post in Post.objects.filter(id__in={closing.holding.post_id for closing in plan.closings}).select_related(
            "department"
        )
    }
    names = dict(Person.objects.filter(id__in={c.holding.person_id for c in plan.closings}).values_list("id", "name"))
    followers = {opening.post_id: opening.person_id for opening in plan.openings}
    return [
        LosingPost(
            post_id=closing.holding.post_id,
            post_name=posts[closing.holding.post_id].name,
            department_id=posts[closing.holding.post_id].department_id,
            person_id=closing.holding.person_id,
            person_name=names.get(closing.holding.person_id, ""),
            successor_id=followers.get(closing.holding.post_id),
            vacant=closing.holding.post_id in plan.vacated,
        )
        for closing in plan.closings
    ]


def own_breakages(plan: ChangePlan) -> list[Breakage]:
    """What the plan breaks in this room: deputies and roles. The rooms above are asked through `hooks.breakages_of`."""
    return [*_broken_deputies(plan), *_lapsing_roles(plan)]


def _broken_deputies(plan: ChangePlan) -> list[Breakage]:
    vacant = set(plan.vacated)
    rules = DeputyRule.objects.filter(deputy_post_id__in=vacant).select_related("post", "deputy_post")
    return [
        Breakage(f"{rule.post.name}の代理（第{rule.order}順位）の{rule.deputy_post.name}が空席になります。")
        for rule in rules
    ]


def _lapsing_roles(plan: ChangePlan) -> list[Breakage]:
    leaving: dict[UUID, set[UUID]] = {}
    by_post = dict(
        Post.objects.filter(id__in={c.holding.post_id for c in plan.closings}).values_list("id", "department_id")
    )
    for closing in plan.closings:
        department = by_post.get(closing.holding.post_id)
        if department is not None:
            leaving.setdefault(closing.holding.person_id, set()).add(department)
    people = Person.objects.filter(id__in=leaving).prefetch_related("role_grants__role")
    found = []
    for person in people:
        for grant in person.role_grants.all():
            if grant.department_id in leaving[person.id]:
                found.append(
                    Breakage(f"{person.name}さんの役割「{grant.role.name}」は、所属を離れるので効かなくなります。")
                )
    return found


@dataclass(frozen=True, slots=True)
class HandoverPack:
    """What this room knows for the next holder of a post. `subject_id`: whose work it is, the present or the last holder."""

    post: Post
    on: date
    holder: Person | None
    previous: Person | None
    other_posts: Sequence[Post]
    deputies: Sequence[tuple[Post, Candidate]]
    deputises_for: Sequence[Post]
    note: HandoverNote | None
    subject_id: UUID | None


def handover_pack(post: Post, on: date, at: datetime) -> HandoverPack:
    """The pack of a post on a day: people, deputies and note. The rooms above add through `hooks.handover_sections`."""
    holder = holder_of(post, on)
    began = (
        PostHolding.objects.filter(valid_on(on), post=post, person=holder).values_list("valid_from", flat=True).first()
        if holder
        else None
    )
    before = holder_ids([post.id], (began or on) - timedelta(days=1)).get(post.id)
    line = deputy_line(post, on, at)
    deputy_posts = Post.objects.in_bulk([each.post_id for each in line])
    return HandoverPack(
        post=post,
        on=on,
        holder=holder,
        previous=Person.objects.filter(id=before).first() if before else None,
        other_posts=[each for each in posts_of(holder, on) if each.id != post.id] if holder else [],
        deputies=[(deputy_posts[each.post_id], each) for each in line],
        deputises_for=[rule.post for rule in DeputyRule.objects.filter(deputy_post=post).select_related("post")],
        note=HandoverNote.objects.filter(post=post).select_related("written_by").first(),
        subject_id=holder.id if holder else before,
    )
