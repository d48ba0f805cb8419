"""Numbers without gaps: taken atomically, never reused, a void one explained."""

from __future__ import annotations

import datetime as dt

from kakehashi.approvals.domain.numbering import ResetPolicy, SeriesKind, format_number, series_key, year_digits
from kakehashi.approvals.models import NumberSeries, VoidNumber
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.selectors import number_series
from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.models import Department


@service
def take_number(*, kind: SeriesKind, symbol: str, day: dt.date, policy: ResetPolicy = ResetPolicy.FISCAL) -> str:
    """Take the next number of a series and return it as written, such as 8ひ総第12号.

    Call it as late as possible in the transaction: the series is locked until the commit, and a
    roll-back gives the number back before anybody else can see it.
    """
    key = series_key(kind, policy, day, symbol)
    identity = {"kind": key.kind.value, "period": key.period, "symbol": key.symbol}
    NumberSeries.objects.bulk_create([NumberSeries(**identity)], ignore_conflicts=True)
    series = NumberSeries.objects.select_for_update().get(**identity)
    series.last_number += 1
    series.save(update_fields=["last_number"])
    return format_number(year_digits(policy, day), symbol, series.last_number)


@service
def take_number_of(*, kind: SeriesKind, department: Department, day: dt.date) -> str:
    """Take the next number of the series the rule pack of the day gives a department; without a pack by its symbol alone."""
    series = number_series(kind, department, day)
    if series is None:
        suffix = {SeriesKind.PROPOSAL: "起", SeriesKind.RECEIPT: "収"}.get(kind, "")
        return take_number(kind=kind, symbol=f"{department.symbol}{suffix}", day=day)
    return take_number(kind=kind, symbol=series.symbol, day=day, policy=series.reset)


def take_receipt_number(department: Department, day: dt.date) -> str:
    """The next 収受番号 of a department, for the room of records."""
    return take_number_of(kind=SeriesKind.RECEIPT, department=department, day=day)


@service
def void_number(*, actor: Actor, series: NumberSeries, number: int, reason: str) -> VoidNumber:
    """欠番: explain a number that will not be used. Raises DomainError for a number that was never taken."""
    require(actor, ApprovalsPermission.ISSUE)
    if not reason.strip():
        raise DomainError("欠番とする理由を記入してください。", field="reason")
    if not 1 <= number <= series.last_number:
        raise DomainError("まだ使われていない番号です。", field="number")
    void = VoidNumber.objects.create(series=series, number=number, reason=reason.strip(), voided_by_label=actor.label)
    record_event(
        actor=actor,
        code="approvals.number.voided",
        subject_kind="approvals.number_series",
        subject_id=series.id,
        payload={"symbol": series.symbol, "period": series.period, "number": number},
    )
    return void
