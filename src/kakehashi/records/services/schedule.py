"""Installing a classification table with its retention schedule, as data of a rule pack."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.records.domain.retention import Anchor, InvalidRetention, PeriodKind, RetentionPeriod
from kakehashi.records.models import Disposition, RecordClass, StandardFile
from kakehashi.records.permissions import RecordsPermission


@service
def install_schedule(*, actor: Actor, lines: Sequence[Mapping[str, Any]], valid_from: dt.date, regulation: str) -> int:
    """Install or renew classes and standard files from a day on; returns how many lines are new.

    A line has `code, large, middle, small, file, period_kind, years, anchor, clause, disposition`.
    Lines that are in force unchanged stay; a changed one ends the day before and a new one begins.
    Raises DomainError for a line that makes no sense.
    """
    require(actor, RecordsPermission.MANAGE_SCHEDULE)
    new = sum(_install_line(line, valid_from, regulation) for line in lines)
    record_event(
        actor=actor,
        code="records.schedule.installed",
        subject_kind="records.schedule",
        subject_id=uuid7(),
        payload={"regulation": regulation, "valid_from": valid_from.isoformat(), "lines": len(lines), "new": new},
    )
    return new


def _install_line(line: Mapping[str, Any], valid_from: dt.date, regulation: str) -> int:
    terms = _terms(line, regulation)
    record_class, _ = RecordClass.objects.get_or_create(
        code=line["code"],
        valid_to=None,
        defaults={
            "large": line["large"],
            "middle": line["middle"],
            "small": line["small"],
            "valid_from": valid_from,
        },
    )
    current = StandardFile.objects.filter(record_class=record_class, valid_to__isnull=True).first()
    if current is not None:
        if all(getattr(current, name) == value for name, value in terms.items()):
            return 0
        if current.valid_from >= valid_from:
            raise DomainError(f"分類「{line['code']}」には、同じ日以降に始まる基準がすでにあります。")
        current.valid_to = valid_from - dt.timedelta(days=1)
        current.save(update_fields=["valid_to"])
    StandardFile.objects.create(record_class=record_class, valid_from=valid_from, **terms)
    return 1


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
        "disposition": Disposition(line.get("disposition", Disposition.DESTROY)).value,
    }
