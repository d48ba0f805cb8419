"""Reads of the organisation: facts for the pure rules, the chart on a day, lists of staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from kakehashi.kernel.folding import fold_name
from kakehashi.people.domain.departments import DepartmentFact, tree_on
from kakehashi.people.domain.deputies import Candidate, DeputyFact, line_of_deputies
from kakehashi.people.domain.periods import Period
from kakehashi.people.models import Absence, Department, DeputyRule, Person, Post, PostHolding
from kakehashi.people.selectors.actors import absent_ids, holder_ids, valid_on


def departments_on(on: date) -> QuerySet[Department]:
    """The departments that exist on that day."""
    return Department.objects.filter(valid_on(on))


def department_facts() -> dict[UUID, DepartmentFact]:
    """Every department there ever was, for the pure rules."""
    rows = Department.objects.order_by("order", "code")
    return {
        row.id: DepartmentFact(
            row.id, row.code, row.name, Period(row.valid_from, row.valid_to), row.parent_id, row.successor_id
        )
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class PostLine:
    """One post in the chart with its holders on the day; nobody means 空席."""

    id: UUID
    name: str
    rank: int
    holders: tuple[tuple[UUID, str, bool, bool], ...]


@dataclass(frozen=True, slots=True)
class ChartLine:
    """One department of the chart. A holder is (person id, name, whether 主務, whether away now)."""

    id: UUID | None
    code: str
    name: str
    symbol: str
    depth: int
    is_orphan: bool
    posts: tuple[PostLine, ...]


def chart_on(on: date, now: datetime) -> list[ChartLine]:
    """The organisation chart of a day: first the posts above all departments, then each department with its posts. Four queries."""
    departments = {row.id: row for row in Department.objects.all()}
    facts = [
        DepartmentFact(
            row.id,
            f"{row.order:05}{row.code}",
            row.name,
            Period(row.valid_from, row.valid_to),
            row.parent_id,
            row.successor_id,
        )
        for row in departments.values()
    ]
    holders: dict[UUID, list[PostHolding]] = {}
    for holding in (
        PostHolding.objects.filter(valid_on(on)).select_related("person").order_by("-is_primary", "valid_from")
    ):
        holders.setdefault(holding.post_id, []).append(holding)
    away = absent_ids({each.person_id for held in holders.values() for each in held}, now)
    posts: dict[UUID | None, list[PostLine]] = {}
    for post in Post.objects.filter(valid_on(on)).order_by("rank", "name"):
        people = tuple(
            (each.person_id, each.person.name, each.is_primary, each.person_id in away)
            for each in holders.get(post.id, [])
        )
        posts.setdefault(post.department_id, []).append(PostLine(post.id, post.name, post.rank, people))
    chart = []
    if None in posts:
        chart.append(ChartLine(None, "", "首長・副首長", "", 0, False, tuple(posts[None])))
    for row in tree_on(facts, on):
        department = departments[row.department.id]
        chart.append(
            ChartLine(
                department.id,
                department.code,
                department.name,
                department.symbol,
                row.depth,
                row.is_orphan,
                tuple(posts.get(department.id, ())),
            )
        )
    return chart


def deputy_line(post: Post, on: date, at: datetime) -> list[Candidate]:
    """The order of deputies of a post with the reason beside each who cannot act. Three queries."""
    rules = list(DeputyRule.objects.filter(post=post))
    holders = holder_ids([post.id, *(rule.deputy_post_id for rule in rules)], on)
    away = absent_ids(holders.values(), at)
    return line_of_deputies(
        [DeputyFact(rule.deputy_post_id, rule.order) for rule in rules],
        absent_person=holders.get(post.id),
        holder_of=holders.get,
        is_absent=away.__contains__,
    )


def absences_since(person: Person, at: datetime) -> QuerySet[Absence]:
    """The absences of a person that are not over, the next one first."""
    return Absence.objects.filter(person=person, cancelled_at__isnull=True, ends_at__gt=at).order_by("starts_at")


def away_now(at: datetime) -> QuerySet[Absence]:
    """Who is away at this instant."""
    return (
        Absence.objects.filter(cancelled_at__isnull=True, starts_at__lte=at, ends_at__gt=at)
        .select_related("person")
        .order_by("ends_at")
    )


def find_staff(query: str, on: date) -> QuerySet[Person]:
    """Members of staff by part of a name, its reading or the staff number; those who left are not among them."""
    people = Person.objects.filter(is_active=True).filter(Q(left_on__isnull=True) | Q(left_on__gt=on))
    for word in query[:200].replace("\x00", " ").split()[:10]:
        people = people.filter(
            Q(name__icontains=word)
            | Q(name__icontains=fold_name(word))
            | Q(kana__icontains=word)
            | Q(staff_number__startswith=word)
        )
    return people.order_by("kana", "name", "id")


def departments_below(department_id: UUID) -> set[UUID]:
    """The department, every one below it and those they followed: what abolished ones handled is still theirs."""
    children: dict[UUID | None, list[UUID]] = {}
    for child, parent, successor in Department.objects.values_list("id", "parent_id", "successor_id"):
        children.setdefault(parent, []).append(child)
        if successor is not None:
            children.setdefault(successor, []).append(child)
    found, waiting = {department_id}, [department_id]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found
