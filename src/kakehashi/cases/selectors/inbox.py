"""The inbox 「今日の仕事」: every tab reads along one index, and nothing is counted."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet

from kakehashi.cases.domain.phases import Phase
from kakehashi.cases.models import Case, CaseLabel, Follow, SavedFilter
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.pages import Page, keyset_page
from kakehashi.people.models import Person, PostHolding
from kakehashi.people.selectors import valid_on

PAGE_SIZE = 50
EXPORT_LIMIT = 20_000

TABS: dict[str, str] = {
    "mine": "自分",
    "department": "課",
    "waiting": "待ち",
    "overdue": "期限超過",
    "followed": "フォロー中",
    "all": "すべて",
}


@dataclass(frozen=True)
class InboxFilter:
    """What an address of the inbox asks for. Unknown values fall back to showing more, never to an error."""

    tab: str = "mine"
    kind: str = ""
    phase: str = ""
    q: str = ""
    label: str = ""
    handler: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the tab is chosen."""
        return bool(self.kind or self.phase or self.q or self.label or self.handler)

    @classmethod
    def read(cls, query: Any) -> InboxFilter:
        """Read it from a query dictionary."""
        tab = query.get("tab", "mine")
        phase = query.get("phase", "")
        return cls(
            tab=tab if tab in TABS else "mine",
            kind=query.get("kind", "")[:60].replace("\x00", ""),
            phase=phase if phase in set(Phase) else "",
            q=query.get("q", "").strip()[:100].replace("\x00", ""),
            label=_id(query.get("label", "")),
            handler="none" if query.get("handler") == "none" else _id(query.get("handler", "")),
        )


def _id(text: str) -> str:
    """An id as it is written, or nothing for anything else."""
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def inbox(actor: Actor, wanted: InboxFilter) -> QuerySet[Case]:
    """The cases of a tab for this actor, unordered; department and handler come along.

    自分 is what the actor handles; 課 is the department of the post the actor acts as (the whole government for posts without
    one, such as the head); 待ち and 期限超過 look at the same department; フォロー中 is what the actor follows. Only すべて and
    フォロー中 show closed cases.
    """
    cases: QuerySet[Case] = Case.objects.select_related("department", "handler")
    cases = cases.filter(_tab(actor, wanted.tab))
    if wanted.kind:
        cases = cases.filter(kind=wanted.kind)
    if wanted.phase:
        cases = cases.filter(phase=wanted.phase)
    if wanted.label:
        cases = cases.filter(id__in=CaseLabel.objects.filter(label_id=wanted.label).values("case_id"))
    if wanted.handler == "none":
        cases = cases.filter(handler__isnull=True)
    elif wanted.handler:
        cases = cases.filter(handler_id=UUID(wanted.handler))
    if wanted.q:
        cases = cases.filter(
            Q(number=wanted.q) | Q(subject__icontains=wanted.q) | Q(requester_name__icontains=wanted.q)
        )
    return cases


def _tab(actor: Actor, tab: str) -> Q:
    department_id = getattr(actor, "department_id", None)
    followed = Follow.objects.filter(person_id=actor.id) if actor.id else Follow.objects.none()
    here = Q(department_id=department_id) if department_id else Q()
    still_open = Q(closed_at__isnull=True)
    conditions = {
        "mine": still_open & Q(handler_id=actor.id),
        "department": still_open & here,
        "waiting": Q(phase=Phase.WAITING.value) & here,
        "overdue": still_open & here & Q(sort_on__lt=clock.today()),
        "followed": Q(id__in=followed.values("case_id")),
    }
    return conditions.get(tab, Q())


def _order(tab: str) -> tuple[str, str]:
    if tab == "waiting":
        return ("waiting_since", "id")
    return ("-id", "-id") if tab == "all" else ("sort_on", "id")


def inbox_page(actor: Actor, wanted: InboxFilter, cursor: str | None) -> Page[Case]:
    """One page of a tab: by due date, 待ち by how long it waits, すべて newest first. One query; `label_ids` come along."""
    first, last = _order(wanted.tab)
    order = (first,) if first == last else (first, last)
    marks = CaseLabel.objects.filter(case_id=OuterRef("id")).values("label_id")
    return keyset_page(inbox(actor, wanted).annotate(label_ids=ArraySubquery(marks)), order, cursor, PAGE_SIZE)


def export_rows(actor: Actor, wanted: InboxFilter, case_ids: Sequence[str] = ()) -> list[Case]:
    """The rows of an export in the tab's order, at most 20,000; only the chosen ones when ids are given."""
    cases = inbox(actor, wanted)
    if case_ids:
        cases = cases.filter(id__in=case_ids)
    first, last = _order(wanted.tab)
    return list(cases.order_by(first, last)[:EXPORT_LIMIT])


def first_ids(actor: Actor, wanted: InboxFilter, limit: int) -> list[UUID]:
    """The ids of the first cases of a tab in its order: 「この条件のすべて」 of a batch."""
    first, last = _order(wanted.tab)
    return list(inbox(actor, wanted).order_by(first, last).values_list("id", flat=True)[:limit])


def possible_handlers(actor: Actor, department_id: Any = None) -> list[Person]:
    """Who can be given a case: people with a post in the department (of the actor, unless told), by kana."""
    return list(handlers(actor, department_id).order_by("kana", "name")[:300])


def handlers(actor: Actor, department_id: Any = None) -> QuerySet[Person]:
    """The same, unordered."""
    wanted = department_id or getattr(actor, "department_id", None)
    people: QuerySet[Person] = Person.objects.filter(is_active=True)
    if wanted:
        held = PostHolding.objects.filter(valid_on(clock.today()), post__department_id=wanted).values("person_id")
        people = people.filter(id__in=held)
    return people


def saved_filters(actor: Actor) -> list[SavedFilter]:
    """The filters the actor keeps, by name."""
    return list(SavedFilter.objects.filter(person_id=actor.id).order_by("name")) if actor.id else []


def describe_cases(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Cases by their number, as the access log calls them: subjects may name an applicant."""
    return {case_id: number or "" for case_id, number in Case.objects.filter(id__in=ids).values_list("id", "number")}
