"""始めた申請の集計: how far people came is counted where they write, and told where it is judged. Numbers only, nothing of persons.

One thing for each procedure and day of telling: the counts of the days in which anything may still change. A draft is forgotten after
thirty days, so older days have arrived and stay as they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value

from kakehashi.exchange.hooks import Arrived, NotYet, Waiting, Written
from kakehashi.exchange.selectors import unsent
from kakehashi.kernel import clock
from kakehashi.procedures.models import FilingTally, Procedure

__all__ = ["TALLY", "apply_tallies", "pending_tallies", "unsent_tallies", "write_tallies"]

TALLY = "procedures.tally"
CHANGING_DAYS = 35
_KEY = ("version", "language", "device")
_COUNTS = ("submitted", "stopped", "open")


def _changing() -> QuerySet[FilingTally]:
    return FilingTally.objects.filter(day__gte=clock.today() - dt.timedelta(days=CHANGING_DAYS))


def unsent_tallies() -> QuerySet[Procedure]:
    """Procedures whose counts of the last weeks were not told today."""
    today = Value(clock.today().isoformat(), output_field=CharField())
    counted = Procedure.objects.filter(Exists(_changing().filter(procedure=OuterRef("pk"))))
    return unsent(counted, TALLY, today)


def pending_tallies(limit: int) -> list[Waiting]:
    """The first of them; told anew each day."""
    today = clock.today().isoformat()
    return [Waiting(each, today) for each in unsent_tallies().order_by("id").values_list("id", flat=True)[:limit]]


def write_tallies(procedure_id: UUID) -> Written | None:
    """The counts of one procedure, those of living and of forgotten drafts together."""
    since = clock.today() - dt.timedelta(days=CHANGING_DAYS)
    days: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in _changing().filter(procedure_id=procedure_id).order_by("day", "id"):
        key = (row.day.isoformat(), *(getattr(row, name) for name in _KEY))
        first = {"day": key[0], **{name: getattr(row, name) for name in _KEY}, "steps": {}, **dict.fromkeys(_COUNTS, 0)}
        _add(days.setdefault(key, first), row)
    return Written({"since": since.isoformat(), "days": list(days.values())}, clock.now())


def _add(told: dict[str, Any], row: FilingTally) -> None:
    for name in _COUNTS:
        told[name] += getattr(row, name)
    for step, numbers in row.steps.items():
        told["steps"][step] = [a + b for a, b in zip(told["steps"].get(step, [0, 0, 0]), numbers, strict=True)]


def apply_tallies(arrived: Arrived) -> None:
    """Put the counts in place of those that came before for the same days."""
    procedure = Procedure.objects.filter(id=arrived.item_id).first()
    if procedure is None:
        raise NotYet("手続が、この側にありません。")
    FilingTally.objects.filter(procedure=procedure, day__gte=dt.date.fromisoformat(arrived.data["since"])).delete()
    FilingTally.objects.bulk_create([_tally(procedure, each) for each in arrived.data["days"]], batch_size=1000)


def _tally(procedure: Procedure, told: Mapping[str, Any]) -> FilingTally:
    steps = {str(step)[:100]: [int(one) for one in numbers][:3] for step, numbers in told["steps"].items()}
    return FilingTally(
        procedure=procedure,
        version=int(told["version"]),
        day=dt.date.fromisoformat(told["day"]),
        language=told["language"],
        device=told["device"],
        steps=steps,
        **{name: int(told[name]) for name in _COUNTS},
    )
