"""Reads of what people lay upon cases: labels, follows, pinned notes; the texts on offer; who has how much to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Cast

from kakehashi.cases.models import (
    Case,
    CaseLabel,
    Follow,
    Label,
    Message,
    MessageTemplate,
    Pin,
    SavedFilter,
)
from kakehashi.cases.selectors.inbox import handlers
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.people.models import Person
from kakehashi.people.selectors import absent_ids

__all__ = [
    "Load",
    "follows",
    "is_offered",
    "labels_of",
    "labels_on_offer",
    "loads",
    "own_desk",
    "pinned_notes",
    "templates_on_offer",
]


def labels_on_offer(actor: Actor, department_id: UUID | None = None) -> list[Label]:
    """The labels of the actor's (or the given) section and those of everybody, by name; a post without a section sees all."""
    here = department_id or getattr(actor, "department_id", None)
    rows: QuerySet[Label] = Label.objects.filter(retired_at__isnull=True)
    if here:
        rows = rows.filter(Q(department_id=here) | Q(department__isnull=True))
    return list(rows.order_by(F("department_id").asc(nulls_last=True), "name")[:100])


def own_desk(actor: Actor) -> tuple[list[SavedFilter], list[Label], list[Person]]:
    """The actor's kept filters, every label of the government (retired ones too) and the colleagues, each by name: one query.

    The rows know only what the inbox shows of them; a union of three narrow lists, because each query of the first screen of
    the morning counts.
    """
    text = models.TextField()
    mine = SavedFilter.objects.filter(person_id=actor.id) if actor.id else SavedFilter.objects.none()
    kept = mine.annotate(
        what=Value("filter"), words=Cast("query", text), whose=Cast("person_id", text), over=Value(False)
    )
    labels = Label.objects.annotate(
        what=Value("label"),
        words=Cast("tone", text),
        whose=Cast("department_id", text),
        over=Q(retired_at__isnull=False),
    )
    people = handlers(actor).annotate(
        what=Value("person"), words=Cast("kana", text), whose=Cast("id", text), over=Value(False)
    )
    columns = ("what", "id", "name", "words", "whose", "over")
    found = kept.values_list(*columns).union(labels.values_list(*columns), people.values_list(*columns), all=True)
    rows, now = list(found.order_by("name")), clock.now()
    colleagues = [Person(id=row[1], name=row[2], kana=row[3]) for row in rows if row[0] == "person"]
    return (
        [SavedFilter(id=row[1], name=row[2], query=row[3]) for row in rows if row[0] == "filter"],
        [
            Label(id=row[1], name=row[2], tone=row[3], department_id=row[4], retired_at=now if row[5] else None)
            for row in rows
            if row[0] == "label"
        ],
        sorted(colleagues, key=lambda person: (person.kana, person.name))[:300],
    )


def is_offered(actor: Actor, label: Label) -> bool:
    """Whether the actor's section uses a label."""
    here = getattr(actor, "department_id", None)
    return label.retired_at is None and (here is None or label.department_id in {None, str(here), here})


def labels_of(cases: Iterable[Case]) -> Mapping[UUID, Sequence[Label]]:
    """The labels on each of these cases, by name; one query."""
    found: defaultdict[UUID, list[Label]] = defaultdict(list)
    ids = [case.id for case in cases]
    if ids:
        for row in CaseLabel.objects.filter(case_id__in=ids).select_related("label").order_by("label__name"):
            found[row.case_id].append(row.label)
    return found


def follows(actor: Actor, case: Case) -> bool:
    """Whether the actor follows the case."""
    return actor.id is not None and Follow.objects.filter(person_id=actor.id, case=case).exists()


def pinned_notes(case: Case) -> list[Message]:
    """The notes kept on top of a case, oldest first."""
    return list(Message.objects.filter(id__in=Pin.objects.filter(case=case).values("message_id")).order_by("id"))


def templates_on_offer(actor: Actor, purpose: str = "", department_id: UUID | None = None) -> list[MessageTemplate]:
    """The texts of the section and of everybody for a purpose (all without one), by name, with their languages."""
    here = department_id or getattr(actor, "department_id", None)
    rows: QuerySet[MessageTemplate] = MessageTemplate.objects.filter(retired_at__isnull=True)
    if purpose:
        rows = rows.filter(purpose=purpose)
    if here:
        rows = rows.filter(Q(department_id=here) | Q(department__isnull=True))
    return list(rows.select_related("department").prefetch_related("texts").order_by("purpose", "name")[:200])


@dataclass(frozen=True, slots=True)
class Load:
    """How much one person has to do now; `is_absent` by the register of absences."""

    person: Person
    open_cases: int
    overdue: int
    is_absent: bool

    @property
    def reason(self) -> str:
        """Why this person is or is not proposed, in words."""
        words = f"いま{self.open_cases}件" + (f"、うち期限超過{self.overdue}件" if self.overdue else "")
        return f"{words}、不在の登録あり" if self.is_absent else words

    @property
    def weight(self) -> tuple[bool, int, str]:
        """Present people first; late work counts double; the name settles a tie, so that the proposal is the same for everybody."""
        return (self.is_absent, self.open_cases + self.overdue, self.person.kana or self.person.name)


def loads(people: Sequence[Person], *, besides: Mapping[UUID, int] | None = None) -> list[Load]:
    """Who has how much to do, the least burdened first. `besides` are cases that are being given in the same act. Two queries."""
    ids = [person.id for person in people]
    late = Count("id", filter=Q(sort_on__lt=clock.today()))
    rows: Any = (
        Case.objects.filter(handler_id__in=ids, closed_at__isnull=True)
        .order_by()
        .values("handler_id")
        .annotate(n=Count("id"), late=late)
    )
    counted = {row["handler_id"]: (row["n"], row["late"]) for row in rows}
    away = absent_ids(ids, clock.now())
    more = besides or {}
    found = [
        Load(
            person,
            counted.get(person.id, (0, 0))[0] + more.get(person.id, 0),
            counted.get(person.id, (0, 0))[1],
            person.id in away,
        )
        for person in people
    ]
    return sorted(found, key=lambda load: load.weight)
