"""Installing a classification table with its retention schedule, as data of a rule pack."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.records.domain.retention import Anchor, InvalidRetention, PeriodKind, RetentionPeriod
from kakehashi.records.models import Disposition, RecordClass, StandardFile
from kakehashi.records.permissions import RecordsPermission

_NAMES = ("large", "middle", "small")


@service
def install_schedule(
    *,
    actor: Actor,
    lines: Sequence[Mapping[str, Any]],
    valid_from: dt.date,
    regulation: str,
    is_whole: bool = False,
) -> int:
    """Install or renew classes and standard files from a day on; returns how many standard files are new.

    A line has `code, large, middle, small, file, period_kind, years, anchor, clause, disposition`. Lines that are in force
    unchanged stay; a changed one ends the day before and a new one begins. With `is_whole` the lines are the whole table:
    what is not among them ends too; files opened under it keep their terms. Raises DomainError for a line that makes no
    sense, and for one that would begin before the one it replaces.
    """
    require(actor, RecordsPermission.MANAGE_SCHEDULE)
    wanted = {line["code"]: _terms(line, regulation) for line in lines}
    classes = {row.code: row for row in RecordClass.objects.filter(valid_to__isnull=True)}
    current = {row.record_class.code: row for row in _current_files()}
    changed = [code for code, terms in wanted.items() if code not in current or not _same(current[code], terms)]
    renamed = [
        line["code"] for line in lines if line["code"] in classes and not _same(classes[line["code"]], _names(line))
    ]
    gone = [code for code in classes if is_whole and code not in wanted]
    changed += [code for code in renamed if code not in changed]
    _end([current[code] for code in [*changed, *gone] if code in current], valid_from)
    _end([classes[code] for code in [*renamed, *gone] if code in classes], valid_from)
    _begin(lines, changed, {code: row for code, row in classes.items() if code not in renamed}, wanted, valid_from)
    record_event(
        actor=actor,
        code="records.schedule.installed",
        subject_kind="records.schedule",
        subject_id=uuid7(),
        payload={
            "regulation": regulation,
            "valid_from": valid_from.isoformat(),
            "lines": len(lines),
            "new": len(changed),
            "ended": len(gone),
        },
    )
    return len(changed)


@service
def take_back_schedule(*, actor: Actor, valid_from: dt.date) -> None:
    """Undo an installation whose day has not come: its lines go, and those that would have ended before it go on."""
    require(actor, RecordsPermission.MANAGE_SCHEDULE)
    if valid_from <= clock.today():
        raise DomainError("施行日の来た分類表は、取りやめられません。")
    last = valid_from - dt.timedelta(days=1)
    StandardFile.objects.filter(valid_from=valid_from).delete()
    RecordClass.objects.filter(valid_from=valid_from).delete()
    StandardFile.objects.filter(valid_to=last).update(valid_to=None)
    RecordClass.objects.filter(valid_to=last).update(valid_to=None)


def _current_files() -> Iterable[StandardFile]:
    return StandardFile.objects.filter(valid_to__isnull=True).select_related("record_class")


def _same(row: RecordClass | StandardFile, values: Mapping[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in values.items())


def _names(line: Mapping[str, Any]) -> dict[str, Any]:
    return {name: line[name] for name in _NAMES}


def _end(rows: Sequence[RecordClass] | Sequence[StandardFile], valid_from: dt.date) -> None:
    """The day before is the last one of these rows."""
    for row in rows:
        if row.valid_from >= valid_from:
            code = row.code if isinstance(row, RecordClass) else row.record_class.code
            raise DomainError(f"分類「{code}」には、同じ日以降に始まる基準がすでにあります。")
    last = valid_from - dt.timedelta(days=1)
    RecordClass.objects.filter(id__in=[r.id for r in rows if isinstance(r, RecordClass)]).update(valid_to=last)
    StandardFile.objects.filter(id__in=[r.id for r in rows if isinstance(r, StandardFile)]).update(valid_to=last)


def _begin(
    lines: Sequence[Mapping[str, Any]],
    changed: Sequence[str],
    classes: dict[str, RecordClass],
    wanted: Mapping[str, Mapping[str, Any]],
    valid_from: dt.date,
) -> None:
    by_code = {line["code"]: line for line in lines}
    fresh = {
        code: RecordClass(code=code, valid_from=valid_from, **_names(by_code[code]))
        for code in changed
        if code not in classes
    }
    RecordClass.objects.bulk_create(fresh.values())
    standing = classes | fresh
    StandardFile.objects.bulk_create(
        [StandardFile(record_class=standing[code], valid_from=valid_from, **wanted[code]) for code in changed]
    )


def _terms(line: Mapping[str, Any], regulation: str) -> dict[str, Any]:
    """The terms of a line, checked. The regulation's name stands in front of each clause."""
    try:
        period = RetentionPeriod(PeriodKind(line["period_kind"]), line.get("years"))
        anchor = Anchor(line["anchor"])
    except (ValueError, InvalidRetention) as error:
        raise DomainError(f"分類「{line.get('code')}」の保存期間を読み取れません。{error}") from error
    return {
        "name": line["file"],
        "anchor": anchor.value,
        "period_kind": period.kind.value,
        "period_years": period.years,
        "clause": f"{regulation}{line['clause']}",
        "disposition": Disposition(line.get("disposition") or Disposition.DESTROY).value,
    }
