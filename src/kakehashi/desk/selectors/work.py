"""Reads of the work on a consultation: causes, options, tools, clocks of waiting, the line to hand it up."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from kakehashi.desk.domain.options import LABELS, ORDER, QUESTIONS, STEPS_WITH_TOOL, Step, missing_before, next_step
from kakehashi.desk.domain.states import is_open
from kakehashi.desk.models import (
    Consultation,
    DeskTask,
    Escalation,
    SolutionOption,
    SupporterSkill,
    Tool,
    Triage,
    Wait,
)
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.business_days import business_days_between
from kakehashi.people.models import Person, Post, PostHolding
from kakehashi.people.selectors import superiors_of, valid_on


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the order with what was thought of in it; `is_next` is the one to think of now."""

    step: Step
    label: str
    question: str
    options: list[SolutionOption]
    is_next: bool
    is_open: bool
    takes_tool: bool


def steps_of(consultation: Consultation) -> list[StepLine]:
    """The five steps in their order. Empty before purpose and wished state stand: nothing is shown, nothing can be written."""
    if not consultation.has_purpose:
        return []
    rows = list(SolutionOption.objects.filter(consultation=consultation).select_related("tool").order_by("id"))
    considered = {row.step for row in rows}
    upcoming = next_step(considered)
    return [
        StepLine(
            step, LABELS[step], QUESTIONS[step], [row for row in rows if row.step == step.value], step is upcoming,
            not missing_before(step, considered), step in STEPS_WITH_TOOL,
        )
        for step in ORDER
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clock:
    """One stretch of waiting, in business days; `is_late` when the answer was expected earlier."""

    wait: Wait
    days: int
    is_running: bool
    is_late: bool


def clocks_of(consultation: Consultation) -> list[Clock]:
    """Every stretch a consultation has waited, oldest first."""
    today = clock.today()
    return [
        Clock(
            wait,
            business_days_between(
                wait.since.astimezone(clock.JST).date(),
                wait.until.astimezone(clock.JST).date() if wait.until else today,
            ),
            wait.until is None,
            wait.until is None and wait.answer_on is not None and wait.answer_on < today,
        )
        for wait in Wait.objects.filter(consultation=consultation).order_by("since", "id")
    ]


def total_days(clocks: list[Clock]) -> list[tuple[str, int]]:
    """Business days waited for each kind, most first."""
    sums: dict[str, int] = {}
    for each in clocks:
        label = each.wait.get_kind_display()
        sums[label] = sums.get(label, 0) + each.days
    return sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))


@dataclass(frozen=True, slots=True)
class Rung:
    """Somebody a question can be handed up to."""

    person: Person
    post_name: str
    distance: int


def escalation_line(consultation: Consultation) -> list[Rung]:
    """Who stands above the asker, nearest first: their own chiefs, up to the head of the body (推進本部長)."""
    today = clock.today()
    holdings = PostHolding.objects.filter(valid_on(today), person=consultation.asked_by_id).select_related("post")
    posts: list[Post] = []
    for holding in holdings.order_by("-is_primary", "id"):
        posts += [post for post in superiors_of(holding.post, today) if post not in posts]
    holders: dict[UUID, Person] = {}
    seats = PostHolding.objects.filter(valid_on(today), post__in=posts, person__is_active=True).select_related("person")
    for seat in seats.order_by("is_primary", "id"):
        holders[seat.post_id] = seat.person
    rungs, seen = [], {consultation.asked_by_id}
    for distance, post in enumerate(posts, start=1):
        person = holders.get(post.id)
        if person is not None and person.id not in seen:
            seen.add(person.id)
            rungs.append(Rung(person, post.name, distance))
    return rungs


def escalations_to(actor: Actor) -> list[Escalation]:
    """What waits for the actor's own answer, oldest first."""
    if actor.id is None:
        return []
    rows = Escalation.objects.filter(to=actor.id, answered_at__isnull=True)
    return list(rows.select_related("consultation", "asked_by").order_by("asked_at")[:50])


def tasks_of(actor: Actor) -> list[DeskTask]:
    """What the actor has to do for consultations, soonest first."""
    if actor.id is None:
        return []
    rows = DeskTask.objects.filter(assignee=actor.id, done_at__isnull=True).select_related("consultation")
    return list(rows.order_by("due_on", "created_at")[:50])


def theme_of(consultation: Consultation) -> Triage | None:
    """What the desk saw at first sight, or None."""
    found: Triage | None = Triage.objects.filter(consultation=consultation).first()
    return found


def tools() -> QuerySet[Tool]:
    """The catalogue, in use first, by name; with `known_by`, how many know it."""
    rows = Tool.objects.annotate(known_by=Count("knowers", filter=Q(knowers__person__is_active=True)))
    return rows.prefetch_related("knowers__person").order_by("retired_on", "name")


def tools_for(zone: str) -> list[tuple[Tool, bool | None]]:
    """Tools in use with whether they run on a network (None: not known); those that do stand first, then what is owned."""
    found = [(tool, tool.runs_on(zone)) for tool in Tool.objects.filter(retired_on__isnull=True).order_by("name")]
    return sorted(found, key=lambda pair: (pair[1] is False, not pair[0].is_owned, pair[0].name))


def skills_of(people: list[Person], theme: str) -> dict[UUID, int]:
    """What each of some people can do in a theme, by id."""
    rows = SupporterSkill.objects.filter(person__in=people, theme=theme)
    return dict(rows.values_list("person_id", "level"))


def skill_matrix() -> list[SupporterSkill]:
    """Every known skill, by person and theme."""
    rows = SupporterSkill.objects.filter(person__is_active=True).select_related("person")
    return list(rows.order_by("person__name", "theme"))


def may_work(consultation: Consultation) -> bool:
    """Whether anything can be written to it still."""
    return is_open(consultation.status)
