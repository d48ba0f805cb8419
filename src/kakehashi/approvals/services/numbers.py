"""Numbers without gaps: taken atomically, never reused, a void one explained."""

from __future__ import annotations

import datetime as dt

from kakehashi.approvals.domain.numbering import ResetPolicy, SeriesKind, format_number, series_key, year_digits
from kakehashi.approvals.models import NumberSeries, Proposal, VoidNumber
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
def take_branch_of(*, document_number: str) -> str:
    """枝番: the next branch of a number that was issued, such as 8ひ総第12号の2, for letters on one matter.

    The proposal that carries the number is locked until the commit, so no branch is taken twice. Raises DomainError for a
    number nobody issued, or one that is a branch itself.
    """
    base = document_number.strip()
    first = Proposal.objects.select_for_update().filter(document_number=base).first() if base else None
    if first is None or "号の" in base:
        raise DomainError(
            "もとの文書番号が見つかりません。施行した起案の番号を、枝番を除いて書いてください。", field="branch_of"
        )
    taken = Proposal.objects.filter(document_number__startswith=f"{base}の").values_list("document_number", flat=True)
    last = max((int(each.rpartition("の")[2]) for each in taken if each.rpartition("の")[2].isdecimal()), default=1)
    return f"{base}の{last + 1}"


@service
def void_number(*, actor: Actor, series: NumberSeries, number: int, reason: str) -> VoidNumber:
    """欠番: explain a number that will not be used. Raises DomainError for a number that was never taken."""
    require(actor, ApprovalsPermission.ISSUE)
    if not reason.strip():
        raise DomainError("欠番とする理由を記入してください。", field="reason")
    if not 1 <= number <= series.last_number:
        raise DomainError("まだ使われていない番号です。", field="number")
    if _carrier(series, number) is not None:
        raise DomainError("この番号は、施行した文書が使っています。欠番にはできません。", field="number")
    if VoidNumber.objects.filter(series=series, number=number).exists():
        raise DomainError("この番号は、もう欠番にしてあります。", field="number")
    void = VoidNumber.objects.create(series=series, number=number, reason=reason.strip(), voided_by_label=actor.label)
    record_event(
        actor=actor,
        code="approvals.number.voided",
        subject_kind="approvals.number_series",
        subject_id=series.id,
        payload={"symbol": series.symbol, "period": series.period, "number": number},
    )
    return void


def _carrier(series: NumberSeries, number: int) -> Proposal | None:
    """The proposal that carries a number of a series, if any does."""
    column = {SeriesKind.DOCUMENT.value: "document_number", SeriesKind.PROPOSAL.value: "number"}.get(series.kind)
    if column is None:
        return None
    digits = _digits_of(series)
    text = format_number(digits, series.symbol, number)
    return Proposal.objects.filter(**{column: text} if digits else {f"{column}__endswith": text}).first()


def _digits_of(series: NumberSeries) -> str:
    """The year in front of the numbers of a series; empty where the period is no year."""
    year = series.period[2:]
    if not year.isdecimal():
        return ""
    if series.period.startswith("fy"):
        return year_digits(ResetPolicy.FISCAL, dt.date(int(year), 6, 1))
    return year_digits(ResetPolicy.CALENDAR, dt.date(int(year), 6, 1)) if series.period.startswith("cy") else ""
