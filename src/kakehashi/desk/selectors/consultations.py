"""Reads of consultations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from kakehashi.desk.domain.assignment import Candidate, Suggestion, suggest_supporters
from kakehashi.desk.domain.states import CLOSED, LABELS, SOLVED, WAITING_ON, ConsultationState, is_open
from kakehashi.desk.models import Consultation, ConsultationDesk
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors.work import skills_of, theme_of
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import NotFound
from kakehashi.people.models import Absence, Department, Person, PostHolding, RoleGrant
from kakehashi.people.selectors import valid_on

OPEN_STATES = [state.value for state in LABELS if is_open(state)]
TABS: dict[str, tuple[str, list[str] | None]] = {
    "open": ("対応中", OPEN_STATES),
    "waiting": ("待ち", [state.value for state in WAITING_ON]),
    "solved": ("解決", [state.value for state in SOLVED]),
    "all": ("すべて", None),
}


def consultations_of(actor: Actor) -> QuerySet[Consultation]:
    """Return the consultations the actor may see: everything filed, and their own drafts."""
    rows: QuerySet[Consultation] = Consultation.objects.filter(
        ~Q(state=ConsultationState.DRAFT) | Q(asked_by_id=str(actor.id))
    )
    return rows.select_related("department", "asked_by", "supporter", "case")


def consultation_list(actor: Actor, *, tab: str, mine: bool, query: str = "") -> QuerySet[Consultation]:
    """Return one tab of the list; `mine` keeps what the actor asked or supports; `query` a part of the task's name."""
    rows = consultations_of(actor)
    states = TABS.get(tab, TABS["open"])[1]
    if states is not None:
        rows = rows.filter(state__in=states)
    if mine:
        rows = rows.filter(Q(asked_by_id=str(actor.id)) | Q(supporter_id=str(actor.id)))
    if query.strip():
        rows = rows.filter(Q(task__icontains=query.strip()) | Q(problem__icontains=query.strip()))
    return rows


def get_consultation(actor: Actor, consultation_id: UUID) -> Consultation:
    """Return one consultation. Raises NotFound, for another's draft too."""
    found = consultations_of(actor).filter(id=consultation_id).first()
    if found is None:
        raise NotFound
    return found


def draft_of(actor: Actor) -> Consultation | None:
    """Return the draft the actor wrote last, or None."""
    draft: Consultation | None = (
        Consultation.objects.filter(asked_by_id=actor.id, state=ConsultationState.DRAFT).order_by("-created_at").first()
    )
    return draft


def desk_department(fallback: Department | None) -> Department | None:
    """Return the section that runs the desk, or the fallback while no section was named."""
    desk = ConsultationDesk.objects.select_related("department").first()
    return desk.department if desk else fallback


def supporter_suggestions(consultation: Consultation) -> list[Suggestion]:
    """Return who could support a consultation, best first, with the reasons.

    Candidates hold the permission to support today. Skill is what they can do in the theme; the past is counted by solved
    consultations of the same section or with the same word in the name of the task; load by open ones.
    """
    today, now = clock.today(), clock.now()
    grants = RoleGrant.objects.filter(valid_on(today), role__permissions__contains=[DeskPermission.SUPPORT.value])
    people = list(Person.objects.filter(id__in=grants.values("person_id"), is_active=True).order_by("name")[:200])
    similar = Q(state__in=[s.value for s in SOLVED]) & (
        Q(department=consultation.department_id) | Q(task__icontains=consultation.task[:6] or "\x01")
    )
    counts: dict[UUID, Any] = {
        row["supporter_id"]: row
        for row in Consultation.objects.filter(supporter__in=people)
        .exclude(id=consultation.id)
        .values("supporter_id")
        .annotate(load=Count("id", filter=Q(state__in=OPEN_STATES)), solved=Count("id", filter=similar))
    }
    away = set(
        Absence.objects.filter(
            person__in=people, starts_at__lte=now, ends_at__gt=now, cancelled_at__isnull=True
        ).values_list("person_id", flat=True)
    )
    holdings = PostHolding.objects.filter(valid_on(today), person__in=people, post__department=consultation.department)
    same = set(holdings.values_list("person_id", flat=True)) if consultation.department_id else set()
    theme = theme_of(consultation)
    skills = skills_of(people, theme.theme) if theme is not None else {}
    return suggest_supporters(
        [
            Candidate(
                person.id,
                person.name,
                counts.get(person.id, {}).get("load", 0),
                counts.get(person.id, {}).get("solved", 0),
                person.id in away,
                person.id in same,
                skills.get(person.id, 0),
            )
            for person in people
        ],
        theme.get_theme_display() if theme is not None else "",
    )


def is_closed(consultation: Consultation) -> bool:
    """Say whether nothing can be done with a consultation any more."""
    return consultation.status in CLOSED
