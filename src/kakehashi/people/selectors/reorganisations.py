"""Reads of the 改組 simulator: both organisations side by side, and what ends in the words the rooms above understand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from kakehashi.people.domain.affected import Finding, Heir, PlannedName, Reorganised
from kakehashi.people.domain.handover import HandoverItem
from kakehashi.people.domain.reorganisation import (
    Comparison,
    OldDepartment,
    OldPost,
    Plan,
    PlannedDepartment,
    PlannedPost,
    Today,
    compare,
)
from kakehashi.people.domain.reorganisation_table import COLUMNS, Grid, read_grid
from kakehashi.people.domain.shares import Share
from kakehashi.people.models import Department, Post, PostHolding, Reorganisation, ReorganisationShare
from kakehashi.people.selectors.actors import valid_on


def organisation_of(day: date) -> Today:
    """The departments and their posts in force on a day, as the comparison reads them. Two queries."""
    departments = Department.objects.filter(valid_on(day)).order_by("order", "code")
    posts = Post.objects.filter(valid_on(day), department__isnull=False).order_by("department__order", "rank", "name")
    return Today(
        {row.id: OldDepartment(row.id, row.code, row.name, row.symbol, row.parent_id) for row in departments},
        {
            row.id: OldPost(row.id, row.department_id, row.name, row.rank, row.is_single)
            for row in posts
            if row.department_id is not None
        },
    )


def plan_like(today: Today) -> Plan:
    """The same organisation as a plan, to begin typing from."""
    codes = {each.id: each.code for each in today.departments.values()}
    return Plan(
        tuple(
            PlannedDepartment(
                each.code, each.name, each.symbol, codes.get(each.parent_id, "") if each.parent_id else ""
            )
            for each in today.departments.values()
        ),
        tuple(
            PlannedPost(codes[each.department_id], each.name, each.rank, each.is_single)
            for each in today.posts.values()
            if each.department_id in codes
        ),
    )


def eve_of(reorganisation: Reorganisation) -> date:
    """The last day of the old organisation."""
    return reorganisation.effective_on - timedelta(days=1)


def comparison_of(reorganisation: Reorganisation) -> Comparison:
    """What the plan keeps, ends and makes. Drawn anew each time until it is applied."""
    return compare(organisation_of(eve_of(reorganisation)), Plan.from_json(reorganisation.plan), reorganisation.chosen)


def grid_of(reorganisation: Reorganisation) -> Grid:
    """The uploaded table. Raises `BadTable`."""
    return read_grid(reorganisation.file_name, bytes(reorganisation.content))


def remembered_columns() -> dict[str, str]:
    """The headers that were confirmed the last time."""
    last = Reorganisation.objects.exclude(columns=None).exclude(columns={}).order_by("-made_at").first()
    return dict(last.columns or {}) if last else {}


def ranks_of(day: date) -> dict[str, int]:
    """The ranks of today's posts by their names and by their bare titles (住民課課長 → 課長)."""
    ranks: dict[str, int] = {}
    for post in Post.objects.filter(valid_on(day)).select_related("department"):
        ranks.setdefault(post.name, post.rank)
        if post.department is not None:
            ranks.setdefault(post.name.removeprefix(post.department.name), post.rank)
    return ranks


def reorganised(reorganisation: Reorganisation, found: Comparison) -> Reorganised:
    """What ends and who follows, for the rooms above; heirs have ids once it was applied."""
    planned = found.planned
    posts = {each.key: each for each in found.plan.posts}
    labels = {fate.old.id: fate.old.name for fate in found.departments} | {
        fate.old.id: fate.old.name for fate in found.posts
    }
    held = _held_after(found, reorganisation.effective_on)
    return Reorganised(
        on=reorganisation.effective_on,
        departments={
            fate.old.id: _heir(
                planned[fate.heir].name, planned[fate.heir].symbol, reorganisation, "departments", fate.old.id
            )
            if fate.heir
            else None
            for fate in found.ending
        },
        posts={
            fate.old.id: _heir(posts[fate.heir].name, "", reorganisation, "posts", fate.old.id) if fate.heir else None
            for fate in found.ending_posts
        },
        labels=labels,
        symbols={fate.old.id: fate.old.symbol for fate in found.departments},
        departments_after=[PlannedName(each.name, each.code, each.symbol) for each in found.plan.departments],
        posts_after=[
            *(
                PlannedName(
                    each.name, department=planned[each.department].name, rank=each.rank, is_held=each.key in held
                )
                for each in found.plan.posts
                if each.department in planned
            ),
            *_head_posts(reorganisation.effective_on),
        ],
        shares=shares_of(reorganisation, found),
    )


def heir_names(found: Comparison) -> dict[str, str]:
    """What a department's code or a post's key is called in the plan."""
    names = {each.code: each.name for each in found.plan.departments}
    return names | {each.key: each.name for each in found.plan.posts}


def shares_of(reorganisation: Reorganisation, found: Comparison) -> list[Share]:
    """The exceptions whose successor the plan knows."""
    names = heir_names(found)
    return [as_share(row, names[row.heir]) for row in reorganisation.shares.all() if row.heir in names]


def share_problems(reorganisation: Reorganisation, found: Comparison) -> list[str]:
    """A sentence for each exception whose successor the plan does not know any more."""
    names = heir_names(found)
    return [
        f"{row.subject_label}を分けて引き継ぐ先「{row.heir}」が、新しい組織にありません。"
        for row in reorganisation.shares.all()
        if row.heir not in names
    ]


def as_share(row: ReorganisationShare, heir_name: str) -> Share:
    """A kept exception as the domain reads it."""
    return Share(row.code, row.subject_id, heir_name, None, row.words, frozenset(UUID(each) for each in row.row_ids))


def _heir(name: str, symbol: str, reorganisation: Reorganisation, kind: str, old_id: UUID) -> Heir:
    made = reorganisation.heir_of(kind, old_id)
    return Heir(name, symbol, UUID(made) if made else None)


def _head_posts(on: date) -> list[PlannedName]:
    rows = Post.objects.filter(valid_on(on), department__isnull=True)
    held = set(PostHolding.objects.filter(valid_on(on), post__in=rows).values_list("post_id", flat=True))
    return [PlannedName(row.name, rank=row.rank, is_held=row.id in held) for row in rows]


def _held_after(found: Comparison, on: date) -> set[str]:
    """The planned posts somebody will hold: the holders of those they follow."""
    held = set(PostHolding.objects.filter(valid_on(on)).values_list("post_id", flat=True))
    return {fate.heir for fate in found.posts if fate.heir and fate.old.id in held}


def holder_findings(found: Comparison, on: date) -> list[Finding]:
    """People whose post ends with nobody following, and single posts that two would hold."""
    holdings = list(PostHolding.objects.filter(valid_on(on)).select_related("person", "post"))
    by_post: dict[UUID, list[PostHolding]] = {}
    for holding in holdings:
        by_post.setdefault(holding.post_id, []).append(holding)
    findings = []
    for fate in found.ending_posts:
        people = by_post.get(fate.old.id, [])
        if people and not fate.heir:
            findings.append(
                Finding(
                    sentence=f"{fate.old.name}がなくなり、{len(people)}人に職がなくなります。",
                    proposal="引継ぎ先の職を選ぶか、人事異動で新しい職に就けてください。",
                    is_broken=True,
                    count=len(people),
                    items=[HandoverItem(each.person.name, note=each.post.name) for each in people],
                )
            )
    return [*findings, *_crowded(found, by_post)]


def _crowded(found: Comparison, by_post: dict[UUID, list[PostHolding]]) -> Sequence[Finding]:
    single = {each.key: each for each in found.plan.posts if each.is_single}
    number: Counter[str] = Counter()
    people: dict[str, list[HandoverItem]] = {}
    for fate in found.posts:
        if fate.heir in single:
            number[fate.heir] += len(by_post.get(fate.old.id, []))
            people.setdefault(fate.heir, []).extend(
                HandoverItem(each.person.name, note=each.post.name) for each in by_post.get(fate.old.id, [])
            )
    return [
        Finding(
            sentence=f"{single[key].name}に{count}人が就きます。",
            proposal="人事異動でひとりにしてください。そのままなら、主務の人、次に後から就いた人が決裁します。",
            is_broken=True,
            count=count,
            items=people[key],
        )
        for key, count in number.items()
        if count > 1
    ]


TABLE_HEADERS = tuple(column.label for column in COLUMNS)


def table_of(plan: Plan) -> list[tuple[str, ...]]:
    """The plan as rows under `TABLE_HEADERS`: one for each post, or for a department without posts."""
    posts: dict[str, list[PlannedPost]] = {}
    for post in plan.posts:
        posts.setdefault(post.department, []).append(post)
    rows: list[tuple[str, ...]] = []
    for each in plan.departments:
        head = (each.code, each.name, each.symbol, each.parent, "、".join(each.former))
        for post in posts.get(each.code, []):
            rows.append((*head, post.name, str(post.rank), "○" if post.is_single else "×"))
        if each.code not in posts:
            rows.append((*head, "", "", ""))
    return rows
