"""外部の番号: what another system of the town calls a thing of ours."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from kakehashi.exchange.domain.numbers import NumberFact, tell
from kakehashi.exchange.models import NumberKind, OutsideNumber
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.folding import fold
from kakehashi.kernel.services import service

__all__ = ["drop_outside_numbers", "record_outside_number", "retitle_outside_numbers"]


@service
def record_outside_number(
    *,
    actor: Actor,
    subject_kind: str,
    subject_id: UUID,
    kind: str,
    number: str,
    title: str,
    dated_on: dt.date | None = None,
    act_id: UUID | None = None,
) -> OutsideNumber:
    """Keep a number of another system; the same again changes nothing, another one replaces it and both are journalled.

    The owning room has checked that the actor may. Raises DomainError for an empty number.
    """
    written = number.replace("\x00", "").strip()[:100]
    if not written:
        raise DomainError("番号を入力してください。", field="number")
    known: OutsideNumber | None = OutsideNumber.objects.filter(
        subject_kind=subject_kind, subject_id=subject_id, kind=NumberKind(kind)
    ).first()
    if known is not None and known.number == written and known.dated_on == (dated_on or known.dated_on):
        return known
    row = known or OutsideNumber(subject_kind=subject_kind, subject_id=subject_id, kind=NumberKind(kind))
    before = row.number
    row.number, row.search_key, row.title = written, fold(written)[:200], title[:200]
    row.dated_on, row.recorded_at, row.recorded_by = dated_on or row.dated_on, clock.now(), actor.label[:200]
    row.save()
    record_event(
        actor=actor, code="exchange.number.recorded", subject_kind=subject_kind, subject_id=subject_id,
        payload={"kind": kind, "number": written, "before": before}, act_id=act_id,
    )  # fmt: skip
    tell(_fact(row, row.number))
    return row


@service
def drop_outside_numbers(*, actor: Actor, subject_kind: str, subject_id: UUID) -> None:
    """Forget the numbers of a thing whose recording was taken back (元に戻す); the owning room's event tells of it."""
    rows = list(OutsideNumber.objects.filter(subject_kind=subject_kind, subject_id=subject_id))
    for row in rows:
        tell(_fact(row, ""))
    OutsideNumber.objects.filter(id__in=[row.id for row in rows]).delete()


@service
def retitle_outside_numbers(*, actor: Actor, subject_kind: str, subject_id: UUID, title: str) -> None:
    """Call the thing otherwise, such as when its personal data is purged; the numbers stay."""
    for row in OutsideNumber.objects.filter(subject_kind=subject_kind, subject_id=subject_id):
        row.title = title[:200]
        row.save(update_fields=["title"])
        tell(_fact(row, row.number))


def _fact(row: OutsideNumber, number: str) -> NumberFact:
    return NumberFact(row.id, row.government_id, str(row.get_kind_display()), number, row.title)
