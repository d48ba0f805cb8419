"""効果: write what one filing costs on paper and online; count how long procedures took and how long the screens were worked at."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from kakehashi.governments.selectors import get_government
from kakehashi.journal.models import AccessSubject
from kakehashi.journal.selectors import events_for_many
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, ActorKind
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.fiscal_year import fiscal_year
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.procedures.domain.handling_time import minutes_of
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.domain.names import PROCEDURE
from kakehashi.procedures.models import Application, EffectAssumption, HandlingTime, Procedure, ProcessingTime
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.processing import count_processing

__all__ = ["ASSUMED", "clear_assumption", "measure_handling", "measure_processing", "set_assumption"]

ASSUMED = ("minutes_before", "minutes_online", "visits_before", "visits_online", "sheets_before", "sheets_online")
"""What is assumed of one filing; both halves of a pair, or neither."""

_PAIRS = (("minutes", "職員の時間"), ("visits", "来庁の回数"), ("sheets", "紙の枚数"))
_HANDLING_DAYS = 60


@service
def set_assumption(
    *,
    actor: Actor,
    values: Mapping[str, int | None],
    source: str,
    procedure: Procedure | None = None,
    kind: Kind | None = None,
) -> EffectAssumption:
    """Write the assumption of a kind, or of one procedure. Raises DomainError without a source, or with half of a pair.

    What was said before stands in the journal. Figures already recorded at the end of a month do not change.
    """
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    if (procedure is None) == (kind is None):
        raise TypeError("an assumption is of a procedure or of a kind")
    for name, label in _PAIRS:
        if (values.get(f"{name}_before") is None) != (values.get(f"{name}_online") is None):
            missing = "online" if values.get(f"{name}_online") is None else "before"
            message = f"「{label}」は、紙のときとオンラインのときの両方を入れてください。どちらもわからないときは、両方を空にしてください。"
            raise DomainError(message, field=f"{name}_{missing}")
    if all(values.get(name) is None for name in ASSUMED):
        raise DomainError("数字を一つ以上入れてください。", field="minutes_before")
    if not source.strip():
        raise DomainError("出典を入力してください（例：令和8年9月に窓口で30件を測った）。", field="source")
    whose = {"procedure": procedure, "kind": ""} if procedure else {"procedure": None, "kind": Kind(str(kind)).value}
    written = {
        **{name: values.get(name) for name in ASSUMED},
        "source": source.strip()[:300],
        "written_by": actor.label,
        "written_at": clock.now(),
    }
    found: EffectAssumption = EffectAssumption.objects.update_or_create(**whose, defaults=written)[0]
    _record(actor, found, {**{name: values.get(name) for name in ASSUMED}, "source": found.source})
    return found


@service
def clear_assumption(*, actor: Actor, assumption: EffectAssumption) -> None:
    """Take an assumption back: the procedure follows its kind again, a kind is unknown again."""
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    _record(actor, assumption, {"cleared": True})
    EffectAssumption.objects.filter(id=assumption.id).delete()


def _record(actor: Actor, of: EffectAssumption, payload: dict[str, Any]) -> None:
    record_event(
        actor=actor,
        code="procedures.effect.assumed",
        subject_kind=PROCEDURE if of.procedure_id else "governments.government",
        subject_id=of.procedure_id or get_government(of.government_id).id,
        payload={"kind": of.kind, **payload},
    )


@service
def measure_processing(*, today: dt.date | None = None) -> int:
    """Write 処理期間の実績 of the running and the last fiscal year anew; called by the worker. Returns how many rows there are."""
    year = fiscal_year(today or clock.today())
    rows = [row for each in (year - 1, year) for row in count_processing(each)]
    ProcessingTime.objects.filter(fiscal_year__in=(year - 1, year)).delete()
    ProcessingTime.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


@service
def measure_handling(*, limit: int = 1000) -> int:
    """Measure what was finished lately and not yet measured, from journal and access log; called by the worker.

    Only applications that a person's screen is recorded of get a row: without a record nobody knows, which is not zero.
    """
    since = clock.now() - dt.timedelta(days=_HANDLING_DAYS)
    measured = HandlingTime.objects.filter(application=OuterRef("pk"))
    ids = list(
        Application.objects.filter(~Exists(measured), completed_at__gte=since, days_to_decision__isnull=False)
        .order_by("-completed_at")
        .values_list("id", flat=True)[:limit]
    )
    moments: dict[UUID, list[tuple[UUID | None, dt.datetime]]] = defaultdict(list)
    seen = AccessSubject.objects.filter(subject_id__in=ids, entry__subject_count=1, entry__actor_kind=ActorKind.STAFF)
    for application_id, who, when in seen.values_list("subject_id", "entry__actor_id", "entry__accessed_at"):
        moments[application_id].append((who, when))
    acts = events_for_many(ids).filter(actor_kind=ActorKind.STAFF)
    for application_id, who, when in acts.values_list("subject_id", "actor_id", "occurred_at"):
        moments[application_id].append((who, when))
    rows = [
        HandlingTime(application_id=each, minutes=minutes_of(found), moments=len(found))
        for each, found in moments.items()
    ]
    HandlingTime.objects.bulk_create(rows, batch_size=1000)
    return len(rows)
