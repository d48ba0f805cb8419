"""Reads for 時間の使われ方: the traces of closed work from the journal, as values only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from kakehashi.cases.domain.phases import Phase
from kakehashi.cases.domain.time_spent import Move, Trace
from kakehashi.cases.models import Case
from kakehashi.indicators.hooks import Period
from kakehashi.journal.models import Event
from kakehashi.kernel.actor import ActorKind
from kakehashi.people.models import Department

NamesOf = Callable[[Sequence[tuple[str, UUID]]], Mapping[UUID, str]]
_Row = tuple[UUID, str, UUID, UUID, str, dt.datetime, dt.datetime | None]
_MOVES = ("cases.case.moved", "cases.case.closed", "cases.case.reopened")
_MOST = 20_000
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Scope:
    """What is looked at: work closed in a period, of one kind or section if named."""

    period: Period
    kind: str = ""
    department_id: UUID | None = None


def closed_in_scope(scope: Scope) -> QuerySet[Case]:
    """Work that was closed in the period, in the order of kinds and the organisation."""
    rows = Case.objects.filter(closed_at__gte=scope.period.start_at, closed_at__lt=scope.period.end_at)
    if scope.kind:
        rows = rows.filter(kind=scope.kind)
    if scope.department_id is not None:
        rows = rows.filter(department_id=scope.department_id)
    return rows.order_by("kind", "department__order", "department__code", "closed_at", "id")


def traces_of(scope: Scope, names_of: NamesOf) -> list[Trace]:
    """The traces behind every figure of the page: 20,000 at most, read 2,000 at a time. `names_of` says what things are about."""
    rows = list(
        closed_in_scope(scope).values_list(
            "id", "kind", "source_id", "department_id", "department__name", "opened_at", "closed_at"
        )[:_MOST]
    )
    traces: list[Trace] = []
    for at in range(0, len(rows), _AT_ONCE):
        traces += _traces(rows[at : at + _AT_ONCE], names_of)
    return traces


def _traces(rows: Sequence[_Row], names_of: NamesOf) -> list[Trace]:
    matters = names_of([(kind, source_id) for _, kind, source_id, *_ in rows])
    moves, acts = _events(
        {case_id: case_id for case_id, *_ in rows} | {source: case_id for case_id, _, source, *_ in rows}
    )
    return [
        Trace(
            case_id=case_id,
            matter=matters.get(source_id, kind),
            section=section,
            opened_at=opened_at,
            closed_at=closed_at,
            moves=tuple(moves.get(case_id, ())),
            acts=tuple(acts.get(case_id, ())),
            kind=kind,
            department_id=department_id,
        )
        for case_id, kind, source_id, department_id, section, opened_at, closed_at in rows
        if closed_at is not None
    ]


def _events(case_of: Mapping[UUID, UUID]) -> tuple[dict[UUID, list[Move]], dict[UUID, list[dt.datetime]]]:
    """The moves of each piece of work and the moments of acts about it or its source; who acted is not read."""
    moves: dict[UUID, list[Move]] = {}
    acts: dict[UUID, list[dt.datetime]] = {}
    rows = Event.objects.filter(subject_id__in=list(case_of)).order_by("id")
    for subject_id, code, payload, at, actor_kind in rows.values_list(
        "subject_id", "code", "payload", "occurred_at", "actor_kind"
    ):
        case_id = case_of[subject_id]
        if code in _MOVES:
            phase = Phase(payload.get("phase", Phase.WORKING.value))
            moves.setdefault(case_id, []).append(Move(at, phase, payload.get("waiting_on", "")))
        if actor_kind == ActorKind.STAFF:
            acts.setdefault(case_id, []).append(at)
    return moves, acts


def section_names() -> frozenset[str]:
    """Names of departments, past ones too: the traces hold the names of their time."""
    return frozenset(Department.objects.values_list("name", flat=True))
