"""Everything that changes a file's dates: holds, extensions, events, leaving use. And what must not."""

from __future__ import annotations

import datetime as dt
from typing import Any

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.models import Department
from kakehashi.records.domain.retention import (
    Anchor,
    HoldGround,
    InvalidRetention,
    PeriodKind,
    calculate,
    hold_until,
)
from kakehashi.records.models import Extension, FileState, Hold, RecordFile
from kakehashi.records.permissions import RecordsPermission
from kakehashi.records.selectors import holds_on, retention_facts, retention_rule


def recalculate(record_file: RecordFile) -> RecordFile:
    """Calculate and save the dates of a file from its facts and holds. Raises DomainError for impossible facts."""
    try:
        dates = calculate(retention_rule(record_file), retention_facts(record_file, holds_on(record_file)))
    except InvalidRetention as error:
        raise DomainError(str(error)) from error
    record_file.starts_on = dates.starts_on
    record_file.base_expires_on = dates.base_expires_on
    record_file.expires_on = dates.expires_on
    record_file.save()
    return record_file


def locked_file(record_file: RecordFile) -> RecordFile:
    """The file under a lock. Raises Stale when it was disposed of: nothing of it changes any more."""
    locked: RecordFile = RecordFile.objects.select_for_update().get(id=record_file.id)
    if locked.state != FileState.KEPT:
        raise Stale(f"この簿冊は{locked.get_state_display()}です。")
    return locked


def _record(actor: Actor, code: str, record_file: RecordFile, payload: dict[str, Any]) -> None:
    record_event(
        actor=actor,
        code=code,
        subject_kind="records.file",
        subject_id=record_file.id,
        payload=payload | {"expires_on": record_file.expires_on.isoformat() if record_file.expires_on else None},
    )


@service
def hold_file(
    *,
    actor: Actor,
    record_file: RecordFile,
    ground: HoldGround,
    reason: str,
    decided_on: dt.date | None = None,
    clause: str = "",
) -> Hold:
    """Keep a file past its expiry. `decided_on` is the day the matter ended (None: still going on).

    Appeals and disclosure requests hold for one year from the day after it. Raises DomainError without a reason.
    """
    require(actor, RecordsPermission.MANAGE)
    if not reason.strip():
        raise DomainError("保留の理由を記入してください。", field="reason")
    locked = locked_file(record_file)
    hold = Hold.objects.create(
        record_file=locked,
        ground=ground.value,
        reason=reason.strip(),
        clause=clause,
        placed_by_label=actor.label,
        until=hold_until(ground, decided_on),
    )
    recalculate(locked)
    _record(actor, "records.file.held", locked, {"hold": str(hold.id), "ground": ground.value})
    return hold


@service
def release_hold(*, actor: Actor, hold: Hold) -> RecordFile:
    """Take one hold away; the others stay."""
    require(actor, RecordsPermission.MANAGE)
    locked = locked_file(hold.record_file)
    changed = Hold.objects.filter(id=hold.id, released_at__isnull=True).update(
        released_at=clock.now(), released_by_label=actor.label
    )
    if changed:
        recalculate(locked)
        _record(actor, "records.hold.released", locked, {"hold": str(hold.id)})
    return locked


@service
def extend_file(*, actor: Actor, record_file: RecordFile, years: int, reason: str) -> RecordFile:
    """延長: lengthen the period by whole years; original, extension and total stay visible."""
    require(actor, RecordsPermission.MANAGE)
    return lengthen(actor=actor, record_file=record_file, years=years, reason=reason)


def lengthen(*, actor: Actor, record_file: RecordFile, years: int, reason: str) -> RecordFile:
    """The extension itself, also for the execution of a disposal list, where the stages have decided."""
    if years < 1 or not reason.strip():
        raise DomainError("延長する年数と理由を記入してください。", field="years")
    locked = locked_file(record_file)
    Extension.objects.create(record_file=locked, years=years, reason=reason.strip(), made_by_label=actor.label)
    locked.extension_years += years
    recalculate(locked)
    _record(actor, "records.file.extended", locked, {"years": years, "total": locked.extension_years})
    return locked


@service
def record_event_date(*, actor: Actor, record_file: RecordFile, happened_on: dt.date) -> RecordFile:
    """Fix the day of the event an EVENT-anchored file counts from; a late day recalculates everything."""
    require(actor, RecordsPermission.MANAGE)
    locked = locked_file(record_file)
    if locked.anchor != Anchor.EVENT:
        raise DomainError("この簿冊の保存期間は、事由を基準にしていません。")
    locked.anchor_on = happened_on
    recalculate(locked)
    _record(actor, "records.file.event_recorded", locked, {"happened_on": happened_on.isoformat()})
    return locked


@service
def leave_continuous_use(*, actor: Actor, record_file: RecordFile, left_on: dt.date, years: int) -> RecordFile:
    """常用 ends: a fixed period of `years` starts from the fiscal year after the day of leaving use."""
    require(actor, RecordsPermission.MANAGE)
    locked = locked_file(record_file)
    if locked.period_kind != PeriodKind.IN_CONTINUOUS_USE:
        raise DomainError("この簿冊は常用ではありません。")
    if years < 1:
        raise DomainError("常用を終えた後の保存期間は1年以上です。", field="years")
    locked.left_use_on, locked.years_after_use = left_on, years
    recalculate(locked)
    _record(actor, "records.file.left_use", locked, {"left_on": left_on.isoformat(), "years": years})
    return locked


@service
def reassign_file(*, actor: Actor, record_file: RecordFile, department: Department) -> RecordFile:
    """Hand a file to the department that took over the work. No date moves: 改組 never restarts a period."""
    require(actor, RecordsPermission.MANAGE)
    locked = locked_file(record_file)
    before = str(locked.department_id)
    locked.department = department
    locked.save(update_fields=["department"])
    _record(actor, "records.file.reassigned", locked, {"from": before, "to": str(department.id)})
    return locked
